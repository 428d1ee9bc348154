import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { EVERYTHING } from '../../core/query.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'
import { startLoad } from '../postgres/load.ts'
import { noSessionWaits } from '../postgres/locks.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'

// Restarts servers many times, possibly on a busy machine.
setDefaultTimeout(60_000)

const TIMEOUT_MS = 1000

let cluster: PostgresCluster
let database: TestDatabase
let bouncer: PgBouncer
let administrator: postgres.Sql
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  cluster = await startCluster()
  database = await cluster.createDatabase()
  bouncer = await startPgBouncer(database.url)
})

afterAll(async () => {
  await bouncer.stop()
  await cluster.remove()
})

beforeEach(async () => {
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  await administrator`drop schema public cascade`
  await administrator`create schema public`
  store = open()
})

afterEach(async () => {
  await store.close()
  await administrator.end()
})

function open() {
  return openPostgres({
    url: bouncer.through(database.url),
    directUrl: database.url,
    poolMax: 20,
    timeoutMs: TIMEOUT_MS,
    prepare: 'auto',
    newEpoch,
  })
}

test('returns the right results when many clients share few connections', async () => {
  await migrate(store.migrations, () => {})
  const load = startLoad(store.repository)
  await load.succeeded(10_000)
  await load.stopAndVerify(TIMEOUT_MS)
})

test('leaves no prepared statements on the server', async () => {
  await migrate(store.migrations, () => {})
  await Promise.all(Array.from({ length: 100 }, () => store.repository.list(ann, EVERYTHING)))
  const direct = postgres(bouncer.through(database.url), {
    max: 1,
    prepare: false,
    fetch_types: false,
  })
  expect([...(await direct`select name from pg_prepared_statements`)]).toBeEmpty()
  await direct.end()
})

test('applies each migration once when several processes migrate at once', async () => {
  const stores = Array.from({ length: 10 }, open)
  const applied: string[] = []
  await Promise.all(
    stores.map(({ migrations }) => migrate(migrations, (name) => applied.push(name))),
  )
  const files = await store.migrations.files({ foreignWriters: false })
  expect(applied).toEqual(files.map(({ name }) => name))
  await Promise.all(stores.map(({ close }) => close()))
})

test('recovers when the server terminates sessions under load', async () => {
  await migrate(store.migrations, () => {})
  const load = startLoad(store.repository)
  for (let round = 0; round < 5; round++) {
    await load.succeeded(200)
    await administrator`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
  }
  await load.succeeded(200)
  await load.stopAndVerify(TIMEOUT_MS + 1500)
})

test('cancels a slow statement on the server too', async () => {
  await migrate(store.migrations, () => {})
  const caller = createCaller(store.repository, ann)
  const task = await caller.create(1)
  await administrator.begin(async (lock) => {
    await lock`lock table tasks in exclusive mode`
    await expect(caller.patch(1, { text: 'late' })).rejects.toMatchObject({ code: 'unavailable' })
    await noSessionWaits(lock)
  })
  expect(await caller.get(1)).toStrictEqual(task)
})
