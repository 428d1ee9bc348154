import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { MigrationError, migrate, migrationStatus } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  path = join(directory, 'deep', 'er', 'tasks.db')
})

afterEach(() => rm(directory, { recursive: true }))

async function openMigrated(timeoutMs = 2000) {
  const store = openSqlite({ path, timeoutMs })
  await migrate(store.migrations, () => {})
  return { ...store, tasks: createCaller(store.repository, ann) }
}

test('the file is durable, in WAL mode, and made where it is missing', async () => {
  const store = await openMigrated()
  await store.ping()
  await store.tasks.create(1)
  const reader = new Database(path, { readonly: true })
  expect(reader.query('pragma journal_mode').get()).toStrictEqual({ journal_mode: 'wal' })
  expect(reader.query('select count(*) as rows from tasks').get()).toStrictEqual({ rows: 1 })
  reader.close()
  await store.close()
})

test('tasks are there after closing and opening again', async () => {
  const first = await openMigrated()
  await first.tasks.create(1)
  const before = await first.tasks.list()
  await first.close()
  const second = await openMigrated()
  expect(before.tasks).toHaveLength(1)
  expect(await second.tasks.list()).toStrictEqual(before)
  await second.close()
})

describe('while another process holds the lock', () => {
  test('a write waits for it', async () => {
    const store = await openMigrated()
    const other = new Database(path)
    other.run('begin immediate')
    const writes = [store.tasks.create(1), store.tasks.create(2)]
    expect(await store.tasks.numbers()).toStrictEqual([])
    other.run('commit')
    await Promise.all(writes)
    expect(await store.tasks.numbers()).toStrictEqual([2, 1])
    other.close()
    await store.close()
  })

  test('a write that waits too long is unavailable, and nothing of it is done', async () => {
    const store = await openMigrated(50)
    const other = new Database(path)
    other.run('begin immediate')
    await expect(store.tasks.create(1)).rejects.toMatchObject({
      name: 'TaskportError',
      code: 'unavailable',
    })
    other.run('rollback')
    await store.tasks.create(2)
    expect(await store.tasks.numbers()).toStrictEqual([2])
    other.close()
    await store.close()
  })
})

test('a statement of ours that is wrong is a fault, not an outage', async () => {
  const store = openSqlite({ path, timeoutMs: 50 })
  await expect(createCaller(store.repository, ann).list()).rejects.toThrow('no such table')
  await store.close()
})

test('a file that is no database is unavailable', async () => {
  await Bun.write(path, 'This is a text, and a long one, so that nobody takes it for a database.')
  const store = openSqlite({ path, timeoutMs: 50 })
  await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
  await rm(path)
  await store.ping()
  await store.close()
})

describe('migrations', () => {
  test('apply once, in order, and say so', async () => {
    const { migrations, close } = openSqlite({ path, timeoutMs: 2000 })
    expect((await migrationStatus(migrations)).map(({ state }) => state)).toStrictEqual([
      'pending',
      'pending',
      'pending',
    ])
    const applied: string[] = []
    await migrate(migrations, (name) => applied.push(name))
    await migrate(migrations, (name) => applied.push(name))
    expect(applied).toStrictEqual(['0001_tasks.sql', '0002_feeds.sql', '0003_words_of_many.sql'])
    expect((await migrationStatus(migrations)).map(({ state }) => state)).toStrictEqual([
      'applied',
      'applied',
      'applied',
    ])
    await close()
  })

  test('that ran and were changed since are refused, and nothing else runs', async () => {
    const { migrations, close } = openSqlite({ path, timeoutMs: 2000 })
    await migrate(migrations, () => {})
    const files = [
      ...migrations.files.map((file) => ({ ...file, sql: `${file.sql}-- changed` })),
      { name: '9999_more.sql', sql: 'create table more (id integer)' },
    ]
    const attempt = migrate({ ...migrations, files }, () => {})
    expect(attempt).rejects.toThrow(MigrationError)
    expect(attempt).rejects.toThrow('0001_tasks.sql was changed after it was applied')
    await attempt.catch(() => {})
    const reader = new Database(path, { readonly: true })
    expect(reader.query("select 1 from sqlite_schema where name = 'more'").get()).toBeNull()
    reader.close()
    await close()
  })

  test('that fail leave nothing, and those before them stay', async () => {
    const { migrations, close } = openSqlite({ path, timeoutMs: 2000 })
    const files = [
      ...migrations.files,
      {
        name: '9999_more.sql',
        sql: 'create table more (id integer); insert into nowhere values (1)',
      },
    ]
    const attempt = migrate({ ...migrations, files }, () => {})
    expect(attempt).rejects.toThrow('no such table: nowhere')
    await attempt.catch(() => {})
    expect(
      (await migrationStatus({ ...migrations, files })).map(({ state }) => state),
    ).toStrictEqual(['applied', 'applied', 'applied', 'pending'])
    const reader = new Database(path, { readonly: true })
    expect(reader.query("select 1 from sqlite_schema where name = 'more'").get()).toBeNull()
    reader.close()
    await close()
  })

  test('of a newer version do not stop an older one', async () => {
    const { migrations, close } = openSqlite({ path, timeoutMs: 2000 })
    const newer = [
      ...migrations.files,
      { name: '9999_more.sql', sql: 'create table more (id integer)' },
    ]
    await migrate({ ...migrations, files: newer }, () => {})
    const applied: string[] = []
    await migrate(migrations, (name) => applied.push(name))
    expect(applied).toStrictEqual([])
    await close()
  })

  test('by ten processes at once run once', async () => {
    const main = join(import.meta.dir, '../../app/main.ts')
    const outputs = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const migrating = Bun.spawn([process.execPath, main, 'migrate'], {
          env: { DATABASE_URL: `sqlite:${path}` },
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
    const { files } = openSqlite({ path, timeoutMs: 1 }).migrations
    expect(applied.sort()).toEqual(files.map(({ name }) => `applied  ${name}`))
  }, 30_000)
})
