import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { migrate } from '../../app/migrations.ts'
import { searchFor } from '../../core/search.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber, second } from '../conformance/stores/store.ts'
import { sweepAll } from '../conformance/stores/maintenance.ts'
import { temporaryFile } from './files.ts'

let file: Awaited<ReturnType<typeof temporaryFile>>

beforeEach(async () => {
  file = await temporaryFile()
})

afterEach(() => file[Symbol.asyncDispose]())

function open() {
  const store = openSqlite({ path: file.path, timeoutMs: 5000, many: 3 })
  const find = (tasks: ReturnType<typeof createCaller>, text: string) =>
    tasks.numbers({ search: searchFor(text) })
  return {
    ...store,
    ann: createCaller(store.repository, ann),
    bob: createCaller(store.repository, bob),
    find,
    [Symbol.asyncDispose]: () => store.close(),
  }
}

function wordRows(): number {
  using database = new Database(file.path)
  return database.query('select * from task_words_docsize').values().length
}

test('words of few tasks are found without being kept, and kept once they are many', async () => {
  await using store = open()
  await migrate(store.migrations, () => {})
  for (const n of [1, 2]) await store.ann.create(n, `milk ${n}`)
  await store.ann.remove(2)
  await store.ann.create(3, 'bread')
  expect(await store.find(store.ann, 'mil')).toStrictEqual([1])
  expect(wordRows()).toBe(0)

  await store.ann.create(4, 'milk 4')
  expect(wordRows()).toBe(4)
  expect(await store.find(store.ann, 'mil')).toStrictEqual([4, 1])
  await store.ann.restore(2)
  await store.ann.patch(1, { text: 'butter' })
  await store.ann.create(5, 'more milk')
  await store.ann.erase(4)
  expect(await store.find(store.ann, 'milk')).toStrictEqual([5, 2])
  expect(await store.find(store.ann, 'butter')).toStrictEqual([1])
  expect(wordRows()).toBe(4)
})

test('words that an older version has left out of its index are found by the upkeep', async () => {
  await using store = open()
  await migrate(store.migrations, () => {})
  for (const n of [1, 2]) await store.ann.create(n, `milk ${n}`)
  // What an older version does where an owner comes to have many tasks.
  using older = new Database(file.path)
  older.run('update tasks set indexed = 1 where user_id = ?', [ann])
  older.run('update feeds set indexed = 1 where user_id = ?', [ann])
  await store.ann.patch(2, { text: 'bread' })
  await sweepAll(store.upkeep, {})
  expect(await store.find(store.ann, 'milk')).toStrictEqual([1])
  expect(await store.find(store.ann, 'bread')).toStrictEqual([2])
})

test('words that an older version has kept of few tasks go on being theirs', async () => {
  await using store = open()
  const { migrations } = store
  await migrate({ ...migrations, files: migrations.files.slice(0, 2) }, () => {})
  using older = new Database(file.path)
  older.run('insert into feeds (user_id, sequence, live, added, indexed) values (?, 2, 2, 2, 0)', [
    ann,
  ])
  for (const n of [1, 2]) {
    // No words of theirs, so that one sees who is asked.
    const { lastInsertRowid } = older.run("insert into task_words (words) values ('x')")
    const at = second(n)
    older.run(
      `insert into tasks (user_id, id, text, completed, created_at, updated_at, words)
       values (?, ?, 'milk', 0, ?, ?, ?)`,
      [ann, idNumber(n), at, at, Number(lastInsertRowid)],
    )
  }
  await migrate(migrations, () => {})
  expect(await store.find(store.ann, 'milk')).toStrictEqual([2, 1])
  await store.ann.patch(1, { text: 'milk and bread' })
  await store.ann.patch(2, { text: 'butter' })
  await store.ann.create(3, 'bread')
  await store.ann.create(4, 'bread')
  expect(await store.find(store.ann, 'bread')).toStrictEqual([4, 3, 1])
  expect(await store.find(store.ann, 'butter')).toStrictEqual([2])
  expect(wordRows()).toBe(4)
  await store.ann.erase(1)
  expect(await store.find(store.ann, 'bread')).toStrictEqual([4, 3])
  expect(wordRows()).toBe(3)
})

test('words of the first version are found at once where tasks are few, and by the upkeep else', async () => {
  await using store = open()
  const { migrations } = store
  await migrate({ ...migrations, files: migrations.files.slice(0, 1) }, () => {})
  using older = new Database(file.path)
  const tasks = [1, 2].map((n) => [ann, n] as const)
  const many = Array.from({ length: 101 }, (_, n) => [bob, n] as const)
  for (const [owner, n] of [...tasks, ...many])
    older.run(
      `insert into tasks (user_id, id, text, completed, created_at, updated_at)
       values (?, ?, 'milk', 0, ?, ?)`,
      [owner, idNumber(n), second(n), second(n)],
    )
  await migrate(migrations, () => {})
  expect(await store.find(store.ann, 'milk')).toStrictEqual([2, 1])
  expect(await store.find(store.bob, 'milk')).toStrictEqual([])
  await sweepAll(store.upkeep, {})
  expect(await store.find(store.ann, 'milk')).toStrictEqual([2, 1])
  expect(await store.find(store.bob, 'milk')).toHaveLength(101)
  expect(wordRows()).toBe(101)
})
