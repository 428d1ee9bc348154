import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import { dayNumber, writeDay } from '../../core/calendar.ts'
import { nextDue, ruleProblem } from '../../core/recurrence.ts'
import type { Recurrence } from '../../core/task.ts'

const MAX_DATES = 300

const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')
const ordinal = fc.constantFrom(
  '',
  '',
  '1',
  '2',
  '3',
  '4',
  '5',
  '-1',
  '-2',
  '-5',
  '20',
  '53',
  '-53',
)
const monthDay = fc.oneof(
  fc.constantFrom(1, 13, 15, 29, 30, 31, -1, -3, -31),
  fc.integer({ min: 1, max: 31 }),
)

/** A part of a rule, often absent. */
function part(name: string, values: fc.Arbitrary<string | number>, maxLength = 3) {
  return fc.option(
    fc
      .uniqueArray(values, { minLength: 1, maxLength })
      .map((items) => `${name}=${items.join(',')}`),
    { freq: 2 },
  )
}

const rule = fc
  .constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')
  .chain((freq) => {
    const day =
      freq === 'MONTHLY' || freq === 'YEARLY'
        ? fc.tuple(ordinal, weekday).map((texts) => texts.join(''))
        : weekday
    return fc.tuple(
      fc.constant(`FREQ=${freq}`),
      part('INTERVAL', fc.integer({ min: 1, max: 20 }), 1),
      part('BYDAY', day),
      freq === 'WEEKLY' ? fc.constant(null) : part('BYMONTHDAY', monthDay),
      part('BYMONTH', fc.integer({ min: 1, max: 12 })),
      part('BYSETPOS', fc.constantFrom(1, 2, 3, 5, -1, -2), 2),
      part('WKST', weekday, 1),
    )
  })
  .filter((parts) => parts[5] === null || parts.slice(2, 5).some((by) => by !== null))
  .map((parts) => parts.filter((text) => text !== null).join(';'))

const daysFrom2000 = fc
  .integer({ min: 0, max: 20_000 })
  .map((days) => dayNumber('2000-01-01') + days)

const completion = fc
  .record({
    rule,
    from: fc.constantFrom('due', 'completion'),
    day: daysFrom2000,
    time: fc.constantFrom('', 'T00:00', 'T09:30', 'T23:59'),
    late: fc.integer({ min: -40, max: 400 }),
    count: fc.option(fc.integer({ min: 1, max: MAX_DATES })),
    until: fc.option(fc.integer({ min: -10, max: 2000 })),
  })
  .map(({ rule, from, day, time, late, count, until }) => {
    const limit =
      count !== null
        ? `;COUNT=${count}`
        : until !== null
          ? `;UNTIL=${writeDay(day + until).replaceAll('-', '')}`
          : ''
    const recurrence: Recurrence = { rule: rule + limit, from }
    return { recurrence, due: writeDay(day) + time, today: writeDay(day + late), count }
  })

/** The days of a rule after its first day, as the library sees them. */
function* libraryDays(rule: string, first: string): Generator<string> {
  const start = Temporal.PlainDate.from(first).toZonedDateTime('UTC')
  const dates = new RRuleTemporal({
    rruleString: `DTSTART:${first.replaceAll('-', '')}T000000Z\nRRULE:${rule}`,
    maxIterations: 1_000_000,
  })
  for (let date = dates.next(start); date !== null; date = dates.next(date))
    yield date.toPlainDate().toString()
}

// The library loses plain weekdays beside ordinals of the year, ignores BYMONTHDAY with them, and takes
// the 53rd weekday of years that do not have one.
function libraryIsWrong(rule: string): boolean {
  return /FREQ=YEARLY(?!.*BYMONTH=).*BYDAY=[^;]*\d/.test(rule)
}

test('nextDue finds the date that the library finds', () => {
  fc.assert(
    fc.property(completion, ({ recurrence, due, today, count }) => {
      fc.pre(!libraryIsWrong(recurrence.rule) && ruleProblem(recurrence.rule, due) === null)
      const next = nextDue(recurrence, due, today)
      const first = recurrence.from === 'due' ? due.slice(0, 10) : today
      // Otherwise, the dates are counted from due. To find that out takes the library minutes.
      fc.pre(ruleProblem(recurrence.rule, first) === null)
      let left = count
      for (const day of libraryDays(recurrence.rule.replace(/;COUNT=\d+/, ''), first)) {
        if (left !== null) left--
        if (left === 0) break
        if (day < today) continue
        return expect(next).toStrictEqual({
          due: day + due.slice(10),
          rule: recurrence.rule.replace(/COUNT=\d+/, `COUNT=${left}`),
        })
      }
      expect(next).toBe(null)
    }),
    { numRuns: 1000 },
  )
})

test('nextDue is after the start and not before today, and COUNT falls', () => {
  fc.assert(
    fc.property(completion, ({ recurrence, due, today }) => {
      const next = nextDue(recurrence, due, today)
      if (next === null) return
      expect(next.due > (recurrence.from === 'due' ? due : `${today}T99`)).toBe(true)
      expect(next.due >= today).toBe(true)
      expect(countOf(next.rule)).toBeLessThanOrEqual(countOf(recurrence.rule) - 1)
    }),
  )
})

test('one late completion leads to the same date as completing each task in time', () => {
  fc.assert(
    fc.property(completion, ({ recurrence: { rule }, due, today }) => {
      let step: { due: string; rule: string } | null = { due, rule }
      do step = nextDue({ rule: step.rule, from: 'due' }, step.due, step.due.slice(0, 10))
      while (step !== null && step.due < today)
      expect(nextDue({ rule, from: 'due' }, due, today)).toStrictEqual(step)
    }),
  )
})

test('a rule comes true again after its first date when it comes true', () => {
  fc.assert(
    fc.property(completion, ({ recurrence: { rule }, due }) => {
      const endless = rule.replace(/;(?:COUNT|UNTIL)=\d+/, '')
      const next = nextDue({ rule: endless, from: 'due' }, due, '2000-01-01')
      expect(ruleProblem(endless, due) === null).toBe(next !== null)
      if (next !== null) expect(ruleProblem(endless, next.due)).toBe(null)
    }),
  )
})

function countOf(rule: string): number {
  return Number(/COUNT=(\d+)/.exec(rule)?.[1] ?? Number.POSITIVE_INFINITY)
}
