import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { decodeJwt } from 'jose'
import { isFromOwnPage } from '../../adapters/http/docs/demo-sign-in.ts'
import { compose } from '../../app/compose.ts'
import { demoAddresses, demoSecret, withSecret } from '../../app/demo.ts'
import { ORIGIN, testConfig } from '../support/config.ts'
import { GREETING, signInSecretOf, startService, temporaryDirectory } from '../support/process.ts'
import { readError } from './answers.ts'

const PATH = '/docs/demo-token'
const demoKey = await demoSecret({ kind: 'memory' })
const secret = demoAddresses('', demoKey).docs.slice('/docs#demo='.length)

/** A service that listens on a port. In demo mode unless the variables say otherwise. */
async function listen(variables: Record<string, string> = {}) {
  const config = testConfig({ BETTER_AUTH_SECRET: '', ...variables })
  const { http, close } = await compose(
    config.demo ? withSecret(config, demoKey) : config,
    () => {},
  )
  http.listen({ hostname: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${http.server?.port}`
  const send = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, init)
  return {
    url,
    send,
    signIn: (body: unknown = { secret }, headers: Record<string, string> = {}) =>
      send(PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await http.stop(true)
      await close()
    },
  }
}

let demo: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  demo = await listen()
})

afterAll(() => demo[Symbol.asyncDispose]())

async function expectRefused(response: Response, status = 401): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.has('access-control-allow-origin')).toBe(false)
  expect((await readError(response)).members).toStrictEqual(['error', 'message'])
}

test('exchanges the secret for a valid token that caches must not store', async () => {
  const response = await demo.signIn()
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
  })
  for (const name of ['etag', 'set-cookie', 'access-control-allow-origin'])
    expect(response.headers.has(name)).toBe(false)
  const { token }: { token: string } = JSON.parse(await response.text())
  const headers = { authorization: `Bearer ${token}` }
  expect((await demo.send('/tasks', { headers })).status).toBe(200)
})

test.each([
  ['demo', { secret }],
  ['demo', { secret, user: 'demo' }],
  ['guest', { secret, user: 'guest' }],
])('exchanges it for a token of the user %s', async (user, body) => {
  const { token }: { token: string } = JSON.parse(await (await demo.signIn(body)).text())
  expect(decodeJwt(token).sub).toBe(user)
})

test.each<[string, unknown]>([
  ['nothing', {}],
  ['another user', { secret, user: 'ann' }],
  ['a user that is no text', { secret, user: ['guest'] }],
  ['an empty secret', { secret: '' }],
  ['another secret', { secret: secret.replaceAll(/[^A]/g, 'A') }],
  ['a part of the secret', { secret: secret.slice(0, -1) }],
  ['a longer secret', { secret: `${secret}A` }],
  ['the secret that signs tokens', { secret: demoKey }],
  ['a list with the secret', { secret: [secret] }],
  ['a number', { secret: 1 }],
  ['null', null],
  ['a text', `"${secret}"`],
])('returns no token for %s', async (_, body) => {
  const response = await demo.signIn(body)
  await expectRefused(response)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
})

test.each([
  [400, { 'content-type': 'application/json' }, '{'],
  [413, { 'content-type': 'application/json' }, JSON.stringify({ secret: 'x'.repeat(262_144) })],
  [415, { 'content-type': 'text/plain' }, JSON.stringify({ secret })],
  [415, { 'content-type': 'application/x-www-form-urlencoded' }, `secret=${secret}`],
])('returns %d for %j', async (status, headers, body) => {
  await expectRefused(await demo.signIn(body, headers), status)
})

test.each([
  ['a host name that points here', { host: 'rebound.example:8000' }],
  ['another origin', { origin: 'http://example.com' }],
  ['an origin of CORS_ORIGINS', { origin: ORIGIN }],
  ['another port', { origin: 'http://127.0.0.1:1' }],
  ['a page without an origin', { origin: 'null' }],
])('returns no token to %s that knows the secret', async (_, headers) => {
  await expectRefused(await demo.signIn({ secret }, headers))
})

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'TRACE'])('returns 405 for %s', async (method) => {
  const response = await demo.send(`${PATH}?secret=${secret}&demo=${secret}`, { method })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('OPTIONS, POST')
  expect(await response.text()).not.toContain('token')
})

test('the page and its assets contain neither the secret nor a token', async () => {
  const page = await (await demo.send('/docs')).text()
  expect(page).toContain('data-token-url="docs/demo-token"')
  const paths = Array.from(page.matchAll(/src="([^"]+)"/g), ([, path]) => `/${path}`)
  expect(paths).toHaveLength(2)
  const playground = await (await demo.send('/', { headers: { accept: 'text/html' } })).text()
  for (const [, path] of playground.matchAll(/(?:src|href)="(playground[^"]+)"/g))
    paths.push(`/${path}`)
  expect(paths).toHaveLength(4)
  for (const path of ['/docs', '/docs/', '/openapi.json', '/', ...paths]) {
    const response = await demo.send(path, { headers: { accept: 'text/html' } })
    expect(response.status).toBe(200)
    const text = `${JSON.stringify([...response.headers])}${await response.text()}`
    for (const secretText of [secret, demoKey, 'eyJhbGciOi']) expect(text).not.toContain(secretText)
  }
})

test('counts each attempt for the rate limit of its address', async () => {
  await using limited = await listen({ RATE_LIMIT_PER_MINUTE: '3' })
  expect((await limited.signIn({ secret: 'wrong' })).headers.get('ratelimit')).toContain('r=2')
  await expectRefused(await limited.signIn({ secret }, { origin: ORIGIN }))
  expect((await limited.signIn()).status).toBe(200)
  const refused = await limited.signIn()
  await expectRefused(refused, 429)
  expect(refused.headers.has('retry-after')).toBe(true)
})

test.each(['', 'development', 'production'])(
  'returns 404 outside demo mode, with NODE_ENV=%s',
  async (NODE_ENV) => {
    await using other = await listen({ NODE_ENV, BETTER_AUTH_SECRET: 'x'.repeat(32) })
    expect((await other.signIn()).status).toBe(404)
    expect((await other.send(PATH)).status).toBe(404)
    expect(await (await other.send('/docs')).text()).not.toContain('token')
  },
)

test('each worker accepts the secret', async () => {
  await using directory = await temporaryDirectory()
  const options = { directory: directory.path, environment: { WORKERS: '2' } }
  await using workers = await startService(options, GREETING)
  const body = JSON.stringify({ secret: signInSecretOf(workers.output()) })
  const headers = { 'content-type': 'application/json' }
  // Enough to reach each of them.
  for (let asked = 0; asked < 20; asked++) {
    const response = await workers.send(PATH, { method: 'POST', headers, body, keepalive: false })
    const { token }: { token: string } = JSON.parse(await response.text())
    const tasks = await workers.send('/tasks', { headers: { authorization: `Bearer ${token}` } })
    expect(tasks.status).toBe(200)
  }
  expect(await workers.stop('SIGTERM')).toBe(0)
}, 30_000)

describe('the own page', () => {
  const PUBLIC = new URL('https://demo.example.com/todo')
  const isOwn = (headers: Record<string, string>, isLocal = true, publicUrl: URL | null = null) =>
    isFromOwnPage(new Headers(headers), isLocal, publicUrl)

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8000', '127.9.9.9', '[::1]', '[::1]:8000'])(
    'may have the host name %s',
    (host) => {
      expect(isOwn({ host })).toBe(true)
      expect(isOwn({ host, origin: `http://${host.toLowerCase()}` })).toBe(true)
      expect(isOwn({ host, origin: `https://${host.toLowerCase()}` })).toBe(false)
      expect(isOwn({ host, origin: 'http://localhost.example' })).toBe(false)
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
    'user@localhost',
    'demo.example.com',
  ])('does not have the host name %j on a loopback address', (host) => {
    expect(isOwn({ host })).toBe(false)
    expect(isOwn({ host, origin: `http://${host}` })).toBe(false)
  })

  test('has a host name on a loopback address', () => {
    expect(isOwn({})).toBe(false)
  })

  test.each(['demo.example.com', 'demo.example.com:8443'])(
    'may have the host name of PUBLIC_URL: %s',
    (host) => {
      expect(isOwn({ host }, true, PUBLIC)).toBe(true)
      expect(isOwn({ host, origin: PUBLIC.origin }, true, PUBLIC)).toBe(true)
      expect(isOwn({ host, origin: 'https://example.com' }, true, PUBLIC)).toBe(false)
      expect(isOwn({ host: `${host}.example` }, true, PUBLIC)).toBe(false)
    },
  )

  test('may have any host name on another address, but only its own origin', () => {
    const host = 'laptop.home:8000'
    expect(isOwn({ host }, false)).toBe(true)
    expect(isOwn({ host, origin: 'http://laptop.home:8000' }, false)).toBe(true)
    expect(isOwn({ host, origin: 'http://laptop.home' }, false)).toBe(false)
    expect(isOwn({ host, origin: 'null' }, false)).toBe(false)
  })
})
