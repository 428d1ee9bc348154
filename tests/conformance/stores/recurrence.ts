import { beforeEach, describe, expect, test } from 'bun:test'
import type { Recurrence, Task, TaskPatch } from '../../../core/task.ts'
import { type Caller, createCaller, replayOf, taskIn, writing } from './caller.ts'
import {
  ann,
  idNumber,
  listId,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
} from './store.ts'

// The clock of a caller starts on this Saturday.
const TODAY = '2026-01-31'
const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const
const COMPLETE = { completed: true } as const

const due = (rule: string): Recurrence => ({ rule, from: 'due' })
const completion = (rule: string): Recurrence => ({ rule, from: 'completion' })

/** How a `TaskRepository` completes recurring tasks. */
export function describeRecurrence(store: StoreUnderTest): void {
  describe(`recurrence on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** The task that followed a completed one. */
    function successorOf({ successor_id: id }: Task): Promise<Task> {
      if (id === null) throw new Error('it has no successor')
      return tasks.existing(numberOf({ id }))
    }

    async function liveCount(): Promise<number> {
      return (await tasks.list()).count
    }

    test('completes the task and adds its successor in one write', async () => {
      await tasks.createList(1)
      const before = await tasks.add(1, {
        description: 'd',
        due: '2026-02-02T09:30',
        time_zone: 'Europe/Berlin',
        priority: 'high',
        tags: ['b', 'a'],
        list_id: listId(1),
        recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO', from: 'due' },
      })
      const position = (await tasks.changes(null))?.next ?? null
      const completed = taskIn(await tasks.one(writing.patch(1, COMPLETE), second(60)))
      const { undo } = completed
      expect(completed).toStrictEqual({
        ...before,
        completed: true,
        recurrence: null,
        successor_id: completed.successor_id,
        version: 2,
        updated_at: second(60),
        completed_at: second(60),
        ...(undo && { undo }),
      })
      expect(await tasks.get(1)).toStrictEqual(completed)
      const successor = await successorOf(completed)
      expect(successor).toStrictEqual({
        ...before,
        id: successor.id,
        due: '2026-02-09T09:30',
        created_at: second(60),
        updated_at: second(60),
      })
      expect((await tasks.list()).tasks).toStrictEqual([successor, completed])
      const page = await tasks.changes(position)
      expect(page?.changes).toStrictEqual([
        { type: 'upsert', task: completed },
        { type: 'upsert', task: successor },
      ])
      expect(page?.next.sequence).toBe((position?.sequence ?? 0) + 1)
    })

    test('gives the successor the order of the task, and renumbers nothing', async () => {
      await tasks.create(1)
      const before = await tasks.add(2, { due: TODAY, recurrence: DAILY })
      await tasks.create(3)
      const others = [await tasks.existing(1), await tasks.existing(3)]
      const successor = await successorOf(await tasks.patch(2, COMPLETE))
      expect(successor.order).toBe(before.order)
      expect(await tasks.existing(2)).toMatchObject({ order: before.order })
      expect([await tasks.get(1), await tasks.get(3)]).toStrictEqual(others)
      expect(await tasks.inOrder()).toStrictEqual([3, 2, numberOf(successor), 1])
      // A new task still goes on top.
      await tasks.create(4)
      expect(await tasks.inOrder()).toStrictEqual([4, 3, 2, numberOf(successor), 1])
    })

    test.each<[string, string, Recurrence, string]>([
      ['the next date of the rule', TODAY, due('FREQ=WEEKLY;BYDAY=TU,TH'), '2026-02-03'],
      ['a date after a due in the future', '2026-03-01', DAILY, '2026-03-02'],
      ['today, skipping missed dates', '2026-01-10', DAILY, TODAY],
      ['the first date that is not before today', '2026-01-01', due('FREQ=WEEKLY'), '2026-02-05'],
      [
        'a date after a due that the rule does not name',
        '2026-02-03',
        due('FREQ=WEEKLY;BYDAY=MO'),
        '2026-02-09',
      ],
      ['the same time on another day', '2026-02-01T23:30', DAILY, '2026-02-02T23:30'],
      ['the next month with that day', TODAY, due('FREQ=MONTHLY'), '2026-03-31'],
      ['a date counted from today', '2026-01-10', completion('FREQ=WEEKLY'), '2026-02-07'],
      ['a date before a due in the future', '2026-06-01', completion('FREQ=WEEKLY'), '2026-02-07'],
      [
        'a date after today although today fits',
        '2026-01-30',
        completion('FREQ=DAILY'),
        '2026-02-01',
      ],
      [
        'the last date before the end',
        '2026-02-01',
        due('FREQ=DAILY;UNTIL=20260202'),
        '2026-02-02',
      ],
    ])('moves due on to %s', async (_, from, recurrence, to) => {
      await tasks.add(1, { due: from, recurrence })
      const completed = await tasks.patch(1, COMPLETE)
      expect(completed).toMatchObject({ due: from, recurrence: null })
      expect(await successorOf(completed)).toMatchObject({ due: to, recurrence })
    })

    // At 2026-01-31T20:00Z it is 1 February in Tokyo, at 04:00Z 30 January in New York.
    test.each([
      [null, '2026-01-31T20:00:00.000Z', '2026-01-31T09:30'],
      ['Asia/Tokyo', '2026-01-31T20:00:00.000Z', '2026-02-01T09:30'],
      ['America/New_York', '2026-01-31T04:00:00.000Z', '2026-01-30T09:30'],
    ])('counts from today in the time zone %p', async (time_zone, now, to) => {
      await tasks.add(1, { due: '2026-01-01T09:30', time_zone, recurrence: DAILY })
      const completed = await tasks.patch(1, COMPLETE, now)
      expect(await successorOf(completed)).toMatchObject({ due: to, time_zone })
    })

    test.each<[string, string, Recurrence, string]>([
      ['every skipped date', '2026-01-01', due('FREQ=DAILY;COUNT=40'), 'FREQ=DAILY;COUNT=10'],
      [
        'the due, although the rule does not name it',
        TODAY,
        due('FREQ=WEEKLY;BYDAY=MO;COUNT=5'),
        'FREQ=WEEKLY;BYDAY=MO;COUNT=4',
      ],
      [
        'one date when counting from the completion',
        '2026-01-01',
        completion('FREQ=DAILY;COUNT=40'),
        'FREQ=DAILY;COUNT=39',
      ],
    ])('takes off COUNT %s', async (_, from, recurrence, rule) => {
      await tasks.add(1, { due: from, recurrence })
      expect(await successorOf(await tasks.patch(1, COMPLETE))).toMatchObject({
        recurrence: { rule, from: recurrence.from },
      })
    })

    test.each<[string, string, Recurrence]>([
      ['of COUNT', TODAY, due('FREQ=DAILY;COUNT=1')],
      ['of COUNT, with the missed ones', '2026-01-01', due('FREQ=DAILY;COUNT=30')],
      ['of COUNT when counting from the completion', TODAY, completion('FREQ=DAILY;COUNT=1')],
      ['before UNTIL', TODAY, due('FREQ=DAILY;UNTIL=20260131')],
      ['before UNTIL with a time', '2026-01-31T09:30', due('FREQ=DAILY;UNTIL=20260201T092959')],
      ['of the year 9999', '9999-12-31', DAILY],
    ])('has no successor after the last date %s', async (_, from, recurrence) => {
      await tasks.add(1, { due: from, recurrence })
      const completed = await tasks.patch(1, COMPLETE)
      expect(completed).toMatchObject({ completed: true, recurrence: null, successor_id: null })
      expect(await liveCount()).toBe(1)
    })

    test('follows a task through all of its dates', async () => {
      await tasks.add(1, { due: TODAY, recurrence: due('FREQ=DAILY;COUNT=4') })
      const dates: (string | null)[] = []
      for (let n: number | null = 1; n !== null; ) {
        const { due: date, successor_id: id }: Task = await tasks.patch(n, COMPLETE)
        dates.push(date)
        n = id === null ? null : numberOf({ id })
      }
      expect(dates).toStrictEqual(['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03'])
      expect(await tasks.numbers({ completed: false })).toStrictEqual([])
    })

    test('applies the other members of the same body first', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const patch: TaskPatch = {
        completed: true,
        text: 'new',
        due: '2026-05-01T10:00',
        time_zone: 'Asia/Tokyo',
        tags: ['x'],
        recurrence: due('FREQ=MONTHLY'),
      }
      expect(await successorOf(await tasks.patch(1, patch))).toMatchObject({
        ...patch,
        completed: false,
        due: '2026-06-01T10:00',
      })
    })

    test('takes the successor to the list that the same body names', async () => {
      await tasks.createList(1)
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const completed = await tasks.patch(1, { completed: true, list_id: listId(1) })
      expect(await successorOf(completed)).toMatchObject({ list_id: listId(1) })
    })

    test.each<[string, TaskPatch]>([
      ['recurrence', { completed: true, recurrence: null }],
      ['due', { completed: true, due: null }],
    ])('has no successor when the same body clears %s', async (_, patch) => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      expect(await tasks.patch(1, patch)).toMatchObject({ recurrence: null, successor_id: null })
      expect(await liveCount()).toBe(1)
    })

    test('has a successor when the same body sets the recurrence', async () => {
      await tasks.create(1)
      const patch = { completed: true, due: TODAY, recurrence: DAILY }
      expect(await successorOf(await tasks.patch(1, patch))).toMatchObject({ due: '2026-02-01' })
    })

    test('has no successor when a task does not repeat', async () => {
      await tasks.add(1, { due: TODAY })
      expect(await tasks.patch(1, COMPLETE)).toMatchObject({ successor_id: null })
      expect(await liveCount()).toBe(1)
    })

    test('changes nothing more when the task is completed again', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const completed = await tasks.patch(1, COMPLETE)
      const revision = await tasks.revision()
      expect(await tasks.patch(1, COMPLETE)).toStrictEqual(completed)
      expect(await tasks.patch(1, { text: completed.text, completed: true })).toStrictEqual(
        completed,
      )
      expect(await tasks.revision()).toBe(revision)
    })

    test('adds no successor to a completed task that gets a recurrence', async () => {
      await tasks.add(1, { due: TODAY })
      await tasks.patch(1, COMPLETE)
      expect(await tasks.patch(1, { recurrence: DAILY })).toMatchObject({ recurrence: DAILY })
      expect(await tasks.patch(1, { ...COMPLETE, text: 'x' })).toMatchObject({ successor_id: null })
      expect(await liveCount()).toBe(1)
    })

    test('adds one successor when one batch completes a task twice', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const outcomes = await tasks.all([writing.patch(1, COMPLETE), writing.patch(1, COMPLETE)])
      expect(outcomes[1]).toStrictEqual(outcomes[0])
      expect(await liveCount()).toBe(2)
    })

    test('adds a successor for each task that one batch completes', async () => {
      for (const n of [1, 2]) await tasks.add(n, { due: TODAY, recurrence: DAILY })
      const outcomes = await tasks.all([
        writing.patch(1, COMPLETE),
        writing.create(3, 'x', { due: TODAY, recurrence: DAILY }),
        writing.patch(3, COMPLETE),
        writing.patch(2, COMPLETE),
      ])
      const completed = [0, 2, 3].map((index) => taskIn(outcomes[index]))
      expect(new Set(completed.map((task) => task.successor_id)).size).toBe(3)
      for (const task of completed)
        expect(await successorOf(task)).toMatchObject({ text: task.text, due: '2026-02-01' })
      expect(await liveCount()).toBe(6)
    })

    test('adds one successor when a call is retried', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const retry = { key: 'key', fingerprint: 'same', rememberedSince: second(0) }
      const send = () => tasks.send([writing.patch(1, COMPLETE)], { retry, atomic: true })
      const first = await send()
      expect(await send()).toStrictEqual(replayOf(first))
      expect(await liveCount()).toBe(2)
    })

    test('adds no successor when an atomic batch fails', async () => {
      const before = await tasks.add(1, { due: TODAY, recurrence: DAILY })
      await tasks.all([writing.patch(1, COMPLETE), writing.remove(9)], { atomic: true })
      expect((await tasks.list()).tasks).toStrictEqual([before])
    })

    test('adds no successor when the version is not accepted', async () => {
      const before = await tasks.add(1, { due: TODAY, recurrence: DAILY })
      expect(await tasks.one(writing.patch(1, COMPLETE, [7]))).toMatchObject({ kind: 'stale' })
      expect((await tasks.list()).tasks).toStrictEqual([before])
    })

    test('completes although the owner has as many tasks as allowed', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      await tasks.add(2, { parent_id: idNumber(1) })
      const outcomes = await tasks.all([writing.patch(1, COMPLETE)], { maxTasks: 2 })
      expect(await successorOf(taskIn(outcomes[0]))).toMatchObject({ due: '2026-02-01' })
      expect(await liveCount()).toBe(4)
    })

    test('adds one successor when many complete the task at once', async () => {
      await tasks.add(1, { due: TODAY, recurrence: DAILY })
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      const racers = Array.from({ length: 10 }, (_, n) =>
        (callers[n % 2] ?? tasks).send([writing.patch(1, COMPLETE)], {
          idAt: (index) => idNumber(1000 + 10 * n + index),
        }),
      )
      await Promise.all(racers)
      expect(await liveCount()).toBe(2)
      expect(await tasks.existing(1)).toMatchObject({ version: 2 })
    })
  })
}
