import type { createAuthentication } from './middleware/authentication.ts'
import type { createBodyReader } from './middleware/body.ts'
import type { createRateLimit, noRateLimit } from './middleware/rate-limit.ts'

type RateLimiting = ReturnType<typeof createRateLimit> | typeof noRateLimit

/** The steps that the routes of tasks and of lists share. */
export interface Steps {
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly countUser: RateLimiting['countUser']
  readonly giveBack: RateLimiting['giveBack']
  readonly readBody: ReturnType<typeof createBodyReader>
  /** The path under which a proxy serves the service. */
  readonly basePath: string
}
