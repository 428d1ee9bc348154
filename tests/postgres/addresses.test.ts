import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, second } from '../conformance/stores/store.ts'
import { testConfig } from '../support/config.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import { createCounter } from './load.ts'

setDefaultTimeout(30_000)

let cluster: PostgresCluster
let database: TestDatabase
let administrator: postgres.Sql
const opened: ReturnType<typeof openPostgres>[] = []

beforeAll(async () => {
  cluster = await startCluster({ durable: false })
})

afterAll(() => cluster.remove())

beforeEach(async () => {
  database = await cluster.createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()))
  await administrator.end()
  await database.drop()
})

function open(url: string) {
  const { database } = testConfig({ DATABASE_URL: url })
  const store = openPostgres({
    url: database.kind === 'postgres' ? database.url : expect.unreachable(),
    directUrl: null,
    poolMax: 3,
    timeoutMs: 5000,
    prepare: 'auto',
    newEpoch,
  })
  opened.push(store)
  return { ...store, ann: createCaller(store.repository, ann) }
}

async function openMigrated(url: string) {
  const store = open(url)
  await migrate(store.migrations, () => {})
  return store
}

function withParameters(parameters: Record<string, string>, url = database.url): string {
  return `${url}?${new URLSearchParams(parameters)}`
}

/** The message of the error that ends the start of a service. */
async function refusal(url: string): Promise<string> {
  const error = await migrate(open(url).migrations, () => {}).catch((thrown) => thrown)
  expect(error).toMatchObject({ name: 'OperatorError' })
  return error.message
}

async function tables(): Promise<string[]> {
  const rows = await administrator<{ name: string }[]>`
    select schemaname || '.' || tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by name`
  return rows.map(({ name }) => name)
}

const tablesIn = (schema: string) =>
  ['api_tokens', 'lists', 'owners', 'remembered_calls', 'taskport_migrations', 'tasks'].map(
    (name) => `${schema}.${name}`,
  )

test.each([
  (socket: string, { pathname }: URL) => `postgres://taskport:secret@${pathname}?host=${socket}`,
  (socket: string, { pathname }: URL) =>
    `postgresql+asyncpg://taskport:secret@${encodeURIComponent(socket)}${pathname}?x=y`,
])('connects through a Unix socket', async (urlOf) => {
  const url = urlOf(cluster.socketDirectory, new URL(database.url))
  const { ann } = await openMigrated(`${url}&port=${cluster.port}&application_name=socket`)
  expect(await ann.create(1)).toMatchObject({ version: 1 })
  const [row] = await administrator`
    select client_addr from pg_stat_activity where application_name = 'socket' limit 1`
  expect(row).toStrictEqual({ client_addr: null })
})

test.each(['SQL_ASCII', 'LATIN1'])('refuses a database in %s', async (encoding) => {
  const name = `in_${encoding.toLowerCase()}`
  await administrator.unsafe(`create database ${name} encoding '${encoding}' template template0`)
  const url = new URL(database.url)
  url.pathname = name
  expect(await refusal(url.href)).toStartWith(
    `DATABASE_URL: The database "${name}" has the encoding ${encoding}, but must have UTF8.`,
  )
})

test('refuses a database that cannot be used even if there is another server', async () => {
  const url = withParameters({ host: '127.0.0.1,localhost', options: '-c array_nulls=off' })
  expect(await refusal(url)).toContain('array_nulls = off, but must have it on')
})

test('connects through the second of two Unix sockets', async () => {
  const { pathname } = new URL(database.url)
  const hosts = `/nowhere,${cluster.socketDirectory}`
  const { ann } = await openMigrated(
    `postgres://taskport:secret@${pathname}?host=${hosts}&port=${cluster.port}`,
  )
  expect(await ann.create(1)).toMatchObject({ version: 1 })
})

test('depends on no default of the session', async () => {
  const [{ name } = expect.unreachable()] = await administrator<{ name: string }[]>`
    select current_database() as name`
  for (const setting of [
    'standard_conforming_strings = off',
    'escape_string_warning = off',
    "datestyle = 'SQL, DMY'",
    'intervalstyle = sql_standard',
    "timezone = 'Asia/Kolkata'",
    'bytea_output = escape',
    'client_encoding = latin1',
    'transform_null_equals = on',
    'quote_all_identifiers = on',
    'extra_float_digits = -15',
    'default_transaction_isolation = serializable',
    'default_transaction_deferrable = on',
    'check_function_bodies = off',
    'enable_indexscan = off',
    `lc_messages = 'C'`,
  ])
    await administrator.unsafe(`alter database ${name} set ${setting}`)
  const store = open(database.url)
  await migrate(store.migrations, () => {}, { foreignWriters: true })
  const { ann } = store
  const text = `it's 100 % \\ "quoted" {a,b} 天気 🎉 null`
  await ann.create(1, text)
  await ann.create(2, 'null')
  await ann.patch(1, { completed: true })
  await ann.move(1, { to: 'top' })
  await ann.remove(2)
  expect(await ann.list({ search: ['天気'] })).toMatchObject({ tasks: [{ text }], count: 1 })
  expect(await ann.list({ sort: 'order' })).toMatchObject({ tasks: [{ text, completed: true }] })
  expect(await ann.trash()).toMatchObject([{ text: 'null' }])
  expect((await ann.changes(null))?.changes).toHaveLength(1)
  expect(await ann.get(1)).toMatchObject({ created_at: second(0) })

  // Serializable transactions clash more often.
  const others = Array.from({ length: 20 }, (_, n) => ann.create(10 + n))
  await Promise.all([...others, ...others.map(() => ann.list())])
  expect((await ann.list()).count).toBe(21)

  const other = postgres(database.url, { max: 1, fetch_types: false })
  await other`insert into tasks (id, user_id, text) values (gen_random_uuid(), 'ann', 'theirs')`
  await other.end()
  while (
    await store.maintenance.run({
      deleted: '2000-01-01T00:00:00.000Z',
      retries: '2000-01-01T00:00:00.000Z',
    })
  );
  expect((await ann.list({ search: ['theirs'] })).count).toBe(1)
})

test('refuses a database with array_nulls = off', async () => {
  const url = withParameters({ options: '-c array_nulls=off' })
  expect(await refusal(url)).toContain('array_nulls = off, but must have it on')
})

test.each<[string, Record<string, string>]>([
  ['search_path', { search_path: 'app' }],
  ['options', { options: '-c search_path=app' }],
])('keeps everything in the schema that %s names', async (_, parameters) => {
  await administrator`create schema app`
  const inPublic = await openMigrated(database.url)
  await inPublic.ann.create(1, 'public')
  const url = withParameters(parameters)
  const [store, other] = [await openMigrated(url), open(url)]
  expect(await tables()).toStrictEqual([...tablesIn('app'), ...tablesIn('public')])
  expect((await store.ann.list()).count).toBe(0)

  const { count, more } = createCounter()
  const first = more(1)
  other.watch.watch(ann, count)
  await first
  const reported = more(1)
  await store.ann.create(2, 'app')
  await reported
  expect(await other.ann.list()).toMatchObject({ tasks: [{ text: 'app' }], count: 1 })
  expect(await inPublic.ann.list()).toMatchObject({ tasks: [{ text: 'public' }], count: 1 })
})

test('installs the triggers for foreign writers in the schema that search_path names', async () => {
  await administrator`create schema app`
  const store = open(withParameters({ search_path: 'app' }))
  await migrate(store.migrations, () => {}, { foreignWriters: true })
  await administrator`
    insert into app.tasks (id, user_id, text) values (gen_random_uuid(), 'bob', 'theirs')`
  const list = await createCaller(store.repository, bob).list()
  expect(list).toMatchObject({ tasks: [{ text: 'theirs' }], count: 1 })
  expect(await tables()).toStrictEqual(tablesIn('app'))
})

test('takes over a table of the Python service in the schema that search_path names', async () => {
  await administrator.unsafe(`
    create schema app;
    create table public.tasks (note text);
    create table app.tasks (
      id uuid primary key, user_id varchar(255) not null, text varchar(500) not null,
      completed boolean not null, "order" integer not null, created_at timestamptz not null,
      updated_at timestamptz not null, completed_at timestamptz);
    insert into app.tasks values (gen_random_uuid(), 'ann', 'old', false, 0, now(), now(), null)`)
  const { ann } = await openMigrated(withParameters({ search_path: 'app' }))
  expect(await ann.list()).toMatchObject({ tasks: [{ text: 'old' }], count: 1 })
  expect(await tables()).toStrictEqual([...tablesIn('app'), 'public.tasks'])
})

test.each<[string, Record<string, string>, string]>([
  ['a schema that does not exist', { search_path: 'nowhere' }, 'names no schema that exists'],
  ['a schema name that is not quoted', { search_path: 'my app' }, 'The server refuses the conn'],
  ['an unknown setting', { options: '-c no_such_setting=1' }, 'no_such_setting'],
])('refuses %s', async (_, parameters, words) => {
  expect(await refusal(withParameters(parameters))).toContain(words)
})

test('accepts a quoted schema name', async () => {
  await administrator`create schema "my app"`
  await openMigrated(withParameters({ search_path: '"my app"' }))
  expect(await tables()).toStrictEqual(tablesIn('my app'))
})

test('refuses a role that may not connect', async () => {
  const { pathname } = new URL(database.url)
  await administrator.unsafe(`
    create role stranger login password 'secret';
    revoke connect on database ${pathname.slice(1)} from public`)
  const url = new URL(database.url)
  url.username = 'stranger'
  expect(await refusal(url.href)).toStartWith(
    'DATABASE_URL: The server refuses the connection (permission denied for database',
  )
  await administrator`drop role stranger`
})

test('refuses to migrate with a role that may not create tables', async () => {
  await administrator`create role reader login password 'secret'`
  const url = new URL(database.url)
  url.username = 'reader'
  expect(await refusal(url.href)).toContain('The role may not migrate the database (permission')
  await administrator`drop role reader`
})
