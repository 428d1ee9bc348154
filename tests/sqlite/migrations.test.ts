import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { fileURLToPath } from 'node:url'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { type Migration, migrate, migrationStatus } from '../../app/migrations.ts'
import { OperatorError } from '../../core/errors.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, taskNumber } from '../conformance/stores/store.ts'
import { temporaryFile } from './files.ts'

const FILES = ['0001_schema.sql', '0002_task_model.sql', '0003_api_tokens.sql']
const MAIN = fileURLToPath(import.meta.resolve('../../app/main.ts'))

let file: Awaited<ReturnType<typeof temporaryFile>>
let store: ReturnType<typeof openSqlite>

beforeEach(async () => {
  file = await temporaryFile()
  store = openSqlite({ path: file.path, timeoutMs: 2000, newEpoch })
})

afterEach(async () => {
  await store.close()
  await file[Symbol.asyncDispose]()
})

/** The store's migrations with other files. */
async function withFiles(change: (files: readonly Migration[]) => readonly Migration[]) {
  const files = change(await store.migrations.files())
  return { ...store.migrations, files: async () => files }
}

function withExtra(sql: string) {
  return withFiles((files) => [...files, { name: '9999_extra.sql', sql }])
}

async function apply(
  migrations: Parameters<typeof migrate>[0] = store.migrations,
): Promise<string[]> {
  const applied: string[] = []
  await migrate(migrations, (name) => applied.push(name))
  return applied
}

function hasExtraTable(): boolean {
  using reader = new Database(file.path, { readonly: true })
  return reader.query("select 1 from sqlite_schema where name = 'extra'").get() !== null
}

test('applies each file once, in order, and reports its state', async () => {
  const states = async () => (await migrationStatus(store.migrations)).map(({ state }) => state)
  expect(await states()).toStrictEqual(FILES.map(() => 'pending' as const))
  expect(await apply()).toStrictEqual(FILES)
  expect(await apply()).toStrictEqual([])
  expect(await states()).toStrictEqual(FILES.map(() => 'applied' as const))
})

test('refuses to continue when an applied file was changed, and applies nothing', async () => {
  await apply()
  const changed = await withFiles((files) => [
    ...files.map(({ name, sql }) => ({ name, sql: `${sql}-- changed` })),
    { name: '9999_extra.sql', sql: 'create table extra (id integer)' },
  ])
  const error = await apply(changed).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(OperatorError)
  expect(`${error}`).toContain('0001_schema.sql was changed after it was applied')
  expect(hasExtraTable()).toBe(false)
})

test('leaves nothing of a file that fails, and keeps those before it', async () => {
  const broken = await withExtra('create table extra (id integer); insert into nowhere values (1)')
  await expect(apply(broken)).rejects.toThrow('no such table: nowhere')
  expect((await migrationStatus(broken)).map(({ state }) => state)).toStrictEqual([
    ...FILES.map(() => 'applied' as const),
    'pending',
  ])
  expect(hasExtraTable()).toBe(false)
  expect(await apply(await withExtra('create table extra (id integer)'))).toStrictEqual([
    '9999_extra.sql',
  ])
  expect(hasExtraTable()).toBe(true)
})

test('does nothing when a newer version has applied more files', async () => {
  await apply(await withExtra('create table extra (id integer)'))
  expect(await apply()).toStrictEqual([])
})

test('applies each file once when ten processes migrate at once', async () => {
  const outputs = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const migrating = Bun.spawn([process.execPath, MAIN, 'migrate'], {
        env: { DATABASE_URL: `sqlite:${file.path}` },
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const output = (await migrating.stdout.text()) + (await migrating.stderr.text())
      expect(output).toMatch(/^(applied|Nothing to do)/)
      expect(await migrating.exited).toBe(0)
      return output
    }),
  )
  const applied = outputs
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('applied'))
  expect(applied).toStrictEqual(FILES.map((name) => `applied  ${name}`))
}, 30_000)

test('refuses the database of a development version, and says what to do', async () => {
  using database = new Database(file.path)
  database.run(`
    create table taskport_migrations (name text primary key, checksum text not null, applied_at text);
    insert into taskport_migrations values ('0001_tasks.sql', 'x', 'y')`)
  const error = await apply().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(OperatorError)
  expect(`${error}`).toContain('development version')
  expect(`${error}`).toContain('taskport export')
  expect(database.query('select name from sqlite_schema where type = ?').values('table')).toEqual([
    ['taskport_migrations'],
  ])
})

test('keeps the rows of a database that has only the first file, as tasks without other members', async () => {
  const first = await withFiles((files) => files.slice(0, 1))
  expect(await apply(first)).toStrictEqual(FILES.slice(0, 1))
  using database = new Database(file.path)
  const { text, completed, order, version, created_at, updated_at, completed_at, id } =
    taskNumber(1)
  const row = [id, text, completed, order, version, created_at, updated_at, completed_at]
  database.run(
    `insert into tasks (id, text, completed, "order", version, created_at, updated_at, completed_at,
      user_id, sequence, folded) values (?, ?, ?, ?, ?, ?, ?, ?, 'ann', 1, 'task 1')`,
    row,
  )
  database.run("insert into owners values ('ann', 'epoch', 1, 0, 1, 0)")

  expect(await apply()).toStrictEqual(FILES.slice(1))
  const tasks = createCaller(store.repository, ann)
  expect(await tasks.list({ priorities: ['none'], parent: 'none', due: 'none' })).toMatchObject({
    tasks: [taskNumber(1)],
    count: 1,
  })
  const changed = await tasks.patch(1, { tags: ['home'], description: 'at the market' })
  expect(await tasks.get(1)).toStrictEqual(changed)
  expect(await tasks.numbers({ search: ['market', 'task'], tags: ['home'] })).toStrictEqual([1])
})
