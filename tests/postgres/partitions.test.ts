import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { SQL } from 'bun'
import { createPostgresArchive } from '../../adapters/postgres/archive.ts'
import type { Pool } from '../../adapters/postgres/pool.ts'
import { createPostgresRepository } from '../../adapters/postgres/repository.ts'
import type { Statement, Value } from '../../adapters/postgres/statement.ts'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { migrate, migrationStatus } from '../../app/migrations.ts'
import type { TaskArchive, TaskRepository } from '../../core/ports.ts'
import { idNumber, ownerNamed, second, taskNumber } from '../contract/store.ts'
import { describeTaskArchive } from '../contract/task-archive.ts'
import { describeTaskRepository } from '../contract/task-repository.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'

const PARTITIONS = 16
const SCALING = join(import.meta.dir, '..', '..', 'docs', 'scaling.md')

const ann = ownerNamed('ann')

type Sent = readonly [statement: Statement, values: readonly Value[]]

// One call of each method there is: with a new one this does not compile until its call is here. A
// method may send one statement or another.
const repositoryCalls = {
  list: (repository) => [repository.list(ann)],
  get: (repository) => [repository.get(ann, idNumber(1))],
  insert: (repository) => [repository.insert(ann, taskNumber(2))],
  update: (repository) => [
    repository.update(ann, idNumber(1), { text: 'new', completed: true }, second(9)),
  ],
  remove: (repository) => [repository.remove(ann, idNumber(2))],
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
    ([name, call]) => [name, (pool: Pool) => call(createPostgresRepository(pool))] as const,
  ),
  ...Object.entries(archiveCalls).map(
    ([name, call]) =>
      [`archive, ${name}`, (pool: Pool) => call(createPostgresArchive(pool))] as const,
  ),
]

let database: TestDatabase
let store: ReturnType<typeof openPostgres>
let administrator: SQL

beforeAll(async () => {
  database = await createDatabase()
  store = openPostgres({ url: database.url, poolMax: 4, timeoutMs: 10_000, prepare: 'auto' })
  await migrate(store.migrations, () => {})
  await store.repository.insert(ann, taskNumber(1))
  administrator = new SQL(database.url, { max: 1 })
  const [, recipe] = /```sql\n(.*?)```/s.exec(await Bun.file(SCALING).text()) ?? []
  await administrator.unsafe(`${recipe}`)
}, 30_000)

afterAll(async () => {
  await store.close()
  await administrator.close()
  await database.drop()
})

test('what was in the table is in its partitions, and the service starts on them', async () => {
  expect(await store.repository.list(ann)).toStrictEqual([taskNumber(1)])
  const [found] = await administrator`
    select count(*)::int as count from pg_inherits where inhparent = 'tasks'::regclass`
  expect(found.count).toBe(PARTITIONS)
  const states = (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(new Set(states)).toStrictEqual(new Set(['applied']))
})

describe('each statement touches one partition', () => {
  test.each(methods)('%s', async (_, call) => {
    const sent: Sent[] = []
    const calls = call({
      async run(statement, values) {
        sent.push([statement, values])
        throw new Error('only recorded')
      },
      use: () => ({ busy: 0, idle: 0, waiting: 0 }),
      close: async () => {},
    })
    await Promise.allSettled(calls)
    expect(sent).toHaveLength(calls.length)
    for (const statement of sent) {
      const isInsert = /^\s*insert/.test(statement[0].text)
      const custom = await explain(statement, 'force_custom_plan')
      expect(custom.scanned.length).toBe(isInsert ? 0 : 1)
      expect(custom.locked).toBe(1)
      // Knows no values while it plans, and leaves the other partitions out once it has them.
      const generic = await explain(statement, 'force_generic_plan')
      expect(generic.scanned).toStrictEqual(custom.scanned)
    }
  })

  test('one that does not name the owner touches all of them, and that shows', async () => {
    const statement = { text: 'select text from tasks where id = $1', types: [2950] }
    for (const mode of ['force_custom_plan', 'force_generic_plan'] as const) {
      const { scanned, locked } = await explain([statement, [idNumber(1)]], mode)
      expect(scanned).toHaveLength(PARTITIONS)
      expect(locked).toBe(PARTITIONS)
    }
  })
})

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly Plans?: readonly PlanNode[]
}

/**
 * Runs a statement, and undoes it.
 *
 * @returns the partitions that its plan scans, and how many it locked.
 */
async function explain(
  [{ text, types }, values]: Sent,
  mode: 'force_custom_plan' | 'force_generic_plan',
): Promise<{ readonly scanned: string[]; readonly locked: number }> {
  const names: { name: string }[] = await administrator.unsafe(
    types.map((type) => `select format_type(${type}, null) as name`).join(' union all '),
  )
  const undo = new Error('undo')
  const probe = `probe_${crypto.randomUUID().replaceAll('-', '')}`
  let found = { scanned: [''], locked: 0 }
  await administrator
    .begin(async (sql) => {
      await sql.unsafe(`set local plan_cache_mode = ${mode}`)
      await sql.unsafe(`prepare ${probe} (${names.map(({ name }) => name).join()}) as ${text}`)
      const [row] = await sql.unsafe(
        `explain (analyze, format json) execute ${probe} (${values.map(literal).join()})`,
      )
      await sql.unsafe(`deallocate ${probe}`)
      const [locks] = await sql`
        select count(*)::int as count from pg_locks join pg_inherits on inhrelid = relation
        where inhparent = 'tasks'::regclass and pid = pg_backend_pid()`
      found = { scanned: scannedBy(row['QUERY PLAN'][0].Plan), locked: locks.count }
      throw undo
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error
    })
  return found
}

function literal(value: Value): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : `${value}`
}

function scannedBy(node: PlanNode): string[] {
  const name = node['Relation Name']
  const own = node['Node Type'].includes('Scan') && name !== undefined ? [name] : []
  return [...own, ...(node.Plans ?? []).flatMap(scannedBy)]
}

const partitioned = {
  name: 'PostgreSQL with partitions',
  async open() {
    await administrator`truncate tasks`
    const { repository, archive } = store
    return { repository, archive, close: async () => {} }
  },
}

describeTaskRepository(partitioned)
describeTaskArchive(partitioned)
