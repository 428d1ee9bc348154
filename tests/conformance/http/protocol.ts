import { describe, expect, test } from 'bun:test'
import { ORIGIN } from '../../support/config.ts'
import { type Client, UNKNOWN, UUID_V7 } from './client.ts'

/** Routes, methods and headers, which all resources have in common. */
export function describeProtocol({ ann, send, create, expectError }: Client): void {
  describe('routes and methods', () => {
    test.each(['/nowhere', '/tasks/a/b', '/task', '/Tasks', '/docs/nowhere', '/favicon.ico'])(
      'return 404 when the route is unknown, with or without a token: %s',
      async (path) => {
        for (const headers of [{}, ann])
          for (const method of ['GET', 'POST', 'OPTIONS'])
            await expectError(
              await send(method, path, headers),
              404,
              'NOT_FOUND',
              'Route not found',
            )
      },
    )

    test.each([
      ['/tasks', ['PUT', 'PATCH', 'DELETE'], 'GET, HEAD, OPTIONS, POST'],
      [`/tasks/${UNKNOWN}`, ['POST'], 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
      ['/tasks/batch', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'OPTIONS, POST'],
      ['/tasks/clear-completed', ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'OPTIONS, POST'],
      [`/tasks/${UNKNOWN}/move`, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'OPTIONS, POST'],
      [`/tasks/${UNKNOWN}/restore`, ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], 'OPTIONS, POST'],
      ['/', ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD, OPTIONS'],
      ['/health', ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD, OPTIONS'],
      ['/docs', ['POST', 'DELETE'], 'GET, HEAD, OPTIONS'],
      ['/openapi.json', ['POST'], 'GET, HEAD, OPTIONS'],
    ])('%s returns 405 for any other method', async (path, methods, allow) => {
      for (const method of [...methods, 'PROPFIND'])
        for (const headers of [{}, ann]) {
          const response = await send(method, path, headers)
          expect(response.headers.get('allow')).toBe(allow)
          if (method === 'HEAD') expect(response.status).toBe(405)
          else await expectError(response, 405, 'METHOD_NOT_ALLOWED')
        }
      const options = await send('OPTIONS', path)
      expect(options.status).toBe(204)
      expect(options.headers.get('allow')).toBe(allow)
    })

    test('HEAD returns what GET returns, without a body', async () => {
      const { id } = await create('x')
      for (const [path, status] of [
        ['/tasks', 200],
        [`/tasks/${id}`, 200],
        [`/tasks/${UNKNOWN}`, 404],
        ['/', 200],
        ['/health', 200],
        ['/docs', 200],
        ['/openapi.json', 200],
      ] as const) {
        const response = await send('HEAD', path, ann)
        expect(response.status).toBe(status)
        expect(response.headers.get('x-request-id')).toMatch(UUID_V7)
        expect(await response.text()).toBe('')
      }
      expect((await send('HEAD', '/tasks')).status).toBe(401)
    })
  })

  test('GET / returns name, version and documentation, with or without a token', async () => {
    for (const headers of [{}, ann, { authorization: 'Bearer x' }]) {
      const response = await send('GET', '/', headers)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/json')
      const info = Object(await response.json())
      expect(info).toStrictEqual({ name: 'Taskport', version: expect.any(String), docs: '/docs' })
      expect((await send('GET', info.docs)).status).toBe(200)
    }
  })

  describe('X-Request-ID', () => {
    test.each(['a', 'A-b_c.9', 'x'.repeat(128)])(
      'is sent back when it is valid: %s',
      async (id) => {
        for (const path of ['/health', '/tasks', '/nowhere'])
          expect(
            (await send('GET', path, { 'x-request-id': id })).headers.get('x-request-id'),
          ).toBe(id)
      },
    )

    test.each(['', 'x'.repeat(129), 'a b', 'a\tb', '<script>', 'a,b', 'ä'])(
      'is replaced when it is invalid: %j',
      async (id) => {
        const response = await send('GET', '/health', { 'x-request-id': id })
        expect(response.headers.get('x-request-id')).toMatch(UUID_V7)
      },
    )

    test('is different for each request', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () =>
          (await send('GET', '/health')).headers.get('x-request-id'),
        ),
      )
      expect(new Set(ids).size).toBe(20)
    })
  })

  describe('CORS', () => {
    const corsHeaders = (response: Response) =>
      [...response.headers.keys()].filter((name) => name.startsWith('access-control-'))

    test('lets a listed origin read every response, including errors', async () => {
      for (const [path, headers] of [
        ['/health', {}],
        ['/tasks', ann],
        ['/tasks', {}],
        ['/nowhere', {}],
        ['/tasks/x', ann],
      ] as const) {
        const response = await send('GET', path, { ...headers, origin: ORIGIN })
        expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
        expect(response.headers.get('access-control-allow-credentials')).toBe('true')
        expect(response.headers.get('vary')).toContain('Origin')
        const exposed = response.headers.get('access-control-expose-headers')?.split(', ')
        expect(exposed).toStrictEqual([
          'X-Request-ID',
          'Location',
          'Retry-After',
          'ETag',
          'RateLimit',
          'RateLimit-Policy',
          'Link',
          'Idempotency-Replayed',
        ])
      }
    })

    test.each([
      'http://localhost:3001',
      'http://localhost',
      'https://localhost:3000',
      'http://localhost:3000.example.com',
      'HTTP://LOCALHOST:3000',
      'null',
    ])('sends no CORS header to any other origin: %s', async (origin) => {
      const plain = await send('GET', '/health', { origin })
      expect(corsHeaders(plain)).toStrictEqual([])
      expect(plain.headers.get('vary')).toBe('Origin')
      const preflight = await send('OPTIONS', '/tasks', {
        origin,
        'access-control-request-method': 'POST',
      })
      expect(corsHeaders(preflight)).toStrictEqual([])
      const unknown = await send('OPTIONS', '/nowhere', {
        origin,
        'access-control-request-method': 'POST',
      })
      expect(unknown.status).toBe(404)
      expect(corsHeaders(unknown)).toStrictEqual([])
    })

    // Otherwise a browser reports a CORS error, and hides the response that explains it.
    test.each([
      ['/nowhere', 'PATCH', 404, 'PATCH'],
      ['/', 'DELETE', 405, 'GET, HEAD, OPTIONS, DELETE'],
      ['/tasks', 'PUT', 405, 'GET, HEAD, OPTIONS, POST, PUT'],
      ['/tasks/a/b', 'PROPFIND', 404, 'PROPFIND'],
      ['/nowhere/', 'GET', 404, 'GET'],
    ])(
      'answers the preflight of a request that fails: %s %s',
      async (path, method, status, methods) => {
        const origin = { origin: ORIGIN }
        const preflight = await send('OPTIONS', path, {
          ...origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization',
        })
        expect(preflight.status).toBe(204)
        expect(preflight.headers.get('access-control-allow-origin')).toBe(ORIGIN)
        expect(preflight.headers.get('access-control-allow-methods')).toBe(methods)
        expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')
        const response = await send(method, path, { ...ann, ...origin })
        expect(response.status).toBe(status)
        expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      },
    )

    test.each(['', 'a b', 'GET,PUT', '"x"'])(
      'does not take a request for a preflight that asks for no method: %j',
      async (method) => {
        const headers = { origin: ORIGIN, 'access-control-request-method': method }
        expect((await send('OPTIONS', '/nowhere', headers)).status).toBe(404)
        const known = await send('OPTIONS', '/tasks', headers)
        expect(known.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
        expect(known.headers.has('access-control-allow-methods')).toBe(false)
      },
    )

    test('answers a preflight without a token', async () => {
      const response = await send('OPTIONS', `/tasks/${UNKNOWN}`, {
        origin: ORIGIN,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,x-request-id',
      })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
      expect(response.headers.get('access-control-allow-methods')).toContain('PATCH')
      expect(response.headers.get('access-control-allow-headers')).toBe(
        'authorization,content-type,x-request-id',
      )
      expect(Number(response.headers.get('access-control-max-age'))).toBeGreaterThan(0)
    })
  })
}
