import { expect, setDefaultTimeout, test } from 'bun:test'
import { bearer, SECRET } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { type Redis, startRedis } from '../support/redis.ts'

// Restarts processes many times, possibly on a busy machine.
setDefaultTimeout(60_000)

const PLENTY = '1000000'
const RESTORED = 'Redis is available again'

async function openService(redis: Redis, variables: Record<string, string> = {}) {
  const directory = await temporaryDirectory()
  const service = await startService({
    directory: directory.path,
    environment: {
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: 'memory:',
      REDIS_URL: redis.url,
      RATE_LIMIT_PER_MINUTE: PLENTY,
      ...variables,
    },
  })
  return {
    ...service,
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    },
  }
}

/** Sends one request, expects 200, and returns how many requests remain. */
async function remainingAt(service: ServiceProcess, headers: { authorization: string }) {
  const response = await service.send('/tasks', { headers })
  expect(response.status).toBe(200)
  return Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1])
}

/** The log lines above `info`. */
function warningsOf(service: ServiceProcess): string[] {
  return service.output().match(/^.*"level":"(warn|error|fatal)".*$/gm) ?? []
}

/** Resolves when the service has logged its return to Redis this many times. */
async function untilRestored(service: ServiceProcess, times = 1): Promise<void> {
  await service.waitForOutput(new RegExp(`(${RESTORED}[^]*){${times}}`))
}

/** Several clients that send one request at a time until `stop`. Fails if any response is not 200. */
function startLoad(services: readonly ServiceProcess[], headers: { authorization: string }) {
  let running = true
  let received = 0
  const clients = Array.from({ length: 16 }, async (_, n) => {
    const service = services[n % services.length]
    while (running && service) {
      await remainingAt(service, headers)
      received++
    }
  })
  const all = Promise.all(clients)
  return {
    /** Resolves after this many more responses. */
    async responses(count: number) {
      const goal = received + count
      while (received < goal) await Promise.race([Bun.sleep(1), all])
    },
    async stop() {
      running = false
      await all
    },
  }
}

test('processes share the limit, and Redis contains no user names', async () => {
  await using redis = await startRedis()
  await using one = await openService(redis, { RATE_LIMIT_PER_MINUTE: '6' })
  await using two = await openService(redis, { RATE_LIMIT_PER_MINUTE: '6' })
  const ann = await bearer('ann')
  const left: number[] = []
  for (const service of [one, two, two, one, two, one]) left.push(await remainingAt(service, ann))
  expect(left).toStrictEqual([5, 4, 3, 2, 1, 0])
  for (const service of [one, two, one]) {
    const response = await service.send('/tasks', { headers: ann })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeWithin(1, 61)
  }
  for (const service of [one, two]) expect((await service.send('/tasks')).status).toBe(401)
  expect(await remainingAt(one, await bearer('bob'))).toBe(5)

  const keys = Object(await redis.send('KEYS', '*'))
  expect(keys).toHaveLength(4)
  for (const key of keys) {
    expect(key).toMatch(/^taskport:rate:(probe|[\w-]{43})$/)
    expect(await redis.send('PTTL', key)).toBeWithin(1, 60_001)
  }
})

test('no request fails when Redis is killed under load, and the limit is shared again afterwards', async () => {
  await using redis = await startRedis()
  await using one = await openService(redis)
  await using two = await openService(redis)
  const ann = await bearer('ann')
  for (let round = 1; round <= 2; round++) {
    const load = startLoad([one, two], ann)
    await load.responses(200)
    await redis.kill()
    await load.responses(500)
    await redis.start()
    await Promise.all([untilRestored(one, round), untilRestored(two, round)])
    await load.responses(200)
    await load.stop()
    const left = await remainingAt(one, ann)
    expect(await remainingAt(two, ann)).toBe(left - 1)
    for (const service of [one, two]) {
      expect(warningsOf(service)).toHaveLength(round)
      expect(warningsOf(service)[round - 1]).toContain('each process counts requests on its own')
    }
  }
  for (const service of [one, two]) expect(await service.stop('SIGTERM')).toBe(0)
})

test('only the first request waits for a Redis that does not reply', async () => {
  await using redis = await startRedis()
  await using service = await openService(redis)
  const ann = await bearer('ann')
  await remainingAt(service, ann)
  redis.pause()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: 20 }, () => remainingAt(service, ann)))
  // If each of these waited, they would take half a minute.
  for (let n = 0; n < 200; n++) await remainingAt(service, ann)
  expect(performance.now() - startedAt).toBeLessThan(5000)
  await service.waitForOutput(/"level":"warn"/)
  expect(warningsOf(service)).toHaveLength(1)
  redis.resume()
  await untilRestored(service)
  await remainingAt(service, ann)
  expect(warningsOf(service)).toHaveLength(1)
})

test('the service starts before Redis', async () => {
  await using redis = await startRedis()
  await redis.kill()
  await using service = await openService(redis, { RATE_LIMIT_PER_MINUTE: '6' })
  const ann = await bearer('ann')
  expect(await remainingAt(service, ann)).toBe(5)
  expect(warningsOf(service)).toHaveLength(1)
  await redis.start()
  await untilRestored(service)
  expect(await remainingAt(service, ann)).toBe(5)
  expect(await redis.send('DBSIZE')).toBe(2)
})

test('a Redis that refuses commands is logged once', async () => {
  await using redis = await startRedis()
  await using service = await openService(redis)
  const ann = await bearer('ann')
  await redis.send('CONFIG', 'SET', 'maxmemory', '1')
  for (let n = 0; n < 20; n++) {
    await remainingAt(service, ann)
    // Long enough for the service to try again.
    await Bun.sleep(100)
  }
  expect(warningsOf(service)).toHaveLength(1)
  expect(warningsOf(service)[0]).toContain('OOM command not allowed')
  await redis.send('CONFIG', 'SET', 'maxmemory', '0')
  await untilRestored(service)
})

test('the password is used and never logged', async () => {
  await using redis = await startRedis()
  await redis.send('CONFIG', 'SET', 'requirepass', 'top/secret')
  const withPassword = redis.url.replace('//', '//:top%2Fsecret@')
  await using right = await openService(redis, { REDIS_URL: withPassword })
  await using wrong = await openService(redis, { REDIS_URL: withPassword.replace('top', 'not') })
  const ann = await bearer('ann')
  await remainingAt(right, ann)
  await remainingAt(wrong, ann)
  expect(warningsOf(right)).toHaveLength(0)
  expect(warningsOf(wrong)).toHaveLength(1)
  expect(warningsOf(wrong)[0]).toContain('WRONGPASS')
  await redis.kill()
  await remainingAt(right, ann)
  await right.waitForOutput(/on its own/)
  for (const service of [right, wrong]) expect(service.output()).not.toMatch(/top|secret/)
})

test('the log says why Redis cannot be used', async () => {
  await using redis = await startRedis()
  await redis.send('CONFIG', 'SET', 'requirepass', 'secret')
  const port = await freePort()
  for (const [REDIS_URL, reason] of [
    [redis.url, 'NOAUTH Authentication required'],
    [redis.url.replace('//', '//stranger:secret@'), 'WRONGPASS'],
    [redis.url.replace('//', '//:secret@').concat('/99'), 'DB index is out of range'],
    [`redis://127.0.0.1:${port}`, 'ECONNREFUSED'],
    ['redis://redis.invalid', 'ENOTFOUND'],
  ] as const) {
    await using service = await openService(redis, { REDIS_URL })
    await remainingAt(service, await bearer('ann'))
    await service.waitForOutput(/on its own/)
    expect(warningsOf(service)).toHaveLength(1)
    expect(warningsOf(service)[0]).toContain(reason)
  }
})
