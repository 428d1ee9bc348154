import { beforeEach, describe, expect, test } from 'bun:test'
import { MAX_SUBTASKS } from '../../../core/placement.ts'
import { type Caller, createCaller, NOT_FOUND, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import { ann, idNumber, listId, openForEach, type StoreUnderTest, second } from './store.ts'

/** How a `TaskRepository` deletes and restores tasks with subtasks. */
export function describeSubtaskTrash(store: StoreUnderTest): void {
  describe(`trash of subtasks on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // Task 1, in list 1, has subtasks 2, 3 and 4. Task 5 is in list 1, 6 in the inbox.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      for (const n of [2, 3, 4]) await tasks.add(n, { parent_id: idNumber(1) })
      await tasks.add(5, { list_id: listId(1) })
      await tasks.create(6)
    })

    const trashed = () => tasks.numbers({ deleted: true, sort: 'created_at' })
    const live = () => tasks.numbers({ sort: 'created_at' })
    const subtasks = () => tasks.numbers({ parent: idNumber(1), sort: 'created_at' })

    async function placeOf(n: number) {
      const { list_id, parent_id } = await tasks.existing(n)
      return { list_id, parent_id }
    }

    const ALONE_IN_LIST = { list_id: listId(1), parent_id: null }

    test('takes subtasks along to the trash and back, each in one write', async () => {
      const before = (await tasks.list()).tasks
      const position = (await tasks.changes(null))?.next ?? null
      await tasks.one(writing.remove(1), second(60))
      expect(await trashed()).toStrictEqual([1, 2, 3, 4])
      expect(await live()).toStrictEqual([5, 6])
      expect(await tasks.trash()).toMatchObject(
        [4, 3, 2, 1].map(() => ({ deleted_at: second(60) })),
      )
      const removed = await tasks.changes(position)
      expect(removed?.next.sequence).toBe((position?.sequence ?? 0) + 1)
      await tasks.one(writing.restore(1), second(70))
      const changed = { version: 3, updated_at: second(70) }
      expect((await tasks.list()).tasks).toStrictEqual(
        before.map((task) =>
          [5, 6].map(idNumber).includes(task.id) ? task : { ...task, ...changed },
        ),
      )
      expect((await tasks.changes(removed?.next ?? null))?.next.sequence).toBe(
        (removed?.next.sequence ?? 0) + 1,
      )
    })

    test('restores only the subtasks that went with their parent', async () => {
      await tasks.remove(2)
      await tasks.erase(3)
      await tasks.remove(1)
      await tasks.restore(1)
      expect(await subtasks()).toStrictEqual([4])
      expect(await trashed()).toStrictEqual([2])
    })

    test('leaves a subtask in the trash that was deleted alone at the same time', async () => {
      await tasks.all([writing.remove(2), writing.remove(1)], { now: second(60) })
      expect(new Set((await tasks.trash()).map((task) => task.deleted_at)).size).toBe(1)
      await tasks.restore(1)
      expect(await subtasks()).toStrictEqual([3, 4])
      expect(await trashed()).toStrictEqual([2])
      expect(await tasks.restore(2)).toMatchObject({ parent_id: idNumber(1) })
    })

    test('leaves a subtask in the trash that was restored and deleted again meanwhile', async () => {
      await tasks.remove(1)
      await tasks.restore(2)
      await tasks.remove(2)
      await tasks.restore(1)
      expect(await subtasks()).toStrictEqual([3, 4])
    })

    test('forgets that a subtask went with its parent when both are back', async () => {
      await tasks.remove(1)
      await tasks.restore(1)
      await tasks.remove(2)
      await tasks.remove(1)
      await tasks.restore(1)
      expect(await subtasks()).toStrictEqual([3, 4])
    })

    test('restores a subtask before its parent as a task of its own', async () => {
      await tasks.remove(1)
      expect(await tasks.restore(2)).toMatchObject(ALONE_IN_LIST)
      await tasks.restore(1)
      expect(await subtasks()).toStrictEqual([3, 4])
      expect(await placeOf(2)).toStrictEqual(ALONE_IN_LIST)
    })

    test('restores a subtask below its parent, in the list that the parent is in now', async () => {
      await tasks.remove(2)
      await tasks.patch(1, { list_id: null })
      await tasks.restore(2)
      expect(await placeOf(2)).toStrictEqual({ list_id: null, parent_id: idNumber(1) })
    })

    test.each([
      ['is in the trash', () => tasks.remove(1)],
      ['was deleted permanently', () => tasks.erase(1)],
      [
        'has a parent',
        async () => {
          await tasks.all([3, 4].map((n) => writing.patch(n, { parent_id: null })))
          await tasks.patch(1, { parent_id: idNumber(5) })
        },
      ],
    ])('restores a subtask without its parent if that %s', async (_, change) => {
      await tasks.remove(2)
      await change()
      await tasks.restore(2)
      expect(await placeOf(2)).toStrictEqual(ALONE_IN_LIST)
    })

    test('restores a subtask without its parent if that has no room', async () => {
      await tasks.remove(2)
      const many = Array.from({ length: MAX_SUBTASKS - 2 }, (_, n) => 100 + n)
      await tasks.all(many.map((n) => writing.create(n, 'x', { parent_id: idNumber(1) })))
      await tasks.restore(2)
      expect(await placeOf(2)).toStrictEqual(ALONE_IN_LIST)
      await tasks.remove(3)
      await tasks.remove(2)
      await tasks.restore(3)
      expect(await placeOf(3)).toStrictEqual({ list_id: listId(1), parent_id: idNumber(1) })
    })

    test('erases the subtasks of a task that is deleted permanently', async () => {
      await tasks.remove(2)
      await tasks.erase(1)
      for (const n of [1, 3, 4])
        expect(await tasks.one(writing.restore(n))).toStrictEqual(NOT_FOUND)
      expect(await live()).toStrictEqual([5, 6])
      // It did not go with its parent.
      expect(await trashed()).toStrictEqual([2])
    })

    test('erases the subtasks of a task that is deleted from the trash permanently', async () => {
      await tasks.remove(1)
      await tasks.restore(3)
      await tasks.erase(1)
      for (const n of [1, 2, 4])
        expect(await tasks.one(writing.restore(n))).toStrictEqual(NOT_FOUND)
      expect(await trashed()).toStrictEqual([])
      expect(await live()).toStrictEqual([3, 5, 6])
    })

    test('keeps a subtask in the trash that did not go with its erased parent', async () => {
      await tasks.remove(2)
      await tasks.remove(1)
      await tasks.erase(1)
      expect(await trashed()).toStrictEqual([2])
      expect(await tasks.restore(2)).toMatchObject(ALONE_IN_LIST)
    })

    test('lists the subtasks of a parent that are in the trash', async () => {
      await tasks.remove(2)
      const query = { deleted: true, parent: idNumber(1) }
      expect(await tasks.numbers(query)).toStrictEqual([2])
      await tasks.remove(1)
      expect(await tasks.numbers(query)).toStrictEqual([4, 3, 2])
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ unknown: ['parent'] })
    })

    test('purges a parent with the subtasks that went with it', async () => {
      await tasks.one(writing.remove(1), second(60))
      await runMaintenance(opened().maintenance, { deleted: second(61) })
      expect(await trashed()).toStrictEqual([])
      for (const n of [1, 2]) expect(await tasks.one(writing.restore(n))).toStrictEqual(NOT_FOUND)
    })

    test('keeps a subtask whose parent was purged', async () => {
      await tasks.one(writing.remove(2), second(60))
      await tasks.one(writing.remove(1), second(50))
      await runMaintenance(opened().maintenance, { deleted: second(60) })
      expect(await trashed()).toStrictEqual([2])
      expect(await tasks.restore(2)).toMatchObject(ALONE_IN_LIST)
    })

    test('undoes what happened to subtasks when an atomic batch fails', async () => {
      const earlier = [await tasks.list(), await tasks.changes(null)]
      await tasks.all(
        [
          writing.patch(1, { list_id: null }),
          writing.remove(1),
          writing.restore(1),
          writing.erase(1),
          writing.remove(9),
        ],
        { atomic: true },
      )
      expect([await tasks.list(), await tasks.changes(null)]).toStrictEqual(earlier)
      expect(await trashed()).toStrictEqual([])
    })

    test('deletes and restores subtasks of the same batch', async () => {
      await tasks.all([
        writing.create(7, 'x', { parent_id: idNumber(6) }),
        writing.patch(5, { parent_id: idNumber(6), list_id: null }),
        writing.remove(6),
        writing.restore(6),
        writing.remove(1),
        writing.restore(3),
      ])
      expect(await live()).toStrictEqual([3, 5, 6, 7])
      expect(await tasks.numbers({ parent: idNumber(6) })).toStrictEqual([7, 5])
      expect(await placeOf(3)).toStrictEqual(ALONE_IN_LIST)
    })

    describe('clearCompleted', () => {
      const clear = (limit = 100) => tasks.one({ op: 'clear_completed', permanent: false, limit })
      const complete = (...numbers: number[]) =>
        tasks.all(numbers.map((n) => writing.patch(n, { completed: true })))

      test('leaves a completed parent that has open subtasks', async () => {
        await complete(1, 2)
        expect(await clear()).toStrictEqual({ kind: 'cleared', count: 1, hasMore: false })
        expect(await trashed()).toStrictEqual([2])
        expect(await subtasks()).toStrictEqual([3, 4])
        await tasks.restore(2)
        expect(await placeOf(2)).toStrictEqual({ list_id: listId(1), parent_id: idNumber(1) })
      })

      test('deletes a completed parent with its completed subtasks', async () => {
        await complete(2, 3, 4, 1, 6)
        expect(await clear()).toStrictEqual({ kind: 'cleared', count: 5, hasMore: false })
        expect(await live()).toStrictEqual([5])
        await tasks.restore(1)
        expect(await subtasks()).toStrictEqual([2, 3, 4])
      })

      test('does not count subtasks in the trash as open', async () => {
        await complete(1)
        await tasks.all([2, 3, 4].map((n) => writing.remove(n)))
        expect(await clear()).toStrictEqual({ kind: 'cleared', count: 1, hasMore: false })
        await tasks.restore(1)
        expect(await subtasks()).toStrictEqual([])
      })

      test('deletes completed subtasks of an open parent alone', async () => {
        await complete(2, 3)
        expect(await clear()).toMatchObject({ count: 2 })
        expect(await subtasks()).toStrictEqual([4])
      })

      test('finds what it may delete behind many parents that it leaves', async () => {
        const many = Array.from({ length: 20 }, (_, n) => 100 + n)
        await tasks.all(
          many.flatMap((n) => [
            writing.create(n, 'x'),
            writing.create(n + 100, 'x', { parent_id: idNumber(n) }),
          ]),
        )
        await complete(...many)
        expect(await clear(2)).toStrictEqual({ kind: 'cleared', count: 0, hasMore: false })
        await tasks.create(300)
        await complete(300)
        expect(await clear(2)).toStrictEqual({ kind: 'cleared', count: 1, hasMore: false })
      })

      test('returns hasMore when a family is larger than the limit', async () => {
        await complete(1, 2, 3, 4, 6)
        expect(await clear(3)).toMatchObject({ kind: 'cleared', hasMore: true })
        for (let calls = 0; (await live()).length > 1; calls++) {
          expect(calls).toBeLessThan(5)
          await clear(3)
        }
        expect(await live()).toStrictEqual([5])
      })

      test('returns hasMore when there are tasks after parents with open subtasks', async () => {
        await tasks.add(7, { parent_id: idNumber(6) })
        for (const n of [8, 9, 10]) await tasks.create(n)
        await complete(1, 6, 8, 9, 10)
        expect(await clear(2)).toStrictEqual({ kind: 'cleared', count: 2, hasMore: true })
        expect(await clear(2)).toStrictEqual({ kind: 'cleared', count: 1, hasMore: false })
      })

      test('deletes a parent together with a subtask that is older', async () => {
        await tasks.add(7, { list_id: listId(1) })
        await tasks.patch(5, { parent_id: idNumber(7) })
        await complete(5, 7)
        expect(await clear()).toStrictEqual({ kind: 'cleared', count: 2, hasMore: false })
        expect(await tasks.list()).toMatchObject({ count: 5 })
        await tasks.restore(7)
        expect(await tasks.numbers({ parent: idNumber(7) })).toStrictEqual([5])
      })

      test('deletes a family at once although it is larger than the limit', async () => {
        await complete(1, 2, 3, 4)
        expect(await clear(3)).toMatchObject({ kind: 'cleared', count: 4 })
        expect(await clear(3)).toStrictEqual({ kind: 'cleared', count: 0, hasMore: false })
        await tasks.restore(1)
        expect(await subtasks()).toStrictEqual([2, 3, 4])
      })

      test('deletes no part of a family that does not fit any more', async () => {
        for (const n of [7, 8]) await tasks.add(n, { parent_id: idNumber(5) })
        await complete(1, 2, 3, 4, 5, 7, 8)
        // One family has four tasks, the other three.
        const outcome = await clear(6)
        expect(outcome).toMatchObject({ kind: 'cleared', hasMore: true })
        const left = await live()
        expect([
          [1, 2, 3, 4, 6],
          [5, 6, 7, 8],
        ]).toContainEqual(left)
        expect(await clear(6)).toMatchObject({ kind: 'cleared', hasMore: false })
        await tasks.restore(5)
        expect(await tasks.numbers({ parent: idNumber(5) })).toStrictEqual([8, 7])
        await tasks.restore(1)
        expect(await subtasks()).toStrictEqual([2, 3, 4])
      })
    })
  })
}
