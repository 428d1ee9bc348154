import { file } from 'bun'
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }
import { type Asset, assetOf, HTML, SCRIPT, STYLE } from '../static-files.ts'

/** The files of the page at `/docs`. */
export interface Docs {
  readonly page: Asset
  /** The page for `/docs/`. Its relative URLs differ from those of `/docs`. */
  readonly pageWithSlash: Asset
  readonly style: Asset
  readonly bundle: Asset
  readonly init: Asset
}

const INIT = `const root = new URL('../..', import.meta.url)
const domNode = document.getElementById('swagger-ui')
const { tokenUrl } = domNode.dataset

// Browsers do not send the fragment of an address. Once read, the secret leaves the address bar.
function takeSecret() {
  const secret = /^#demo=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1]
  if (secret) history.replaceState(null, '', location.pathname + location.search)
  return secret
}

async function signIn(secret) {
  const response = await fetch(new URL(tokenUrl, root), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ secret }),
  })
  const { token, message } = await response.json()
  const problem = document.getElementById('problem')
  problem.textContent = message
  problem.hidden = Boolean(token)
  if (!token) return
  ui.preauthorizeApiKey('bearer', token)
  // In localStorage, where other tabs find it, also after a restart of the browser.
  ui.authActions.persistAuthorizationIfNeeded()
}

const secret = takeSecret()
const spec = await (await fetch(new URL('openapi.json', root))).json()
// The page may be opened at an address other than the public one, and its Content-Security-Policy allows
// requests to its own address only.
spec.servers = [{ url: root.href.slice(0, -1) }]
if (tokenUrl)
  spec.info.description += ' **Demo mode**: to sign in, open the address that the service printed.'
// Swagger UI would send the examples of optional parameters, such as the cursor of another list.
for (const path of Object.values(spec.paths))
  for (const { parameters = [] } of Object.values(path))
    for (const parameter of parameters)
      if (!parameter.required) {
        delete parameter.example
        for (const name of ['default', 'example', 'examples']) delete parameter.schema[name]
      }
const ui = SwaggerUIBundle({
  spec,
  domNode,
  deepLinking: true,
  persistAuthorization: true,
  onComplete() {
    if (tokenUrl && secret) signIn(secret)
  },
})
// An open tab to which the printed address is pasted does not load the page again.
addEventListener('hashchange', () => {
  const secret = takeSecret()
  if (tokenUrl && secret) signIn(secret)
})
`

/**
 * Reads the embedded Swagger UI and builds the page. The page names every other file by the hash of its
 * content, so that browsers may keep them forever. All URLs are relative, so the page also works under
 * any path of a proxy.
 *
 * @param tokenUrl where the page exchanges the secret in its address for a token, relative to the root;
 *   `null` for none.
 */
export async function loadDocs(tokenUrl: string | null): Promise<Docs> {
  const assets = {
    style: await assetOf(file(style), STYLE),
    bundle: await assetOf(file(bundle), SCRIPT),
    init: await assetOf(INIT, SCRIPT),
  }
  const pageAt = (docs: string) =>
    assetOf(
      pageOf(
        `${docs}/${assets.style.hash}/swagger-ui.css`,
        [
          `${docs}/${assets.bundle.hash}/swagger-ui-bundle.js`,
          `${docs}/${assets.init.hash}/init.js`,
        ],
        tokenUrl === null ? '' : ` data-token-url="${tokenUrl}"`,
      ),
      HTML,
    )
  return { ...assets, page: await pageAt('docs'), pageWithSlash: await pageAt('../docs') }
}

function pageOf(style: string, [bundle, init]: [string, string], data: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Taskport API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${style}">
  </head>
  <body>
    <p id="problem" role="alert" hidden></p>
    <div id="swagger-ui"${data}></div>
    <script src="${bundle}"></script>
    <script type="module" src="${init}"></script>
  </body>
</html>
`
}
