import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import postgres from 'postgres'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrationStatus } from '../../app/migrations.ts'
import { ARCHIVE_SECTIONS, type TaskArchive, type TaskRepository } from '../../core/ports.ts'
import { EVERYTHING } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { SORTS } from '../../core/sorting.ts'
import type { Write } from '../../core/writes.ts'
import { createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import {
  ann,
  idNumber,
  listId,
  listNumber,
  owned,
  second,
  taskNumber,
} from '../conformance/stores/store.ts'
import { describeStore } from '../conformance/stores/suite.ts'
import { describeTaskArchive } from '../conformance/stores/task-archive.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { openExplained } from './explain.ts'
import { open, openMigrated } from './open.ts'
import { readSchema } from './python-table.ts'

const PARTITIONS = 16
const SCALING = join(import.meta.dir, '..', '..', 'docs', 'scaling.md')

const { create, patch, remove, restore, erase, move } = writing
const { createList, patchList, moveList, removeList } = writing
let created = 100
let placed = 1000
const writes: (() => Write[])[] = [
  () => [create(created++)],
  () => [patch(1, { text: `text ${created}`, completed: true })],
  () => [move(1, TOP)],
  () => [create(created++), patch(1, { text: `more ${created}` }), remove(created - 2)],
  () => [{ op: 'clear_completed', permanent: false, limit: 100 }],
  () => [
    createList(++placed),
    create(placed, 'parent', { list_id: listId(placed) }),
    create(placed + 1000, 'subtask', { parent_id: idNumber(placed) }),
  ],
  () => [patch(placed, { list_id: null, due: '2026-01-31', tags: ['a'] })],
  () => [moveList(placed, TOP), patchList(placed, { name: 'new' })],
  () => [remove(placed), restore(placed)],
  () => [removeList(placed)],
  () => [erase(placed)],
]
const idAt = () => Bun.randomUUIDv7()
const retry = { key: 'k', fingerprint: 'f', rememberedSince: second(0) }

// Calls of each method. A new method does not compile until its calls are here.
const repositoryCalls = {
  list: (repository) => [
    ...SORTS.map((sort) => () => repository.list(ann, { ...EVERYTHING, sort })),
    () => repository.list(ann, { ...EVERYTHING, deleted: true, completed: true, limit: 1 }),
    () => repository.list(ann, { ...EVERYTHING, search: searchFor('task 1') }),
    () => repository.list(ann, { ...EVERYTHING, after: { key: second(9), id: idNumber(9) } }),
    () =>
      repository.list(ann, {
        ...EVERYTHING,
        list: listId(1),
        parent: idNumber(1),
        tags: ['a'],
        priorities: ['high'],
        due: 'none',
      }),
  ],
  get: (repository) => [() => repository.get(ann, idNumber(1))],
  lists: (repository) => [() => repository.lists(ann)],
  getList: (repository) => [() => repository.getList(ann, listId(1))],
  revision: (repository) => [() => repository.revision(ann)],
  write: (repository) => [
    ...writes.map(
      (some) => () =>
        repository.write(ann, { writes: some(), atomic: true, now: second(9), idAt, retry: null }),
    ),
    () =>
      repository.write(ann, {
        writes: [create(created++)],
        atomic: false,
        now: second(9),
        idAt,
        retry,
      }),
  ],
  changes: (repository) => [
    () => repository.changes(ann, null, 1),
    () =>
      repository.changes(
        ann,
        { epoch: 'e', sequence: 1, kind: 'list', id: idNumber(1), since: 1 },
        1,
      ),
  ],
} satisfies {
  [Method in keyof TaskRepository]: (repository: TaskRepository) => (() => Promise<unknown>)[]
}

const archiveCalls = {
  read: (archive) =>
    ARCHIVE_SECTIONS.flatMap((section) => [
      () => archive.read(section, ann, null),
      () => archive.read(section, ann, { user_id: ann, id: idNumber(0) }),
    ]),
  add: (archive) => [
    () => archive.add(owned(ann, [taskNumber(3), taskNumber(4, { parent_id: idNumber(3) })])),
    () => archive.add([{ type: 'list', user_id: ann, ...listNumber(3) }]),
  ],
} satisfies { [Method in keyof TaskArchive]: (archive: TaskArchive) => (() => Promise<unknown>)[] }

type Session = Pick<Pool, 'run' | 'transaction'>

const methods = [
  ...Object.entries(repositoryCalls).map(
    ([name, callsOf]) =>
      [
        name,
        (pool: Session) =>
          callsOf(createPostgresRepository({ pool, newEpoch, onWrite: () => {}, timeoutMs: 5000 })),
      ] as const,
  ),
  ...Object.entries(archiveCalls).map(
    ([name, callsOf]) =>
      [
        `archive, ${name}`,
        (pool: Session) => callsOf(createPostgresArchive(pool, newEpoch, 5000)),
      ] as const,
  ),
]

let database: TestDatabase
let store: ReturnType<typeof openPostgres>
let administrator: postgres.Sql

beforeAll(async () => {
  database = await createDatabase()
  store = await openMigrated(database.url, { foreignWriters: true })
  await createCaller(store.repository, ann).create(1)
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  const [, recipe] = /```sql\n(.*?)```/s.exec(await Bun.file(SCALING).text()) ?? []
  await administrator.unsafe(`${recipe}`)
  // As the page allows at any time.
  await administrator.unsafe('drop table tasks_whole')
}, 30_000)

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

test('keeps the tasks when the table is split by the recipe of the documentation', async () => {
  expect(await createCaller(store.repository, ann).numbers()).toStrictEqual([1])
  const [found] = await administrator<[{ count: number }]>`
    select count(*)::int as count from pg_inherits where inhparent = 'tasks'::regclass`
  expect(found.count).toBe(PARTITIONS)
  const states = (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(new Set(states)).toStrictEqual(new Set(['applied']))
})

test('has the columns, indexes, functions and triggers of a table that is not split', async () => {
  const other = await createDatabase()
  const whole = await openMigrated(other.url, { foreignWriters: true })
  const sql = postgres(other.url, { max: 1, fetch_types: false })
  const fresh = await readSchema(sql)
  await Promise.all([whole.close(), sql.end()])
  await other.drop()
  const split = JSON.stringify(await readSchema(administrator)).replaceAll(' ON ONLY ', ' ON ')
  expect(JSON.parse(split)).toEqual(fresh)
})

describe('each statement reads one partition', () => {
  let explained: Awaited<ReturnType<typeof openExplained>>

  beforeAll(async () => {
    explained = await openExplained(database.url)
  })

  afterAll(() => explained.sql.end())

  async function partitionsOf(call: () => Promise<unknown>): Promise<number> {
    const nodes = await explained.nodesOf(call)
    const scans = nodes.filter((node) => node['Node Type'].includes('Scan'))
    const names = scans.flatMap((node) => node['Relation Name'] ?? [])
    return new Set(names.filter((name) => /^tasks_\d+$/.test(name))).size
  }

  test.each(methods)('%s', async (_, callsOf) => {
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await explained.sql.unsafe(`set plan_cache_mode = ${mode}`)
      for (const call of callsOf(explained.pool))
        expect(await partitionsOf(call)).toBeLessThanOrEqual(1)
    }
  })

  test('the check finds a statement that does not name the owner', async () => {
    const statement = { text: 'select text from tasks where id = $1', types: [2950] }
    const call = () => explained.pool.run(statement, [idNumber(1)])
    expect(await partitionsOf(call)).toBe(PARTITIONS)
  })
})

const partitioned = {
  name: 'PostgreSQL with partitions',
  async open() {
    await administrator`truncate tasks, lists, api_tokens`
    const opened: ReturnType<typeof open>[] = []
    return {
      ...store,
      async openAgain() {
        const again = open(database.url)
        opened.push(again)
        return again
      },
      async close() {
        for (const one of opened) await one.close()
      },
    }
  },
}

describeStore(partitioned, { runs: 10 })
describeTaskArchive(partitioned)
