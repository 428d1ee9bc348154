import { describe, expect, test } from 'bun:test'
import { nextDue, ruleProblem } from '../../core/recurrence.ts'

/** The next dates of a rule, if each task is completed on the day on which it is due. */
function datesAfter(rule: string, due: string, count: number): string[] {
  const dates: string[] = []
  let next: { due: string; rule: string } | null = { due, rule }
  while (dates.length < count) {
    next = nextDue({ rule: next.rule, from: 'due' }, next.due, next.due.slice(0, 10))
    if (next === null) break
    dates.push(next.due)
  }
  return dates
}

describe('the examples of RFC 5545', () => {
  test.each([
    ['FREQ=DAILY;COUNT=10', '1997-09-02', '09-03 09-04 09-05 09-06 09-07 09-08 09-09 09-10 09-11'],
    ['FREQ=DAILY;INTERVAL=2', '1997-09-02', '09-04 09-06 09-08 09-10'],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02', '09-12 09-22 10-02 10-12'],
    ['FREQ=DAILY;BYMONTH=1', '1998-01-30', '01-31 1999-01-01 01-02'],
    ['FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA', '1998-01-30', '01-31 1999-01-01'],
    ['FREQ=WEEKLY;COUNT=10', '1997-09-02', '09-09 09-16 09-23 09-30 10-07 10-14 10-21 10-28 11-04'],
    ['FREQ=WEEKLY;UNTIL=19970930', '1997-09-02', '09-09 09-16 09-23 09-30'],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', '1997-09-02', '09-16 09-30 10-14 10-28'],
    [
      'FREQ=WEEKLY;UNTIL=19970920;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      '09-04 09-09 09-11 09-16 09-18',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR',
      '1997-09-01',
      '09-03 09-05 09-15 09-17 09-19',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH',
      '1997-09-02',
      '09-04 09-16 09-18 09-30 10-02 10-14 10-16',
    ],
    ['FREQ=MONTHLY;COUNT=5;BYDAY=1FR', '1997-09-05', '10-03 11-07 12-05 1998-01-02'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU,-1SU', '1997-09-07', '09-28 11-02 11-30 1998-01-04 01-25'],
    ['FREQ=MONTHLY;BYDAY=-2MO', '1997-09-22', '10-20 11-17 12-22 1998-01-19'],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28', '10-29 11-28 12-29 1998-01-29 02-26'],
    ['FREQ=MONTHLY;BYMONTHDAY=2,15', '1997-09-02', '09-15 10-02 10-15'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,-1', '1997-09-30', '10-01 10-31 11-01 11-30'],
    ['FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12', '1997-09-10', '09-11 09-12 1999-03-10'],
    ['FREQ=MONTHLY;INTERVAL=2;BYDAY=TU', '1997-09-02', '09-09 09-16 09-23 09-30 11-04'],
    ['FREQ=YEARLY;BYMONTH=6,7', '1997-06-10', '07-10 1998-06-10 07-10'],
    ['FREQ=YEARLY;INTERVAL=2;BYMONTH=1,2,3', '1997-03-10', '1999-01-10 02-10 03-10 2001-01-10'],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19', '1998-05-18 1999-05-17'],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1997-03-13', '03-20 03-27 1998-03-05'],
    ['FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8', '1997-08-28', '1998-06-04 06-11'],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13',
      '1997-09-02',
      '1998-02-13 03-13 11-13 1999-08-13 2000-10-13',
    ],
    ['FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13', '1997-09-13', '10-11 11-08 12-13'],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05',
      '2000-11-07 2004-11-02',
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '10-07 11-06'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '10-30 11-27 12-30 1998-01-29'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '08-10 08-19 08-24'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '08-17 08-19 08-31'],
    ['FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5', '2007-01-15', '01-30 02-15 03-15 03-30'],
  ])('%s from %s', (rule, due, expected) => {
    let year = due.slice(0, 4)
    const dates = expected.split(' ').map((date) => {
      if (date.length > 'MM-DD'.length) year = date.slice(0, 4)
      return `${year}-${date.slice(-5)}`
    })
    expect(ruleProblem(rule, due)).toBe(null)
    const isLimited = /COUNT|UNTIL/.test(rule)
    expect(datesAfter(rule, due, dates.length + (isLimited ? 1 : 0))).toStrictEqual(dates)
  })
})

describe('dates of a rule', () => {
  test.each([
    ['skips short months on the 31st', 'FREQ=MONTHLY', '2026-01-31', ['2026-03-31', '2026-05-31']],
    [
      'takes the last day of each month for -1',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      '2024-01-31',
      ['2024-02-29', '2024-03-31'],
    ],
    ['skips years without 29 February', 'FREQ=YEARLY', '2096-02-29', ['2104-02-29', '2108-02-29']],
    [
      'keeps the day and month of due for YEARLY',
      'FREQ=YEARLY',
      '2026-05-04',
      ['2027-05-04', '2028-05-04'],
    ],
    [
      'keeps the day of due for YEARLY with BYMONTH',
      'FREQ=YEARLY;BYMONTH=2,3',
      '2026-03-30',
      ['2027-03-30'],
    ],
    [
      'takes YEARLY;BYMONTHDAY in every month',
      'FREQ=YEARLY;BYMONTHDAY=31',
      '2026-01-31',
      ['2026-03-31', '2026-05-31'],
    ],
    ['keeps the weekday of due for WEEKLY', 'FREQ=WEEKLY;BYMONTH=1', '2026-01-29', ['2027-01-07']],
    [
      'starts with a due that the rule does not name',
      'FREQ=WEEKLY;BYDAY=MO',
      '2026-01-28',
      ['2026-02-02', '2026-02-09'],
    ],
    [
      'finds the first working day of a month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1',
      '2026-01-01',
      ['2026-02-02', '2026-03-02', '2026-04-01'],
    ],
    [
      'finds the last working day of a month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-01-01',
      ['2026-01-30', '2026-02-27'],
    ],
    [
      'counts BYSETPOS from the start of the period, before due',
      'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2',
      '2026-01-06',
      ['2026-01-07', '2026-01-14'],
    ],
    [
      'takes a date once when two positions name it',
      'FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=1,-1',
      '2026-01-01',
      ['2026-03-30', '2026-06-29'],
    ],
    [
      'combines ordinals with plain weekdays',
      'FREQ=MONTHLY;BYDAY=1MO,SU',
      '2026-02-01',
      ['2026-02-02', '2026-02-08'],
    ],
    [
      'combines ordinals with BYMONTHDAY',
      'FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1',
      '2026-01-01',
      ['2026-06-01', '2027-02-01'],
    ],
    [
      'counts ordinals in the month for YEARLY with BYMONTH',
      'FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU',
      '2026-01-01',
      ['2026-03-29', '2026-10-25'],
    ],
    [
      'counts ordinals from the end of the year',
      'FREQ=YEARLY;BYDAY=-1MO',
      '2026-01-01',
      ['2026-12-28', '2027-12-27'],
    ],
    [
      'takes the 53rd weekday only in years that have it',
      'FREQ=YEARLY;BYDAY=53TH',
      '2026-12-31',
      ['2032-12-30', '2037-12-31'],
    ],
    [
      'takes the 53rd weekday from the end only in years that have it',
      'FREQ=YEARLY;BYDAY=-53TH',
      '2026-01-01',
      ['2032-01-01', '2037-01-01'],
    ],
    [
      'combines ordinals of the year with plain weekdays',
      'FREQ=YEARLY;BYDAY=53TH,FR',
      '2026-12-18',
      ['2026-12-25', '2026-12-31', '2027-01-01'],
    ],
    [
      'combines ordinals of the year with BYMONTHDAY',
      'FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=1',
      '2026-01-01',
      ['2029-01-01', '2035-01-01'],
    ],
    [
      'crosses a gap of 40 years',
      'FREQ=DAILY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29',
      '2072-02-29',
      ['2112-02-29'],
    ],
    [
      'starts weeks on WKST',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU',
      '2026-01-05',
      ['2026-01-18'],
    ],
    [
      'starts weeks on Monday without WKST',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU',
      '2026-01-05',
      ['2026-01-11'],
    ],
    [
      'accepts signs and leading zeros as RFC 5545 does',
      'FREQ=MONTHLY;BYDAY=+1MO,-01FR;BYMONTH=03',
      '2026-01-01',
      ['2026-03-02', '2026-03-27'],
    ],
    ['keeps the time', 'FREQ=DAILY', '2026-01-31T09:30', ['2026-02-01T09:30']],
    ['counts weekdays before 1970', 'FREQ=WEEKLY;BYDAY=TU', '1900-01-02', ['1900-01-09']],
    [
      'counts days of the month before 1970',
      'FREQ=DAILY;BYMONTHDAY=28,-1',
      '1900-01-31',
      ['1900-02-28', '1900-03-28'],
    ],
  ])('%s', (_, rule, due, expected) => {
    expect(ruleProblem(rule, due)).toBe(null)
    expect(datesAfter(rule, due, expected.length)).toStrictEqual(expected)
  })
})

test.each([
  ['1999-12-31', 2],
  ['2000-01-31', 3],
])('every second month from %s has its first and last day for 400 years', (due, firstMonth) => {
  const expected = Array.from({ length: 2400 }, (_, index) => firstMonth + 2 * index).flatMap(
    (month) => [dayOf(month, 1), dayOf(month + 1, 0)],
  )
  expect(datesAfter('FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,-1', due, 4800)).toStrictEqual(expected)
})

/** A day of a month, counted from 1 for January 2000. */
function dayOf(month: number, day: number): string {
  return new Date(Date.UTC(2000, month - 1, day)).toISOString().slice(0, 10)
}
