import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  path = join(directory, 'deep', 'er', 'tasks.db')
})

afterEach(() => rm(directory, { recursive: true }))

function open(timeoutMs = 2000) {
  return openSqlite({ path, timeoutMs, newEpoch })
}

async function openMigrated(timeoutMs = 2000) {
  const store = open(timeoutMs)
  await migrate(store.migrations, () => {})
  return { ...store, tasks: createCaller(store.repository, ann) }
}

test('creates the file and its directories in WAL mode when they are missing', async () => {
  const store = await openMigrated()
  await store.ping()
  await store.tasks.create(1)
  const reader = new Database(path, { readonly: true })
  expect(reader.query('pragma journal_mode').get()).toStrictEqual({ journal_mode: 'wal' })
  expect(reader.query('select count(*) as rows from tasks').get()).toStrictEqual({ rows: 1 })
  reader.close()
  await store.close()
})

test('keeps tasks when it is closed and opened again', async () => {
  const first = await openMigrated()
  await first.tasks.create(1)
  const before = await first.tasks.list()
  await first.close()
  const second = await openMigrated()
  expect(before.tasks).toHaveLength(1)
  expect(await second.tasks.list()).toStrictEqual(before)
  await second.close()
})

describe('when another process holds the lock', () => {
  test('waits with writes, and reads meanwhile', async () => {
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

  test('rejects a write with unavailable when it has waited too long, and stores nothing of it', async () => {
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

test('rejects with the error of SQLite, and the name of the file, when a statement is wrong', async () => {
  const store = open(50)
  const tasks = createCaller(store.repository, ann)
  const message = `no such table: owners (in ${path})`
  await expect(tasks.list()).rejects.toThrow(message)
  await expect(tasks.create(1)).rejects.toThrow(message)
  await store.close()
})

test('rejects with unavailable when the file is not a database', async () => {
  await Bun.write(path, 'A text that is longer than the header of a database, and is not one.')
  const store = open(50)
  await expect(store.ping()).rejects.toMatchObject({
    code: 'unavailable',
    message: `The SQLite file ${path} cannot be used`,
    cause: { message: 'file is not a database' },
  })
  await rm(path)
  await store.ping()
  await store.close()
})
