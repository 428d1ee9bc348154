import { beforeEach, describe, expect, test } from 'bun:test'
import type { Task, TaskPatch } from '../../../core/task.ts'
import { BOTTOM, type Caller, createCaller, taskIn, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import {
  ann,
  idNumber,
  listId,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
} from './store.ts'

const DAILY = { rule: 'FREQ=DAILY;COUNT=9', from: 'due' } as const
const TODAY = '2026-01-31'
const COMPLETE = { completed: true } as const
const REOPEN = { completed: false } as const

/** How a `TaskRepository` takes back the completion of recurring tasks. */
export function describeUndo(store: StoreUnderTest): void {
  describe(`undo on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // Task 1, in list 1, recurs and has subtasks 2 and 3. Task 9 is also in list 1.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2]) await tasks.createList(n)
      await tasks.add(9, { list_id: listId(1) })
      await tasks.add(1, {
        due: '2026-01-31T09:30',
        time_zone: 'Europe/Berlin',
        tags: ['a'],
        recurrence: DAILY,
        list_id: listId(1),
      })
      for (const n of [2, 3]) await tasks.add(n, { parent_id: idNumber(1) })
    })

    /** Completes task 1. @returns the numbers of its successor and of the copies of its subtasks. */
    async function complete() {
      const { successor_id: id } = await tasks.patch(1, COMPLETE)
      if (id === null) throw new Error('it has no successor')
      const copies = await tasks.numbers({ parent: id, sort: 'created_at' })
      const [copy = 0] = copies
      return { id, successor: numberOf({ id }), copies, copy }
    }

    function since(before: Task, after: Task): Task {
      const { version, updated_at } = after
      return { ...before, version, updated_at }
    }

    test('takes the completion back: the task is as before, and its successor is gone', async () => {
      const before = (await tasks.list()).tasks
      const { id, successor, copies } = await complete()
      const position = (await tasks.changes(null))?.next ?? null
      const reopened = taskIn(await tasks.one(writing.patch(1, REOPEN), second(60)))
      expect(reopened).toMatchObject({ version: 3, updated_at: second(60) })
      expect((await tasks.list()).tasks).toStrictEqual(
        before.map((task) => (task.id === reopened.id ? since(task, reopened) : task)),
      )
      expect(await tasks.get(1)).toStrictEqual(reopened)
      for (const n of [successor, ...copies])
        expect(await tasks.one(writing.restore(n))).toMatchObject({ kind: 'not_found' })
      expect(await tasks.trash()).toStrictEqual([])
      const page = await tasks.changes(position)
      expect(page?.changes).toHaveLength(2 + copies.length)
      expect(page?.changes[0]).toStrictEqual({ type: 'upsert', task: reopened })
      expect(page?.changes).toContainEqual({ type: 'delete', id, deleted_at: second(60) })
      expect(page?.next.sequence).toBe((position?.sequence ?? 0) + 1)
    })

    test('takes back what a PUT completed, with the text of the PUT', async () => {
      await complete()
      expect(await tasks.patch(1, { text: 'new', completed: false })).toMatchObject({
        text: 'new',
        recurrence: DAILY,
        successor_id: null,
      })
      expect(await tasks.list()).toMatchObject({ count: 4 })
    })

    test('completes and reopens again and again, without an end or a trace', async () => {
      const before = await tasks.existing(1)
      for (let round = 0; round < 3; round++) {
        const { id } = await complete()
        expect(await tasks.existing(numberOf({ id }))).toMatchObject({
          due: '2026-02-01T09:30',
          recurrence: { rule: 'FREQ=DAILY;COUNT=8', from: 'due' },
        })
        const after = await tasks.patch(1, REOPEN)
        expect(after).toStrictEqual(since(before, after))
        expect(await tasks.list()).toMatchObject({ count: 4 })
      }
    })

    test('changes nothing more when the task is reopened again', async () => {
      await complete()
      const reopened = await tasks.patch(1, REOPEN)
      const revision = await tasks.revision()
      expect(await tasks.patch(1, REOPEN)).toStrictEqual(reopened)
      expect(await tasks.revision()).toBe(revision)
    })

    test('completes and reopens within one batch', async () => {
      const before = (await tasks.list()).tasks
      const outcomes = await tasks.all([
        writing.patch(1, COMPLETE),
        writing.patch(1, REOPEN),
        writing.patch(1, COMPLETE),
        writing.patch(1, REOPEN),
      ])
      const after = taskIn(outcomes[3])
      expect((await tasks.list()).tasks).toStrictEqual(
        before.map((task) => (task.id === after.id ? since(task, after) : task)),
      )
    })

    test('undoes nothing when an atomic batch fails', async () => {
      await complete()
      const before = (await tasks.list()).tasks
      await tasks.all([writing.patch(1, REOPEN), writing.remove(99)], { atomic: true })
      expect((await tasks.list()).tasks).toStrictEqual(before)
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ recurrence: DAILY })
    })

    test('takes back the last occurrence', async () => {
      const recurrence = { rule: 'FREQ=DAILY;COUNT=1', from: 'due' } as const
      const before = await tasks.add(4, { due: TODAY, recurrence })
      expect(await tasks.patch(4, COMPLETE)).toMatchObject({ successor_id: null, recurrence: null })
      const after = await tasks.patch(4, REOPEN)
      expect(after).toStrictEqual(since(before, after))
    })

    test('keeps other changes of the task', async () => {
      await complete()
      await tasks.patch(1, { text: 'new', tags: ['b'], due: '2026-03-01' })
      await tasks.move(1, BOTTOM)
      await tasks.patch(2, { text: 'new subtask', completed: true })
      expect(await tasks.patch(1, REOPEN)).toMatchObject({
        text: 'new',
        tags: ['b'],
        due: '2026-03-01',
        recurrence: DAILY,
        successor_id: null,
      })
      expect(await tasks.get(2)).toMatchObject({ text: 'new subtask', completed: true })
      expect(await tasks.list()).toMatchObject({ count: 4 })
    })

    test('takes the completion back after the task was in the trash', async () => {
      await complete()
      await tasks.remove(1)
      await tasks.restore(1)
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ recurrence: DAILY, successor_id: null })
      expect(await tasks.list()).toMatchObject({ count: 4 })
    })

    type Completed = Awaited<ReturnType<typeof complete>>

    test.each<[string, (made: Completed) => Promise<unknown>]>([
      ['its text changed', ({ successor }) => tasks.patch(successor, { text: 'x' })],
      ['it was completed', ({ successor }) => tasks.patch(successor, COMPLETE)],
      ['it moved', ({ successor }) => tasks.move(successor, BOTTOM)],
      ['it moved to another list', ({ successor }) => tasks.patch(successor, { list_id: null })],
      ['it is in the trash', ({ successor }) => tasks.remove(successor)],
      [
        'it was restored',
        async ({ successor }) => {
          await tasks.remove(successor)
          await tasks.restore(successor)
        },
      ],
      ['it was deleted permanently', ({ successor }) => tasks.erase(successor)],
      ['it got a subtask', ({ id }) => tasks.add(10, { parent_id: id })],
      ['it got another task as a subtask', ({ id }) => tasks.patch(9, { parent_id: id })],
      [
        'it got a subtask that is in the trash',
        async ({ id }) => {
          await tasks.add(10, { parent_id: id })
          await tasks.remove(10)
        },
      ],
      [
        'it got a subtask in place of a copy',
        async ({ id, copy }) => {
          await tasks.erase(copy)
          await tasks.add(10, { parent_id: id })
        },
      ],
      ['the text of a copy changed', ({ copy }) => tasks.patch(copy, { text: 'x' })],
      ['a copy was completed', ({ copy }) => tasks.patch(copy, COMPLETE)],
      ['a copy moved', ({ copy }) => tasks.move(copy, BOTTOM)],
      ['a copy became a task of its own', ({ copy }) => tasks.patch(copy, { parent_id: null })],
      ['a copy is in the trash', ({ copy }) => tasks.remove(copy)],
      ['a copy was deleted permanently', ({ copy }) => tasks.erase(copy)],
      [
        'its list was deleted',
        async () => {
          await tasks.patch(1, { list_id: listId(2) })
          await tasks.removeList(1)
        },
      ],
    ])('keeps the successor when %s', async (_, touch) => {
      const made = await complete()
      await touch(made)
      const others = async () =>
        [...(await tasks.list()).tasks, ...(await tasks.trash())].filter(
          ({ id }) => id !== idNumber(1),
        )
      const before = await others()
      expect(await tasks.patch(1, REOPEN)).toMatchObject({
        completed: false,
        completed_at: null,
        recurrence: null,
        successor_id: made.id,
      })
      expect(await others()).toStrictEqual(before)
    })

    test.each<[string, TaskPatch, TaskPatch]>([
      ['due was cleared', { due: null }, { due: null, recurrence: null }],
      [
        'recurrence was set',
        { recurrence: { rule: 'FREQ=WEEKLY', from: 'due' } },
        {
          recurrence: { rule: 'FREQ=WEEKLY', from: 'due' },
        },
      ],
      ['recurrence was set to the value from before', { recurrence: DAILY }, { recurrence: DAILY }],
    ])('keeps the successor when %s', async (_, patch, after) => {
      const { id } = await complete()
      await tasks.patch(1, patch)
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ ...after, successor_id: id })
      expect(await tasks.list()).toMatchObject({ count: 7 })
    })

    test.each<[string, TaskPatch, TaskPatch]>([
      ['clears due', { due: null }, { due: null, recurrence: null }],
      [
        'sets recurrence',
        { recurrence: { rule: 'FREQ=WEEKLY', from: 'due' } },
        {
          recurrence: { rule: 'FREQ=WEEKLY', from: 'due' },
        },
      ],
    ])('keeps the successor when the same body %s', async (_, patch, after) => {
      const { id } = await complete()
      expect(await tasks.patch(1, { ...REOPEN, ...patch })).toMatchObject({
        ...after,
        successor_id: id,
      })
      expect(await tasks.list()).toMatchObject({ count: 7 })
    })

    test('keeps the successor when due was cleared and set again', async () => {
      const { id } = await complete()
      await tasks.patch(1, { due: null })
      await tasks.patch(1, { due: TODAY })
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ recurrence: null, successor_id: id })
    })

    test('does not count clearing the recurrence, which is cleared already, as a change', async () => {
      await complete()
      await tasks.patch(1, { recurrence: null, text: 'x' })
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ recurrence: DAILY, successor_id: null })
    })

    test('keeps the successor when the rule does not fit the new due', async () => {
      const recurrence = { rule: 'FREQ=DAILY;UNTIL=20270101T090000', from: 'due' } as const
      await tasks.add(4, { due: '2026-01-31T09:00', recurrence })
      const { successor_id } = await tasks.patch(4, COMPLETE)
      await tasks.patch(4, { due: TODAY })
      expect(await tasks.patch(4, REOPEN)).toMatchObject({ recurrence: null, successor_id })
    })

    test('recurs anew after a completion that could not be taken back', async () => {
      const first = await complete()
      await tasks.patch(first.successor, { text: 'touched' })
      await tasks.patch(1, REOPEN)
      expect(await tasks.patch(1, COMPLETE)).toMatchObject({ successor_id: first.id })
      await tasks.patch(1, { ...REOPEN, recurrence: DAILY })
      const again = await complete()
      expect(again.id).not.toBe(first.id)
      expect(await tasks.patch(1, REOPEN)).toMatchObject({ recurrence: DAILY, successor_id: null })
      expect(await tasks.existing(first.successor)).toMatchObject({ text: 'touched' })
    })

    test('keeps the successor when the completed task is deleted for good', async () => {
      const { successor, copies } = await complete()
      await tasks.erase(1)
      expect(await tasks.existing(successor)).toMatchObject({ recurrence: { from: 'due' } })
      expect(copies).toHaveLength(2)
    })

    test('takes the completion of a subtask back', async () => {
      const before = await tasks.patch(2, { due: TODAY, recurrence: DAILY })
      await tasks.patch(2, COMPLETE)
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: 3 })
      const after = await tasks.patch(2, REOPEN)
      expect(after).toStrictEqual(since(before, after))
      expect(await tasks.list({ parent: idNumber(1) })).toMatchObject({ count: 2 })
    })

    test('purges what an undo deleted', async () => {
      const { id } = await complete()
      await tasks.patch(1, REOPEN)
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect((await tasks.changes(null))?.changes).toHaveLength(6)
      expect(await tasks.list({ parent: id })).toMatchObject({ unknown: ['parent'] })
    })
  })
}
