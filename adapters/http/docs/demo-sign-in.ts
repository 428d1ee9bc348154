import { Elysia } from 'elysia'
import { HttpError } from '../errors.ts'
import type { createBodyReader } from '../middleware/body.ts'
import type { RequestContext, ResponseHead } from '../reply.ts'

/** Where the pages at `/` and `/docs` get a token in demo mode, relative to the root. */
export const DEMO_TOKEN_URL = 'docs/demo-token'

/** What demo mode adds to the pages at `/` and `/docs`. */
export interface DemoSignIn {
  /** Whether the server listens on a loopback address, which only this machine reaches. */
  readonly isLocal: boolean
  /** The users that a browser can sign in as. The first one is the default. */
  readonly users: readonly string[]
  /** Exchanges the secret of the printed address for a user's token; `null` if the secret is wrong. */
  exchange(secret: string, user: string): Promise<string | null>
}

/**
 * `POST /docs/demo-token` exchanges the secret in the address that the start printed for a token.
 *
 * Only the secret proves anything. The address of the connection does not: behind a proxy on this
 * machine, every request comes from this machine. `isFromOwnPage` adds a second barrier against other
 * web pages.
 *
 * The response carries the token in its body instead of a cookie, because browsers send cookies to every
 * port of a host, so other services on this machine would receive them.
 */
export function createDemoSignInRoute(deps: {
  readonly signIn: DemoSignIn
  readonly publicUrl: string | null
  readonly countAnonymous: (context: RequestContext) => Promise<void>
  readonly readBody: ReturnType<typeof createBodyReader>
}) {
  const { signIn, countAnonymous, readBody } = deps
  const publicUrl = deps.publicUrl === null ? null : new URL(deps.publicUrl)

  return new Elysia({ name: 'demo-sign-in' }).post(
    `/${DEMO_TOKEN_URL}`,
    async (context) => {
      const { request, set } = context
      forbidOtherOrigins(set.headers)
      set.headers['cache-control'] = 'no-store'
      await countAnonymous({ request, set })
      if (!isFromOwnPage(request.headers, signIn.isLocal, publicUrl))
        throw unauthorized('Sign in at the address that the service printed, or at PUBLIC_URL')
      await readBody(context)
      const { secret, user = signIn.users[0] } = Object(context.body)
      if (!signIn.users.includes(user))
        throw unauthorized(`The user must be one of: ${signIn.users.join(', ')}`)
      const token = typeof secret === 'string' ? await signIn.exchange(secret, user) : null
      if (token === null)
        throw unauthorized('The secret is wrong. Open the address that the service printed')
      set.headers['content-type'] = 'application/json'
      return JSON.stringify({ token })
    },
    { parse: 'none', detail: { hide: true } },
  )
}

/** Removes the permission that origins in CORS_ORIGINS have for all other routes. */
function forbidOtherOrigins(headers: ResponseHead['headers']): void {
  for (const name of Object.keys(headers))
    if (name.startsWith('access-control-')) delete headers[name]
  headers['cross-origin-resource-policy'] = 'same-origin'
}

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/

/**
 * Whether a request comes from the page itself, or from a program that is not a browser. A page of
 * another origin cannot pass by pointing its own host name at this machine (DNS rebinding).
 *
 * @param isLocal whether the service listens on a loopback address. If not, it does not know its names.
 */
export function isFromOwnPage(headers: Headers, isLocal: boolean, publicUrl: URL | null): boolean {
  const host = (headers.get('host') ?? '').toLowerCase()
  const origin = headers.get('origin')
  // Without the port, which some proxies leave out.
  const isPublic = publicUrl !== null && host.replace(/:\d+$/, '') === publicUrl.hostname
  if (isLocal && !isPublic && !LOOPBACK_HOST.test(host)) return false
  return origin === null || origin === `http://${host}` || origin === publicUrl?.origin
}

function unauthorized(message: string): HttpError {
  return new HttpError('UNAUTHORIZED', message, { 'www-authenticate': 'Bearer' })
}
