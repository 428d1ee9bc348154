import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskArchive } from '../../../core/ports.ts'
import { compareBy } from '../../../core/sorting.ts'
import { byKey, MANY, numbers, readAll } from './archive-items.ts'
import { describeArchivedLists } from './archived-lists.ts'
import { type Caller, createCaller } from './caller.ts'
import { describeImportedTasks } from './imported-tasks.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  listId,
  openForEach,
  owned,
  ownerNamed,
  type StoreUnderTest,
  second,
  taskNumber,
} from './store.ts'
import { TEXTS } from './texts.ts'

/** The behaviour of every `TaskArchive`. */
export function describeTaskArchive(store: StoreUnderTest<DurableStore>): void {
  describeImportedTasks(store)
  describeArchivedLists(store)

  describe(`TaskArchive on ${store.name}`, () => {
    const opened = openForEach(store)
    let archive: TaskArchive
    let tasks: Caller
    let others: Caller

    beforeEach(() => {
      archive = opened().archive
      tasks = createCaller(opened().repository, ann)
      others = createCaller(opened().repository, bob)
    })

    test('is empty when there are no tasks', async () => {
      expect(await readAll(archive, null)).toStrictEqual([])
      expect(await readAll(archive, ann)).toStrictEqual([])
      expect(await archive.add([])).toBe(0)
    })

    test('adds tasks as they are', async () => {
      const added = [
        taskNumber(1, {
          id: '7b2c4f8e-1f7c-4a53-9a0d-3f1c2d5e6b70',
          created_at: second(5),
          order: 5,
        }),
        taskNumber(2, {
          completed: true,
          order: -2_147_483_648,
          version: 7,
          created_at: '2024-02-29T23:59:59.999Z',
          updated_at: '2026-01-31T00:00:00.001Z',
          completed_at: '2026-01-31T00:00:00.100Z',
        }),
        taskNumber(3, { completed: true, order: 2_147_483_647, version: 2_147_483_646 }),
        taskNumber(4, { created_at: '0001-01-01T00:00:00.000Z' }),
      ]
      const trashed = taskNumber(5, { deleted_at: second(9), updated_at: second(9), version: 2 })
      expect(await archive.add(owned(ann, [...added, trashed]))).toBe(5)
      expect((await tasks.list()).tasks).toStrictEqual(added.toSorted(compareBy('-created_at')))
      expect((await tasks.list({ sort: 'order' })).tasks).toStrictEqual(
        added.toSorted(compareBy('order')),
      )
      expect(await tasks.list()).toMatchObject({ count: 4 })
      expect(await tasks.trash()).toStrictEqual([trashed])
      expect(await others.list()).toMatchObject({ tasks: [], count: 0 })
    })

    test('reads what the repository has, its members in order', async () => {
      await tasks.create(1)
      await tasks.patch(1, { completed: true })
      await tasks.create(2)
      await tasks.remove(2)
      await tasks.create(3)
      await tasks.erase(3)
      const [trashed] = await tasks.trash()
      const expected = [await tasks.get(1), trashed].map((task) => ({ user_id: ann, ...task }))
      expect(JSON.stringify(await archive.read('tasks', null, null))).toBe(JSON.stringify(expected))
      expect(JSON.stringify(await archive.read('tasks', ann, null))).toBe(JSON.stringify(expected))
    })

    test('adds nothing of a call with a task that has an impossible schedule', async () => {
      const good = owned(ann, [taskNumber(1)])
      const wrong = owned(ann, [taskNumber(2, { time_zone: 'Europe/Berlin' })])
      const error = await archive.add([...good, ...wrong]).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'invalid',
        details: [`task ${idNumber(2)}: time_zone: needs a due with a time of day`],
      })
      expect(await readAll(archive, ann)).toStrictEqual([])
    })

    test('reproduces an owner from what was read', async () => {
      for (const n of [1, 2, 3, 4]) await tasks.create(n)
      await tasks.patch(2, { completed: true })
      await tasks.remove(3)
      await tasks.erase(4)
      await tasks.createList(1)
      await tasks.add(5, { list_id: listId(1), description: 'long', tags: ['home'] })
      await tasks.add(6, { parent_id: idNumber(5) })
      const stateOf = async (caller: Caller) => [
        (await caller.list({ sort: 'order' })).tasks,
        await caller.trash(),
        await caller.lists(),
      ]
      const read = await readAll(archive, ann)
      const original = await stateOf(tasks)
      await archive.add(read.map((item) => ({ ...item, user_id: bob })))
      const copy = await stateOf(others)
      expect(copy).toStrictEqual(original)
    })

    test.each(TEXTS)('keeps the text unchanged: %s', async (_, text) => {
      await archive.add(owned(ann, [taskNumber(1, { text })]))
      expect((await tasks.get(1))?.text).toBe(text)
      expect(await archive.read('tasks', null, null)).toMatchObject([{ text }])
    })

    test('reads every task once over several pages', async () => {
      const names = ['Ann', 'ann', 'ann ', 'bob', 'é', '😀'.repeat(255)]
      const added = names.flatMap((name, n) =>
        owned(ownerNamed(name), numbers(name === 'ann' ? MANY : n, MANY)),
      )
      expect(await archive.add(added.toReversed())).toBe(added.length)
      const read = await readAll(archive, null)
      expect(new Set(read.map(({ user_id }) => user_id)).size).toBe(5)
      expect(read.toSorted(byKey)).toStrictEqual(added.toSorted(byKey))
      for (const name of names)
        expect(read.filter(({ user_id }) => user_id === name)).toStrictEqual(
          added.filter(({ user_id }) => user_id === name),
        )
    })

    test('reads only the tasks of one owner', async () => {
      const ofAnn = owned(ann, numbers(MANY, 0))
      await archive.add([...ofAnn, ...owned(bob, numbers(MANY, 0))])
      expect(await readAll(archive, ann)).toStrictEqual(ofAnn)
      const at = { user_id: bob, id: idNumber(MANY - 2) }
      expect(await archive.read('tasks', ann, at)).toHaveLength(1)
      expect(await readAll(archive, ownerNamed('cyd'))).toStrictEqual([])
    })

    test('skips tasks that exist, changed or in the trash', async () => {
      const added = owned(ann, numbers(4, 0))
      await archive.add(added.slice(0, 3))
      const changed = await tasks.patch(0, { text: 'changed' })
      await tasks.remove(1)
      const trash = await tasks.trash()
      expect(await archive.add(added)).toBe(1)
      const revision = await tasks.revision()
      expect(await archive.add(added)).toBe(0)
      expect(await tasks.revision()).toBe(revision)
      expect(await tasks.get(0)).toStrictEqual(changed)
      expect(await tasks.trash()).toStrictEqual(trash)
      expect(await tasks.list()).toMatchObject({ count: 3 })
    })

    test('adds one id once per owner', async () => {
      const task = taskNumber(1)
      const twice = [...owned(ann, [task]), ...owned(ann, [task]), ...owned(bob, [task])]
      expect(await archive.add(twice)).toBe(2)
      expect(await others.get(1)).toStrictEqual(task)
      expect(await tasks.list()).toMatchObject({ tasks: [task], count: 1 })
    })

    test('adds nothing when a call fails', async () => {
      await tasks.create(7)
      const earlier = [await tasks.list(), await tasks.changes(null)]
      const added = owned(ann, numbers(3, 0))
      const invalid = Object.assign({}, added[1], { id: idNumber(9), text: null })
      const failed = await archive.add([...added, invalid]).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(Error)
      expect([await tasks.list(), await tasks.changes(null)]).toStrictEqual(earlier)
    })

    test('adds each task once when calls race', async () => {
      const added = owned(ann, numbers(100, 0))
      const counts = await Promise.all(Array.from({ length: 10 }, () => archive.add(added)))
      expect(counts.reduce((sum, count) => sum + count)).toBe(100)
      expect((await tasks.list()).tasks).toHaveLength(100)
      expect((await tasks.list()).count).toBe(100)
    })
  })
}
