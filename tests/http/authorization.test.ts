import { afterAll, describe, expect, test } from 'bun:test'
import { rightOf } from '../../adapters/http/middleware/authorization.ts'
import { compose } from '../../app/compose.ts'
import { UNKNOWN } from '../conformance/http/client.ts'
import { bearer, testConfig } from '../support/config.ts'

const { http, close } = await compose(testConfig(), () => {})
afterAll(close)

// From the application itself, so that a new route is tested as well.
const routes = http.routes
  .filter(({ hooks, method }) => !hooks.detail?.hide && method !== 'OPTIONS' && method !== 'ALL')
  .map(({ method, path, hooks }) => ({
    method: `${method}`,
    path,
    isPublic: hooks.detail?.security?.length === 0,
    documents403: Object.hasOwn(Object(hooks.detail?.responses), '403'),
  }))
const guarded = routes.filter(({ isPublic }) => !isPublic)

async function send(method: string, path: string, headers: Record<string, string>) {
  const url = `http://localhost${path.replace(':id', UNKNOWN)}`
  const response = await http.handle(new Request(url, { method, headers }))
  await response.body?.cancel()
  return response.status
}

const ann = await bearer('ann')

async function createToken(scopes: string[]): Promise<Record<string, string>> {
  const response = await http.handle(
    new Request('http://localhost/tokens', {
      method: 'POST',
      headers: { ...ann, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'CI', scopes }),
    }),
  )
  return { authorization: `Bearer ${Object(await response.json()).token}` }
}

const reader = await createToken(['read'])
const writer = await createToken(['read', 'write'])

test('every route but two requires a token', async () => {
  const open = routes.filter(({ isPublic }) => isPublic).map(({ path }) => path)
  expect(open.toSorted()).toStrictEqual(['/', '/health'])
  expect(guarded.length).toBeGreaterThan(18)
  for (const { method, path } of guarded) expect(await send(method, path, {})).toBe(401)
})

describe.each(guarded.map(({ method, path, ...rest }) => [method, path, rest] as const))(
  '%s %s',
  (method, path, { documents403 }) => {
    const isRead = method === 'GET'
    const isForTokens = path.startsWith('/tokens')

    test('allows a token from signing in', async () => {
      expect(await send(method, path, ann)).not.toBe(403)
    })

    test('allows an API token that may read and write, unless the route manages tokens', async () => {
      expect((await send(method, path, writer)) === 403).toBe(isForTokens)
    })

    test('allows an API token that may only read, if the route only reads', async () => {
      expect((await send(method, path, reader)) === 403).toBe(isForTokens || !isRead)
    })

    test('documents 403 exactly if it can occur', () => {
      expect(documents403).toBe(isForTokens || !isRead)
    })
  },
)

test.each([
  ['GET', '/tasks', 'read'],
  ['HEAD', '/tasks/:id', 'read'],
  ['POST', '/tasks', 'write'],
  ['PUT', '/x', 'write'],
  ['BREW', '/x', 'write'],
  ['GET', '/tokens', 'sign_in'],
  ['GET', '/tokens/:id/more', 'sign_in'],
  ['GET', '/tokens-of-a-game', 'read'],
] as const)('%s %s requires %s', (method, route, right) => {
  expect(rightOf(method, route)).toBe(right)
})

test('refuses a token that was used as soon as this process has deleted it', async () => {
  const used = await createToken(['read'])
  expect(await send('GET', '/tasks', used)).toBe(200)
  const listed = await http.handle(new Request('http://localhost/tokens', { headers: ann }))
  const { tokens } = Object(await listed.json())
  expect(await send('DELETE', `/tokens/${tokens.at(-1).id}`, ann)).toBe(204)
  expect(await send('GET', '/tasks', used)).toBe(401)
})
