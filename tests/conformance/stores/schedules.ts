import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskPatch } from '../../../core/task.ts'
import type { WriteOutcome } from '../../../core/writes.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, openForEach, type StoreUnderTest } from './store.ts'

const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const
const DAY = '2026-02-03'
const MINUTE = '2026-02-03T09:30'
const NEEDS_TIME = 'time_zone: needs a due with a time of day'
const NEEDS_DUE = 'recurrence: needs a due'

function refused(...problems: string[]): WriteOutcome {
  return { kind: 'invalid', problems }
}

/** How a `TaskRepository` keeps the due date, the time zone and the recurrence of a task consistent. */
export function describeSchedules(store: StoreUnderTest): void {
  describe(`schedules on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    const timed = { due: MINUTE, time_zone: 'Europe/Berlin', recurrence: DAILY }

    test.each<[string, TaskPatch, TaskPatch]>([
      ['clears the zone and the recurrence with due', { due: null }, {}],
      ['clears the zone when due becomes a day', { due: DAY }, { due: DAY, recurrence: DAILY }],
      [
        'keeps the zone when the time changes',
        { due: '2026-02-04T10:00' },
        {
          ...timed,
          due: '2026-02-04T10:00',
        },
      ],
      ['clears only the zone', { time_zone: null }, { due: MINUTE, recurrence: DAILY }],
      [
        'clears only the recurrence',
        { recurrence: null },
        {
          due: MINUTE,
          time_zone: 'Europe/Berlin',
        },
      ],
      ['clears all three at once', { due: null, time_zone: null, recurrence: null }, {}],
      [
        'takes a zone with a new time',
        { due: '2026-02-04T10:00', time_zone: 'Asia/Tokyo' },
        {
          due: '2026-02-04T10:00',
          time_zone: 'Asia/Tokyo',
          recurrence: DAILY,
        },
      ],
      [
        'takes a day and no zone in one body',
        { due: DAY, time_zone: null },
        {
          due: DAY,
          recurrence: DAILY,
        },
      ],
    ])('%s', async (_, patch, after) => {
      await tasks.add(1, timed)
      const none = { due: null, time_zone: null, recurrence: null }
      expect(await tasks.patch(1, patch)).toMatchObject({ ...none, ...after, version: 2 })
      expect(await tasks.get(1)).toMatchObject({ ...none, ...after })
    })

    test.each<[string, TaskPatch, string[]]>([
      ['a zone without a due', { time_zone: 'Asia/Tokyo' }, [NEEDS_TIME]],
      ['a zone with a day', { due: DAY, time_zone: 'Asia/Tokyo' }, [NEEDS_TIME]],
      ['a recurrence without a due', { recurrence: DAILY }, [NEEDS_DUE]],
      [
        'a zone and a recurrence without a due',
        { due: null, time_zone: 'Asia/Tokyo', recurrence: DAILY },
        [NEEDS_TIME, NEEDS_DUE],
      ],
    ])('refuses %s', async (_, members, problems) => {
      const revision = await tasks.revision()
      expect(await tasks.one(writing.create(1, 'x', members))).toStrictEqual(refused(...problems))
      expect(await tasks.revision()).toBe(revision)
      await tasks.create(1)
      expect(await tasks.one(writing.patch(1, members))).toStrictEqual(refused(...problems))
      expect(await tasks.get(1)).toMatchObject({ version: 1 })
    })

    test.each<[string, TaskPatch, string[]]>([
      ['a zone and a day in one body', { due: DAY, time_zone: 'Asia/Tokyo' }, [NEEDS_TIME]],
      ['a recurrence and no due in one body', { due: null, recurrence: DAILY }, [NEEDS_DUE]],
      ['a zone and no due in one body', { due: null, time_zone: 'Asia/Tokyo' }, [NEEDS_TIME]],
      [
        'the zone and the recurrence that the task has, with no due',
        { due: null, time_zone: 'Europe/Berlin', recurrence: DAILY },
        [NEEDS_TIME, NEEDS_DUE],
      ],
    ])('refuses %s although the task has a time', async (_, patch, problems) => {
      const task = await tasks.add(1, timed)
      expect(await tasks.one(writing.patch(1, patch))).toStrictEqual(refused(...problems))
      expect(await tasks.get(1)).toStrictEqual(task)
    })

    test('refuses a zone for a task that is due on a day', async () => {
      await tasks.add(1, { due: DAY })
      const patch = { time_zone: 'Asia/Tokyo' }
      expect(await tasks.one(writing.patch(1, patch))).toStrictEqual(refused(NEEDS_TIME))
      expect(await tasks.patch(1, { ...patch, due: MINUTE })).toMatchObject(patch)
    })

    test('takes a recurrence for a task that has a due', async () => {
      await tasks.add(1, { due: DAY })
      expect(await tasks.patch(1, { recurrence: DAILY })).toMatchObject({ recurrence: DAILY })
      expect(await tasks.get(1)).toMatchObject({ due: DAY, recurrence: DAILY })
    })

    test('says which part of a rule is wrong', async () => {
      const recurrence = { rule: 'FREQ=DAILY;COUNT=0', from: 'due' } as const
      const problem = 'recurrence: COUNT must be a whole number from 1 to 999'
      const create = writing.create(1, 'x', { due: DAY, recurrence })
      expect(await tasks.one(create)).toStrictEqual(refused(problem))
      await tasks.add(1, { due: DAY, recurrence: DAILY })
      expect(await tasks.one(writing.patch(1, { recurrence }))).toStrictEqual(refused(problem))
      expect(await tasks.get(1)).toMatchObject({ recurrence: DAILY, version: 1 })
    })

    test('judges the rule again when the due changes', async () => {
      const recurrence = { rule: 'FREQ=DAILY;UNTIL=20270101T093000', from: 'due' } as const
      const task = await tasks.add(1, { due: MINUTE, recurrence })
      expect(await tasks.one(writing.patch(1, { due: DAY }))).toStrictEqual(
        refused(expect.stringContaining('recurrence: UNTIL')),
      )
      expect(await tasks.get(1)).toStrictEqual(task)
    })

    test('reports the schedule and the place of a task together', async () => {
      const members = { recurrence: DAILY, list_id: '00000000-0000-7000-8000-00000000ffff' }
      const problems = [NEEDS_DUE, 'list_id: must be the id of one of your lists']
      expect(await tasks.one(writing.create(1, 'x', members))).toStrictEqual(refused(...problems))
      await tasks.create(1)
      expect(await tasks.one(writing.patch(1, members))).toStrictEqual(refused(...problems))
    })
  })
}
