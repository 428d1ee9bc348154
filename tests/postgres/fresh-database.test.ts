import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { ARCHIVE_SECTIONS } from '../../core/ports.ts'
import { EVERYTHING, SORTS } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { BOTTOM, before, createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import { runMaintenance } from '../conformance/stores/maintenance.ts'
import {
  ann,
  idNumber,
  listId,
  listNumber,
  owned,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { open, openMigrated } from './open.ts'

// Engines that distribute PostgreSQL run plain SQL that reaches every row by its owner's key. So nothing
// else may be on the path of a request, unless other programs write to the table.

setDefaultTimeout(60_000)

let database: TestDatabase
let administrator: postgres.Sql
let store: ReturnType<typeof openPostgres>

beforeAll(async () => {
  database = await createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  store = await openMigrated(database.url)
})

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

async function useEverything(): Promise<void> {
  const { repository, archive, maintenance, watch, tokens } = store
  const caller = createCaller(repository, ann)
  const notified = Promise.withResolvers<void>()
  const end = watch.watch(ann, notified.resolve)
  await caller.send(
    [1, 2, 3, 4].map((n) => writing.create(n)),
    {
      atomic: true,
      retry: { key: 'k', fingerprint: 'f', rememberedSince: second(0) },
    },
  )
  await notified.promise
  end()
  await caller.patch(1, { text: 'new', completed: true })
  for (const destination of [TOP, BOTTOM, before(2)]) await caller.move(1, destination)
  await caller.remove(2)
  await caller.restore(2)
  await caller.erase(3)
  await caller.clearCompleted()
  for (const n of [1, 2]) await caller.createList(n)
  await caller.patchList(1, { name: 'new' })
  await caller.one(writing.moveList(1, TOP))
  await caller.add(5, { list_id: listId(1), description: 'a', due: '2026-01-31', tags: ['a'] })
  await caller.add(6, { parent_id: idNumber(5) })
  await caller.patch(5, { list_id: listId(2), priority: 'high' })
  await caller.get(4)
  await caller.revision()
  await caller.changes((await caller.changes(null, 1))?.next ?? null)
  for (const sort of SORTS)
    for (const search of [null, searchFor('task')])
      await caller.list({ ...EVERYTHING, sort, search, limit: 1 })
  await caller.list({ list: listId(1), tags: ['a'], parent: idNumber(1), due: 'none', limit: 1 })
  await caller.lists()
  await caller.getList(1)
  await caller.removeList(1)
  await archive.add([
    { type: 'list', user_id: ann, ...listNumber(1) },
    ...owned(ann, [taskNumber(3, { list_id: listId(1) })]),
  ])
  for (const section of ARCHIVE_SECTIONS) {
    await archive.read(section, null, null)
    await archive.read(section, ann, { user_id: ann, id: idNumber(1) })
  }
  await runMaintenance(maintenance, { deleted: second(1000), retries: second(1000) })
  const dates = { created_at: second(1), expires_at: second(2), last_used_at: null }
  const token = { id: idNumber(1), name: 'CI', scopes: ['read'] as const, ...dates }
  await tokens.create(ann, token, 'a hash', 1)
  await tokens.list(ann)
  await tokens.find('a hash')
  await tokens.touch(ann, idNumber(1), second(1))
  await tokens.remove(ann, idNumber(1))
  await tokens.purge(second(3))
}

test('has no trigger, no function and no sequence', async () => {
  expect([
    ...(await administrator`select tgname from pg_trigger where not tgisinternal`),
  ]).toBeEmpty()
  const functions = await administrator`
    select proname from pg_proc where pronamespace = 'public'::regnamespace`
  expect([...functions]).toBeEmpty()
  const others = await administrator`
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relkind not in ('r', 'i')`
  expect([...others]).toBeEmpty()
})

test('has the indexes that queries need, and no more', async () => {
  const rows = await administrator<{ name: string }[]>`
    select indexrelid::regclass::text as name from pg_index
    where indrelid in (
      'tasks'::regclass, 'lists'::regclass, 'owners'::regclass, 'remembered_calls'::regclass,
      'api_tokens'::regclass)
    order by 1`
  expect(rows.map(({ name }) => name)).toEqual([
    'api_tokens_expired',
    'api_tokens_number',
    'api_tokens_pkey',
    'api_tokens_user',
    'lists_deleted',
    'lists_pkey',
    'lists_sequence',
    'owners_pkey',
    'remembered_calls_made_at',
    'remembered_calls_pkey',
    'tasks_created',
    'tasks_deleted',
    'tasks_order',
    'tasks_parent',
    'tasks_pkey',
    'tasks_sequence',
  ])
})

test('serves every call when PL/pgSQL and advisory locks are forbidden', async () => {
  const role = `plain_${process.pid}`
  const locks = await administrator<{ name: string }[]>`
    select oid::regprocedure::text as name from pg_proc where proname like '%advisory%lock%'`
  expect(locks.length).toBeGreaterThan(10)
  await administrator.unsafe(`
    create role ${role} login password 'secret';
    grant select, insert, update, delete on tasks, lists, owners, remembered_calls, api_tokens
      to ${role};
    ${locks.map(({ name }) => `revoke execute on function ${name} from public;`).join('')}
    revoke usage on language plpgsql from public`)
  const url = new URL(database.url)
  url.username = role
  url.password = 'secret'
  const session = postgres(url.href, { max: 1, fetch_types: false })
  const usual = store
  try {
    await expect(session`do $$ begin end $$`.execute()).rejects.toThrow('permission denied')
    await expect(session`select pg_advisory_lock(1)`.execute()).rejects.toThrow('permission denied')
    store = open(url.href)
    await useEverything()
    await store.close()
  } finally {
    store = usual
    await session.end()
    await administrator.unsafe(`drop owned by ${role}; drop role ${role}`)
  }
})
