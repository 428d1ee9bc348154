import { beforeEach, describe, expect, test } from 'bun:test'
import { searchFor } from '../../../core/search.ts'
import { type Caller, createCaller, NOT_FOUND, writing } from './caller.ts'
import {
  ann,
  bob,
  idNumber,
  listId,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
} from './store.ts'

/** How a `TaskRepository` deletes lists. */
export function describeTaskListTrash(store: StoreUnderTest): void {
  describe(`deleted task lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // List 1 has a parent (1) with two subtasks (2, 3) and a completed task (4).
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      await tasks.createList(1)
      await tasks.createList(2)
      await tasks.add(1, { list_id: listId(1) })
      await tasks.add(2, { parent_id: idNumber(1) })
      await tasks.add(3, { parent_id: idNumber(1) })
      await tasks.add(4, { list_id: listId(1) })
      await tasks.patch(4, { completed: true })
      await tasks.add(5, { list_id: listId(2) })
      await tasks.create(6)
    })

    async function trashed(): Promise<number[]> {
      return tasks.numbers({ deleted: true, sort: 'created_at' })
    }

    test('hides the list and its tasks from every read', async () => {
      await tasks.removeList(1)
      expect(await tasks.getList(1)).toBeNull()
      expect(await tasks.lists()).toMatchObject([{ id: listId(2), open: 1 }])
      expect(await tasks.list({ sort: 'created_at' })).toMatchObject({ count: 2 })
      expect(await tasks.inOrder()).toStrictEqual([6, 5])
      for (const n of [1, 2, 3, 4]) expect(await tasks.get(n)).toBeNull()
      expect(await tasks.numbers({ search: searchFor('task') })).toStrictEqual([6, 5])
      expect(await tasks.numbers({ completed: true })).toStrictEqual([])
      for (const deleted of [false, true])
        expect(await tasks.list({ list: listId(1), deleted })).toMatchObject({
          tasks: [],
          count: 0,
          unknown: ['list'],
        })
    })

    test('moves its tasks to the trash in one write', async () => {
      const position = (await tasks.changes(null))?.next ?? null
      await tasks.one(writing.removeList(1), second(60))
      expect(await trashed()).toStrictEqual([1, 2, 3, 4])
      expect(await tasks.trash()).toMatchObject(
        [4, 3, 2, 1].map(() => ({ deleted_at: second(60), list_id: listId(1) })),
      )
      const page = await tasks.changes(position)
      expect(page?.changes).toMatchObject([
        { type: 'list_deleted', id: listId(1), deleted_at: second(60) },
        ...[1, 2, 3, 4].map((n) => ({ type: 'delete', id: idNumber(n) })),
      ])
      expect(page?.next.sequence).toBe((position?.sequence ?? 0) + 1)
    })

    test('leaves the tasks that were in the trash already as they are', async () => {
      await tasks.remove(4, second(30))
      const [task] = await tasks.trash()
      await tasks.removeList(1)
      expect((await tasks.trash()).find(({ id }) => id === idNumber(4))).toStrictEqual(task)
    })

    test('restores a task into the inbox, with the subtasks that went with it', async () => {
      await tasks.removeList(1)
      expect(await tasks.restore(1)).toMatchObject({ list_id: null, parent_id: null })
      expect(await tasks.numbers({ list: 'inbox' })).toStrictEqual([6, 3, 2, 1])
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([3, 2])
      expect(await trashed()).toStrictEqual([4])
      expect(await tasks.restore(4)).toMatchObject({ list_id: null, completed: true })
    })

    test('restores a subtask alone into the inbox, without its parent', async () => {
      await tasks.removeList(1)
      expect(await tasks.restore(2)).toMatchObject({ list_id: null, parent_id: null })
      await tasks.restore(1)
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([3])
    })

    test('restores a task that was deleted before its list into the inbox', async () => {
      await tasks.remove(1)
      await tasks.removeList(1)
      await tasks.restore(1)
      expect(await tasks.existing(1)).toMatchObject({ list_id: null })
      expect(await tasks.existing(2)).toMatchObject({ list_id: null, parent_id: idNumber(1) })
    })

    test('restores a task into its list while the list exists', async () => {
      await tasks.remove(4)
      expect(await tasks.restore(4)).toMatchObject({ list_id: listId(1) })
    })

    test('erases its tasks when it is deleted permanently', async () => {
      await tasks.remove(4)
      await tasks.one(writing.removeList(1, null, true))
      for (const n of [1, 2, 3])
        expect(await tasks.one(writing.restore(n))).toStrictEqual(NOT_FOUND)
      expect(await trashed()).toStrictEqual([4])
      expect(await tasks.restore(4)).toMatchObject({ list_id: null })
      expect(await tasks.numbers()).toStrictEqual([6, 5, 4])
    })

    test('takes along the tasks that the same batch put into the list', async () => {
      await tasks.all([
        writing.create(7, 'x', { list_id: listId(1) }),
        writing.patch(6, { list_id: listId(1) }),
        writing.patch(4, { list_id: listId(2) }),
        writing.removeList(1),
        writing.restore(6),
      ])
      expect(await trashed()).toStrictEqual([1, 2, 3, 7])
      expect(await tasks.existing(6)).toMatchObject({ list_id: null })
      expect(await tasks.existing(4)).toMatchObject({ list_id: listId(2) })
    })

    test('deletes a list of hundreds of tasks in one write', async () => {
      const many = Array.from({ length: 600 }, (_, n) => 100 + n)
      const members = { list_id: listId(2) }
      await tasks.all(many.map((n) => writing.create(n, 'x', members)))
      expect((await tasks.lists())[1]).toMatchObject({ open: 601 })
      await tasks.removeList(2)
      expect(await tasks.list({ deleted: true, limit: 1 })).toMatchObject({ count: 601 })
      expect(await tasks.list()).toMatchObject({ count: 5 })
    })

    test("leaves another owner's list and tasks with the same ids alone", async () => {
      const others = createCaller(opened().repository, bob)
      await others.createList(1)
      await others.add(1, { list_id: listId(1) })
      await tasks.removeList(1)
      expect(await others.lists()).toMatchObject([{ id: listId(1), open: 1 }])
      expect((await others.list()).tasks.map(numberOf)).toStrictEqual([1])
    })
  })
}
