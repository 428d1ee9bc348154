import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { MigrationError, migrate, migrationStatus } from '../../app/migrations.ts'
import { EVERYTHING } from '../../core/query.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, idNumber, ownerNamed, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { createPythonTable, PYTHON_TABLES, readRows, readSchema } from './python-table.ts'

setDefaultTimeout(60_000)

const FILES = [
  '0001_tasks.sql',
  '0002_feed.sql',
  '0003_rules.sql',
  '0004_writes.sql',
  '0005_others.sql',
  '0006_upkeep.sql',
  '0007_adopted.sql',
  '0008_indexes.sql',
  '0009_few.sql',
  '0010_fewer_indexes.sql',
]

let database: TestDatabase
let sql: postgres.Sql
let store: ReturnType<typeof open>

beforeEach(async () => {
  database = await createDatabase()
  sql = postgres(database.url, { max: 1, fetch_types: false })
  store = open(database.url)
})

afterEach(async () => {
  await store.close()
  await sql.end()
  await database.drop()
})

function open(url: string) {
  return openPostgres({ url, directUrl: null, poolMax: 2, timeoutMs: 2000, prepare: 'auto' })
}

async function apply(migrations = store.migrations): Promise<string[]> {
  const applied: string[] = []
  await migrate(migrations, (name) => applied.push(name))
  return applied
}

async function freshSchema() {
  const other = await createDatabase()
  const fresh = postgres(other.url, { max: 1, fetch_types: false })
  const otherStore = open(other.url)
  await migrate(otherStore.migrations, () => {})
  const schema = await readSchema(fresh)
  await Promise.all([otherStore.close(), fresh.end()])
  await other.drop()
  return schema
}

describe.each(PYTHON_TABLES)('a table of the Python service, $name,', (table) => {
  beforeEach(() => createPythonTable(sql, table))

  test('is taken over with every row as it was, but for its place in the order', async () => {
    const before = await readRows(sql, table.timeType)
    expect(before).toHaveLength(10_000)
    expect(await apply()).toEqual(FILES)
    expect((await readRows(sql, 'timestamptz')).map(withoutOrder)).toEqual(before.map(withoutOrder))
    expect([...(await sql`select * from alembic_version`)]).toEqual([
      { version_num: '8f3c1d2e4b5a' },
    ])

    const owner = ownerNamed('user-7')
    const rows = before.filter(({ user_id }) => user_id === owner)
    const newestFirst = rows.toSorted((a, b) =>
      a.created_at + a.id > b.created_at + b.id ? -1 : 1,
    )
    const { tasks, count } = await store.repository.list(owner, EVERYTHING)
    expect(tasks.map(withoutOrder)).toStrictEqual(
      newestFirst.map(({ id, text, completed, created_at, updated_at, completed_at }) => ({
        id,
        text,
        completed,
        version: 1,
        created_at: cut(created_at),
        updated_at: cut(updated_at),
        completed_at: completed_at && cut(completed_at),
      })),
    )
    expect(count).toBe(100)
    const snapshot = await store.repository.changes(owner, null, 1000)
    expect(snapshot?.changes).toHaveLength(100)
  })

  test('gets an order with room between any two: as it was, the newest first within a place', async () => {
    const before = await readRows(sql, table.timeType)
    await apply()
    const owner = ownerNamed('user-7')
    const expected = before
      .filter(({ user_id }) => user_id === owner)
      .sort((a, b) => a.order - b.order || (a.created_at + a.id > b.created_at + b.id ? -1 : 1))
    const { tasks } = await store.repository.list(owner, { ...EVERYTHING, sort: 'order' })
    expect(tasks.map(({ id, order }) => ({ id, order }))).toEqual(
      expected.map(({ id }, index) => ({ id, order: index * 1024 })),
    )
  })

  test('has the schema of a new one afterwards, and still takes what the older service writes', async () => {
    await apply()
    expect(await readSchema(sql)).toEqual(await freshSchema())

    await sql`insert into tasks (id, user_id, text) values (${idNumber(1)}, 'ann', 'from Python')`
    const task = await store.repository.get(ann, idNumber(1))
    expect(task).toMatchObject({ text: 'from Python', completed: false, completed_at: null })
    expect(Math.abs(Date.parse(`${task?.created_at}`) - Date.now())).toBeLessThan(60_000)
  })
})

function withoutOrder<Row extends { order: number }>({ order: _, ...row }: Row) {
  return row
}

function cut(time: string): string {
  return `${time.slice(0, -3)}Z`
}

test('taking over goes on where it was cut off, and indexes that were cut off are built again', async () => {
  await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
  const { files } = store.migrations
  await apply({ ...store.migrations, files: files.slice(0, 6) })
  const other = postgres(database.url, { max: 1, fetch_types: false })
  await other.begin(async (writer) => {
    // The last one in the order of the names has to wait, those before have been taken over by then.
    await writer`insert into feeds (user_id) values ('user-99')`
    const migrating = apply().catch(String)
    await until(async () => {
      const rows = await sql`select from taskport_adopted where up_to > 'user-5'`.catch(() => [])
      return rows.length > 0
    })
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'taskport'`
    expect(await migrating).toContain('not available')
  })
  await other.end()
  // As `create index concurrently` leaves it that does not come to its end.
  await sql`create index tasks_created on tasks (user_id)`
  await sql`update pg_index set indisvalid = false where indexrelid = 'tasks_created'::regclass`

  expect(await apply()).toEqual(FILES.slice(6))
  expect(await readSchema(sql)).toEqual(await freshSchema())
  const feeds = await sql`
    select distinct feeds.sequence, live, tasks.sequence as number from feeds join tasks using (user_id)`
  expect([...feeds]).toEqual([{ sequence: '1', live: 100, number: '1' }])
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate)
}

test('times to the microsecond are cut, and an older clock does not move them', async () => {
  await apply()
  await sql`
    insert into tasks (id, user_id, text, created_at, updated_at)
    values (${idNumber(1)}, 'ann', 'a', '2026-01-31T00:00:00.999999Z', '2026-01-31T00:00:00.999999Z')`
  const caller = createCaller(store.repository, ann)
  expect(await caller.patch(1, { completed: true }, second(0))).toMatchObject({
    created_at: '2026-01-31T00:00:00.999Z',
    updated_at: '2026-01-31T00:00:00.999Z',
    completed_at: '2026-01-31T00:00:00.999Z',
  })
})

test('ten processes at once apply each file once', async () => {
  await createPythonTable(sql, PYTHON_TABLES[1] ?? expect.unreachable())
  const script = fileURLToPath(import.meta.resolve('./migrate-process.ts'))
  const processes = Array.from({ length: 10 }, () =>
    Bun.spawn([process.execPath, script, database.url], { stdout: 'pipe', stderr: 'pipe' }),
  )
  const results = await Promise.all(
    processes.map(async ({ stdout, stderr, exited }) => ({
      applied: await new Response(stdout).text(),
      problems: await new Response(stderr).text(),
      exitCode: await exited,
    })),
  )
  for (const { problems, exitCode } of results)
    expect({ problems, exitCode }).toEqual({ problems: '', exitCode: 0 })
  const applied = results.flatMap(({ applied: lines }) => lines.split('\n').filter(Boolean))
  expect(applied.sort()).toEqual(FILES)
  const states = (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(new Set(states)).toEqual(new Set(['applied']))
})

describe('the records', () => {
  test('say what is pending, and change nothing by being read', async () => {
    expect(await migrationStatus(store.migrations)).toMatchObject(
      FILES.map((name) => ({ name, state: 'pending' })),
    )
    expect([...(await sql`select to_regclass('taskport_migrations')::text as found`)]).toEqual([
      { found: null },
    ])
    await apply()
    expect(await migrationStatus(store.migrations)).toMatchObject(
      FILES.map((name) => ({ name, state: 'applied' })),
    )
    expect(await apply()).toEqual([])
  })

  test('can be read while another process migrates', async () => {
    const { migrations } = store
    const applied = migrations.applyNext(() => null)
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(x'7461736b706f7274'::bigint)`
      expect(await migrations.applied()).toEqual([])
    })
    expect(await applied).toBeNull()
  })

  test('tell that an applied file was changed', async () => {
    await apply()
    const [file] = store.migrations.files
    const changed = { name: `${file?.name}`, sql: `${file?.sql} -- changed` }
    await expect(apply({ ...store.migrations, files: [changed] })).rejects.toBeInstanceOf(
      MigrationError,
    )
  })
})

test('a file that fails leaves nothing behind, and runs once it is mended', async () => {
  const files = (sql: string) => [...store.migrations.files, { name: '9999_extra.sql', sql }]
  const broken = files('create table extra (x integer); insert into extra values (1); select 1 / 0')
  await expect(apply({ ...store.migrations, files: broken })).rejects.toThrow('division by zero')
  expect([...(await sql`select to_regclass('extra')::text as found`)]).toEqual([{ found: null }])
  expect(await store.migrations.applied()).toMatchObject(FILES.map((name) => ({ name })))

  const mended = files('create table extra (x integer)')
  expect(await apply({ ...store.migrations, files: mended })).toEqual(['9999_extra.sql'])
})

describe('a role that may not change the schema', () => {
  const role = `taskport_reader_${process.pid}`
  let unprivileged: ReturnType<typeof open>

  beforeEach(async () => {
    await sql.unsafe(`create role ${role} login password 'reader'`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'reader'
    unprivileged = open(url.href)
  })

  afterEach(async () => {
    await unprivileged.close()
    await sql.unsafe(`drop owned by ${role}; drop role ${role}`)
  })

  test('starts where nothing is pending, and works with what it was granted for the tasks', async () => {
    const { files } = store.migrations
    await apply({ ...store.migrations, files: files.slice(0, 1) })
    await sql.unsafe(`grant select on taskport_migrations to ${role};
      grant select, insert, update, delete on tasks to ${role}`)
    await apply()
    expect(await apply(unprivileged.migrations)).toEqual([])
    const task = await createCaller(unprivileged.repository, ann).create(1)
    expect(await store.repository.get(ann, idNumber(1))).toStrictEqual(task)
  })

  test('is told so where something is', async () => {
    await expect(apply(unprivileged.migrations)).rejects.toThrow('permission denied')
  })
})
