import { beforeEach, describe, expect, test } from 'bun:test'
import { MAX_SUBTASKS } from '../../../core/placement.ts'
import type { Task } from '../../../core/task.ts'
import { BOTTOM, type Caller, createCaller, writing } from './caller.ts'
import {
  ann,
  idNumber,
  listId,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
} from './store.ts'

const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const
const TODAY = '2026-01-31'
const COMPLETE = { completed: true } as const

/** What happens to subtasks when a `TaskRepository` completes recurring tasks. */
export function describeRecurrenceCopies(store: StoreUnderTest): void {
  describe(`copies of subtasks on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // Task 1, in list 1, recurs and has subtasks 2 and 3.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      await tasks.createList(1)
      await tasks.add(1, { due: TODAY, recurrence: DAILY, list_id: listId(1) })
      for (const n of [2, 3]) await tasks.add(n, { parent_id: idNumber(1) })
    })

    async function successorOf(n: number): Promise<Task> {
      const { successor_id: id } = await tasks.existing(n)
      if (id === null) throw new Error('it has no successor')
      return tasks.existing(numberOf({ id }))
    }

    /** The subtasks of the successor of task 1, by their order. */
    async function copies(): Promise<Task[]> {
      const { id } = await successorOf(1)
      return (await tasks.list({ parent: id, sort: 'order' })).tasks
    }

    test('copies the subtasks, open and new, with all of their members', async () => {
      const members = {
        description: 'd',
        due: '2026-01-30T09:30',
        time_zone: 'Asia/Tokyo',
        priority: 'low',
        tags: ['b', 'a'],
      } as const
      await tasks.patch(2, { ...members, completed: true })
      const [two, three] = [await tasks.existing(2), await tasks.existing(3)]
      await tasks.patch(1, COMPLETE, second(60))
      const { id: parent_id } = await successorOf(1)
      const isNew = {
        parent_id,
        version: 1,
        created_at: second(60),
        updated_at: second(60),
        completed: false,
        completed_at: null,
      }
      const made = await copies()
      expect(made).toStrictEqual([
        { ...three, ...isNew, id: made[0]?.id ?? '' },
        { ...two, ...isNew, id: made[1]?.id ?? '' },
      ])
      expect(made[1]).toMatchObject({ ...members, list_id: listId(1), text: 'task 2' })
    })

    test('leaves the subtasks of the completed task as they are', async () => {
      const before = [await tasks.existing(2), await tasks.existing(3)]
      await tasks.patch(1, COMPLETE)
      expect([await tasks.get(2), await tasks.get(3)]).toStrictEqual(before)
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([3, 2])
    })

    test('keeps both the manual order and the order of creation of the subtasks', async () => {
      await tasks.all(
        [4, 5, 6].map((n) => writing.create(n, `task ${n}`, { parent_id: idNumber(1) })),
      )
      await tasks.move(5, BOTTOM)
      for (const parent_id of [null, idNumber(1)]) await tasks.patch(3, { parent_id })
      const originals = async (sort: 'order' | '-created_at') =>
        (await tasks.list({ parent: idNumber(1), sort })).tasks.map(({ text }) => text)
      const expected = [await originals('order'), await originals('-created_at')]
      await tasks.patch(1, COMPLETE)
      const { id: parent } = await successorOf(1)
      const { tasks: byCreation } = await tasks.list({ parent })
      expect((await copies()).map(({ text }) => text)).toStrictEqual(expected[0] ?? [])
      expect(byCreation.map(({ text }) => text)).toStrictEqual(expected[1] ?? [])
    })

    test('does not copy subtasks in the trash', async () => {
      await tasks.remove(2)
      await tasks.erase(3)
      await tasks.patch(1, COMPLETE)
      expect(await copies()).toStrictEqual([])
    })

    test('copies an open recurring subtask with its recurrence', async () => {
      await tasks.patch(2, { due: '2026-01-10', recurrence: DAILY })
      await tasks.remove(3)
      await tasks.patch(1, COMPLETE)
      expect(await copies()).toMatchObject([{ due: '2026-01-10', recurrence: DAILY }])
    })

    test('copies of a recurring subtask only the one that followed last', async () => {
      await tasks.patch(2, { due: TODAY, recurrence: DAILY })
      await tasks.patch(2, COMPLETE)
      const { id } = await successorOf(2)
      await tasks.patch(numberOf({ id }), COMPLETE)
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: 4 })
      await tasks.patch(1, COMPLETE)
      expect(await copies()).toMatchObject([
        { text: 'task 3', due: null },
        { text: 'task 2', due: '2026-02-02', recurrence: DAILY, successor_id: null },
      ])
    })

    test('copies a recurring subtask whose successor is elsewhere', async () => {
      await tasks.patch(2, { due: TODAY, recurrence: DAILY })
      await tasks.patch(2, COMPLETE)
      await tasks.patch(numberOf(await successorOf(2)), { parent_id: null })
      await tasks.patch(1, COMPLETE)
      expect((await copies()).map(({ text }) => text)).toStrictEqual(['task 3', 'task 2'])
    })

    test('adds the successor of a subtask to the same parent', async () => {
      await tasks.patch(2, { due: TODAY, recurrence: DAILY })
      await tasks.patch(2, COMPLETE)
      expect(await successorOf(2)).toMatchObject({
        parent_id: idNumber(1),
        list_id: listId(1),
        due: '2026-02-01',
        order: (await tasks.existing(2)).order,
      })
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: 3 })
    })

    test('copies the subtasks into the list that the same body names', async () => {
      await tasks.patch(1, { completed: true, list_id: null })
      expect(await copies()).toMatchObject([{ list_id: null }, { list_id: null }])
      expect(await tasks.numbers({ list: listId(1) })).toStrictEqual([])
    })

    test('copies the subtasks that the same batch added', async () => {
      await tasks.all([
        writing.create(4, 'new', { parent_id: idNumber(1) }),
        writing.patch(2, { text: 'changed' }),
        writing.remove(3),
        writing.patch(1, COMPLETE),
      ])
      expect((await copies()).map(({ text }) => text)).toStrictEqual(['new', 'changed'])
    })

    test('moves, deletes and restores the successor with its copies', async () => {
      await tasks.patch(1, COMPLETE)
      const successor = numberOf(await successorOf(1))
      await tasks.patch(successor, { list_id: null })
      expect(await copies()).toMatchObject([{ list_id: null }, { list_id: null }])
      await tasks.remove(successor)
      expect(await tasks.list()).toMatchObject({ count: 3 })
      await tasks.restore(successor)
      expect(await copies()).toHaveLength(2)
    })

    test('completes a subtask although its parent has no more room', async () => {
      await tasks.patch(2, { due: TODAY, recurrence: DAILY })
      const many = Array.from({ length: MAX_SUBTASKS - 2 }, (_, n) => 100 + n)
      await tasks.all(many.map((n) => writing.create(n, 'x', { parent_id: idNumber(1) })))
      await tasks.patch(2, COMPLETE)
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: MAX_SUBTASKS + 1 })
      const create = writing.create(4, 'x', { parent_id: idNumber(1) })
      expect(await tasks.one(create)).toMatchObject({ kind: 'invalid' })
      // The trash and a successor do not count subtasks either.
      await tasks.remove(1)
      await tasks.restore(1)
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: MAX_SUBTASKS + 1 })
      await tasks.patch(1, COMPLETE)
      expect(await copies()).toHaveLength(MAX_SUBTASKS)
    })
  })
}
