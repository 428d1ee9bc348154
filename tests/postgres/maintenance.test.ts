import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { EVERYTHING } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { runMaintenance } from '../conformance/stores/maintenance.ts'
import { ann, bob, idNumber, listId, ownerNamed, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startLoad } from './load.ts'
import { openMigrated } from './open.ts'

setDefaultTimeout(60_000)

const ALL_DELETED = { deleted: second(1000) }

let database: TestDatabase
let administrator: postgres.Sql
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  database = await createDatabase()
  administrator = postgres(database.url, { max: 2, fetch_types: false, onnotice: () => {} })
  store = await openMigrated(database.url, { poolMax: 8, timeoutMs: 5000, foreignWriters: true })
})

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

beforeEach(async () => {
  await administrator`truncate tasks, lists`
})

test('purges deleted tasks while requests continue', async () => {
  // Deleted a day before the tasks that the load deletes.
  await administrator`
    insert into owners (user_id, epoch, sequence, live, top)
    select 'worker ' || n, 'old', 100, 0, 0 from generate_series(0, 99) n`
  await administrator`
    insert into tasks (user_id, id, text, sequence, deleted_at, folded)
    select 'worker ' || n % 100, gen_random_uuid(), 'old', 1 + n / 100, ${second(-86_400)}, 'old'
    from generate_series(0, 9999) n`
  const load = startLoad(store.repository)
  await load.succeeded(100)
  await runMaintenance(store.maintenance, { deleted: second(-1) })
  // Only rows of owners who were writing at that moment are left.
  const left = await administrator`select from tasks where text = 'old'`
  expect(left.length).toBeLessThan(300)
  await load.stopAndVerify(2000)
  await runMaintenance(store.maintenance, { deleted: second(-1) })
  expect([...(await administrator`select from tasks where text = 'old'`)]).toBeEmpty()
  const horizons = await administrator`select distinct horizon from owners`
  expect([...horizons]).toEqual([{ horizon: '100' }])
})

test('leaves an owner whose row another transaction holds for the next run', async () => {
  for (const owner of [ann, bob]) {
    const caller = createCaller(store.repository, owner)
    await caller.create(1)
    await caller.remove(1)
  }
  const left = async () =>
    (await administrator`select user_id from tasks`).map((row) => row['user_id'])
  await administrator.begin(async (writer) => {
    await writer`select from owners where user_id = 'ann' for update`
    await runMaintenance(store.maintenance, ALL_DELETED)
    expect(await left()).toEqual(['ann'])
  })
  await runMaintenance(store.maintenance, ALL_DELETED)
  expect(await left()).toEqual([])
})

test('purges deleted lists, and sends readers that have not seen the deletion back to the start', async () => {
  const caller = createCaller(store.repository, ann)
  for (const n of [1, 2]) await caller.createList(n)
  const position = (await caller.changes(null))?.next ?? null
  await caller.removeList(1)
  await caller.create(1)
  const later = (await caller.changes(null))?.next ?? null
  await runMaintenance(store.maintenance, ALL_DELETED)
  expect([...(await administrator`select id from lists`)]).toEqual([{ id: listId(2) }])
  expect(await caller.changes(position)).toBeNull()
  expect(await caller.changes(later)).toMatchObject({ changes: [] })
})

test('keeps readers of the feed going when it purges a deletion that they have seen', async () => {
  const caller = createCaller(store.repository, ann)
  await caller.create(1)
  await caller.remove(1)
  const position = (await caller.changes(null))?.next ?? null
  await runMaintenance(store.maintenance, ALL_DELETED)
  expect(await caller.changes(position)).toMatchObject({ changes: [] })
})

test('folds the texts of other programs in batches', async () => {
  await administrator`
    insert into tasks (user_id, id, text)
    select 'owner ' || n % 7, gen_random_uuid(), 'Café ' || n from generate_series(1, 1000) n`
  expect(await store.maintenance.run({ deleted: second(0), retries: second(0) })).toBe(true)
  await runMaintenance(store.maintenance, {})
  const query = { ...EVERYTHING, search: searchFor('cafe') }
  const counts = Array.from({ length: 7 }, async (_, n) => {
    const { count } = await store.repository.list(ownerNamed(`owner ${n}`), query)
    return count
  })
  expect((await Promise.all(counts)).reduce((sum, count) => sum + count)).toBe(1000)
})

test('folds the other texts while another transaction holds a row', async () => {
  await administrator`
    insert into tasks (user_id, id, text)
    values ('ann', ${idNumber(1)}, 'milk'), ('ann', ${idNumber(2)}, 'milk')`
  const count = async () =>
    (await createCaller(store.repository, ann).list({ search: searchFor('milk') })).count
  await administrator.begin(async (other) => {
    await other`update tasks set completed = true where id = ${idNumber(1)}`
    await store.maintenance.run({ deleted: second(0), retries: second(0) })
    expect(await count()).toBe(1)
  })
  await store.maintenance.run({ deleted: second(0), retries: second(0) })
  expect(await count()).toBe(2)
})
