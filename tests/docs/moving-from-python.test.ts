import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import postgres from 'postgres'
import { migrate } from '../../app/migrations.ts'
import { openStore } from '../../app/store.ts'
import { EVERYTHING } from '../../core/query.ts'
import { idNumber, ownerNamed } from '../conformance/stores/store.ts'
import { createPythonTable, PYTHON_TABLES, readRows, readSchema } from '../postgres/python-table.ts'
import { testConfig } from '../support/config.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { codeIn, readPage, sectionOf } from './page.ts'

setDefaultTimeout(60_000)

const page = await readPage('docs/moving-from-python.md')
const [emptyTrash = '', goBack = ''] = codeIn(sectionOf(page, '## How to go back'), 'sql')
const asDocumented = PYTHON_TABLES[0] ?? expect.unreachable()
const owner = ownerNamed('user-7')
const now = '2026-01-31T09:30:00.000Z'

let database: TestDatabase
let sql: postgres.Sql
let store: Awaited<ReturnType<typeof openStore>>

beforeEach(async () => {
  database = await createDatabase()
  sql = postgres(database.url, { max: 1, fetch_types: false, onnotice() {} })
  await createPythonTable(sql, asDocumented)
  store = await openStore(testConfig({ DATABASE_URL: database.url }))
})

afterEach(async () => {
  await store.close()
  await sql.end()
  await database.drop()
})

async function migrateStore(): Promise<void> {
  if (store.migrations) await migrate(store.migrations, () => {})
}

/** Moves the owner's newest task to the trash. */
async function deleteNewest(): Promise<string> {
  const [task] = (await store.repository.list(owner, { ...EVERYTHING, limit: 1 })).tasks
  const id = task?.id ?? expect.unreachable()
  const one = { op: 'delete', id, versions: null, permanent: false } as const
  await store.repository.write(owner, {
    writes: [one],
    atomic: true,
    now,
    idAt: idNumber,
    retry: null,
  })
  return id
}

/** The table without dropped columns, of which PostgreSQL keeps a trace. */
async function schemaOfTable() {
  const { columns, ...others } = await readSchema(sql)
  return { ...others, columns: columns.filter(({ format_type }) => format_type !== '-') }
}

async function rows() {
  return (await readRows(sql, 'timestamptz')).map(({ order: _, ...row }) => row)
}

test('restores the table except for the order, and migrates it again, when going back for good', async () => {
  const schema = await schemaOfTable()
  const before = await rows()
  await migrateStore()
  const deleted = await deleteNewest()
  await sql.unsafe(goBack)
  expect(await schemaOfTable()).toEqual(schema)
  expect(await rows()).toEqual(before.filter(({ id }) => id !== deleted))
  const left = await sql`
    select proname as name from pg_proc where starts_with(proname, 'taskport_')
    union all select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`
  expect(left.map(({ name }) => name).sort()).toEqual(['alembic_version', 'tasks'])

  await migrateStore()
  expect((await store.repository.list(owner, EVERYTHING)).count).toBe(99)
})

test('expires cursors when the trash is emptied for the older service', async () => {
  await migrateStore()
  const page = await store.repository.changes(owner, null, 1000)
  await deleteNewest()
  await sql.unsafe(emptyTrash)
  expect([...(await sql`select 1 from tasks where deleted_at is not null`)]).toEqual([])
  expect(await store.repository.changes(owner, page?.next ?? null, 10)).toBeNull()
})

test('expires cursors when the older service deletes a row', async () => {
  await migrateStore()
  const page = await store.repository.changes(owner, null, 1000)
  await sql`delete from tasks where id in (select id from tasks where user_id = ${owner} limit 1)`
  expect(await store.repository.changes(owner, page?.next ?? null, 10)).toBeNull()
})

test('includes rows in lists and the feed when the older service writes them', async () => {
  await migrateStore()
  const page = await store.repository.changes(owner, null, 1000)
  await sql`insert into tasks (id, user_id, text) values (${idNumber(1)}, ${owner}, 'from Python')`
  const list = await store.repository.list(owner, EVERYTHING)
  expect(list).toMatchObject({
    count: 101,
    tasks: [{ text: 'from Python' }, ...list.tasks.slice(1)],
  })
  expect(await store.repository.changes(owner, page?.next ?? null, 10)).toMatchObject({
    changes: [{ type: 'upsert', task: { id: idNumber(1), text: 'from Python' } }],
  })
})
