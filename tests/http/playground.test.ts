import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { compose } from '../../app/compose.ts'
import { demoSecret, withSecret } from '../../app/demo.ts'
import { version } from '../../package.json'
import { testConfig } from '../support/config.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const INFO = { name: 'Taskport', version, docs: '/docs' }
const MAX_COMPRESSED_BYTES = 60_000

async function listen(variables: Record<string, string>) {
  const config = testConfig(variables)
  const { http, close } = await compose(
    config.demo ? withSecret(config, await demoSecret({ kind: 'memory' })) : config,
    () => {},
  )
  http.listen({ hostname: '127.0.0.1', port: 0 })
  return {
    send: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`http://127.0.0.1:${http.server?.port}${path}`, { method, headers }),
    async [Symbol.asyncDispose]() {
      await http.stop(true)
      await close()
    },
  }
}

let demo: Awaited<ReturnType<typeof listen>>
let assets: string[]

beforeAll(async () => {
  demo = await listen({ BETTER_AUTH_SECRET: '' })
  const page = await (await demo.send('/', { accept: BROWSER })).text()
  assets = Array.from(page.matchAll(/(?:src|href)="(playground\/[^"]+)"/g), ([, url]) => `/${url}`)
})

afterAll(() => demo[Symbol.asyncDispose]())

describe('GET /', () => {
  test.each([BROWSER, 'text/html', 'TEXT/HTML;q=0.5', 'application/json, text/html'])(
    'sends the playground to a client that accepts %s',
    async (accept) => {
      const response = await demo.send('/', { accept })
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        etag: expect.stringMatching(/^"[0-9a-f]{16}"$/),
        vary: 'Origin, Accept',
        'x-content-type-options': 'nosniff',
      })
    },
  )

  test.each([
    '*/*',
    'application/json',
    'text/*',
    'text/html;q=0',
    'text/html; q=0.000',
    'text/htmlx',
    '',
  ])('sends the name and the version to a client that accepts %p', async (accept) => {
    const response = await demo.send('/', { accept })
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('vary')).toBe('Origin, Accept')
    expect(await response.json()).toStrictEqual(INFO)
  })

  test.each(['', 'development', 'production'])(
    'sends the name and the version outside demo mode, with NODE_ENV=%s',
    async (NODE_ENV) => {
      await using service = await listen({ NODE_ENV, BETTER_AUTH_SECRET: 'x'.repeat(32) })
      const response = await service.send('/', { accept: BROWSER })
      expect(response.status).toBe(200)
      expect(response.headers.get('vary')).toBe('Origin, Accept')
      expect(await response.json()).toStrictEqual(INFO)
      for (const path of assets) expect((await service.send(path)).status).toBe(404)
    },
  )

  test('allows only scripts, styles and requests of the service', async () => {
    const { headers } = await demo.send('/', { accept: BROWSER })
    expect(headers.get('content-security-policy')?.split('; ')).toStrictEqual([
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
})

describe('the assets', () => {
  test('are the style and the script, by relative URLs', () => {
    expect(assets.map((path) => path.split('/').at(-1))).toStrictEqual([
      'playground.css',
      'playground.js',
    ])
  })

  test('have the hash of their content in their URLs and may be stored forever', async () => {
    for (const path of assets) {
      const response = await demo.send(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(response.headers.get('content-type')).toMatch(
        /^text\/(css|javascript); charset=utf-8$/,
      )
      const hash = createHash('sha256')
        .update(await response.bytes())
        .digest('hex')
      expect(path.split('/')[2]).toBe(hash.slice(0, 16))
    }
  })

  test('are at no other URL', async () => {
    for (const path of assets) {
      const wrong = path.replace(/[0-9a-f]{16}/, '0'.repeat(16))
      expect((await demo.send(wrong)).status).toBe(404)
      expect((await demo.send(path, {}, 'POST')).status).toBe(405)
    }
  })
})

test('returns 304 when the client has the page or the asset', async () => {
  for (const path of ['/', ...assets])
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await demo.send(path, { accept: BROWSER })
      const tag = `${headers.get('etag')}`
      const known = await demo.send(path, { accept: BROWSER, 'if-none-match': tag }, method)
      expect(known.status).toBe(304)
      for (const name of ['etag', 'cache-control', 'vary', 'content-security-policy'])
        expect(known.headers.get(name)).toBe(headers.get(name))
      const other = await demo.send(path, { accept: BROWSER, 'if-none-match': '"other"' }, method)
      expect(other.status).toBe(200)
    }
})

test('HEAD returns the headers of GET', async () => {
  for (const path of ['/', ...assets]) {
    const get = await demo.send(path, { accept: BROWSER })
    const head = await demo.send(path, { accept: BROWSER }, 'HEAD')
    for (const name of ['content-type', 'etag', 'cache-control', 'content-security-policy', 'vary'])
      expect(head.headers.get(name)).toBe(get.headers.get(name))
    expect(head.headers.get('content-length')).toBe(`${(await get.bytes()).byteLength}`)
    expect(await head.text()).toBe('')
  }
})

test('is at most 60 kB compressed, in all', async () => {
  const files = [await demo.send('/', { accept: BROWSER })]
  for (const path of assets) files.push(await demo.send(path))
  let bytes = 0
  for (const file of files) bytes += Bun.gzipSync(await file.arrayBuffer()).byteLength
  expect(bytes).toBeGreaterThan(1000)
  expect(bytes).toBeLessThanOrEqual(MAX_COMPRESSED_BYTES)
})
