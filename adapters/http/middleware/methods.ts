import { type AnyElysia, Elysia, NotFoundError } from 'elysia'
import { HttpError } from '../errors.ts'
import type { createCors } from './cors.ts'

const COMMON_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Adds the missing methods to the paths that `app` has so far: OPTIONS, with or without a CORS
 * preflight, lists the methods of the path (RFC 9110, 9.3.7); every other method gets 405 (15.5.6).
 * Also answers the preflights of unknown paths.
 */
export function createMethodRoutes(app: AnyElysia, cors: ReturnType<typeof createCors>) {
  const hidden = { detail: { hide: true } }
  const routes = new Elysia({ name: 'methods' })
  for (const [path, methods] of methodsByPath(app)) {
    const allowed = [...methods].sort()
    const allow = allowed.join(', ')
    routes.options(
      path,
      ({ request, set }) => {
        set.status = 204
        set.headers['allow'] = allow
        cors.preflight(request, allowed, set.headers)
      },
      hidden,
    )
    const refuse = () => {
      throw new HttpError('METHOD_NOT_ALLOWED', `Use one of ${allow}`, { allow })
    }
    // Without these, `GET /tasks/batch` would match `/tasks/:id`, which Elysia prefers to `all`.
    for (const method of COMMON_METHODS)
      if (!methods.has(method)) routes.route(method, path, refuse, hidden)
    routes.all(path, refuse, hidden)
  }
  // Without this, a browser would report a CORS error instead of the 404.
  return routes.options(
    '/*',
    ({ request, set }) => {
      if (!cors.isPreflight(request)) throw new NotFoundError()
      set.status = 204
      cors.preflight(request, [], set.headers)
    },
    hidden,
  )
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
