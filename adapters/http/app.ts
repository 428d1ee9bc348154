import { Elysia } from 'elysia'
import type { TaskService } from '../../core/tasks.ts'
import { createAuthentication } from './authentication.ts'
import { createBodyReader } from './body.ts'
import { createCors } from './cors.ts'
import { createDocsRoutes } from './docs.ts'
import { errorResponse } from './errors.ts'
import { createHealthRoutes } from './health.ts'
import { createMethodRoutes } from './methods.ts'
import { createOpenApiRoutes } from './openapi.ts'
import type { VerifyToken } from './ports.ts'
import { createRequestId } from './request-id.ts'
import { createTaskRoutes } from './tasks.ts'

export interface HttpDeps {
  readonly tasks: TaskService
  readonly verifyToken: VerifyToken
  /** Resolves when the store answers. */
  readonly ping: () => Promise<void>
  readonly newId: () => string
  /** Told of every fault of ours, with the id of the request that met it. */
  readonly onFault: (fault: unknown, requestId: string) => void
  readonly version: string
  readonly corsOrigins: readonly string[]
  readonly maxBodyBytes: number
}

/**
 * The HTTP API. What happens to a request, in its order: it gets its id and its CORS headers; the
 * route and the method are found (404, 405); the token is checked (401); the body is read (413, 415,
 * 400); the use case checks the rules (422) and does its work (404). Whatever is thrown on the way
 * is answered in one place.
 */
export function createHttpApp(deps: HttpDeps) {
  const requestId = createRequestId(deps.newId)
  const cors = createCors(deps.corsOrigins)

  const app = new Elysia({
    // Elysia's own matching by host name loses paths for hosts of three letters or fewer.
    handler: { standardHostname: false },
    normalize: false,
  })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestId(request)
      set.headers['x-content-type-options'] = 'nosniff'
      cors.mark(request, set.headers)
    })
    .onError(({ error, set }) => {
      const headers = Object.fromEntries(
        Object.entries(set.headers).map(([name, value]) => [name, String(value)]),
      )
      return errorResponse(error, headers, (fault) =>
        deps.onFault(fault, `${set.headers['x-request-id']}`),
      )
    })
    .use(createHealthRoutes(deps))
    .use(createDocsRoutes())
    .use(
      createTaskRoutes({
        tasks: deps.tasks,
        authenticate: createAuthentication(deps.verifyToken),
        readBody: createBodyReader(deps.maxBodyBytes),
      }),
    )

  return app.use(createOpenApiRoutes(app, deps.version)).use(createMethodRoutes(app, cors))
}
