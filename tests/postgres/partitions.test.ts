import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import postgres from 'postgres'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import type { Pool } from '../../adapters/postgres/connection/pool.ts'
import { type Statement, send, type Value } from '../../adapters/postgres/connection/statement.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate, migrationStatus } from '../../app/migrations.ts'
import type { TaskArchive, TaskRepository } from '../../core/ports.ts'
import { EVERYTHING, SORTS } from '../../core/query.ts'
import { createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import { ann, idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { describeStore } from '../conformance/stores/suite.ts'
import { describeTaskArchive } from '../conformance/stores/task-archive.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { readSchema } from './python-table.ts'

const PARTITIONS = 16
const OPTIONS = { directUrl: null, poolMax: 4, timeoutMs: 10_000, prepare: 'auto' } as const
const SCALING = join(import.meta.dir, '..', '..', 'docs', 'scaling.md')

type Sent = readonly [statement: Statement, values: readonly Value[]]

const { create, patch, remove, move } = writing
const writes = [
  [create(5)],
  [patch(1, { text: 'new', completed: true })],
  [move(1, TOP)],
  [create(6), patch(1, { text: 'newer' }), remove(1)],
]
const key = { key: 'k', fingerprint: 'f', rememberedSince: second(0) }

// One call of each method there is: with a new one this does not compile until its call is here. A
// method may send one statement or another.
const repositoryCalls = {
  list: (repository) => [
    ...SORTS.map((sort) => repository.list(ann, { ...EVERYTHING, sort })),
    repository.list(ann, { ...EVERYTHING, deleted: true, completed: true, limit: 1 }),
    repository.list(ann, { ...EVERYTHING, search: { words: ['TASK'], prefix: '1' } }),
    repository.list(ann, { ...EVERYTHING, after: { key: second(9), id: idNumber(9) } }),
  ],
  get: (repository) => [repository.get(ann, idNumber(1))],
  revision: (repository) => [repository.revision(ann)],
  write: (repository) => [
    ...writes.map((some) =>
      repository.write(ann, { writes: some, atomic: true, now: second(9), retry: null }),
    ),
    repository.write(ann, { writes: [create(7)], atomic: false, now: second(9), retry: key }),
  ],
  clearCompleted: (repository) => [
    repository.clearCompleted(ann, true, second(9)),
    repository.clearCompleted(ann, false, second(9)),
  ],
  changes: (repository) => [
    repository.changes(ann, null, 1),
    repository.changes(ann, { epoch: 'e', sequence: 1, id: idNumber(1), since: 1 }, 1),
  ],
} satisfies {
  [Method in keyof TaskRepository]: (repository: TaskRepository) => Promise<unknown>[]
}

const archiveCalls = {
  read: (archive) => [
    archive.read(ann, null),
    archive.read(ann, { user_id: ann, id: idNumber(0) }),
  ],
  add: (archive) => [archive.add([3, 4].map((n) => ({ user_id: ann, ...taskNumber(n) })))],
} satisfies { [Method in keyof TaskArchive]: (archive: TaskArchive) => Promise<unknown>[] }

const methods = [
  ...Object.entries(repositoryCalls).map(
    ([name, call]) =>
      [name, (pool: Pool) => call(createPostgresRepository(pool, () => {}, 1000))] as const,
  ),
  ...Object.entries(archiveCalls).map(
    ([name, call]) =>
      [`archive, ${name}`, (pool: Pool) => call(createPostgresArchive(pool))] as const,
  ),
]

let database: TestDatabase
let store: ReturnType<typeof open>
let administrator: postgres.Sql

function open() {
  return openPostgres({ ...OPTIONS, url: database.url })
}

beforeAll(async () => {
  database = await createDatabase()
  store = open()
  await migrate(store.migrations, () => {})
  await createCaller(store.repository, ann).create(1)
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  const [, recipe] = /```sql\n(.*?)```/s.exec(await Bun.file(SCALING).text()) ?? []
  await administrator.unsafe(`${recipe}`)
  // As its reader may do at any time.
  await administrator.unsafe('drop table tasks_whole')
}, 30_000)

afterAll(async () => {
  await store.close()
  await administrator.end()
  await database.drop()
})

test('what was in the table is in its partitions, and the service goes on with them', async () => {
  expect(await createCaller(store.repository, ann).numbers()).toStrictEqual([1])
  const [found] = await administrator<[{ count: number }]>`
    select count(*)::int as count from pg_inherits where inhparent = 'tasks'::regclass`
  expect(found.count).toBe(PARTITIONS)
  const states = (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(new Set(states)).toStrictEqual(new Set(['applied']))
})

test('they have the columns, indexes and triggers of a table that is whole', async () => {
  const other = await createDatabase()
  const whole = openPostgres({ ...OPTIONS, url: other.url })
  const sql = postgres(other.url, { max: 1, fetch_types: false })
  await migrate(whole.migrations, () => {})
  const fresh = await readSchema(sql)
  await Promise.all([whole.close(), sql.end()])
  await other.drop()
  const split = JSON.stringify(await readSchema(administrator)).replaceAll(' ON ONLY ', ' ON ')
  expect(JSON.parse(split)).toEqual(fresh)
})

/** Whether the values are hidden from the planner, see `callsOf`. */
function isForAny([{ text }]: Sent): boolean {
  return text.includes('unnest((select')
}

describe('each statement touches one partition', () => {
  test.each(methods)('%s', async (_, call) => {
    const sent: Sent[] = []
    const calls = call({
      async run(statement, values) {
        sent.push([statement, values])
        throw new Error('only recorded')
      },
      transaction: () => expect.unreachable(),
      use: () => ({ busy: 0, idle: 0, waiting: 0 }),
      close: async () => {},
    })
    await Promise.allSettled(calls)
    expect(sent).toHaveLength(calls.length)
    for (const statement of sent) {
      const ofTasks = /\b(tasks|taskport_\w+)\b/.test(statement[0].text) ? 1 : 0
      const custom = await run(statement, 'force_custom_plan')
      expect(custom.touched).toBe(ofTasks)
      // Without values while it plans, the server leaves the other partitions out once it has them.
      if (!isForAny(statement)) expect(custom.locked).toBe(ofTasks)
      const generic = await run(statement, 'force_generic_plan')
      expect(generic.touched).toBe(ofTasks)
    }
  })

  test('one that does not name the owner touches all of them, and that shows', async () => {
    const statement = { text: 'select text from tasks where id = $1', types: [2950] }
    for (const mode of ['force_custom_plan', 'force_generic_plan'] as const)
      expect(await run([statement, [idNumber(1)]], mode)).toEqual({
        touched: PARTITIONS,
        locked: PARTITIONS,
      })
  })
})

/**
 * Runs a statement, and undoes it.
 *
 * @returns how many partitions it read or wrote, be it in functions, and how many it locked.
 */
async function run(
  [statement, values]: Sent,
  mode: 'force_custom_plan' | 'force_generic_plan',
): Promise<{ readonly touched: number; readonly locked: number }> {
  const undo = new Error('undo')
  let found = { touched: 0, locked: 0 }
  await administrator
    .begin(async (sql) => {
      await sql.unsafe(`set local plan_cache_mode = ${mode}`)
      const before = await countUse(sql)
      await send(sql, statement, values)
      const after = await countUse(sql)
      const [locks] = await sql<[{ count: number }]>`
        select count(distinct relation)::int as count
        from pg_locks join pg_inherits on inhrelid = relation
        where inhparent = 'tasks'::regclass and pid = pg_backend_pid()`
      const touched = [...after].filter(([name, uses]) => uses > (before.get(name) ?? 0)).length
      found = { touched, locked: locks.count }
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return found
}

/** How often the session has scanned or written each partition. */
async function countUse(sql: postgres.ISql): Promise<Map<string, number>> {
  const rows = await sql<{ name: string; uses: string }[]>`
    select relname as name, seq_scan + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del as uses
    from pg_stat_xact_user_tables join pg_inherits on inhrelid = relid
    where inhparent = 'tasks'::regclass`
  return new Map(rows.map(({ name, uses }) => [name, Number(uses)]))
}

const partitioned = {
  name: 'PostgreSQL with partitions',
  async open() {
    await administrator`truncate tasks`
    const opened: ReturnType<typeof open>[] = []
    return {
      ...store,
      async openAgain() {
        const again = open()
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
