import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import { type Lane, openLane } from '../../adapters/postgres/connection/lane.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createPostgresMigrations } from '../../adapters/postgres/migrations.ts'
import type { openPostgres } from '../../adapters/postgres/store.ts'
import { type Migration, migrate, migrationStatus } from '../../app/migrations.ts'
import { OperatorError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { DEFAULTS } from '../../core/task.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { runMaintenance } from '../conformance/stores/maintenance.ts'
import { ann, idNumber, listId, ownerNamed, second } from '../conformance/stores/store.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { sessionWaits } from './locks.ts'
import { open, openMigrated } from './open.ts'
import { createPythonTable, PYTHON_TABLES, readRows, readSchema } from './python-table.ts'

setDefaultTimeout(60_000)

const SCHEMA = '0001_schema.sql'
const FOREIGN_WRITERS = '0002_foreign_writers.sql'
const PYTHON_ROWS = '0003_adopt_python_rows.sql'
const TASK_MODEL = '0004_task_model.sql'
const FOREIGN_TASK_MODEL = '0005_foreign_task_model.sql'
const API_TOKENS = '0006_api_tokens.sql'
const ADOPTION = [
  '0001_adopt_python_table.sql',
  SCHEMA,
  FOREIGN_WRITERS,
  PYTHON_ROWS,
  TASK_MODEL,
  FOREIGN_TASK_MODEL,
  API_TOKENS,
]

let database: TestDatabase
let sql: postgres.Sql
let store: ReturnType<typeof openPostgres>

beforeEach(async () => {
  database = await createDatabase()
  sql = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  store = open(database.url)
})

afterEach(async () => {
  await store.close()
  await sql.end()
  await database.drop()
})

async function apply(
  migrations: Parameters<typeof migrate>[0] = store.migrations,
  options = { foreignWriters: false },
): Promise<string[]> {
  const applied: string[] = []
  await migrate(migrations, (name) => applied.push(name), options)
  return applied
}

/** The store's migrations with other files. */
async function withFiles(change: (files: readonly Migration[]) => readonly Migration[]) {
  const files = change(await store.migrations.files({ foreignWriters: false }))
  return { ...store.migrations, files: async () => files }
}

async function freshSchema() {
  const other = await createDatabase()
  const fresh = postgres(other.url, { max: 1, fetch_types: false })
  const otherStore = await openMigrated(other.url, { foreignWriters: true })
  const schema = await readSchema(fresh)
  await Promise.all([otherStore.close(), fresh.end()])
  await other.drop()
  return schema
}

/** Compares the owners' rows with the tasks. */
async function expectRightOwners(): Promise<void> {
  const wrong = await sql`
    select user_id, live, top, (select count(*) from tasks where tasks.user_id = owners.user_id)
    from owners full join (select distinct user_id from tasks) as known using (user_id)
    where live is null or live <> (
        select count(*) from tasks where tasks.user_id = owners.user_id and deleted_at is null)
      or top > (select min("order") from tasks where tasks.user_id = owners.user_id)
      or sequence < (select max(sequence) from tasks where tasks.user_id = owners.user_id)`
  expect([...wrong]).toBeEmpty()
}

describe.each(PYTHON_TABLES)('taking over a table of the Python service, $name,', (table) => {
  beforeEach(() => createPythonTable(sql, table))

  test('keeps every row, and spreads the orders with the newest first among equal ones', async () => {
    const before = await readRows(sql, table.timeType)
    expect(before).toHaveLength(10_000)
    expect(await apply()).toEqual(ADOPTION)
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
        ...DEFAULTS,
        id,
        text,
        completed,
        successor_id: null,
        version: 1,
        created_at: cut(created_at),
        updated_at: cut(updated_at),
        completed_at: completed_at && cut(completed_at),
      })),
    )
    expect(count).toBe(100)
    const snapshot = await store.repository.changes(owner, null, 1000)
    expect(snapshot?.changes).toHaveLength(100)
    await expectRightOwners()

    const inOrder = rows.toSorted(
      (a, b) => a.order - b.order || (a.created_at + a.id > b.created_at + b.id ? -1 : 1),
    )
    const ordered = await store.repository.list(owner, { ...EVERYTHING, sort: 'order' })
    expect(ordered.tasks.map(({ id, order }) => ({ id, order }))).toEqual(
      inOrder.map(({ id }, index) => ({ id, order: index * 1024 })),
    )
  })

  test('ends with the schema of a fresh database, and accepts inserts of the Python service', async () => {
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

test('finds the texts of adopted rows once maintenance has run', async () => {
  await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
  await apply()
  await runMaintenance(store.maintenance, {})
  const query = { ...EVERYTHING, search: searchFor('zoe') }
  expect((await store.repository.list(ownerNamed('user-7'), query)).count).toBeGreaterThan(50)
  expect([...(await sql`select from tasks where folded is null`)]).toBeEmpty()
})

test('repeats a step that was interrupted, and rebuilds indexes that are not valid', async () => {
  await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
  await apply(await withFiles((files) => files.slice(0, 3)))
  const other = postgres(database.url, { max: 1, fetch_types: false })
  await other.begin(async (writer) => {
    // The last owner's row is locked, so the ones before it are adopted when the process is cut off.
    await writer`insert into owners (user_id, sequence, live) values ('user-99', 1, 0)`
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

  expect(await apply()).toEqual([PYTHON_ROWS, TASK_MODEL, FOREIGN_TASK_MODEL, API_TOKENS])
  expect(await readSchema(sql)).toEqual(await freshSchema())
  await expectRightOwners()
  const orders = await sql`select distinct min("order"), max("order") from tasks group by user_id`
  expect([...orders]).toEqual([{ min: 0, max: 99 * 1024 }])
})

test('builds an index again that an interrupted run left invalid', async () => {
  await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
  // As an interrupted `create index concurrently` leaves it.
  await sql`create index tasks_created on tasks (user_id)`
  await sql`update pg_index set indisvalid = false where indexrelid = 'tasks_created'::regclass`
  await apply()
  expect(await readSchema(sql)).toEqual(await freshSchema())
})

test('continues when the process was killed after any step', async () => {
  await createPythonTable(sql, PYTHON_TABLES[2] ?? expect.unreachable())
  const [file] = await store.migrations.files({ foreignWriters: false })
  const steps = file?.sql.split('-- step').slice(0, -1) ?? []
  expect(steps.length).toBeGreaterThan(3)
  for (const step of steps) await sql.unsafe(step)
  expect(await apply()).toEqual(ADOPTION)
  expect(await readSchema(sql)).toEqual(await freshSchema())
})

describe('adding the task model', () => {
  const insert = (n: number) =>
    sql`insert into tasks (id, user_id, text, sequence) values (${idNumber(n)}, 'ann', 'x', ${n})`

  /** A table as it was before, with a few rows. */
  beforeEach(async () => {
    await apply(await withFiles((files) => files.slice(0, 1)))
    for (const n of [1, 2, 3]) await insert(n)
    await sql`insert into owners (user_id, sequence, live, top) values ('ann', 3, 3, 0)`
  })

  test('gives the rows of a table the defaults, and rewrites none', async () => {
    const rows = await sql`select ctid::text, id, text, created_at::text from tasks order by id`
    expect(await apply()).toEqual([TASK_MODEL, API_TOKENS])
    expect([
      ...(await sql`select ctid::text, id, text, created_at::text from tasks order by id`),
    ]).toEqual([...rows])
    const caller = createCaller(store.repository, ann)
    expect(await caller.get(1)).toMatchObject({ ...DEFAULTS, successor_id: null, version: 1 })
    expect(await caller.patch(1, { tags: ['a'], priority: 'low' })).toMatchObject({ version: 2 })
    expect(await caller.numbers({ tags: ['a'] })).toEqual([1])
  })

  test('lets requests pass while it waits for a long transaction', async () => {
    const long = postgres(database.url, { max: 1, fetch_types: false })
    let migrating: Promise<string[]> | undefined
    await long.begin(async (transaction) => {
      await transaction`select from tasks`
      migrating = apply()
      for (const n of [4, 5, 6]) {
        await sessionWaits(sql)
        await insert(n)
      }
    })
    expect(await migrating).toEqual([TASK_MODEL, API_TOKENS])
    await long.end()
  })

  test('continues when the process was killed after any step, or while it built the index', async () => {
    const files = await store.migrations.files({ foreignWriters: false })
    const steps = files.find(({ name }) => name === TASK_MODEL)?.sql.split('-- step') ?? []
    expect(steps.length).toBeGreaterThan(3)
    for (const step of steps.slice(0, -1)) await sql.unsafe(step)
    // As an interrupted `create index concurrently` leaves it.
    await sql`update pg_index set indisvalid = false where indexrelid = 'tasks_parent'::regclass`
    expect(await apply()).toEqual([TASK_MODEL, API_TOKENS])
    await apply(store.migrations, { foreignWriters: true })
    expect(await readSchema(sql)).toEqual(await freshSchema())
  })
})

describe.each(['varchar(100)', 'text', `text not null default ''`])(
  'taking over a table of the Python service with a description, %s,',
  (type) => {
    beforeEach(async () => {
      await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
      await sql.unsafe(`alter table tasks add column description ${type}`)
      await sql`
        insert into tasks (id, user_id, text, description)
        values (${idNumber(1)}, 'ann', 'a', 'Crème'), (${idNumber(2)}, 'ann', 'b', '')`
      expect(await apply()).toEqual(ADOPTION)
    })

    test('keeps it, finds it, and allows longer ones', async () => {
      const caller = createCaller(store.repository, ann)
      expect(await caller.get(1)).toMatchObject({ text: 'a', description: 'Crème' })
      expect(await caller.get(2)).toMatchObject({ text: 'b', description: null })
      await runMaintenance(store.maintenance, {})
      expect(await caller.numbers({ search: searchFor('creme') })).toEqual([1])
      const description = 'x'.repeat(10_000)
      await caller.patch(2, { description })
      expect(await caller.get(2)).toMatchObject({ description })
      await caller.patch(2, { description: null })
      expect(await caller.get(2)).toMatchObject({ description: null })
    })

    test('ends with the schema of a fresh database', async () => {
      await sql`alter table tasks alter column description drop default`
      expect(await readSchema(sql)).toEqual(await freshSchema())
    })
  },
)

test('counts right when the Python service writes during the whole takeover', async () => {
  await createPythonTable(sql, PYTHON_TABLES[1] ?? expect.unreachable())
  const others = postgres(database.url, { max: 4, fetch_types: false })
  let isOver = false
  let written = 0
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let n = 0; !isOver; n++) {
      const owner = `user-${(writer * 25 + n) % 100}`
      await others`insert into tasks (id, user_id, text) values (gen_random_uuid(), ${owner}, 'new')`
      await others`update tasks set completed = not completed
        where id = (select id from tasks where user_id = ${owner} limit 1)`
      await others`delete from tasks
        where id = (select id from tasks where user_id = ${owner} and text <> 'new' limit 1)`
      written++
    }
  })
  await until(async () => written > 10)
  expect(await apply()).toEqual(ADOPTION)
  const before = written
  await until(async () => written > before + 10)
  isOver = true
  await Promise.all(writers)
  await others.end()
  await expectRightOwners()
  await runMaintenance(store.maintenance, {})
  const owner = ownerNamed('user-7')
  const { tasks, count } = await store.repository.list(owner, { ...EVERYTHING, sort: 'order' })
  expect(tasks).toHaveLength(count)
  const snapshot = await store.repository.changes(owner, null, 10_000)
  expect(snapshot?.changes).toHaveLength(count)
})

test('lets requests of the Python service pass while it waits for a long transaction', async () => {
  await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
  const long = postgres(database.url, { max: 1, fetch_types: false })
  const insert = (n: number) =>
    sql`insert into tasks (id, user_id, text) values (${idNumber(n)}, 'ann', 'x')`
  let migrating: Promise<string[]> | undefined
  await long.begin(async (transaction) => {
    await transaction`update tasks set text = 'long' where user_id = 'user-1'`
    migrating = apply()
    for (const n of [1, 2, 3]) {
      await sessionWaits(sql)
      await insert(n)
    }
  })
  expect(await migrating).toEqual(ADOPTION)
  await long.end()
  expect(await createCaller(store.repository, ann).numbers()).toHaveLength(3)
})

test('lets requests pass while it waits for a long transaction to add the triggers', async () => {
  await apply()
  const long = postgres(database.url, { max: 1, fetch_types: false })
  const caller = createCaller(store.repository, ann)
  let migrating: Promise<string[]> | undefined
  await long.begin(async (transaction) => {
    await transaction`select from tasks`
    migrating = apply(store.migrations, { foreignWriters: true })
    for (const n of [1, 2, 3]) {
      await sessionWaits(sql)
      await caller.create(n)
    }
  })
  expect(await migrating).toEqual([FOREIGN_WRITERS, FOREIGN_TASK_MODEL])
  await long.end()
})

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate)
}

test('truncates times to milliseconds, and does not move them when the clock is behind', async () => {
  await apply(store.migrations, { foreignWriters: true })
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

test('applies each file of a takeover once when ten processes migrate at once', async () => {
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
  expect(applied.sort()).toEqual(ADOPTION)
  const states = (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(new Set(states)).toEqual(new Set(['applied']))
})

test('adds the triggers for foreign writers to a fresh database on request, at any time', async () => {
  expect(await apply(store.migrations, { foreignWriters: true })).toEqual([
    SCHEMA,
    FOREIGN_WRITERS,
    TASK_MODEL,
    FOREIGN_TASK_MODEL,
    API_TOKENS,
  ])
  expect(await apply()).toEqual([])

  const other = await createDatabase()
  const later = open(other.url)
  expect(await apply(later.migrations)).toEqual([SCHEMA, TASK_MODEL, API_TOKENS])
  await createCaller(later.repository, ann).create(1)
  expect(await apply(later.migrations, { foreignWriters: true })).toEqual([
    FOREIGN_WRITERS,
    FOREIGN_TASK_MODEL,
  ])
  expect(await apply(later.migrations)).toEqual([])
  await createCaller(later.repository, ann).create(2)
  expect(await createCaller(later.repository, ann).numbers()).toEqual([2, 1])
  await later.close()
  await other.drop()
})

test('does not take the table for the Python one when another process creates it meanwhile', async () => {
  const target = parsePostgresUrl(database.url)
  const openOne = () => openLane(target, { prepare: 'never', timeoutMs: 5000, onClose: () => {} })

  /** A connection on which another process migrates after the first statement. */
  async function openInterrupted(): Promise<Lane> {
    const lane = await openOne()
    let isFirst = true
    const sql = new Proxy(lane.sql, {
      get(target, name) {
        if (name !== 'unsafe' || !isFirst) return Reflect.get(target, name)
        return async (text: string) => {
          isFirst = false
          try {
            return await target.unsafe(text)
          } finally {
            await apply()
          }
        }
      },
    })
    return { ...lane, sql }
  }

  const files = await createPostgresMigrations(openInterrupted).files({ foreignWriters: false })
  expect(files.map(({ name }) => name)).toEqual([SCHEMA, TASK_MODEL, API_TOKENS])
})

test('refuses the database of a development version, and says what to do', async () => {
  await sql.unsafe(`
    create table taskport_migrations (name text primary key, checksum text, applied_at timestamptz);
    insert into taskport_migrations values ('0001_tasks.sql', 'x', now());
    create table tasks (id uuid primary key)`)
  const error = await apply().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(OperatorError)
  expect(`${error}`).toContain('development version')
  expect(`${error}`).toContain('taskport export')
  const names = await sql`select relname from pg_class where relkind = 'r'
    and relnamespace = 'public'::regnamespace order by 1`
  expect(names.map(({ relname }) => relname)).toEqual(['taskport_migrations', 'tasks'])
})

describe('the records', () => {
  test('are not created when the status is read', async () => {
    expect(await migrationStatus(store.migrations)).toMatchObject([
      { name: SCHEMA, state: 'pending' },
      { name: TASK_MODEL, state: 'pending' },
      { name: API_TOKENS, state: 'pending' },
    ])
    expect([...(await sql`select to_regclass('taskport_migrations')::text as found`)]).toEqual([
      { found: null },
    ])
    await apply()
    expect(await migrationStatus(store.migrations)).toMatchObject([
      { name: SCHEMA, state: 'applied' },
      { name: TASK_MODEL, state: 'applied' },
      { name: API_TOKENS, state: 'applied' },
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

  test('show that an applied file was changed', async () => {
    await apply()
    const changed = await withFiles((files) =>
      files.map(({ name, sql: text }) => ({ name, sql: `${text} -- changed` })),
    )
    await expect(apply(changed)).rejects.toBeInstanceOf(OperatorError)
  })
})

test('leaves nothing of a file that fails, and applies it when it is corrected', async () => {
  const withExtra = (text: string) =>
    withFiles((files) => [...files, { name: '9999_extra.sql', sql: text }])
  const broken = 'create table extra (x integer); insert into extra values (1); select 1 / 0'
  await expect(apply(await withExtra(broken))).rejects.toThrow('division by zero')
  expect([...(await sql`select to_regclass('extra')::text as found`)]).toEqual([{ found: null }])
  expect(await store.migrations.applied()).toMatchObject([
    { name: SCHEMA },
    { name: TASK_MODEL },
    { name: API_TOKENS },
  ])

  const corrected = await withExtra('create table extra (x integer)')
  expect(await apply(corrected)).toEqual(['9999_extra.sql'])
})

describe('a role that may not change the schema', () => {
  const role = `taskport_reader_${process.pid}`
  let unprivileged: ReturnType<typeof openPostgres>

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

  test('starts when nothing is pending, and may write tasks if it could write the Python table', async () => {
    await createPythonTable(sql, PYTHON_TABLES[0] ?? expect.unreachable())
    await sql.unsafe(`grant select, insert, update, delete on tasks to ${role}`)
    await apply()
    await sql.unsafe(`grant select on taskport_migrations to ${role}`)
    expect(await apply(unprivileged.migrations)).toEqual([])
    const task = await createCaller(unprivileged.repository, ann).create(1)
    expect(await store.repository.get(ann, idNumber(1))).toStrictEqual(task)
  })

  test('may write lists if it could write tasks', async () => {
    await apply(await withFiles((files) => files.slice(0, 1)))
    await sql.unsafe(
      `grant select, insert, update, delete on tasks, owners, remembered_calls to ${role}`,
    )
    await apply()
    const caller = createCaller(unprivileged.repository, ann)
    const list = await caller.createList(1)
    await caller.add(1, { list_id: listId(1) })
    await caller.patchList(1, { name: 'other' })
    expect(await store.repository.getList(ann, listId(1))).toMatchObject({
      ...list,
      name: 'other',
      version: 2,
      updated_at: expect.any(String),
    })
  })

  test('fails with the error of PostgreSQL when files are pending', async () => {
    await expect(apply(unprivileged.migrations)).rejects.toThrow('permission denied')
  })
})
