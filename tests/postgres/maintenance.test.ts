import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { startLoad } from './load.ts'

setDefaultTimeout(60_000)

const EVERYTHING_DELETED = { deleted: second(1000), retries: second(0) }
const NOTHING = { deleted: second(0), retries: second(0) }

let database: TestDatabase
let administrator: postgres.Sql
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  database = await createDatabase()
  const { url } = database
  administrator = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} })
  store = openPostgres({ url, directUrl: null, poolMax: 8, timeoutMs: 5000, prepare: 'auto' })
  await migrate(store.migrations, () => {})
})

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

beforeEach(async () => {
  await administrator`truncate tasks`
})

async function countTasks(): Promise<number> {
  const [row] = await administrator<[{ count: number }]>`select count(*)::int from tasks`
  return row.count
}

test('what is deleted is forgotten while requests go on', async () => {
  await administrator`
    insert into tasks (user_id, id, text, sequence, deleted_at, words)
    select 'worker ' || n % 100, gen_random_uuid(), 'old', 1, ${second(0)}, '{OLD}'
    from generate_series(1, 10000) n`
  await administrator`insert into task_words select user_id, 'OLD', id from tasks`
  await administrator`insert into feeds (user_id, sequence) select distinct user_id, 1 from tasks`
  const load = startLoad(store.repository)
  await load.succeeded(100)
  const [{ oldest }] = await administrator<
    [{ oldest: string }]
  >`select min(sequence) as oldest from tasks`
  expect(oldest).toBe('1')
  while (await store.upkeep.sweep(EVERYTHING_DELETED));
  await load.stopAndVerify(2000)
  const left = await administrator`select from tasks where text = 'old'`
  const words = await administrator`select from task_words where word = 'OLD'`
  expect([left.length, words.length]).toEqual([0, 0])
})

test('an owner who is writing is left for later, and holds up nothing', async () => {
  for (const owner of [ann, bob]) {
    const caller = createCaller(store.repository, owner)
    await caller.create(1)
    await caller.remove(1)
  }
  await administrator.begin(async (writer) => {
    await writer`select from feeds where user_id = 'ann' for update`
    expect(await store.upkeep.sweep(EVERYTHING_DELETED)).toBe(true)
    expect([...(await writer`select user_id from tasks`)]).toEqual([{ user_id: 'ann' }])
  })
  while (await store.upkeep.sweep(EVERYTHING_DELETED));
  expect(await countTasks()).toBe(0)
})

test('a process that dies at it is replaced after a while', async () => {
  await administrator`insert into tasks (user_id, id, text) values ('ann', gen_random_uuid(), 'milk')`
  const caller = createCaller(store.repository, ann)
  const found = () => caller.list({ search: { words: [], prefix: 'MILK' } })
  // As far as a process comes that is killed before it has found the words.
  await administrator`select taskport_sweep(${second(0)}, ${second(0)}, 10)`
  expect(await store.upkeep.sweep(NOTHING)).toBe(false)
  expect((await found()).count).toBe(0)
  await administrator`update upkeep set held_until = held_until - interval '10 s'`
  while (await store.upkeep.sweep(NOTHING));
  expect((await found()).count).toBe(1)
})

test('words are not kept for a text that has changed since', async () => {
  const caller = createCaller(store.repository, ann)
  await administrator`insert into tasks (user_id, id, text) values ('ann', ${'00000000-0000-7000-8000-000000000001'}, 'milk')`
  const [{ unlearned }] = await administrator<[{ unlearned: { text: string }[] }]>`
    select unlearned from taskport_sweep(${second(0)}, ${second(0)}, 10)`
  await caller.patch(1, { text: 'bread' })
  const learned = unlearned.map((task) => ({ ...task, words: ['MILK'] }))
  await administrator`select taskport_learn_all(${JSON.stringify(learned)}::text::jsonb)`
  expect((await caller.list({ search: { words: [], prefix: 'MILK' } })).count).toBe(0)
  expect((await caller.list({ search: { words: [], prefix: 'BREAD' } })).count).toBe(1)
})
