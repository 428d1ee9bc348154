import type { createAuthentication } from './middleware/authentication.ts'
import type { createBodyReader } from './middleware/body.ts'
import type { createRateLimit, noRateLimit } from './middleware/rate-limit.ts'
import type { VerifiedToken } from './ports.ts'
import type { RequestContext } from './reply.ts'

type RateLimiting = ReturnType<typeof createRateLimit> | typeof noRateLimit

/** Counts a request with a valid token, and checks the token's rights. */
export type Admit = (
  context: RequestContext &
    Pick<VerifiedToken, 'owner' | 'kind' | 'scopes'> & { readonly route: string },
) => void | Promise<void>

/** The steps that the routes of tasks, lists and tokens share. */
export interface Steps {
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly admit: Admit
  readonly giveBack: RateLimiting['giveBack']
  /** Options of a route that takes a JSON body. */
  readonly withBody: {
    readonly parse: 'none'
    readonly transform: ReturnType<typeof createBodyReader>
  }
  /** The path under which a proxy serves the service. */
  readonly basePath: string
}
