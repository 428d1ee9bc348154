import { Elysia, NotFoundError } from 'elysia'
import { matches } from '../middleware/entity-tags.ts'
import type { ResponseHead } from '../tasks/representation.ts'
import { type Asset, type Docs, loadDocs } from './assets.ts'

interface Context {
  readonly request: Request
  readonly set: ResponseHead
}

const TOKEN_URL = 'docs/demo-token'
// Browsers do not revalidate it, not even on reload (RFC 8246).
const FOREVER = 'public, max-age=31536000, immutable'
const REVALIDATED = 'no-cache'

// Swagger UI draws its icons as data: images. Everything else comes from this server.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Swagger UI at `/docs`. Its assets are part of the program, so it works without internet access.
 *
 * @param demoToken makes a token for the page to start with, if it is opened on this machine; `null`
 * for none.
 */
export function createDocsRoutes(demoToken: (() => Promise<string>) | null) {
  const hidden = { detail: { hide: true } }
  let loading: Promise<Docs> | undefined
  // Loaded on the first request: most services are never asked for the page.
  const load = () => (loading ??= loadDocs(demoToken && TOKEN_URL))

  const sendAsset =
    (name: Exclude<keyof Docs, 'page' | 'pageBelow'>) =>
    async (context: Context & { readonly params: { readonly hash: string } }) => {
      const asset = (await load())[name]
      if (context.params.hash !== asset.hash) throw new NotFoundError()
      return send(asset, FOREVER, context)
    }

  const routes = new Elysia({ name: 'docs' })
    .get(
      '/docs',
      async (context) => {
        const { page, pageBelow } = await load()
        const isBelow = new URL(context.request.url).pathname.endsWith('/')
        return send(isBelow ? pageBelow : page, REVALIDATED, context)
      },
      hidden,
    )
    .get('/docs/:hash/swagger-ui.css', sendAsset('style'), hidden)
    .get('/docs/:hash/swagger-ui-bundle.js', sendAsset('bundle'), hidden)
    .get('/docs/:hash/init.js', sendAsset('init'), hidden)

  if (demoToken)
    routes.get(
      `/${TOKEN_URL}`,
      async ({ request, server, set: { headers } }) => {
        const peer = server?.requestIP(request)?.address ?? null
        headers['content-type'] = 'application/json'
        headers['cache-control'] = 'no-store'
        headers['cross-origin-resource-policy'] = 'same-origin'
        const token = mayHaveDemoToken(peer, request.headers) ? await demoToken() : null
        return JSON.stringify({ token })
      },
      hidden,
    )
  return routes
}

function send(asset: Asset, caching: string, { request, set }: Context): Response {
  const tag = `"${asset.hash}"`
  set.headers['cache-control'] = caching
  set.headers['etag'] = tag
  set.headers['content-security-policy'] = CONTENT_SECURITY_POLICY
  set.headers['referrer-policy'] = 'no-referrer'
  if (matches(tag, request.headers.get('if-none-match'))) {
    set.status = 304
    return new Response(null, { status: 304 })
  }
  set.headers['content-type'] = asset.type
  set.headers['content-length'] = `${asset.bytes}`
  return new Response(asset.body)
}

const LOOPBACK_ADDRESS = /^(?:(?:::ffff:)?127(?:\.\d{1,3}){3}|::1)$/i
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i
const ADDED_BY_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

/**
 * Whether a request may have the token of demo mode. Only requests from this machine may, whatever
 * address the server listens on. A page of another origin gets it neither through CORS nor by pointing
 * its own host name at this machine (DNS rebinding). No proxy may pass it on.
 *
 * @param peer the address of the connection; `null` if there is none.
 */
export function mayHaveDemoToken(peer: string | null, headers: Headers): boolean {
  return (
    LOOPBACK_ADDRESS.test(peer ?? '') &&
    LOOPBACK_HOST.test(headers.get('host') ?? '') &&
    !headers.has('origin') &&
    !ADDED_BY_PROXIES.some((name) => headers.has(name))
  )
}
