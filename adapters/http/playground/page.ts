import { Elysia, NotFoundError } from 'elysia'
import { DEMO_TOKEN_URL } from '../docs/demo-sign-in.ts'
import type { RequestContext } from '../reply.ts'
import {
  type Asset,
  assetOf,
  FOREVER,
  HTML,
  loadOnce,
  REVALIDATED,
  SCRIPT,
  STYLE,
  sendAsset,
} from '../static-files.ts'

/** The bundled source of the playground. */
export interface PlaygroundSource {
  readonly script: string
  readonly style: string
}

interface Files {
  readonly page: Asset
  readonly script: Asset
  readonly style: Asset
}

/**
 * The playground, and the files that its page names by the hash of their content.
 *
 * @param loadSource called on the first request.
 */
export function createPlayground(loadSource: () => Promise<PlaygroundSource>) {
  const hidden = { detail: { hide: true } }
  const load = loadOnce(async () => filesOf(await loadSource()))

  const send =
    (name: 'script' | 'style') =>
    async (context: RequestContext & { readonly params: { readonly hash: string } }) => {
      const asset = (await load())[name]
      if (context.params.hash !== asset.hash) throw new NotFoundError()
      return sendAsset(asset, FOREVER, context)
    }

  return {
    sendPage: async (context: RequestContext) =>
      sendAsset((await load()).page, REVALIDATED, context),

    routes: new Elysia({ name: 'playground' })
      .get('/playground/:hash/playground.css', send('style'), hidden)
      .get('/playground/:hash/playground.js', send('script'), hidden),
  }
}

async function filesOf(source: PlaygroundSource): Promise<Files> {
  const script = await assetOf(source.script, SCRIPT)
  const style = await assetOf(source.style, STYLE)
  return { script, style, page: await assetOf(pageOf(style.hash, script.hash), HTML) }
}

const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='9' fill='%234f46e5'/><path d='m9 16.5 5 5 9.5-11' fill='none' stroke='white' stroke-width='3.5' stroke-linecap='round' stroke-linejoin='round'/></svg>"

// All URLs are relative, so the page also works under any path of a proxy.
function pageOf(style: string, script: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Taskport playground</title>
    <link rel="icon" href="${ICON}">
    <link rel="stylesheet" href="playground/${style}/playground.css">
    <script type="module" src="playground/${script}/playground.js"></script>
  </head>
  <body>
    <div id="playground" data-token-url="${DEMO_TOKEN_URL}"></div>
    <noscript>The playground needs JavaScript. The API itself does not: see <a href="docs">its documentation</a>.</noscript>
  </body>
</html>
`
}
