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
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { type Caller, createCaller } from '../conformance/stores/caller.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { portOf } from '../support/port.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'
import { startLoad } from './load.ts'
import { noSessionWaits } from './locks.ts'

// The tests restart servers, on machines that may be busy.
setDefaultTimeout(60_000)

const TIMEOUT_MS = 600
// Generous, because tests share the machine. Without the time limit the calls would never return.
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
    newEpoch,
    ...options,
  })
}

function proxied(): string {
  const url = new URL(database.url)
  url.port = `${proxy.port}`
  return url.href
}

/** Calls until one call succeeds, and returns how long that took. */
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
  test('loses only the running calls when the server ends sessions', async () => {
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
    'recovers when the server goes away (%s) and comes back',
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

  test.each(['swallow', 'close'] as const)(
    'recovers when the network fails (%s) and heals',
    async (mode) => {
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
    },
  )
})

describe('connecting', () => {
  test('succeeds once the server starts', async () => {
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

  test.each(['swallow', 'close'] as const)(
    'rejects calls in time when the port is open (%s)',
    async (mode) => {
      proxy.become(mode)
      const calls = Array.from({ length: 30 }, () => repository.get(ann, idNumber(1)))
      const { results, took } = await settle(calls)
      expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
      expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      proxy.become('pass')
      expect(await timeToRecover()).toBeLessThan(RECOVERY_MS)
    },
  )

  test('rejects calls when the password is wrong', async () => {
    const url = new URL(database.url)
    url.password = 'wrong'
    const wrong = open({ poolMax: 2, url: url.href })
    await expect(wrong.ping()).rejects.toEqual(unavailable)
    await wrong.close()
  })
})

// The driver answers a challenge after a pause. By then this server has closed the connection.
test('rejects calls when the server disconnects during login', async () => {
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

test('rejects calls when the server sends an invalid login message', async () => {
  const nonsense = createServer((client) => {
    client.on('error', () => {})
    client.once('data', () => client.write(authentication(11, 'e=other-error')))
  })
  await expectUnavailable(nonsense)
})

/** The server's message that requests a step of the login. */
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
  const affected = open({ poolMax: 2, url: url.href })
  const { results, took } = await settle(Array.from({ length: 20 }, () => affected.ping()))
  expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
  expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
  await affected.close()
  server.close()
}

test('fails one call, not one per connection, when idle connections are lost', async () => {
  await Promise.all(Array.from({ length: 50 }, () => store.ping()))
  proxy.become('swallow')
  const failed = store.ping()
  await expect(failed).rejects.toEqual(unavailable)
  proxy.become('pass')
  await store.ping()
})

describe('slow statements', () => {
  test('are canceled in time, on the server too, and have no effect later', async () => {
    const task = await caller.create(1)
    await administrator.begin(async (lock) => {
      await lock`lock table tasks in exclusive mode`
      const { results, took } = await settle([caller.patch(1, { text: 'late' })])
      expect(results).toEqual([{ status: 'rejected', reason: unavailable }])
      expect(took).toBeGreaterThan(TIMEOUT_MS * 0.9)
      expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      await noSessionWaits(lock)
    })
    expect(await caller.get(1)).toStrictEqual(task)
  })

  test('delay no other statements', async () => {
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

  test('free their connections when they occupied all of them', async () => {
    const task = await caller.create(1)
    await administrator.begin(async (lock) => {
      await lock`lock table tasks in exclusive mode`
      const calls = Array.from({ length: 50 }, () => caller.patch(1, { text: 'late' }))
      const { results, took } = await settle(calls)
      expect(results).toEqual(results.map(() => ({ status: 'rejected', reason: unavailable })))
      expect(took).toBeLessThan(TIMEOUT_MS + SLACK_MS)
      await noSessionWaits(lock)
    })
    expect(await timeToRecover()).toBeLessThan(RECOVERY_MS)
    expect(await caller.get(1)).toStrictEqual(task)
  })
})
