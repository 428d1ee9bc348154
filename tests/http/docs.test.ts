import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import type { RequestEvent } from '../../adapters/http/ports.ts'
import { compose } from '../../app/compose.ts'
import type { Config } from '../../app/config.ts'
import { testConfig } from '../support/config.ts'
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
