import { beforeEach, describe, expect, test } from 'bun:test'
import { searchFor } from '../../../core/search.ts'
import { restoreTask, trashTask } from '../../../core/task-changes.ts'
import {
  before,
  type Caller,
  createCaller,
  NO_NEIGHBOUR,
  NOT_FOUND,
  TOP,
  writing,
} from './caller.ts'
import { ann, openForEach, type StoreUnderTest, second } from './store.ts'

/** How a `TaskRepository` handles deleted tasks. */
export function describeTrash(store: StoreUnderTest): void {
  describe(`trash on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3]) await tasks.create(n)
    })

    test('hides a deleted task everywhere but in the trash', async () => {
      const task = await tasks.patch(2, { completed: true })
      await tasks.remove(2, second(50))
      expect(await tasks.get(2)).toBeNull()
      expect(await tasks.numbers()).toStrictEqual([3, 1])
      expect(await tasks.inOrder()).toStrictEqual([3, 1])
      expect(await tasks.numbers({ completed: true })).toStrictEqual([])
      expect(await tasks.list()).toMatchObject({ count: 2 })
      expect(await tasks.list({ deleted: true })).toMatchObject({
        tasks: [trashTask(task, second(50))],
        count: 1,
        next: null,
      })
      expect(await tasks.trash()).toStrictEqual([trashTask(task, second(50))])
    })

    test('neither changes, moves nor deletes a task in the trash', async () => {
      await tasks.remove(2)
      const trash = await tasks.trash()
      expect(await tasks.one(writing.patch(2, { text: 'new' }))).toStrictEqual(NOT_FOUND)
      expect(await tasks.one(writing.patch(2, {}))).toStrictEqual(NOT_FOUND)
      expect(await tasks.one(writing.move(2, TOP))).toStrictEqual(NOT_FOUND)
      expect(await tasks.one(writing.remove(2))).toStrictEqual(NOT_FOUND)
      expect(await tasks.trash()).toStrictEqual(trash)
    })

    test('restores a task as it was, at its old position, with a new version', async () => {
      const task = await tasks.patch(2, { completed: true })
      await tasks.remove(2, second(50))
      const trashed = trashTask(task, second(50))
      const restored = restoreTask(trashed, second(60))
      expect(await tasks.one(writing.restore(2), second(60))).toStrictEqual({
        kind: 'done',
        task: restored,
      })
      expect(await tasks.get(2)).toStrictEqual(restored)
      expect(restored).toMatchObject({ version: 4, completed_at: task.completed_at })
      expect(await tasks.inOrder()).toStrictEqual([3, 2, 1])
      expect(await tasks.trash()).toStrictEqual([])
      expect(await tasks.list()).toMatchObject({ count: 3 })
    })

    test('never moves the time of a change back', async () => {
      const task = await tasks.patch(2, { text: 'new' }, second(100))
      await tasks.remove(2, second(50))
      expect(await tasks.trash()).toStrictEqual([trashTask(task, second(100))])
      expect(await tasks.one(writing.restore(2), second(60))).toMatchObject({
        task: { updated_at: second(100) },
      })
    })

    test('deletes permanently, from the trash and from outside', async () => {
      await tasks.erase(1)
      await tasks.remove(2)
      await tasks.erase(2)
      for (const n of [1, 2]) {
        expect(await tasks.get(n)).toBeNull()
        for (const write of [
          writing.restore(n),
          writing.erase(n),
          writing.remove(n),
          writing.patch(n, {}),
          writing.move(n, TOP),
        ])
          expect(await tasks.one(write)).toStrictEqual(NOT_FOUND)
        expect(await tasks.one(writing.move(3, before(n)))).toStrictEqual(NO_NEIGHBOUR)
      }
      expect(await tasks.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
      expect(await tasks.list()).toMatchObject({ count: 1 })
      expect(await tasks.inOrder()).toStrictEqual([3])
    })

    test('does not find a permanently deleted task by its text', async () => {
      await tasks.create(4, 'secret')
      await tasks.erase(4)
      const search = searchFor('SECRET')
      expect(await tasks.list({ search })).toMatchObject({ tasks: [], count: 0 })
      expect(await tasks.list({ search, deleted: true })).toMatchObject({ tasks: [], count: 0 })
    })

    test('sorts, filters, searches and pages the trash', async () => {
      await tasks.patch(1, { text: 'milk', completed: true })
      for (const n of [3, 1, 2]) await tasks.remove(n)
      expect(await tasks.numbers({ deleted: true })).toStrictEqual([3, 2, 1])
      expect(await tasks.numbers({ deleted: true, sort: '-updated_at' })).toStrictEqual([2, 1, 3])
      expect(await tasks.numbers({ deleted: true, sort: 'order' })).toStrictEqual([3, 2, 1])
      expect(await tasks.numbers({ deleted: true, completed: true })).toStrictEqual([1])
      const search = searchFor('MIL')
      expect(await tasks.list({ deleted: true, search })).toMatchObject({ count: 1 })
      const page = await tasks.list({ deleted: true, limit: 2 })
      expect(page.count).toBe(3)
      expect(await tasks.numbers({ deleted: true, limit: 2, after: page.next })).toStrictEqual([1])
      expect(await tasks.list()).toMatchObject({ tasks: [], count: 0 })
    })

    test('puts a new task above those in the trash', async () => {
      await tasks.remove(3)
      await tasks.create(4)
      await tasks.restore(3)
      expect(await tasks.inOrder()).toStrictEqual([4, 3, 2, 1])
    })
  })
}
