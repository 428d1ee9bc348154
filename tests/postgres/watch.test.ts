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
import postgres from 'postgres'
import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { listen } from '../../adapters/postgres/connection/listener.ts'
import { createPool, type Pool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { createFeedWatch, type Listen } from '../../adapters/postgres/watch.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { type Caller, createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber, ownerNamed } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { createCounter } from './load.ts'

setDefaultTimeout(30_000)

const OPTIONS = { poolMax: 3, timeoutMs: 5000, prepare: 'auto', newEpoch } as const
const NEVER = 2 ** 30

let database: TestDatabase
let administrator: postgres.Sql
let store: ReturnType<typeof openPostgres>
let pool: Pool
let caller: Caller

beforeAll(async () => {
  database = await createDatabase()
  const { url } = database
  administrator = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  store = openPostgres({ ...OPTIONS, url, directUrl: null })
  await migrate(store.migrations, () => {}, { foreignWriters: true })
})

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

beforeEach(async () => {
  await administrator`truncate tasks`
  const { prepare, timeoutMs } = OPTIONS
  pool = createPool((onClose) => open({ onClose }), { max: 2, timeoutMs })
  caller = createCaller(store.repository, ann)

  function open(on: { readonly onClose: () => void }) {
    return openLane(parsePostgresUrl(database.url), { prepare, timeoutMs, ...on })
  }
})

afterEach(() => pool.close())

/** Listens like the store does. */
const listenHere: Listen = (on) =>
  listen(
    (more) =>
      openLane(parsePostgresUrl(database.url), { prepare: 'never', timeoutMs: 5000, ...more }),
    { timeoutMs: 5000, ...on },
  )

const listenToNothing: Listen = () => async () => {}

/** Watches an owner; `next` resolves at the next call of the watcher. */
function watching(watch: (owner: typeof ann, listener: () => void) => () => void, owner = ann) {
  const { count, more } = createCounter()
  const calls = { stop: () => {}, next: () => more(1) }
  calls.stop = watch(owner, count)
  return calls
}

describe('with notifications only', () => {
  let feeds: ReturnType<typeof createFeedWatch>

  beforeEach(() => {
    feeds = createFeedWatch(pool, listenHere, { pollMs: NEVER })
  })

  afterEach(() => feeds.close())

  test('reports writes of another process', async () => {
    const { next } = watching(feeds.watch)
    // The first call comes from the poll that follows the start of listening.
    await next()
    for (let n = 0; n < 3; n++) {
      const reported = next()
      await caller.create(n)
      await reported
    }
  })

  test('reports what was written while the connection was lost, once it is back', async () => {
    const { next } = watching(feeds.watch)
    await next()
    const reported = next()
    await administrator`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query in ('listen taskport', 'select 1')`
    await createPostgresRepository({ pool, newEpoch, onWrite() {}, timeoutMs: 1000 }).write(ann, {
      writes: [{ op: 'create', id: idNumber(1), task: { text: 'x' } }],
      atomic: true,
      now: new Date().toISOString(),
      idAt: idNumber,
      retry: null,
    })
    await reported
    const again = next()
    await caller.create(2)
    await again
  })

  test('reports changes of more owners than a notification can name', async () => {
    const { next } = watching(feeds.watch)
    await next()
    const reported = next()
    const writer = createFeedWatch(pool, listenToNothing)
    await createPostgresRepository({ pool, newEpoch, onWrite() {}, timeoutMs: 1000 }).write(ann, {
      writes: [{ op: 'create', id: idNumber(1), task: { text: 'x' } }],
      atomic: true,
      now: new Date().toISOString(),
      idAt: idNumber,
      retry: null,
    })
    for (let n = 0; n < 1000; n++) writer.wrote(ownerNamed(`owner ${n}`), 1)
    await reported
    await writer.close()
  })
})

describe('with polling only', () => {
  let feeds: ReturnType<typeof createFeedWatch>

  beforeEach(() => {
    feeds = createFeedWatch(pool, listenToNothing)
  })

  afterEach(() => feeds.close())

  test('reports writes of another process', async () => {
    const { next } = watching(feeds.watch)
    await next()
    for (let n = 0; n < 2; n++) {
      const reported = next()
      await caller.create(n)
      await reported
    }
  })

  test('reports writes of other programs', async () => {
    const { next } = watching(feeds.watch)
    await next()
    for (const statement of [
      `insert into tasks (id, user_id, text) values ('${idNumber(1)}', 'ann', 'x')`,
      `update tasks set text = 'y'`,
      'delete from tasks',
    ]) {
      const reported = next()
      await administrator.unsafe(statement)
      await reported
    }
  })

  test('reports that the store was emptied', async () => {
    await caller.create(1)
    const { next } = watching(feeds.watch)
    await next()
    const reported = next()
    await administrator`truncate tasks`
    await reported
  })

  test('reports changes to thousands of watchers, but not to those that stopped', async () => {
    const owners = Array.from({ length: 5000 }, (_, n) => ownerNamed(`owner ${n}`))
    const called = new Set<string>()
    const { count, more } = createCounter()
    const stops = owners.map((owner) =>
      feeds.watch(owner, () => {
        called.add(owner)
        count()
      }),
    )
    const first = more(owners.length)
    await first
    called.clear()
    stops[7]?.()
    const reported = more(2)
    for (const n of [7, 0, 4999])
      await createCaller(store.repository, owners[n] ?? expect.unreachable()).create(n)
    await reported
    expect([...called].sort()).toEqual(['owner 0', 'owner 4999'])
  })
})

test('reports writes of the same process immediately, and once', async () => {
  const { url } = database
  const own = openPostgres({ ...OPTIONS, url, directUrl: null })
  let calls = 0
  const { next } = watching((owner, listener) =>
    own.watch.watch(owner, () => {
      calls++
      listener()
    }),
  )
  await next()
  calls = 0
  await createCaller(own.repository, ann).create(1)
  expect(calls).toBe(1)
  // The poll that follows finds nothing new.
  const other = watching(own.watch.watch, bob)
  await other.next()
  expect(calls).toBe(1)
  await own.close()
})
