import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { type Caller, createCaller } from '../conformance/stores/caller.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { portOf } from '../support/port.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'
import { startLoad } from './load.ts'
import { untilNobodyWaits } from './locks.ts'

// They start servers again and again, on machines that may be busy.
setDefaultTimeout(60_000)

const TIMEOUT_MS = 600
// Generous, since tests share the machine: without a limit these calls would never come back.
const SLACK_MS = 1500
const RECOVERY_MS = 2000

const unavailable = expect.objectContaining({ name: 'TaskportError', code: 'unavailable' })

let cluster: PostgresCluster
let database: TestDatabase
let administrator: postgres.Sql
let proxy: FaultProxy
let store: ReturnType<typeof openPostgres>
let repository: TaskRepository
let caller: Caller

beforeAll(async () => {
  cluster = await startCluster()
})

afterAll(() => cluster.remove())

beforeEach(async () => {
  database = await cluster.createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false })
  proxy = await startProxy(cluster.port)
  store = open({ poolMax: 8 })
  await migrate(store.migrations, () => {})
  repository = store.repository
  caller = createCaller(repository, ann)
})

afterEach(async () => {
  await cluster.start()
  await store.close()
  await proxy.close()
  await administrator.end()
  await database.drop()
})

function open(options: { readonly poolMax: number; readonly url?: string }) {
  return openPostgres({
    url: proxied(),
    directUrl: null,
    timeoutMs: TIMEOUT_MS,
    prepare: 'auto',
    ...options,
  })
}

function proxied(): string {
  const url = new URL(database.url)
  url.port = `${proxy.port}`
  return url.href
}

/** How long the calls took until one succeeded. */
async function timeToRecover(): Promise<number> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < 10 * RECOVERY_MS) {
    const answered = await store.ping().then(
      () => true,
      () => false,
    )
    if (answered) break
  }
  return performance.now() - startedAt
}

async function settle<Result>(calls: readonly Promise<Result>[]) {
  const startedAt = performance.now()
  const results = await Promise.allSettled(calls)
  return { results, took: performance.now() - startedAt }
}

describe('under load', () => {
  test('sessions that the server ends cost no more than what ran on them', async () => {
    const load = startLoad(repository)
    for (let round = 0; round < 10; round++) {
      await load.succeeded(100)
      await administrator`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`
    }
    await load.succeeded(100)
    await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  })

  test.each(['stop', 'kill'] as const)(
    'a server that goes away (%s) and comes back',
    async (end) => {
      const load = startLoad(repository)
      for (let round = 0; round < 3; round++) {
        await load.succeeded(100)
        await cluster[end]()
        await load.failed(50)
        await cluster.start()
        const startedAt = performance.now()
        await load.succeeded(10)
        expect(performance.now() - startedAt).toBeLessThan(RECOVERY_MS)
      }
      await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
    },
  )

  test.each(['swallow', 'close'] as const)('a network that fails (%s) and heals', async (mode) => {
    const load = startLoad(repository)
    for (let round = 0; round < 3; round++) {
      await load.succeeded(100)
      proxy.become(mode)
      await load.failed(30)
      proxy.become('pass')
      const startedAt = performance.now()
      await load.succeeded(10)
      expect(performance.now() - startedAt).toBeLessThan(RECOVERY_MS)
    }
    await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  })
})

describe('a server that is not there', () => {
  test('at the start is no obstacle to opening, and is found when it comes', async () => {
    await cluster.stop()
    const early = open({ poolMax: 2, url: database.url })
    try {
      const { results, took } = await settle([early.ping(), early.ping()])
      expect(results).toEqual([
        { status: 'rejected', reason: unavailable },
        { status: 'rejected', reason: unavailable },
      ])
      expect(took).toBeLessThan(TIMEOUT_MS)
    } finally {
      await cluster.start()
    }
    expect(await timeToRecover()).toBeLessThan(RECOVERY_MS)
    await early.ping()
    await early.close()
  })

  test.each(['swallow', 'close'] as const)('behind a port that is open (%s)', async (mode) => {
    proxy.become(mode)
    const calls = Array.from({ length: 30 }, () => repository.get(ann, idNumber(1)))
    const { results, took } = await settle(calls)
    expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
    expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
    proxy.become('pass')
    expect(await timeToRecover()).toBeLessThan(RECOVERY_MS)
  })

  test('refuses to let anybody in', async () => {
    const url = new URL(database.url)
    url.password = 'wrong'
    const intruder = open({ poolMax: 2, url: url.href })
    await expect(intruder.ping()).rejects.toEqual(unavailable)
    await intruder.close()
  })
})

// The driver answers a challenge after a pause, in which this server is gone.
test('a server that leaves in the middle of a login', async () => {
  const challenges = createServer((client) => {
    client.on('error', () => {})
    client.once('data', () => {
      client.write(authentication(10, 'SCRAM-SHA-256\0\0'))
      client.once('data', () => {
        client.write(authentication(11, 'r=nonce,s=c2FsdA==,i=4096'))
        client.resetAndDestroy()
      })
    })
  })
  await expectUnavailable(challenges)
})

test('a server that talks nonsense during a login', async () => {
  const nonsense = createServer((client) => {
    client.on('error', () => {})
    client.once('data', () => client.write(authentication(11, 'e=other-error')))
  })
  await expectUnavailable(nonsense)
})

/** A message of the server that asks for a step of the login. */
function authentication(step: number, text: string): Buffer {
  const message = Buffer.alloc(9 + text.length)
  message.write('R')
  message.writeUInt32BE(8 + text.length, 1)
  message.writeUInt32BE(step, 5)
  message.write(text, 9)
  return message
}

async function expectUnavailable(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(database.url)
  url.port = `${portOf(server)}`
  url.searchParams.set('sslmode', 'disable')
  const victim = open({ poolMax: 2, url: url.href })
  const { results, took } = await settle(Array.from({ length: 20 }, () => victim.ping()))
  expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
  expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
  await victim.close()
  server.close()
}

test('connections that fell silent while idle fail one call, not one each', async () => {
  await Promise.all(Array.from({ length: 50 }, () => store.ping()))
  proxy.become('swallow')
  const failed = store.ping()
  await expect(failed).rejects.toEqual(unavailable)
  proxy.become('pass')
  await store.ping()
})

describe('slow statements', () => {
  test('are given up in time, on the server too, and take no effect later', async () => {
    const task = await caller.create(1)
    await administrator.begin(async (lock) => {
      await lock`lock table tasks in exclusive mode`
      const { results, took } = await settle([caller.patch(1, { text: 'late' })])
      expect(results).toEqual([{ status: 'rejected', reason: unavailable }])
      expect(took).toBeGreaterThan(TIMEOUT_MS * 0.9)
      expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      await untilNobodyWaits(lock)
    })
    expect(await caller.get(1)).toStrictEqual(task)
  })

  test('hold up no other', async () => {
    await Promise.all([1, 2].map((n) => caller.create(n)))
    await administrator.begin(async (lock) => {
      await lock`select from tasks where id = ${idNumber(1)} for update`
      const slow = caller.remove(1)
      const fast = Array.from({ length: 200 }, () => repository.get(ann, idNumber(2)))
      const first = await Promise.race([
        slow.catch(() => 'slow'),
        Promise.all(fast).then(() => 'fast'),
      ])
      expect(first).toBe('fast')
      await expect(slow).rejects.toEqual(unavailable)
    })
  })

  test('that take every connection do not keep them', async () => {
    const task = await caller.create(1)
    await administrator.begin(async (lock) => {
      await lock`lock table tasks in exclusive mode`
      const calls = Array.from({ length: 50 }, () => caller.patch(1, { text: 'late' }))
      const { results, took } = await settle(calls)
      expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
      expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      await untilNobodyWaits(lock)
    })
    expect(await timeToRecover()).toBeLessThan(RECOVERY_MS)
    expect(await caller.get(1)).toStrictEqual(task)
  })
})
