import { Elysia, NotFoundError } from 'elysia'
import type { RequestContext } from '../reply.ts'
import { FOREVER, loadOnce, REVALIDATED, sendAsset } from '../static-files.ts'
import { type Docs, loadDocs } from './assets.ts'
import { DEMO_TOKEN_URL } from './demo-sign-in.ts'

/**
 * Swagger UI at `/docs`. Its assets are embedded in the program, so it works without internet access.
 *
 * @param isDemo whether the page exchanges the secret in its address for a token.
 */
export function createDocsRoutes(isDemo: boolean) {
  const hidden = { detail: { hide: true } }
  // Loaded on the first request: most services never serve the page.
  const load = loadOnce(() => loadDocs(isDemo ? DEMO_TOKEN_URL : null))

  const send =
    (name: Exclude<keyof Docs, 'page' | 'pageWithSlash'>) =>
    async (context: RequestContext & { readonly params: { readonly hash: string } }) => {
      const asset = (await load())[name]
      if (context.params.hash !== asset.hash) throw new NotFoundError()
      return sendAsset(asset, FOREVER, context)
    }

  return new Elysia({ name: 'docs' })
    .get(
      '/docs',
      async (context) => {
        const { page, pageWithSlash } = await load()
        const hasSlash = new URL(context.request.url).pathname.endsWith('/')
        return sendAsset(hasSlash ? pageWithSlash : page, REVALIDATED, context)
      },
      hidden,
    )
    .get('/docs/:hash/swagger-ui.css', send('style'), hidden)
    .get('/docs/:hash/swagger-ui-bundle.js', send('bundle'), hidden)
    .get('/docs/:hash/init.js', send('init'), hidden)
}
