import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { dayIn, dayNumber, hasTime, isDue, isTimeZone, writeDay } from '../../core/calendar.ts'

describe('isDue', () => {
  test.each([
    '2026-01-31',
    '1900-01-01',
    '9999-12-31',
    '2024-02-29',
    '2000-02-29',
    '2026-01-31T00:00',
    '2026-01-31T09:30',
    '2026-01-31T23:59',
    '9999-12-31T23:59',
  ])('accepts %s', (text) => {
    expect(isDue(text)).toBe(true)
  })

  test.each([
    ['an empty text', ''],
    ['a day before 1900', '1899-12-31'],
    ['a year with five digits', '10000-01-01'],
    ['a year with a sign', '+2026-01-31'],
    ['30 February', '2026-02-30'],
    ['29 February of a year without one', '2026-02-29'],
    ['29 February of 1900', '1900-02-29'],
    ['the 31st of a short month', '2026-04-31'],
    ['month 0', '2026-00-10'],
    ['month 13', '2026-13-10'],
    ['day 0', '2026-01-00'],
    ['day 32', '2026-01-32'],
    ['a date far beyond the last one', '9999-99-99'],
    ['one digit', '2026-1-31'],
    ['no hyphens', '20260131'],
    ['hour 24', '2026-01-31T24:00'],
    ['minute 60', '2026-01-31T09:60'],
    ['seconds', '2026-01-31T09:30:00'],
    ['no minutes', '2026-01-31T09'],
    ['Z', '2026-01-31T09:30Z'],
    ['an offset', '2026-01-31T09:30+01:00'],
    ['a day with Z', '2026-01-31Z'],
    ['a space instead of T', '2026-01-31 09:30'],
    ['a lower-case t', '2026-01-31t09:30'],
    ['a space at the start', ' 2026-01-31'],
    ['a line break at the end', '2026-01-31\n'],
    ['digits of another script', '２０２６-01-31'],
  ])('refuses %s', (_, text) => {
    expect(isDue(text)).toBe(false)
  })

  test('accepts every day of the calendar', () => {
    const first = dayNumber('1900-01-01')
    const last = dayNumber('9999-12-31')
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (day) => {
        expect(isDue(writeDay(day))).toBe(true)
        expect(dayNumber(writeDay(day))).toBe(day)
      }),
    )
  })
})

test('hasTime tells a minute from a day', () => {
  expect(hasTime('2026-01-31')).toBe(false)
  expect(hasTime('2026-01-31T00:00')).toBe(true)
})

describe('isTimeZone', () => {
  test.each([
    'Europe/Berlin',
    'UTC',
    'Etc/GMT+1',
    'GMT0',
    'America/Argentina/ComodRivadavia',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'America/Port-au-Prince',
  ])('accepts %s', (name) => {
    expect(isTimeZone(name)).toBe(true)
  })

  test.each([
    '',
    '+01:00',
    '+01',
    '-0530',
    '−01:00',
    'UTC+1',
    'UTC+01:00',
    'GMT+1',
    'Z',
    'Europe/Nowhere',
    'Europe/Berlin ',
    'Europe/Berlin\n',
    '2026-01-31T00:00Z',
    '2026-01-31T00:00[Europe/Berlin]',
    `Europe/${'x'.repeat(100_000)}`,
  ])('refuses %p', (name) => {
    expect(isTimeZone(name)).toBe(false)
  })
})

describe('dayIn', () => {
  test.each([
    ['2026-01-31T23:30:00.000Z', null, '2026-01-31'],
    ['2026-01-31T23:30:00.000Z', 'UTC', '2026-01-31'],
    ['2026-01-31T23:30:00.000Z', 'Europe/Berlin', '2026-02-01'],
    ['2026-01-31T22:59:59.999Z', 'Europe/Berlin', '2026-01-31'],
    ['2026-07-31T22:00:00.000Z', 'Europe/Berlin', '2026-08-01'],
    ['2026-01-31T09:59:00.000Z', 'Pacific/Kiritimati', '2026-01-31'],
    ['2026-01-31T10:00:00.000Z', 'Pacific/Kiritimati', '2026-02-01'],
    ['2026-01-01T10:59:00.000Z', 'Pacific/Pago_Pago', '2025-12-31'],
    ['2026-01-01T01:00:00+02:00', 'UTC', '2025-12-31'],
  ])('%s in %p is %s', (now, timeZone, day) => {
    expect(dayIn(now, timeZone)).toBe(day)
  })

  test('uses UTC when the runtime does not know the zone', () => {
    expect(dayIn('2026-01-31T23:30:00.000Z', 'Europe/Nowhere')).toBe('2026-01-31')
  })
})
