import { describe, expect, test } from 'bun:test'
import { createHttpApp } from '../../adapters/http/app.ts'
import { clientAddress } from '../../adapters/http/client-address.ts'
import type { HttpEvent, RateLimit } from '../../adapters/http/ports.ts'
import { createMemoryRateLimit } from '../../adapters/memory/rate-limit.ts'
import { createMemoryRepository } from '../../adapters/memory/repository.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { createNewId } from '../../adapters/system/ids.ts'
import { compose } from '../../app/compose.ts'
import type { ServiceEvent } from '../../app/observe.ts'
import { TaskportError } from '../../core/errors.ts'
import { createTaskService } from '../../core/tasks.ts'
import { ownerNamed } from '../contract/store.ts'
import { bearer, ORIGIN, testConfig } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { readError } from './answers.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const NO_TASK = '/tasks/01234567-89ab-4def-8123-456789abcdef'

const as = (user: string) => ({ authorization: `Bearer ${user}` })

/** The API with a limit of two requests in a minute, unless told; a user's token is its name. */
function createLimitedApp(options: { trustedProxies?: number; limit?: RateLimit | null } = {}) {
  let milliseconds = 0
  const refused: HttpEvent[] = []
  const newId = createNewId()
  const now = () => milliseconds
  const app = createHttpApp({
    tasks: createTaskService({ repository: createMemoryRepository(), now: createClock(), newId }),
    verifyToken(token) {
      if (token === 'unavailable') throw new TaskportError('unavailable', 'The issuer is down')
      return token === 'invalid' ? null : ownerNamed(token)
    },
    ping: async () => {},
    newId,
    observe(event) {
      if (event.type === 'fault') throw event.fault
      if (event.type === 'rate_limited') refused.push(event)
    },
    onArrival: () => {},
    version: '1.2.3',
    corsOrigins: [ORIGIN],
    maxBodyBytes: 1024,
    rateLimit: createMemoryRateLimit({ requests: 2, windowSeconds: 60, now }),
    trustedProxies: 0,
    ...(options.limit === undefined ? {} : { rateLimit: options.limit }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  })
  const send = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ) =>
    app.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      }),
    )
  return {
    app,
    send,
    refused,
    pass(seconds: number) {
      milliseconds += seconds * 1000
    },
    /** Uses up all that a caller has. */
    async exhaust(headers: Record<string, string> = {}) {
      for (let n = 0; n < 2; n++)
        expect((await send('GET', '/tasks', headers)).headers.get('ratelimit')).toContain(
          `r=${1 - n}`,
        )
      expect((await send('GET', '/tasks', headers)).status).toBe(429)
    },
  }
}

function standing({ headers }: Response): (string | null)[] {
  return ['ratelimit-policy', 'ratelimit', 'retry-after'].map((name) => headers.get(name))
}

const POLICY = '"default";q=2;w=60'

test('a caller is told where it stands, is refused, and begins anew when its window ends', async () => {
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

test('a refusal is an error like any other', async () => {
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

/** Requests for a known path and method: each is counted, whatever it is answered. */
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
]

describe.each(counted)('what would be %d: %s %s %j', (status, method, path, headers, body) => {
  test('is counted', async () => {
    const { send } = createLimitedApp()
    const response = await send(method, path, { ...as('ann'), ...headers }, body)
    expect(response.status).toBe(status)
    expect(standing(response)).toStrictEqual([POLICY, '"default";r=1;t=60', null])
  })

  test('is 429 over the limit', async () => {
    const { send, exhaust } = createLimitedApp()
    await exhaust(as('ann'))
    const response = await send(method, path, { ...as('ann'), ...headers }, body)
    expect(response.status).toBe(429)
    expect(standing(response)).toStrictEqual([POLICY, '"default";r=0;t=60', '60'])
  })
})

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
])('is not limited, and not counted: %d %s %s', async (status, method, path, headers) => {
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

test('without a valid token 401 becomes 429, which holds up no user', async () => {
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

test('users are counted apart, and apart from whoever has no token', async () => {
  const { send, exhaust } = createLimitedApp()
  await exhaust(as('ann'))
  expect(standing(await send('GET', '/tasks', as('bob')))[1]).toBe('"default";r=1;t=60')
  expect((await send('GET', '/tasks')).status).toBe(401)
})

test('an issuer that is down is nobody else’s fault', async () => {
  const { send } = createLimitedApp()
  const response = await send('GET', '/tasks', as('unavailable'))
  expect(response.status).toBe(503)
  expect(standing(response)).toStrictEqual([null, null, '1'])
})

test('a count that takes its time is waited for', async () => {
  const limit: RateLimit = {
    requests: 5,
    windowSeconds: 10,
    count: async (caller) => ({ allowed: caller !== 'ann', remaining: 3, resetSeconds: 7 }),
  }
  const { send } = createLimitedApp({ limit })
  expect((await send('GET', '/tasks', as('ann'))).status).toBe(429)
  const response = await send('GET', '/tasks', as('bob'))
  expect(standing(response)).toStrictEqual(['"default";q=5;w=10', '"default";r=3;t=7', null])
})

test('without a limit nobody hears of one', async () => {
  const { send } = createLimitedApp({ limit: null })
  for (let n = 0; n < 5; n++) {
    expect(standing(await send('GET', '/tasks', as('ann')))).toStrictEqual([null, null, null])
    expect(standing(await send('GET', '/tasks'))).toStrictEqual([null, null, null])
  }
})

describe('the address of a client', () => {
  const peer = '192.0.2.1'

  test.each<[proxies: number, forwardedFor: string | null, address: string]>([
    [0, '203.0.113.1', peer],
    [1, null, peer],
    [1, '203.0.113.1', '203.0.113.1'],
    [1, 'forged, 198.51.100.9,203.0.113.1', '203.0.113.1'],
    [2, 'forged, 203.0.113.1, 198.51.100.9', '203.0.113.1'],
    [2, '203.0.113.1', peer],
    [1, '203.0.113.1, ', peer],
    [1, '', peer],
    [1, 'unknown', peer],
    [1, '203.0.113', peer],
    [1, '203.0.113.256', peer],
    [1, '2001:db8::1::2', peer],
    [1, '203.0.113.1 198.51.100.9', peer],
    [1, '203.0.113.1:4711', '203.0.113.1'],
    [1, '[2001:db8::1]:4711', '2001:db8:0:0'],
    [1, '[2001:db8::1]', '2001:db8:0:0'],
    [1, '2001:DB8:0001:0002:3:4:5:6', '2001:db8:1:2'],
    [1, '2001:db8:1:2::', '2001:db8:1:2'],
    [1, '::1', '0:0:0:0'],
    [1, 'fe80::1%eth0', 'fe80:0:0:0'],
    [1, '::ffff:203.0.113.1', '203.0.113.1'],
    [1, '::ffff:cb00:7101', '203.0.113.1'],
    [1, '0:0:0:0:0:ffff:203.0.113.1', '203.0.113.1'],
  ])('behind %d proxies, X-Forwarded-For: %p', (proxies, forwardedFor, address) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(address)
  })

  test.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    [null, null],
  ])('of the connection: %p', (connected, address) => {
    expect(clientAddress(connected, null, 0)).toBe(address)
  })

  test('is what strangers are counted by, where a proxy is trusted to tell it', async () => {
    const { send, exhaust } = createLimitedApp({ trustedProxies: 1 })
    await exhaust({ 'x-forwarded-for': '203.0.113.1' })
    const from = async (address: string) =>
      (await send('GET', '/tasks', { 'x-forwarded-for': address })).status
    expect(await from('198.51.100.9, 203.0.113.1')).toBe(429)
    expect(await from('203.0.113.1, 198.51.100.9')).toBe(401)
  })

  test('cannot be made up where no proxy is trusted', async () => {
    const { send, exhaust } = createLimitedApp()
    await exhaust({ 'x-forwarded-for': '203.0.113.1' })
    const response = await send('GET', '/tasks', { 'x-forwarded-for': '198.51.100.9' })
    expect(response.status).toBe(429)
  })

  test('is that of the connection, over a socket', async () => {
    const { app } = createLimitedApp({ trustedProxies: 1 })
    app.listen({ hostname: '127.0.0.1', port: 0 })
    const from = async (headers: Record<string, string>) => {
      const response = await fetch(`http://127.0.0.1:${app.server?.port}/tasks`, { headers })
      return response.status
    }
    try {
      expect(await from({})).toBe(401)
      expect(await from({ 'x-forwarded-for': '127.0.0.1' })).toBe(401)
      expect(await from({ 'x-forwarded-for': 'nobody' })).toBe(429)
      expect(await from({ 'x-forwarded-for': '127.0.0.2' })).toBe(401)
    } finally {
      await app.stop(true)
    }
  })
})

describe('the count in memory', () => {
  function createCount(maxCallers?: number) {
    let milliseconds = 0
    const limit = createMemoryRateLimit({
      requests: 1000,
      windowSeconds: 60,
      now: () => milliseconds,
      ...(maxCallers === undefined ? {} : { maxCallers }),
    })
    return {
      size: limit.size,
      requestsOf: (caller: string) => 1000 - limit.count(caller).remaining,
      pass(seconds: number) {
        milliseconds += seconds * 1000
      },
    }
  }

  test('holds no more callers than it may, and forgets the oldest', () => {
    const { requestsOf, size } = createCount(100)
    for (let n = 0; n < 10_000; n++) {
      requestsOf(`${n}`)
      expect(size()).toBeLessThanOrEqual(100)
    }
    for (let n = 9_950; n < 10_000; n++) expect(requestsOf(`${n}`)).toBe(2)
    expect(requestsOf('1')).toBe(1)
  })

  test('remembers a caller for all of its window, whoever else comes', () => {
    const { requestsOf, pass } = createCount()
    for (let second = 1; second <= 60; second++) {
      expect(requestsOf('ann')).toBe(second)
      requestsOf(`${second}`)
      pass(0.999)
    }
  })

  test('forgets, unless flooded, only those whose window has ended', () => {
    const { requestsOf, pass, size } = createCount()
    pass(59)
    expect(requestsOf('ann')).toBe(1)
    pass(1)
    expect(requestsOf('bob')).toBe(1)
    pass(58.999)
    expect(requestsOf('ann')).toBe(2)
    expect(requestsOf('bob')).toBe(2)
    pass(0.001)
    expect(requestsOf('ann')).toBe(1)
    expect(requestsOf('bob')).toBe(3)
    pass(60)
    requestsOf('dan')
    pass(60)
    requestsOf('eve')
    expect(size()).toBe(2)
  })
})

describe('the service', () => {
  async function open(variables: Record<string, string>) {
    const events: ServiceEvent['type'][] = []
    const { http, close } = await compose(testConfig(variables), ({ type }) => events.push(type))
    const ann = await bearer('ann')
    const get = async () => http.handle(new Request('http://localhost/tasks', { headers: ann }))
    return { get, events, [Symbol.asyncDispose]: close }
  }

  test('holds each user to RATE_LIMIT_PER_MINUTE', async () => {
    await using service = await open({ RATE_LIMIT_PER_MINUTE: '3' })
    const answers = await Promise.all(Array.from({ length: 4 }, service.get))
    expect(answers.map(({ status }) => status).sort()).toStrictEqual([200, 200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60')
  })

  test('starts and counts by itself where Redis does not answer, and says so once', async () => {
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
