import { describe, expect, test } from 'bun:test'
import { type Client, JSON_TYPE, streamOf, UNKNOWN } from './client.ts'

/** Who may send requests, and which of several errors is reported. */
export function describeAccess({ ann, send, expectError }: Client): void {
  describe('tokens', () => {
    test.each([
      ['missing', undefined],
      ['of another scheme', 'Basic YTpi'],
      ['without a token', 'Bearer'],
      ['only spaces after the scheme', 'Bearer   '],
      ['only the token', 'eyJhbGciOiJIUzI1NiJ9.e30.x'],
    ])('returns 401 Authentication required when the header is %s', async (_, authorization) => {
      const response = await send('GET', '/tasks', authorization ? { authorization } : {})
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      await expectError(response, 401, 'UNAUTHORIZED', 'Authentication required')
    })

    test.each(['x', 'x.y.z', 'a b', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.'])(
      'returns 401 Invalid or expired token when the token is %s',
      async (token) => {
        const response = await send('GET', '/tasks', { authorization: `Bearer ${token}` })
        expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
        await expectError(response, 401, 'UNAUTHORIZED', 'Invalid or expired token')
      },
    )

    test.each(['bearer', 'BEARER', 'bEaReR'])(
      'accepts the scheme in any letter case: %s',
      async (scheme) => {
        const token = ann.authorization.slice('Bearer '.length)
        const response = await send('GET', '/tasks', { authorization: `${scheme} ${token}` })
        expect(response.status).toBe(200)
      },
    )

    test('ignores a token in any other place', async () => {
      const token = ann.authorization.slice('Bearer '.length)
      for (const [path, headers] of [
        [`/tasks?access_token=${token}&token=${token}`, {}],
        ['/tasks', { cookie: `token=${token}; better-auth.session_token=${token}` }],
        ['/tasks', { 'x-access-token': token }],
      ] as const)
        expect((await send('GET', path, headers)).status).toBe(401)
    })
  })

  describe('reports the first of several errors', () => {
    const bad = { 'content-type': 'text/plain' }
    const withLength = { ...bad, 'content-length': '300000' }
    test.each([
      ['route before token', 'POST', '/nowhere', bad, 'x', 404],
      ['method before token', 'PATCH', '/tasks', bad, 'x', 405],
      ['token before size', 'POST', '/tasks', bad, 'x'.repeat(300_000), 401],
      ['token before type', 'POST', '/tasks', bad, 'x', 401],
      ['token before JSON', 'POST', '/tasks', JSON_TYPE, '{', 401],
      ['token before rules', 'PUT', '/tasks/x', JSON_TYPE, '{}', 401],
    ])('%s', async (_, method, path, headers, body, status) => {
      expect((await send(method, path, headers, body)).status).toBe(status)
    })

    test.each([
      ['announced size before type', 'POST', '/tasks', withLength, 'x'.repeat(300_000), 413],
      ['type before JSON', 'POST', '/tasks', bad, '{', 415],
      ['JSON before rules', 'PUT', '/tasks/x', JSON_TYPE, '{', 400],
      ['rules before the task', 'PUT', `/tasks/${UNKNOWN}`, JSON_TYPE, '{}', 422],
    ])('%s', async (_, method, path, headers, body, status) => {
      expect((await send(method, path, { ...ann, ...headers }, body)).status).toBe(status)
    })

    test('type before streamed size', async () => {
      const streamed = streamOf('x'.repeat(300_000))
      const response = await send('POST', '/tasks', { ...ann, ...bad }, streamed)
      expect(response.status).toBe(415)
    })
  })
}
