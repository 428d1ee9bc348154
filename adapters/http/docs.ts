import { file } from 'bun'
import { Elysia } from 'elysia'
import style from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import bundle from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Taskport API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/init.js"></script>
  </body>
</html>
`

const INIT = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: true,
})
`

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

/** Swagger UI at `/docs`, from this process alone: its assets are part of the program. */
export function createDocsRoutes() {
  const hidden = { detail: { hide: true } }
  return new Elysia({ name: 'docs' })
    .get('/docs', () => asset(PAGE, 'text/html; charset=utf-8', 'no-cache'), hidden)
    .get('/docs/init.js', () => asset(INIT, 'text/javascript; charset=utf-8', 'no-cache'), hidden)
    .get(
      '/docs/swagger-ui-bundle.js',
      () => asset(file(bundle), 'text/javascript; charset=utf-8'),
      hidden,
    )
    .get('/docs/swagger-ui.css', () => asset(file(style), 'text/css; charset=utf-8'), hidden)
}

function asset(body: string | Blob, type: string, caching = 'public, max-age=3600'): Response {
  return new Response(body, {
    headers: {
      'content-type': type,
      'cache-control': caching,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
    },
  })
}
