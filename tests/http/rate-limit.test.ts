import { describe, expect, test } from 'bun:test'
import type { RateLimit } from '../../adapters/http/ports.ts'
import { compose } from '../../app/compose.ts'
import type { ServiceEvent } from '../../app/observe.ts'
import { bearer, ORIGIN, testConfig } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { readError } from './answers.ts'
import { createLimitedApp } from './limited-app.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const NO_TASK = '/tasks/01234567-89ab-4def-8123-456789abcdef'

const as = (user: string) => ({ authorization: `Bearer ${user}` })

function standing({ headers }: Response): (string | null)[] {
  return ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headers.get(name))
}

const POLICY = '"default";q=2;w=60'

test('counts requests, returns 429 over the limit, and starts again when the window ends', async () => {
  const { send, pass } = createLimitedApp()
  const get = () => send('GET', '/tasks', as('ann'))
  expect(standing(await get())).toStrictEqual([POLICY, '"default";r=1;t=60', null])
  pass(18.5)
  expect(standing(await get())).toStrictEqual([POLICY, '"default";r=0;t=42', null])
  pass(1)
  const refused = await get()
  expect(refused.status).toBe(429)
  expect(standing(refused)).toStrictEqual([POLICY, '"default";r=0;t=41', '41'])
  pass(40.499)
  expect(standing(await get())).toStrictEqual([POLICY, '"default";r=0;t=1', '1'])
  pass(0.001)
  expect(standing(await get())).toStrictEqual([POLICY, '"default";r=1;t=60', null])
})

test('returns 429 as an error like any other', async () => {
  const { send, exhaust, refused } = createLimitedApp()
  await exhaust(as('ann'))
  const headers = { ...as('ann'), origin: ORIGIN, 'x-request-id': 'a-request' }
  const response = await send('GET', '/tasks', headers)
  expect(response.status).toBe(429)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'a-request',
    'access-control-allow-origin': ORIGIN,
    'access-control-expose-headers': expect.stringContaining('RateLimit, RateLimit-Policy'),
  })
  expect(await readError(response)).toMatchObject({
    members: ['error', 'message'],
    error: 'RATE_LIMITED',
    message: 'More than 2 requests in 60 seconds, try again later',
  })
  expect(refused).toStrictEqual(Array(2).fill({ type: 'rate_limited', by: 'user' }))
})

/** Requests for a known path and method: each is counted, whatever the response is. */
const counted: [status: number, method: string, path: string, headers: object, body?: string][] = [
  [200, 'GET', '/tasks', {}],
  [200, 'HEAD', '/tasks', {}],
  [201, 'POST', '/tasks', JSON_TYPE, '{"text":"milk"}'],
  [400, 'POST', '/tasks', JSON_TYPE, '{'],
  [404, 'GET', NO_TASK, {}],
  [404, 'DELETE', NO_TASK, {}],
  [413, 'POST', '/tasks', { ...JSON_TYPE, 'content-length': '9999' }, '{}'],
  [413, 'POST', '/tasks', JSON_TYPE, `"${'x'.repeat(9999)}"`],
  [415, 'POST', '/tasks', { 'content-type': 'text/plain' }, '{}'],
  [422, 'PUT', NO_TASK, JSON_TYPE, '{}'],
  [422, 'PATCH', '/tasks/1', JSON_TYPE, '{}'],
  [422, 'GET', '/tasks?limit=0', { 'if-none-match': '*' }],
  [404, 'GET', NO_TASK, { 'if-none-match': '*' }],
  [404, 'POST', `${NO_TASK}/restore`, {}],
  [404, 'POST', `${NO_TASK}/move`, JSON_TYPE, '{"to":"top"}'],
  [200, 'POST', '/tasks/clear-completed', {}],
  [200, 'POST', '/tasks/batch', JSON_TYPE, '{"atomic":false,"operations":[null]}'],
]

describe.each(counted)(
  'a request that would return %d: %s %s %j',
  (status, method, path, headers, body) => {
    test('is counted', async () => {
      const { send } = createLimitedApp()
      const response = await send(method, path, { ...as('ann'), ...headers }, body)
      expect(response.status).toBe(status)
      expect(standing(response)).toStrictEqual([POLICY, '"default";r=1;t=60', null])
    })

    test('returns 429 over the limit', async () => {
      const { send, exhaust } = createLimitedApp()
      await exhaust(as('ann'))
      const response = await send(method, path, { ...as('ann'), ...headers }, body)
      expect(response.status).toBe(429)
      expect(standing(response)).toStrictEqual([POLICY, '"default";r=0;t=60', '60'])
    })
  },
)

test.each<[status: number, method: string, path: string, headers: Record<string, string>]>([
  [200, 'GET', '/health', {}],
  [200, 'GET', '/docs', {}],
  [200, 'GET', '/openapi.json', {}],
  [204, 'OPTIONS', '/tasks', {}],
  [204, 'OPTIONS', '/tasks', { origin: ORIGIN, 'access-control-request-method': 'POST' }],
  [404, 'GET', '/nothing', {}],
  [404, 'GET', '/tasks/1/2', {}],
  [405, 'DELETE', '/tasks', {}],
  [405, 'POST', NO_TASK, {}],
  [405, 'GET', '/tasks/batch', {}],
  [405, 'PUT', '/tasks/clear-completed', {}],
])('neither limits nor counts: %d %s %s', async (status, method, path, headers) => {
  for (const caller of [{}, as('ann')]) {
    const { send, exhaust } = createLimitedApp()
    const ask = async () => {
      const response = await send(method, path, { ...caller, ...headers })
      expect(response.status).toBe(status)
      expect(standing(response)).toStrictEqual([null, null, null])
    }
    await ask()
    await exhaust(caller)
    await ask()
  }
})

test.each(['GET', 'HEAD'])(
  'does not count a 304, but returns 429 over the limit (%s)',
  async (method) => {
    const { send } = createLimitedApp()
    const created = await send('POST', '/tasks', { ...as('ann'), ...JSON_TYPE }, '{"text":"milk"}')
    const known = { ...as('ann'), 'if-none-match': '*' }
    const paths = ['/tasks', '/tasks?limit=1', '/lists', created.headers.get('location') ?? '']
    for (const path of [...paths, ...paths]) {
      const response = await send(method, path, known)
      expect(response.status).toBe(304)
      expect(standing(response)).toStrictEqual([POLICY, '"default";r=1;t=60', null])
    }
    await send('GET', '/tasks', as('ann'))
    for (const path of paths) expect((await send(method, path, known)).status).toBe(429)
  },
)

test('returns 429 instead of 401 over the limit, without limiting users', async () => {
  const { send, refused } = createLimitedApp()
  const noToken = await send('GET', '/tasks')
  expect(noToken.status).toBe(401)
  expect(noToken.headers.get('www-authenticate')).toBe('Bearer')
  expect(standing(noToken)).toStrictEqual([POLICY, '"default";r=1;t=60', null])
  const badToken = await send('POST', '/tasks', as('invalid'))
  expect(badToken.status).toBe(401)
  expect(standing(badToken)).toStrictEqual([POLICY, '"default";r=0;t=60', null])
  for (const headers of [{}, as('invalid')]) {
    const response = await send('GET', '/tasks', headers)
    expect(response.status).toBe(429)
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(standing(response)).toStrictEqual([POLICY, '"default";r=0;t=60', '60'])
  }
  expect(refused).toStrictEqual(Array(2).fill({ type: 'rate_limited', by: 'address' }))
  expect((await send('GET', '/tasks', as('ann'))).status).toBe(200)
})

test('counts each user separately, and apart from requests without a token', async () => {
  const { send, exhaust } = createLimitedApp()
  await exhaust(as('ann'))
  expect(standing(await send('GET', '/tasks', as('bob')))[1]).toBe('"default";r=1;t=60')
  expect((await send('GET', '/tasks')).status).toBe(401)
})

test('does not count requests while the issuer is down', async () => {
  const { send } = createLimitedApp()
  const response = await send('GET', '/tasks', as('unavailable'))
  expect(response.status).toBe(503)
  expect(standing(response)).toStrictEqual([null, null, '1'])
})

test('waits for a slow count', async () => {
  const limit: RateLimit = {
    requests: 5,
    windowSeconds: 10,
    count: async (caller) => ({ allowed: caller !== 'ann', remaining: 3, resetSeconds: 7 }),
    giveBack: async () => ({ allowed: true, remaining: 4, resetSeconds: 6 }),
  }
  const { send } = createLimitedApp({ limit })
  expect((await send('GET', '/tasks', as('ann'))).status).toBe(429)
  const response = await send('GET', '/tasks', as('bob'))
  expect(standing(response)).toStrictEqual(['"default";q=5;w=10', '"default";r=3;t=7', null])
  const unchanged = await send('GET', '/tasks', { ...as('bob'), 'if-none-match': '*' })
  expect(unchanged.status).toBe(304)
  expect(standing(unchanged)).toStrictEqual(['"default";q=5;w=10', '"default";r=4;t=6', null])
})

test('sends no rate limit headers without a limit', async () => {
  const { send } = createLimitedApp({ limit: null })
  for (let n = 0; n < 5; n++) {
    expect(standing(await send('GET', '/tasks', as('ann')))).toStrictEqual([null, null, null])
    expect(standing(await send('GET', '/tasks'))).toStrictEqual([null, null, null])
  }
})

describe('the service', () => {
  async function open(variables: Record<string, string>) {
    const events: ServiceEvent['type'][] = []
    const { http, close } = await compose(testConfig(variables), ({ type }) => events.push(type))
    const ann = await bearer('ann')
    const get = async () => http.handle(new Request('http://localhost/tasks', { headers: ann }))
    return { get, events, [Symbol.asyncDispose]: close }
  }

  test('limits each user to RATE_LIMIT_PER_MINUTE', async () => {
    await using service = await open({ RATE_LIMIT_PER_MINUTE: '3' })
    const answers = await Promise.all(Array.from({ length: 4 }, service.get))
    expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60')
  })

  test('counts in the process when Redis does not answer, and reports it once', async () => {
    const port = await freePort()
    const redis = { REDIS_URL: `redis://127.0.0.1:${port}` }
    await using service = await open({ RATE_LIMIT_PER_MINUTE: '3', ...redis })
    const answers = await Promise.all(Array.from({ length: 4 }, service.get))
    expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 200, 200, 429])
    expect(service.events.filter((type) => type.startsWith('rate_limiter'))).toStrictEqual([
      'rate_limiter_degraded',
    ])
  })
})
