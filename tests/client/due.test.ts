import { afterEach, describe, expect, test } from 'bun:test'
import { type DueTask, dueToday, isOverdue } from '../../client/taskport.ts'

const timeZone = 'Europe/Berlin'
const originalZone = process.env['TZ']

afterEach(() => {
  if (originalZone === undefined) delete process.env['TZ']
  else process.env['TZ'] = originalZone
})

function task(due: string | null, zone: string | null = null, completed = false): DueTask {
  return { due, time_zone: zone, completed }
}

/** The moment when clocks in a time zone show a time. */
function at(local: string, zone = timeZone): Date {
  return new Date(Temporal.ZonedDateTime.from(`${local}[${zone}]`).epochMilliseconds)
}

describe('isOverdue', () => {
  test('is true for a day only when the day is over', () => {
    const day = task('2026-01-31')
    expect(isOverdue(day, at('2026-01-31T00:00'), { timeZone })).toBe(false)
    expect(isOverdue(day, at('2026-01-31T23:59:59.999'), { timeZone })).toBe(false)
    expect(isOverdue(day, at('2026-02-01T00:00'), { timeZone })).toBe(true)
  })

  test('is true for a time only when its minute is over', () => {
    const timed = task('2026-01-31T09:30')
    expect(isOverdue(timed, at('2026-01-31T09:30:59.999'), { timeZone })).toBe(false)
    expect(isOverdue(timed, at('2026-01-31T09:31'), { timeZone })).toBe(true)
  })

  test('is false for a task that is completed or has no due', () => {
    const now = at('2030-01-01T00:00')
    expect(isOverdue(task('2026-01-31', null, true), now, { timeZone })).toBe(false)
    expect(isOverdue(task('2026-01-31T09:30', 'Asia/Tokyo', true), now, { timeZone })).toBe(false)
    expect(isOverdue(task(null), now, { timeZone })).toBe(false)
  })

  test('takes the time zone of the task before that of the reader', () => {
    const inTokyo = task('2026-01-31T09:30', 'Asia/Tokyo')
    const now = at('2026-01-31T09:31', 'Asia/Tokyo')
    expect(isOverdue(inTokyo, now, { timeZone: 'America/New_York' })).toBe(true)
    expect(isOverdue(task('2026-01-31T09:30'), now, { timeZone: 'America/New_York' })).toBe(false)
    expect(isOverdue(inTokyo, new Date(now.getTime() - 1), { timeZone: 'Pacific/Apia' })).toBe(
      false,
    )
  })

  test('takes the time zone of the reader if the runtime does not know that of the task', () => {
    const now = at('2026-01-31T09:31')
    expect(isOverdue(task('2026-01-31T09:30', 'Mars/Olympus'), now, { timeZone })).toBe(true)
    expect(isOverdue(task('2026-01-31T09:31', 'Mars/Olympus'), now, { timeZone })).toBe(false)
  })

  test('rejects a time zone of the reader that does not exist', () => {
    const options = { timeZone: 'Mars/Olympus' }
    expect(() => isOverdue(task('2026-01-31'), new Date(), options)).toThrow(RangeError)
  })

  test('takes the time zone of the device without an option', () => {
    const now = new Date('2026-01-31T23:30:00.000Z')
    process.env['TZ'] = 'America/New_York'
    expect(isOverdue(task('2026-01-31'), now)).toBe(false)
    expect(isOverdue(task('2026-01-31T18:29'), now)).toBe(true)
    process.env['TZ'] = 'Europe/Berlin'
    expect(isOverdue(task('2026-01-31'), now)).toBe(true)
    expect(isOverdue(task('2026-02-01T00:30'), now)).toBe(false)
    expect(isOverdue(task('2000-01-01'))).toBe(true)
    expect(isOverdue(task('9999-12-31'))).toBe(false)
  })

  test('reads a time that clocks skip with the offset from before', () => {
    // From 02:00 to 03:00 on 29 March 2026.
    const skipped = task('2026-03-29T02:30')
    expect(isOverdue(skipped, at('2026-03-29T03:30:59'), { timeZone })).toBe(false)
    expect(isOverdue(skipped, at('2026-03-29T03:31'), { timeZone })).toBe(true)
  })

  test('stays true when clocks show the time again', () => {
    const twice = task('2026-10-25T02:30')
    const first = new Date('2026-10-25T00:31:00.000Z')
    expect(isOverdue(twice, new Date(first.getTime() - 1), { timeZone })).toBe(false)
    expect(isOverdue(twice, first, { timeZone })).toBe(true)
    expect(isOverdue(twice, new Date('2026-10-25T01:00:00.000Z'), { timeZone })).toBe(true)
  })
})

describe('dueToday', () => {
  test('is true for the whole day of the reader', () => {
    for (const due of ['2026-01-31', '2026-01-31T09:30']) {
      expect(dueToday(task(due), at('2026-01-30T23:59:59.999'), { timeZone })).toBe(false)
      expect(dueToday(task(due), at('2026-01-31T00:00'), { timeZone })).toBe(true)
      expect(dueToday(task(due), at('2026-01-31T23:59:59.999'), { timeZone })).toBe(true)
      expect(dueToday(task(due), at('2026-02-01T00:00'), { timeZone })).toBe(false)
    }
  })

  test('is true for a completed task, and false for one without a due', () => {
    const now = at('2026-01-31T12:00')
    expect(dueToday(task('2026-01-31', null, true), now, { timeZone })).toBe(true)
    expect(dueToday(task(null), now, { timeZone })).toBe(false)
  })

  test('shows a time in another time zone on the day that the reader has then', () => {
    const inTokyo = task('2026-02-01T01:00', 'Asia/Tokyo')
    expect(dueToday(inTokyo, at('2026-01-31T08:00'), { timeZone })).toBe(true)
    expect(dueToday(inTokyo, at('2026-02-01T08:00'), { timeZone })).toBe(false)
    expect(
      dueToday(task('2026-02-01T01:00', 'Mars/Olympus'), at('2026-02-01T08:00'), { timeZone }),
    ).toBe(true)
  })

  test('takes the time zone of the device without an option', () => {
    const now = new Date('2026-01-31T23:30:00.000Z')
    process.env['TZ'] = 'America/New_York'
    expect(dueToday(task('2026-01-31'), now)).toBe(true)
    process.env['TZ'] = 'Europe/Berlin'
    expect(dueToday(task('2026-02-01'), now)).toBe(true)
  })
})

// Zones whose clocks change at midnight, by half an hour, by a whole day, or not at all.
test.each([
  'Europe/Berlin',
  'America/Sao_Paulo',
  'America/Havana',
  'Asia/Beirut',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'UTC',
])('agrees with Temporal around each change of the clocks in %s', (zone) => {
  const start = Temporal.ZonedDateTime.from(`2009-01-01T00:00[${zone}]`)
  let change = start.getTimeZoneTransition('next')
  const moments = [start]
  for (let left = 12; change !== null && left > 0; left--) {
    moments.push(change)
    change = change.getTimeZoneTransition('next')
  }
  for (const moment of moments)
    for (let hours = -30; hours <= 30; hours += 0.5) {
      const now = moment.add({ minutes: hours * 60 })
      const date = new Date(now.epochMilliseconds)
      const dues = [-90, -30, 0, 30, 90].map((minutes) => now.toPlainDateTime().add({ minutes }))
      for (const due of dues) {
        const day = due.toPlainDate()
        const text = due.toString({ smallestUnit: 'minute' })
        const end = due.toZonedDateTime(zone).add({ minutes: 1 })
        const endOfDay = day.add({ days: 1 }).toZonedDateTime(zone)
        const isToday = day.equals(now.toPlainDate())
        const options = { timeZone: zone }
        expect([text, now, isOverdue(task(text), date, options)]).toEqual([
          text,
          now,
          now.epochMilliseconds >= end.epochMilliseconds,
        ])
        expect(isOverdue(task(`${day}`), date, options)).toBe(
          now.epochMilliseconds >= endOfDay.epochMilliseconds,
        )
        expect(dueToday(task(text), date, options)).toBe(isToday)
        expect(dueToday(task(`${day}`), date, options)).toBe(isToday)
      }
    }
})
