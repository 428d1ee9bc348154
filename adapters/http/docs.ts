import { Elysia, NotFoundError } from 'elysia'
import { type Asset, type Docs, loadDocs } from './docs-assets.ts'
import { mayHaveDemoToken } from './docs-token.ts'
import { json } from './json.ts'

/** What of a request an asset is sent for, and where its status and headers go. */
interface Context {
  readonly request: Request
  readonly set: { status?: number | string; readonly headers: Record<string, string | number> }
}

const TOKEN_URL = '/docs/demo-token'
// Not even a reload asks for it again (RFC 8246).
const FOR_EVER = 'public, max-age=31536000, immutable'
const ASKING_EACH_TIME = 'no-cache'

// Swagger UI draws its icons as data: images; everything else is served from here.
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
 * Swagger UI at `/docs`, from this process alone: its assets are part of the program.
 *
 * @param demoToken makes a token that the page begins with, on this machine; `null` for none.
 */
export function createDocsRoutes(demoToken: (() => Promise<string>) | null) {
  const hidden = { detail: { hide: true } }
  let loading: Promise<Docs> | undefined
  // Nobody waits for it at the start, and most services are never asked.
  const load = () => (loading ??= loadDocs(demoToken && TOKEN_URL))

  const sendAsset =
    (name: Exclude<keyof Docs, 'page'>) =>
    async (context: Context & { readonly params: { readonly hash: string } }) => {
      const asset = (await load())[name]
      if (context.params.hash !== asset.hash) throw new NotFoundError()
      return send(asset, FOR_EVER, context)
    }

  const routes = new Elysia({ name: 'docs' })
    .get('/docs', async (context) => send((await load()).page, ASKING_EACH_TIME, context), hidden)
    .get('/docs/:hash/swagger-ui.css', sendAsset('style'), hidden)
    .get('/docs/:hash/swagger-ui-bundle.js', sendAsset('bundle'), hidden)
    .get('/docs/:hash/init.js', sendAsset('init'), hidden)

  if (demoToken)
    routes.get(
      TOKEN_URL,
      async ({ request, server, set: { headers } }) => {
        const peer = server?.requestIP(request)?.address ?? null
        headers['cache-control'] = 'no-store'
        headers['cross-origin-resource-policy'] = 'same-origin'
        return json(headers, {
          token: mayHaveDemoToken(peer, request.headers) ? await demoToken() : null,
        })
      },
      hidden,
    )
  return routes
}

/** An asset, or word that the client has it (RFC 9110, 13.1.2). */
function send(asset: Asset, caching: string, { request, set }: Context): Response {
  const tag = `"${asset.hash}"`
  set.headers['cache-control'] = caching
  set.headers['etag'] = tag
  set.headers['content-security-policy'] = CONTENT_SECURITY_POLICY
  set.headers['referrer-policy'] = 'no-referrer'
  if (isAmong(tag, request.headers.get('if-none-match'))) {
    set.status = 304
    return new Response(null, { status: 304 })
  }
  set.headers['content-type'] = asset.type
  set.headers['content-length'] = `${asset.bytes}`
  return new Response(asset.body)
}

function isAmong(tag: string, ifNoneMatch: string | null): boolean {
  const tags = ifNoneMatch?.split(',').map((value) => value.trim().replace(/^W\//, '')) ?? []
  return tags.includes(tag) || tags.includes('*')
}
