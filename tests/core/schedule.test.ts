import { describe, expect, test } from 'bun:test'
import { isScheduled, type Schedule, scheduleAfter } from '../../core/schedule.ts'
import type { TaskPatch } from '../../core/task.ts'

const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const
const NONE: Schedule = { due: null, time_zone: null, recurrence: null }
const TIMED: Schedule = { due: '2026-01-31T09:30', time_zone: 'Asia/Tokyo', recurrence: DAILY }

function after(task: Schedule | null, patch: TaskPatch): Schedule | string[] {
  const problems: string[] = []
  const schedule = scheduleAfter(task, patch, problems)
  return problems.length > 0 ? problems : schedule
}

describe('scheduleAfter', () => {
  test('is empty for a new task without a schedule', () => {
    expect(after(null, {})).toStrictEqual(NONE)
    expect(after(null, NONE)).toStrictEqual(NONE)
  })

  test('takes a whole schedule for a new task', () => {
    expect(after(null, TIMED)).toStrictEqual(TIMED)
  })

  test('keeps what a patch does not name', () => {
    expect(after(TIMED, {})).toStrictEqual(TIMED)
    expect(after(TIMED, { due: '2026-02-01T10:00' })).toStrictEqual({
      ...TIMED,
      due: '2026-02-01T10:00',
    })
  })

  test('clears the zone and the recurrence with due, and the zone with the time', () => {
    expect(after(TIMED, { due: null })).toStrictEqual(NONE)
    expect(after(TIMED, { due: '2026-01-31' })).toStrictEqual({
      ...TIMED,
      due: '2026-01-31',
      time_zone: null,
    })
  })

  test('does not bring a cleared zone back with a new time', () => {
    const day = { ...TIMED, due: '2026-01-31', time_zone: null }
    expect(after(day, { due: '2026-01-31T10:00' })).toMatchObject({ time_zone: null })
  })

  test.each<[string, Schedule | null, TaskPatch, string[]]>([
    [
      'a zone without a due',
      null,
      { time_zone: 'Asia/Tokyo' },
      ['time_zone: needs a due with a time of day'],
    ],
    [
      'a zone with a day',
      TIMED,
      { due: '2026-01-31', time_zone: 'Asia/Tokyo' },
      ['time_zone: needs a due with a time of day'],
    ],
    ['a recurrence without a due', null, { recurrence: DAILY }, ['recurrence: needs a due']],
    [
      'a recurrence and no due',
      TIMED,
      { due: null, recurrence: DAILY },
      ['recurrence: needs a due'],
    ],
    [
      'both',
      NONE,
      { time_zone: 'Asia/Tokyo', recurrence: DAILY },
      ['time_zone: needs a due with a time of day', 'recurrence: needs a due'],
    ],
    [
      'a rule that is wrong',
      TIMED,
      { recurrence: { rule: 'FREQ=NEVER', from: 'due' } },
      ['recurrence: FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY'],
    ],
  ])('refuses %s', (_, task, patch, problems) => {
    expect(after(task, patch)).toStrictEqual(problems)
  })

  // So that a stricter version does not lock tasks.
  test('judges a stored rule again only with a new due', () => {
    const stored = { ...TIMED, recurrence: { rule: 'FREQ=NEVER', from: 'due' } } as const
    expect(after(stored, { time_zone: null })).toMatchObject({ time_zone: null })
    expect(
      after(stored, { recurrence: { ...stored.recurrence, from: 'completion' } }),
    ).toMatchObject({ recurrence: { from: 'completion' } })
    expect(after(stored, { due: '2026-02-01' })).toHaveLength(1)
  })
})

test('isScheduled tells which patches concern the schedule', () => {
  for (const name of ['due', 'time_zone', 'recurrence'])
    expect(isScheduled({ [name]: null })).toBe(true)
  expect(isScheduled({ text: 'x', completed: true, tags: [] })).toBe(false)
})
