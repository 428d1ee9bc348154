import { Elysia, NotFoundError } from 'elysia'
import { matches } from '../middleware/entity-tags.ts'
import type { RequestContext } from '../reply.ts'
import { type Asset, type Docs, loadDocs } from './assets.ts'
import { DEMO_TOKEN_URL } from './demo-sign-in.ts'

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
 * Swagger UI at `/docs`. Its assets are embedded in the program, so it works without internet access.
 *
 * @param isDemo whether the page exchanges the secret in its address for a token.
 */
export function createDocsRoutes(isDemo: boolean) {
  const hidden = { detail: { hide: true } }
  let loading: Promise<Docs> | undefined
  // Loaded on the first request: most services never serve the page.
  const load = () =>
    (loading ??= loadDocs(isDemo ? DEMO_TOKEN_URL : null).catch((error) => {
      loading = undefined
      throw error
    }))

  const sendAsset =
    (name: Exclude<keyof Docs, 'page' | 'pageWithSlash'>) =>
    async (context: RequestContext & { readonly params: { readonly hash: string } }) => {
      const asset = (await load())[name]
      if (context.params.hash !== asset.hash) throw new NotFoundError()
      return send(asset, FOREVER, context)
    }

  return new Elysia({ name: 'docs' })
    .get(
      '/docs',
      async (context) => {
        const { page, pageWithSlash } = await load()
        const hasSlash = new URL(context.request.url).pathname.endsWith('/')
        return send(hasSlash ? pageWithSlash : page, REVALIDATED, context)
      },
      hidden,
    )
    .get('/docs/:hash/swagger-ui.css', sendAsset('style'), hidden)
    .get('/docs/:hash/swagger-ui-bundle.js', sendAsset('bundle'), hidden)
    .get('/docs/:hash/init.js', sendAsset('init'), hidden)
}

function send(asset: Asset, caching: string, { request, set }: RequestContext): Response {
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
