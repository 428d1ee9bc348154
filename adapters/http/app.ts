import { Elysia } from 'elysia'
import type { ListService } from '../../core/lists.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskService } from '../../core/tasks.ts'
import type { TokenService } from '../../core/tokens.ts'
import { createDemoSignInRoute, type DemoSignIn } from './docs/demo-sign-in.ts'
import { createDocumentRoute } from './docs/document.ts'
import { createDocsRoutes } from './docs/page.ts'
import { errorResponse } from './errors.ts'
import { createFeedRoutes, FEED_LIMITS, type FeedLimits, streamState } from './feed/routes.ts'
import { createHealthRoutes } from './health.ts'
import { createListRoutes } from './lists/routes.ts'
import { createMcpRoutes, type McpDeps, toolState } from './mcp/routes.ts'
import { createAuthentication } from './middleware/authentication.ts'
import { expectRight, rightOf } from './middleware/authorization.ts'
import { createBodyReader } from './middleware/body.ts'
import { createCors } from './middleware/cors.ts'
import { createMethodRoutes } from './middleware/methods.ts'
import { createRateLimit, noRateLimit } from './middleware/rate-limit.ts'
import { createTimeouts } from './middleware/timeouts.ts'
import type { HttpEvent, RateLimit, TokenKind, VerifyToken } from './ports.ts'
import { createServiceInfoRoute } from './service-info.ts'
import type { Admit } from './steps.ts'
import { createTaskRoutes } from './tasks/routes.ts'
import { createTokenRoutes } from './tokens/routes.ts'

export interface HttpDeps {
  readonly tasks: TaskService
  readonly lists: ListService
  readonly tokens: TokenService
  readonly verifyToken: VerifyToken
  /** Resolves if the store responds and has not just failed a request. */
  readonly ping: () => Promise<void>
  readonly newId: () => string
  /** Called when a request arrives. */
  readonly onArrival: (request: Request) => void
  /** Called once for each request when it has ended, and for each unexpected error. */
  readonly observe: (event: HttpEvent) => void
  readonly version: string
  readonly corsOrigins: readonly string[]
  readonly maxBodyBytes: number
  /** The public base URL, without a trailing slash; `null` if clients connect directly. */
  readonly publicUrl: string | null
  /** How long the server keeps an idle connection open. */
  readonly keepAliveSeconds: number
  /** `null` for no limit. */
  readonly rateLimit: RateLimit | null
  /** How many trusted proxies append to `X-Forwarded-For`. */
  readonly trustedProxies: number
  /** Signs the page at `/docs` in. In demo mode only. */
  readonly demoSignIn?: DemoSignIn | null
  /** `null` if assistants cannot connect. */
  readonly mcp?: McpDeps | null
  /** Aborted when the service stops. From then on no request is held open. */
  readonly stopping?: AbortSignal
  /** Overrides the documented limits, in tests. */
  readonly feedLimits?: Partial<FeedLimits>
}

/**
 * The HTTP API. A request passes these steps, in this order: it gets its id and its CORS headers; the
 * route and the method are found (404, 405); the token is verified (401); the caller is counted (429); the
 * token's rights are checked (403); the body is read (413, 415, 400); the use case checks the input (422) and
 * runs (404). Everything that is thrown on the way becomes a response in `onError`.
 */
export function createHttpApp(deps: HttpDeps) {
  const { observe, onArrival, newId } = deps
  const cors = createCors(deps.corsOrigins)
  // The path under which a proxy serves the service.
  const basePath =
    deps.publicUrl === null ? '' : new URL(deps.publicUrl).pathname.replace(/\/$/, '')
  const { rateLimit: limit, trustedProxies } = deps
  // Through the handler's context, Elysia would define `server` again for each request.
  const peerOf = (request: Request): string | null =>
    app.server?.requestIP(request)?.address ?? null
  const { countUser, giveBack, countAnonymous } = limit
    ? createRateLimit({ limit, peerOf, trustedProxies, observe })
    : noRateLimit
  const authenticate = createAuthentication(deps.verifyToken, countAnonymous, observe)

  const checkRight: Admit = ({ kind, scopes, request, route }) => {
    expectRight(rightOf(request.method, route), { kind, scopes })
  }
  // Without a limit a plain function: Elysia waits a turn for each async one. It reads the code of hooks, and
  // would parse the body for one that uses the whole context.
  const admit: Admit = limit
    ? async ({ owner, kind, scopes, request, route, set }) => {
        await countUser({ owner, set })
        expectRight(rightOf(request.method, route), { kind, scopes })
      }
    : checkRight

  const timeouts = createTimeouts(deps.keepAliveSeconds, () => app.server)
  const readBody = createBodyReader(deps.maxBodyBytes, timeouts)
  // By default, Elysia would parse the body before the token is verified.
  const withBody = { parse: 'none', transform: readBody } as const
  const steps = { authenticate, admit, giveBack, withBody, basePath }
  const signIn = deps.demoSignIn ?? null

  const app = new Elysia({
    // Elysia's own matching by host name misses paths for hosts of three letters or fewer.
    handler: { standardHostname: false },
    normalize: false,
  })
    .decorate(requestState())
    .decorate(streamState())
    .decorate(toolState())
    .onRequest((context) => {
      const { request, set } = context
      context.startedAt = performance.now()
      onArrival(request)
      set.headers['x-request-id'] = requestIdOf(request, newId)
      set.headers['x-content-type-options'] = 'nosniff'
      cors.mark(request, set.headers)
      if (timeouts.mustExtendHandlers) timeouts.beforeHandler(request)
    })
    .onError(({ error, request, set }) => {
      timeouts.beforeIdle(request)
      const headers = Object.fromEntries(
        Object.entries(set.headers).map(([name, value]) => [name, String(value)]),
      )
      const response = errorResponse(error, headers, (unexpected) =>
        observe({
          type: 'unexpected_error',
          error: unexpected,
          requestId: `${headers['x-request-id']}`,
        }),
      )
      set.status = response.status
      set.headers['content-length'] = `${response.headers.get('content-length')}`
      return response
    })
    .onAfterResponse(
      ({ request, route, set, owner, kind, tool, startedAt, responseValue, streamEnd }) => {
        const { 'x-request-id': requestId, 'content-length': contentLength } = set.headers
        const event: HttpEvent = {
          type: 'request',
          requestId: `${requestId}`,
          method: request.method,
          route: route ?? null,
          status: Number(set.status ?? 200),
          durationMs: performance.now() - startedAt,
          owner,
          tokenKind: kind,
          tool,
          bytes: lengthOf(responseValue, contentLength),
        }
        if (streamEnd === null) observe(event)
        else streamEnd.then(() => observe({ ...event, durationMs: performance.now() - startedAt }))
      },
    )

  // Added only if needed, because every hook costs time.
  if (timeouts.mustExtendHandlers)
    app.onAfterHandle(({ request, streamEnd }) => {
      if (streamEnd === null) timeouts.beforeIdle(request)
    })

  app
    .use(createServiceInfoRoute({ version: deps.version, basePath }))
    .use(createHealthRoutes(deps))
    .use(createDocsRoutes(signIn !== null))
    .use(
      createFeedRoutes({
        tasks: deps.tasks,
        authenticate,
        admit,
        observe,
        timeouts,
        stopping: deps.stopping ?? new AbortController().signal,
        limits: { ...FEED_LIMITS, ...deps.feedLimits },
      }),
    )
    .use(createTaskRoutes({ tasks: deps.tasks, steps }))
    .use(createListRoutes({ lists: deps.lists, revision: deps.tasks.revision, steps }))
    .use(createTokenRoutes({ tokens: deps.tokens, steps }))

  if (deps.mcp) {
    const { mcp } = deps
    const authenticate = createAuthentication(mcp.verifyToken, countAnonymous, observe)
    app.use(createMcpRoutes({ ...deps, mcp, steps: { ...steps, authenticate } }))
  }

  if (signIn !== null)
    app.use(createDemoSignInRoute({ signIn, publicUrl: deps.publicUrl, countAnonymous, readBody }))

  return app
    .use(createDocumentRoute(app, deps.version, deps.publicUrl))
    .use(createMethodRoutes(app, cors))
}

/** The state of a request that Elysia does not provide. */
function requestState(): { startedAt: number; owner: Owner | null; kind: TokenKind | null } {
  return { startedAt: 0, owner: null, kind: null }
}

const ACCEPTABLE_ID = /^[A-Za-z0-9._-]{1,128}$/

/** The request's own id if it is safe to log and to send back; otherwise a new one. */
function requestIdOf({ headers }: Request, newId: () => string): string {
  const id = headers.get('x-request-id')
  return id !== null && ACCEPTABLE_ID.test(id) ? id : newId()
}

/** The length of a response's body in bytes, if it is known. */
function lengthOf(body: unknown, contentLength: string | number | undefined): number | null {
  if (contentLength !== undefined) return Number(contentLength)
  return typeof body === 'string' ? Buffer.byteLength(body) : null
}
