import { Elysia } from 'elysia'
import type { Owner } from '../../core/owner.ts'
import type { TaskService } from '../../core/tasks.ts'
import { createAuthentication } from './authentication.ts'
import { createBodyReader } from './body.ts'
import { createCors } from './cors.ts'
import { createDocsRoutes } from './docs.ts'
import { errorResponse } from './errors.ts'
import { createFeedRoutes, FEED_LIMITS, type FeedLimits, responseState } from './feed.ts'
import { createHealthRoutes } from './health.ts'
import { createMethodRoutes } from './methods.ts'
import { createOpenApiRoutes } from './openapi.ts'
import type { HttpEvent, RateLimit, VerifyToken } from './ports.ts'
import { createRateLimit, noRateLimit } from './rate-limit.ts'
import { createRequestId } from './request-id.ts'
import { createTaskRoutes } from './tasks.ts'

export interface HttpDeps {
  readonly tasks: TaskService
  readonly verifyToken: VerifyToken
  /** Resolves when the store answers, and has not just failed a request. */
  readonly ping: () => Promise<void>
  readonly newId: () => string
  /** Called when a request has arrived. */
  readonly onArrival: (request: Request) => void
  /** Told, once, what became of each request and of every fault of ours. */
  readonly observe: (event: HttpEvent) => void
  readonly version: string
  readonly corsOrigins: readonly string[]
  readonly maxBodyBytes: number
  /** `null` for none. */
  readonly rateLimit: RateLimit | null
  /** How many proxies in front append to `X-Forwarded-For`. */
  readonly trustedProxies: number
  /** Makes a token of demo mode for the page at `/docs`; absent outside demo mode. */
  readonly demoToken?: (() => Promise<string>) | null
  /** Aborted when the service stops: no request is held open from then on. Never, unless told. */
  readonly stopping?: AbortSignal
  /** Others than those that are documented, for tests. */
  readonly feedLimits?: Partial<FeedLimits>
}

/** Length in bytes of what was sent, where it is known. */
function lengthOf(body: unknown, announced: string | number | undefined): number | null {
  if (announced !== undefined) return Number(announced)
  return typeof body === 'string' ? Buffer.byteLength(body) : null
}

/** What is known of a request besides what Elysia knows. */
function requestState(): { startedAt: number; owner: Owner | null } {
  return { startedAt: 0, owner: null }
}

/**
 * The HTTP API. What happens to a request, in its order: it gets its id and its CORS headers; the
 * route and the method are found (404, 405); the token is checked (401); the caller is counted
 * (429); the body is read (413, 415, 400); the use case checks the rules (422) and does its work
 * (404). Whatever is thrown on the way is answered in one place.
 */
export function createHttpApp(deps: HttpDeps) {
  const { observe, onArrival } = deps
  const requestId = createRequestId(deps.newId)
  const cors = createCors(deps.corsOrigins)
  const { rateLimit: limit, trustedProxies } = deps
  // By way of the context, Elysia would define it anew on that of each request.
  const peerOf = (request: Request): string | null =>
    app.server?.requestIP(request)?.address ?? null
  const { countUser, giveBack, countStranger } = limit
    ? createRateLimit({ limit, peerOf, trustedProxies, observe })
    : noRateLimit
  const authenticate = createAuthentication(deps.verifyToken, countStranger)

  const app = new Elysia({
    // Elysia's own matching by host name loses paths for hosts of three letters or fewer.
    handler: { standardHostname: false },
    normalize: false,
  })
    .decorate(requestState())
    .decorate(responseState())
    .onRequest((context) => {
      const { request, set } = context
      context.startedAt = performance.now()
      onArrival(request)
      set.headers['x-request-id'] = requestId(request)
      set.headers['x-content-type-options'] = 'nosniff'
      cors.mark(request, set.headers)
    })
    .onError(({ error, set }) => {
      const headers = Object.fromEntries(
        Object.entries(set.headers).map(([name, value]) => [name, String(value)]),
      )
      const response = errorResponse(error, headers, (fault) =>
        observe({ type: 'fault', fault, requestId: `${headers['x-request-id']}` }),
      )
      set.status = response.status
      set.headers['content-length'] = `${response.headers.get('content-length')}`
      return response
    })
    .onAfterResponse(({ request, route, set, owner, startedAt, responseValue, ended }) => {
      const { 'x-request-id': id, 'content-length': announced } = set.headers
      const answered: HttpEvent = {
        type: 'request',
        requestId: `${id}`,
        method: request.method,
        route: route ?? null,
        status: Number(set.status ?? 200),
        durationMs: performance.now() - startedAt,
        owner,
        bytes: lengthOf(responseValue, announced),
      }
      if (ended === null) observe(answered)
      else ended.then(() => observe({ ...answered, durationMs: performance.now() - startedAt }))
    })
    .use(createHealthRoutes(deps))
    .use(createDocsRoutes(deps.demoToken ?? null))
    .use(
      createFeedRoutes({
        tasks: deps.tasks,
        authenticate,
        countUser,
        observe,
        stopping: deps.stopping ?? new AbortController().signal,
        limits: { ...FEED_LIMITS, ...deps.feedLimits },
      }),
    )
    .use(
      createTaskRoutes({
        tasks: deps.tasks,
        authenticate,
        countUser,
        giveBack,
        readBody: createBodyReader(deps.maxBodyBytes),
      }),
    )

  return app.use(createOpenApiRoutes(app, deps.version)).use(createMethodRoutes(app, cors))
}
