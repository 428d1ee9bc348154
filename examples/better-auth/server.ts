import { join } from 'node:path'
import { oauthProviderAuthServerMetadata } from '@better-auth/oauth-provider'
import { Glob } from 'bun'
import type { Auth } from './auth.ts'

const PAGE = join(import.meta.dir, 'page')

// Browsers get the module that imports the client together with the client, as one file.
const { outputs } = await Bun.build({ entrypoints: [join(PAGE, 'taskport.js')], minify: true })

/** Serves the page, and Better Auth under `/api/auth`, on one origin, so that its cookie is first-party. */
export function startServer(options: {
  readonly auth: Auth
  readonly baseUrl: string
  readonly taskportUrl: string
}): Bun.Server<undefined> {
  const { auth, taskportUrl } = options
  const { hostname, port } = new URL(options.baseUrl)
  const headers = {
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      `connect-src 'self' ${new URL(taskportUrl).origin}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      // Makes the browser reject innerHTML and similar sinks.
      "require-trusted-types-for 'script'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }

  function file(name: string): Response {
    return new Response(Bun.file(join(PAGE, name)), { headers })
  }

  function index(): Response {
    return new HTMLRewriter()
      .on('meta[name="taskport-url"]', {
        element: (meta) => void meta.setAttribute('content', taskportUrl),
      })
      .transform(file('index.html'))
  }

  const files = [...new Glob('*').scanSync(PAGE)]
  return Bun.serve({
    hostname,
    port,
    routes: {
      ...Object.fromEntries(files.map((name) => [`/${name}`, () => file(name)])),
      '/taskport.js': () => new Response(outputs[0], { headers }),
      '/': index,
      '/index.html': index,
      '/api/auth/*': (request) => auth.handler(request),
      // Where assistants find the addresses of the OAuth provider (RFC 8414).
      '/.well-known/oauth-authorization-server/api/auth': oauthProviderAuthServerMetadata(auth),
    },
    fetch: () => new Response('Not found', { status: 404, headers }),
  })
}
