import { describe, expect, test } from 'bun:test'
import { type Client, TASK_MEMBERS } from '../client.ts'
import { createUser, dayAfter, onOneDay, type User } from './user.ts'

// Far enough in the future that no date of these tests is before today.
const DUE = '2901-01-03' // A Monday.

/** What completing a task changes, whatever sends it. */
const COMPLETE: Record<string, (user: User, id: string) => Promise<unknown>> = {
  PATCH: (user, id) => user.patch(id, { completed: true }),
  PUT: (user, id) => user.put(id, { text: 'x', completed: true }),
  'a batch': (user, id) => user.batch([{ op: 'patch', id, body: { completed: true } }]),
}

const NEXT: readonly (readonly [rule: string, due: string, next: string | null, rest?: string])[] =
  [
    ['FREQ=DAILY', DUE, '2901-01-04'],
    ['FREQ=DAILY', `${DUE}T23:30`, '2901-01-04T23:30'],
    ['FREQ=WEEKLY', DUE, '2901-01-10'],
    ['FREQ=WEEKLY;BYDAY=MO,FR', DUE, '2901-01-07'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=MO', DUE, '2901-01-17'],
    // The due date counts as an occurrence even if the rule does not name it.
    ['FREQ=WEEKLY;BYDAY=TU', DUE, '2901-01-04'],
    ['FREQ=MONTHLY', '2901-01-31', '2901-03-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=31', '2901-01-31', '2901-03-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2901-01-31', '2901-02-28'],
    ['FREQ=MONTHLY;BYDAY=1MO', DUE, '2901-02-07'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', DUE, '2901-01-31'],
    ['FREQ=YEARLY', '2904-02-29', '2908-02-29'],
    ['FREQ=DAILY;COUNT=3', DUE, '2901-01-04', 'FREQ=DAILY;COUNT=2'],
    ['COUNT=2;FREQ=DAILY', DUE, '2901-01-04', 'COUNT=1;FREQ=DAILY'],
    ['FREQ=DAILY;COUNT=1', DUE, null],
    ['FREQ=DAILY;UNTIL=29010104', DUE, '2901-01-04'],
    ['FREQ=DAILY;UNTIL=29010104', `${DUE}T09:30`, '2901-01-04T09:30'],
    ['FREQ=DAILY;UNTIL=29010104T093000', `${DUE}T09:30`, '2901-01-04T09:30'],
    ['FREQ=DAILY;UNTIL=29010104T092900', `${DUE}T09:30`, null],
    ['FREQ=DAILY;UNTIL=29010103', DUE, null],
    ['FREQ=DAILY', '9999-12-31', null],
    ['FREQ=YEARLY', '9999-06-30T08:00', null],
  ]

/** Completing a recurring task, by whatever operation. */
export function describeRecurrence(client: Client): void {
  const newUser = () => createUser(client)

  /** A recurring task with everything that its successor takes over. */
  async function recurring(user: User, members: object = {}) {
    const list = await user.createList()
    return user.create({
      description: 'd',
      due: `${DUE}T09:30`,
      time_zone: 'Europe/Berlin',
      priority: 'high',
      tags: ['a', 'B'],
      list_id: list.id,
      recurrence: { rule: 'FREQ=WEEKLY' },
      ...members,
    })
  }

  /** The successor of a task that was completed. */
  async function successorOf(user: User, id: string) {
    const { successor_id } = await user.get(id)
    return successor_id === null ? null : user.get(successor_id)
  }

  describe('completing a recurring task', () => {
    test.each(Object.keys(COMPLETE))('by %s adds its successor', async (by) => {
      const user = await newUser()
      const above = await user.create()
      const task = await recurring(user)
      await COMPLETE[by]?.(user, task.id)
      const completed = await user.get(task.id)
      expect(completed).toStrictEqual({
        ...task,
        completed: true,
        recurrence: null,
        successor_id: expect.any(String),
        version: 2,
        updated_at: completed.updated_at,
        completed_at: completed.updated_at,
      })
      const successor = await successorOf(user, task.id)
      expect(successor).toStrictEqual({
        ...task,
        id: `${completed.successor_id}`,
        due: '2901-01-10T09:30',
        version: 1,
        created_at: completed.updated_at,
        updated_at: completed.updated_at,
      })
      expect(Object.keys(Object(successor))).toStrictEqual(TASK_MEMBERS)
      // Nothing else was renumbered.
      expect(await user.get(above.id)).toStrictEqual(above)
      expect((await user.tasks()).count).toBe(3)
      await COMPLETE[by]?.(user, task.id)
      expect(await user.get(task.id)).toStrictEqual(completed)
      expect((await user.tasks()).count).toBe(3)
    })

    test.each(NEXT)('%s moves %s on to %s', async (rule, due, next, rest = rule) => {
      const user = await newUser()
      const { id } = await user.create({ due, recurrence: { rule } })
      await user.patch(id, { completed: true })
      const successor = await successorOf(user, id)
      expect(successor?.due ?? null).toBe(next)
      if (next === null) expect((await user.tasks()).count).toBe(1)
      else expect(successor?.recurrence).toStrictEqual({ rule: rest, from: 'due' })
      expect((await user.get(id)).recurrence).toBeNull()
    })

    test('skips dates before today', async () => {
      const user = await newUser()
      const { today, value } = await onOneDay(async () => {
        const daily = await user.create({ due: '2020-05-05', recurrence: { rule: 'FREQ=DAILY' } })
        await user.patch(daily.id, { completed: true })
        return successorOf(user, daily.id)
      })
      expect(value?.due).toBe(today)
    })

    test.each([
      ['Pacific/Kiritimati', 14],
      ['Etc/GMT+12', -12],
    ])('counts today in its time zone, such as %s', async (time_zone, hours) => {
      const user = await newUser()
      const { value } = await onOneDay(async () => {
        const members = { due: '2020-05-05T09:30', time_zone, recurrence: { rule: 'FREQ=DAILY' } }
        const { id } = await user.create(members)
        const before = dayAfter(hours / 24)
        await user.patch(id, { completed: true })
        const { due } = Object(await successorOf(user, id))
        return { due, days: [before, dayAfter(hours / 24)] }
      })
      expect(value.days.map((day) => `${day}T09:30`)).toContain(value.due)
    })

    test('counts skipped dates for COUNT', async () => {
      const user = await newUser()
      const { value, today } = await onOneDay(async () => {
        const recurrence = { rule: 'FREQ=DAILY;COUNT=5' }
        const late = await user.create({ due: dayAfter(-3), recurrence })
        const tooLate = await user.create({ due: dayAfter(-5), recurrence })
        for (const { id } of [late, tooLate]) await user.patch(id, { completed: true })
        return [await successorOf(user, late.id), await successorOf(user, tooLate.id)]
      })
      expect(value[0]).toMatchObject({ due: today, recurrence: { rule: 'FREQ=DAILY;COUNT=2' } })
      expect(value[1]).toBeNull()
    })

    test('starts anew on the day of completion if it counts from there', async () => {
      const user = await newUser()
      const { value } = await onOneDay(async () => {
        const rule = 'FREQ=DAILY;INTERVAL=3;COUNT=9'
        const recurrence = { rule, from: 'completion' }
        const early = await user.create({ due: `${DUE}T09:30`, recurrence })
        const late = await user.create({ due: '2020-05-05T09:30', recurrence })
        for (const { id } of [early, late]) await user.patch(id, { completed: true })
        const found = [await successorOf(user, early.id), await successorOf(user, late.id)]
        return { found, expected: `${dayAfter(3)}T09:30` }
      })
      for (const successor of value.found)
        expect(successor).toMatchObject({
          due: value.expected,
          recurrence: { rule: 'FREQ=DAILY;INTERVAL=3;COUNT=8', from: 'completion' },
        })
    })

    test('applies the other members of the body first', async () => {
      const user = await newUser()
      const one = await recurring(user)
      const change = { completed: true, text: 'y', due: '2901-02-01', tags: [], description: null }
      expect(await user.patch(one.id, change)).toMatchObject({ text: 'y', due: '2901-02-01' })
      expect(await successorOf(user, one.id)).toMatchObject({
        text: 'y',
        due: '2901-02-08',
        time_zone: null,
        tags: [],
        description: null,
      })
      for (const end of [{ recurrence: null }, { due: null }]) {
        const other = await recurring(user)
        const done = await user.patch(other.id, { completed: true, ...end })
        expect(done).toMatchObject({ completed: true, recurrence: null, successor_id: null })
      }
      const third = await user.create({ due: DUE })
      const rule = 'FREQ=DAILY'
      const done = await user.patch(third.id, { completed: true, recurrence: { rule } })
      expect(done.recurrence).toBeNull()
      expect(await successorOf(user, third.id)).toMatchObject({ due: '2901-01-04' })
    })

    test('has no effect on a task that is completed already', async () => {
      const user = await newUser()
      const { id } = await user.create({ due: DUE })
      await user.patch(id, { completed: true })
      const set = await user.patch(id, { recurrence: { rule: 'FREQ=DAILY' } })
      expect(set).toMatchObject({ recurrence: { rule: 'FREQ=DAILY' }, successor_id: null })
      expect(await user.patch(id, { completed: true })).toStrictEqual(set)
    })

    test('copies its subtasks, open and without those that have a successor there', async () => {
      const user = await newUser()
      const parent = await recurring(user)
      const at = { parent_id: parent.id }
      const open = await user.create({ ...at, text: 'open', due: DUE, tags: ['t'] })
      const done = await user.create({ ...at, text: 'done', description: 'd' })
      const trashed = await user.create({ ...at, text: 'trashed' })
      const repeated = await user.create({
        ...at,
        text: 'repeated',
        due: DUE,
        recurrence: { rule: 'FREQ=DAILY' },
      })
      for (const { id } of [done, repeated]) await user.patch(id, { completed: true })
      await user.remove(trashed.id)
      await user.patch(parent.id, { completed: true })
      const successor = await successorOf(user, parent.id)
      const { tasks: copies } = await user.tasks(`?parent=${successor?.id}`)
      const byText = copies.toSorted((a, b) => (a.text < b.text ? -1 : 1))
      const copyOf = { parent_id: `${successor?.id}`, version: 1, completed: false }
      expect(byText).toMatchObject([
        { ...copyOf, text: 'done', description: 'd', order: done.order, completed_at: null },
        { ...copyOf, text: 'open', due: DUE, tags: ['t'], order: open.order },
        // The successor of the third, in its place.
        { ...copyOf, text: 'repeated', due: '2901-01-04', recurrence: { rule: 'FREQ=DAILY' } },
      ])
      for (const { id } of copies) expect([open.id, done.id, repeated.id]).not.toContain(id)
      expect(await user.get(open.id)).toStrictEqual(open)
    })

    test('adds a subtask beside a subtask, even if its parent has 100', async () => {
      const user = await newUser()
      const { id: parent_id } = await user.create()
      const create = { op: 'create', body: { text: 'x', parent_id } }
      await user.batch(Array(99).fill(create), true)
      const { id } = await user.create({ parent_id, due: DUE, recurrence: { rule: 'FREQ=DAILY' } })
      await user.patch(id, { completed: true })
      expect(await successorOf(user, id)).toMatchObject({ parent_id, due: '2901-01-04' })
      expect((await user.tasks(`?parent=${parent_id}`)).count).toBe(101)
    })

    test('makes one successor when 20 clients complete it at once', async () => {
      const user = await newUser()
      const { id } = await user.create({ due: DUE, recurrence: { rule: 'FREQ=DAILY' } })
      const racing = Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? user.patch(id, { completed: true })
          : user.put(id, { text: 'x', completed: true }),
      )
      const ids = (await Promise.all(racing)).map(({ successor_id }) => successor_id)
      expect(new Set(ids).size).toBe(1)
      expect((await user.tasks()).count).toBe(2)
    })

    test('makes one successor when a batch completes it twice, or is retried', async () => {
      const user = await newUser()
      const { id } = await user.create({ due: DUE, recurrence: { rule: 'FREQ=DAILY' } })
      const complete = { op: 'patch', id, body: { completed: true } }
      const key = { 'idempotency-key': 'k' }
      const first = await user.batch([complete, complete], true, key)
      expect(first.map(({ status }) => status)).toStrictEqual([200, 200])
      expect(first[1]?.task).toStrictEqual(first[0]?.task)
      expect(await user.batch([complete, complete], true, key)).toStrictEqual(first)
      expect((await user.tasks()).count).toBe(2)
    })

    test('adds both to the feed', async () => {
      const user = await newUser()
      const task = await user.create({ due: DUE, recurrence: { rule: 'FREQ=DAILY' } })
      const { cursor } = await user.changes()
      const completed = await user.patch(task.id, { completed: true })
      const { changes } = await user.changes(`?cursor=${cursor}`)
      expect(changes).toHaveLength(2)
      expect(changes).toContainEqual({ type: 'upsert', task: completed })
      const successor = await successorOf(user, task.id)
      expect(changes).toContainEqual({ type: 'upsert', task: successor })
    })
  })
}
