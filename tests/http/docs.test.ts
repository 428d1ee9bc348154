import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mayHaveDemoToken } from '../../adapters/http/docs/page.ts'
import type { RequestEvent } from '../../adapters/http/ports.ts'
import { compose } from '../../app/compose.ts'
import type { Config } from '../../app/config.ts'
import { demoSecret, withSecret } from '../../app/demo.ts'
import { ORIGIN, testConfig } from '../support/config.ts'
import { GREETING, startService, temporaryDirectory } from '../support/process.ts'
import { readError } from './answers.ts'

const NO_HASH = '0'.repeat(16)

/** A service that listens on a port, so that its clients have addresses. */
async function listen(config: Config) {
  const requests = Promise.withResolvers<RequestEvent>()
  const { http, close } = await compose(config, (event) => {
    if (event.type === 'request') requests.resolve(event)
  })
  http.listen({ hostname: '127.0.0.1', port: 0 })
  const address = `http://127.0.0.1:${http.server?.port}`
  const send = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${address}${path}`, { method, headers })
  return {
    send,
    /** Without a connection. */
    handle: async (path: string) => http.handle(new Request(`${address}${path}`)),
    /** The event of the first request. */
    firstRequest: requests.promise,
    async assets(at = '/docs') {
      const page = await (await send(at)).text()
      return Array.from(
        page.matchAll(/(?:src|href)="((?!data:)[^"]+)"/g),
        ([, url]) => new URL(`${url}`, `${address}${at}`).pathname,
      )
    },
    async close() {
      await http.stop(true)
      await close()
    },
  }
}

type Service = Awaited<ReturnType<typeof listen>>

let service: Service
let assets: readonly string[]

beforeAll(async () => {
  service = await listen(testConfig())
  assets = await service.assets()
})

afterAll(() => service.close())

describe('the page', () => {
  test('is revalidated each time', async () => {
    const response = await service.send('/docs')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{16}"$/)
  })

  test('allows only its own scripts and styles', async () => {
    const policy = (await service.send('/docs')).headers.get('content-security-policy')
    expect(policy?.split('; ')).toStrictEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
  })

  test('loads only assets of the service', async () => {
    const page = await (await service.send('/docs')).text()
    expect(assets.map((path) => path.split('/').at(-1))).toStrictEqual([
      'swagger-ui.css',
      'swagger-ui-bundle.js',
      'init.js',
    ])
    expect(page).not.toMatch(/https?:/)
  })

  test('refers to its assets by relative URLs, so that it works under any path', async () => {
    const page = await (await service.send('/docs')).text()
    expect(page).not.toMatch(/(?:src|href)="\//)
    expect(await service.assets('/docs/')).toStrictEqual([...assets])
  })
})

describe('an asset', () => {
  test('has the hash of its content in its URL and may be stored forever', async () => {
    for (const path of assets) {
      const response = await service.send(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(response.headers.get('content-type')).toMatch(
        /^text\/(css|javascript); charset=utf-8$/,
      )
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      const content = await response.bytes()
      const hash = createHash('sha256').update(content).digest('hex').slice(0, NO_HASH.length)
      expect(path.split('/')[2]).toBe(hash)
      expect(response.headers.get('etag')).toBe(`"${hash}"`)
    }
  })

  test.each(['GET', 'HEAD'])('returns 404 for another hash: %s', async (method) => {
    for (const path of assets) {
      const name = path.split('/').at(-1)
      for (const wrong of [`/docs/${NO_HASH}/${name}`, `/docs/${name}`, `${path}.map`]) {
        const response = await service.send(wrong, {}, method)
        expect(response.status).toBe(404)
        expect(response.headers.get('content-type')).toBe('application/json')
        expect(response.headers.has('cache-control')).toBe(false)
        if (method === 'GET')
          expect(await readError(response)).toMatchObject({
            error: 'NOT_FOUND',
            message: 'Route not found',
          })
      }
    }
  })

  test('returns 405 for any other method', async () => {
    for (const path of assets) {
      const response = await service.send(path, {}, 'POST')
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      expect((await service.send(path, {}, 'OPTIONS')).status).toBe(204)
    }
  })
})

describe('If-None-Match', () => {
  const matches = (tag: string) => [tag, `W/${tag}`, `"other", ${tag}`, `"other",W/${tag}`, '*']

  test.each(['GET', 'HEAD'])('returns 304 when the client has the asset: %s', async (method) => {
    for (const path of ['/docs', ...assets]) {
      const { headers } = await service.send(path)
      for (const tag of matches(`${headers.get('etag')}`)) {
        const response = await service.send(path, { 'if-none-match': tag }, method)
        expect(response.status).toBe(304)
        for (const name of ['etag', 'cache-control', 'vary', 'content-security-policy'])
          expect(response.headers.get(name)).toBe(headers.get(name))
        expect(response.headers.has('content-type')).toBe(false)
        expect(await response.text()).toBe('')
      }
    }
  })

  test('returns the asset when the client has another version', async () => {
    for (const path of ['/docs', ...assets])
      for (const tag of ['"other"', '', NO_HASH]) {
        const response = await service.send(path, { 'if-none-match': tag })
        expect(response.status).toBe(200)
        expect((await response.text()).length).toBeGreaterThan(100)
      }
  })

  test('is logged with the status and the route', async () => {
    const fresh = await listen(testConfig())
    await fresh.send(assets[0] ?? '', { 'if-none-match': '*' })
    expect(await fresh.firstRequest).toMatchObject({
      route: '/docs/:hash/swagger-ui.css',
      status: 304,
    })
    await fresh.close()
  })
})

test('HEAD returns the headers of GET', async () => {
  for (const path of ['/docs', ...assets]) {
    const [get, head] = [await service.send(path), await service.send(path, {}, 'HEAD')]
    expect(head.status).toBe(200)
    for (const name of ['content-type', 'etag', 'cache-control', 'content-security-policy'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    expect(head.headers.get('content-length')).toBe(`${(await get.bytes()).byteLength}`)
    expect(await head.text()).toBe('')
  }
})

test('there is no demo token outside demo mode', async () => {
  for (const NODE_ENV of ['', 'development', 'production']) {
    const open = await listen(testConfig({ NODE_ENV }))
    expect((await open.send('/docs/demo-token')).status).toBe(404)
    expect(await (await open.send('/docs')).text()).not.toContain('token')
    await open.close()
  }
})

describe('in demo mode', () => {
  let demo: Service

  beforeAll(async () => {
    const secret = await demoSecret({ kind: 'memory' })
    demo = await listen(withSecret(testConfig({ BETTER_AUTH_SECRET: '' }), secret))
  })

  afterAll(() => demo.close())

  test('the page names the URL of its token but does not contain it', async () => {
    const response = await demo.send('/docs')
    expect(response.headers.get('cache-control')).toBe('no-cache')
    const page = await response.text()
    expect(page).toContain('data-token-url="docs/demo-token"')
    expect(page).not.toContain('eyJ')
    for (const path of await demo.assets())
      expect(await (await demo.send(path)).text()).not.toContain('eyJhbGciOi')
  })

  test('the token is valid and must not be stored', async () => {
    const response = await demo.send('/docs/demo-token')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(response.headers.has('etag')).toBe(false)
    const { token }: { token: string } = JSON.parse(await response.text())
    const tasks = await demo.send('/tasks', { authorization: `Bearer ${token}` })
    expect(tasks.status).toBe(200)
  })

  test.each([
    ['a name that points here', { host: 'rebound.example:8000' }],
    ['another origin, one that is trusted too', { origin: ORIGIN }],
    ['a proxy', { 'x-forwarded-for': '127.0.0.1' }],
  ])('returns no token through %s', async (_, headers) => {
    const response = await demo.send('/docs/demo-token', headers)
    expect(response.status).toBe(200)
    expect(await response.json()).toStrictEqual({ token: null })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('workers return the token too', async () => {
    await using directory = await temporaryDirectory()
    const options = { directory: directory.path, environment: { WORKERS: '2' } }
    await using workers = await startService(options, GREETING)
    // Enough to reach each of them.
    for (let asked = 0; asked < 20; asked++) {
      const response = await workers.send('/docs/demo-token', { keepalive: false })
      const { token }: { token: string } = JSON.parse(await response.text())
      const tasks = await workers.send('/tasks', { headers: { authorization: `Bearer ${token}` } })
      expect(tasks.status).toBe(200)
    }
    expect(await workers.stop('SIGTERM')).toBe(0)
  }, 30_000)

  test('returns no token without an address', async () => {
    const response = await demo.handle('/docs/demo-token')
    expect(await response.json()).toStrictEqual({ token: null })
  })
})

describe('the token of demo mode', () => {
  const local = { host: 'localhost:8000' }
  const may = (peer: string | null, headers: Record<string, string> = local) =>
    mayHaveDemoToken(peer, new Headers(headers))

  test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('is given to %s', (peer) => {
    expect(may(peer)).toBe(true)
  })

  test.each([
    null,
    '',
    '0.0.0.0',
    '10.0.0.1',
    '172.17.0.1',
    '192.168.1.127',
    '::',
    '::2',
    '2001:db8::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '2001:db8::ffff:127.0.0.1',
  ])('is not given to %p', (peer) => {
    expect(may(peer)).toBe(false)
  })

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8000', '[::1]', '[::1]:8000'])(
    'is given under the host name %s',
    (host) => {
      expect(may('127.0.0.1', { host })).toBe(true)
    },
  )

  test.each([
    '',
    'localhost.example',
    'example.localhost',
    'localhost:8000.example',
    '127.0.0.1.example',
    '10.0.0.1',
    '0.0.0.0:8000',
    'example:8000',
  ])('is not given under the host name %j', (host) => {
    expect(may('127.0.0.1', { host })).toBe(false)
  })

  test('is not given without a host name', () => {
    expect(may('127.0.0.1', {})).toBe(false)
  })

  test.each([
    ['origin', 'http://localhost:8000'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'localhost'],
    ['x-real-ip', '127.0.0.1'],
  ])('is not given with the header %s', (name, value) => {
    expect(may('127.0.0.1', { ...local, [name]: value })).toBe(false)
  })
})
