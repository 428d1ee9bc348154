import { type AnyElysia, Elysia } from 'elysia'
import type { createCors } from './cors.ts'
import { HttpError } from './errors.ts'

const COMMON_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * What a known path says to any other method: OPTIONS (a CORS preflight or not) is answered with
 * what the path takes, the rest is refused (RFC 9110, 9.3.7 and 15.5.6). Comes last: it closes the
 * paths that `app` has so far.
 */
export function createMethodRoutes(app: AnyElysia, cors: ReturnType<typeof createCors>) {
  const hidden = { detail: { hide: true } }
  const routes = new Elysia({ name: 'methods' })
  for (const [path, methods] of methodsByPath(app)) {
    const allow = [...methods].sort().join(', ')
    routes.options(
      path,
      ({ request, set }) => {
        set.status = 204
        set.headers['allow'] = allow
        cors.preflight(request, allow, set.headers)
      },
      hidden,
    )
    const refuse = () => {
      throw new HttpError('METHOD_NOT_ALLOWED', `Use one of ${allow}`, { allow })
    }
    // `/tasks/batch` must not fall to `/tasks/:id`, whose methods go before `all` of any path.
    for (const method of COMMON_METHODS)
      if (!methods.has(method)) routes.route(method, path, refuse, hidden)
    routes.all(path, refuse, hidden)
  }
  return routes
}

function methodsByPath(app: AnyElysia): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>()
  for (const { path, method } of app.routes) {
    const methods = paths.get(path) ?? new Set(['OPTIONS'])
    paths.set(path, methods.add(method))
    if (method === 'GET') methods.add('HEAD')
  }
  return paths
}
