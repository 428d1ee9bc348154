import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { MigrationError, migrate, migrationStatus } from '../../app/migrations.ts'
import { idNumber, ownerNamed, second, taskNumber } from '../contract/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { createPythonTable, PYTHON_TABLES, readRows, readSchema } from './python-table.ts'

setDefaultTimeout(60_000)

const ann = ownerNamed('ann')

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
  return openPostgres({ url, poolMax: 2, timeoutMs: 2000, prepare: 'auto' })
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

  test('is taken over with every row as it was', async () => {
    const before = await readRows(sql, table.timeType)
    expect(before).toHaveLength(10_000)
    expect(await apply()).toEqual(['0001_tasks.sql'])
    expect(await readRows(sql, 'timestamptz')).toEqual(before)
    expect([...(await sql`select * from alembic_version`)]).toEqual([
      { version_num: '8f3c1d2e4b5a' },
    ])

    const owner = ownerNamed('user-7')
    const rows = before.filter(({ user_id }) => user_id === owner)
    const newestFirst = rows.sort((a, b) => (a.created_at + a.id > b.created_at + b.id ? -1 : 1))
    const cut = (time: string) => `${time.slice(0, -3)}Z`
    expect(await store.repository.list(owner)).toStrictEqual(
      newestFirst.map(({ id, text, completed, created_at, updated_at, completed_at }) => ({
        id,
        text,
        completed,
        created_at: cut(created_at),
        updated_at: cut(updated_at),
        completed_at: completed_at && cut(completed_at),
      })),
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

test('times to the microsecond are cut, and an older clock does not move them', async () => {
  await apply()
  await sql`
    insert into tasks (id, user_id, text, created_at, updated_at)
    values (${idNumber(1)}, 'ann', 'a', '2026-01-31T00:00:00.999999Z', '2026-01-31T00:00:00.999999Z')`
  const updated = await store.repository.update(ann, idNumber(1), { completed: true }, second(0))
  expect(updated).toMatchObject({
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
  expect(results.map(({ applied }) => applied).join('')).toBe('0001_tasks.sql\n')
  expect(await migrationStatus(store.migrations)).toMatchObject([{ state: 'applied' }])
})

describe('the records', () => {
  test('say what is pending, and change nothing by being read', async () => {
    expect(await migrationStatus(store.migrations)).toMatchObject([
      { name: '0001_tasks.sql', state: 'pending' },
    ])
    expect([...(await sql`select to_regclass('taskport_migrations')::text as found`)]).toEqual([
      { found: null },
    ])
    await apply()
    expect(await migrationStatus(store.migrations)).toMatchObject([
      { name: '0001_tasks.sql', state: 'applied' },
    ])
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
  const files = (sql: string) => [...store.migrations.files, { name: '0002_extra.sql', sql }]
  const broken = files('create table extra (x integer); insert into extra values (1); select 1 / 0')
  await expect(apply({ ...store.migrations, files: broken })).rejects.toThrow('division by zero')
  expect([...(await sql`select to_regclass('extra')::text as found`)]).toEqual([{ found: null }])
  expect(await store.migrations.applied()).toMatchObject([{ name: '0001_tasks.sql' }])

  const mended = files('create table extra (x integer)')
  expect(await apply({ ...store.migrations, files: mended })).toEqual(['0002_extra.sql'])
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

  test('starts where nothing is pending, and works', async () => {
    await apply()
    await sql.unsafe(`grant select on taskport_migrations to ${role};
      grant select, insert, update, delete on tasks to ${role}`)
    expect(await apply(unprivileged.migrations)).toEqual([])
    await unprivileged.repository.insert(ann, taskNumber(1))
    expect(await store.repository.get(ann, idNumber(1))).toStrictEqual(taskNumber(1))
  })

  test('is told so where something is', async () => {
    await expect(apply(unprivileged.migrations)).rejects.toThrow('permission denied')
  })
})
