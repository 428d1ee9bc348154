import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { MANY } from '../../adapters/sqlite/owner-tasks.ts'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { migrate } from '../../app/migrations.ts'
import { searchFor } from '../../core/search.ts'
import { createCaller, TOP } from '../conformance/stores/caller.ts'
import { ann, bob, idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { sweepAll } from '../conformance/stores/maintenance.ts'
import { temporaryFile } from './files.ts'

const INSERT = `
  insert into tasks (user_id, id, text, completed, created_at, updated_at, completed_at)
  values (?, ?, ?, ?, ?, ?, ?)`

test('a file of the first version keeps its tasks, and they get an order, a feed and words', async () => {
  await using file = await temporaryFile()
  const store = openSqlite({ path: file.path, timeoutMs: 5000 })
  const { migrations } = store
  await migrate({ ...migrations, files: migrations.files.slice(0, 1) }, () => {})
  using other = new Database(file.path)
  // 3 and 4 are of the same moment; the ids of the others do not rise with time.
  for (const [owner, n, at] of [
    [ann, 1, 30],
    [ann, 2, 10],
    [ann, 3, 20],
    [ann, 4, 20],
    ...Array.from({ length: MANY + 1 }, (_, n) => [bob, n, n] as const),
  ] as const)
    other.run(INSERT, [owner, idNumber(n), `Task ${n}`, 1, second(at), second(at), second(at)])
  await migrate(migrations, () => {})

  const tasks = createCaller(store.repository, ann)
  const page = await tasks.list()
  expect(page.count).toBe(4)
  expect(page.revision).toMatch(/^[0-9a-f]{8}\.0$/)
  expect(page.tasks).toStrictEqual(
    [1, 4, 3, 2].map((n, place) => {
      const at = second({ 1: 30, 2: 10 }[n] ?? 20)
      const times = { created_at: at, completed_at: at }
      return taskNumber(n, { text: `Task ${n}`, completed: true, order: place * 1024, ...times })
    }),
  )
  expect(await tasks.inOrder()).toStrictEqual([1, 4, 3, 2])
  // Bob has enough tasks for indexes.
  const others = createCaller(store.repository, bob)
  for (const sort of ['-created_at', '-updated_at', 'order'] as const)
    expect(await others.numbers({ sort, limit: 2 })).toStrictEqual([MANY, MANY - 1])
  expect(await others.list()).toMatchObject({ count: MANY + 1 })
  expect((await others.changes(null, 1))?.hasMore).toBe(true)

  const snapshot = await tasks.changes(null)
  expect(snapshot?.changes).toHaveLength(4)
  await tasks.create(5, 'new')
  await tasks.patch(2, { text: 'changed before its words were found' })
  await tasks.move(3, TOP)
  await tasks.erase(4)
  expect((await tasks.changes(snapshot?.next ?? null))?.changes).toHaveLength(4)
  expect(await tasks.inOrder()).toStrictEqual([3, 5, 1, 2])

  await sweepAll(store.upkeep, {})
  expect(await tasks.numbers({ search: searchFor('tas') })).toStrictEqual([1, 3])
  expect(await tasks.numbers({ search: searchFor('changed words') })).toStrictEqual([2])
  expect(await tasks.numbers({ search: searchFor('new') })).toStrictEqual([5])
  await store.close()
})
