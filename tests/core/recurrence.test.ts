import { describe, expect, test } from 'bun:test'
import { nextDue, ruleProblem } from '../../core/recurrence.ts'

describe('nextDue from due', () => {
  test.each([
    [
      'follows due when completed early',
      'FREQ=WEEKLY',
      '2026-01-31',
      '2026-01-01',
      '2026-02-07',
      'FREQ=WEEKLY',
    ],
    [
      'follows due when completed on the day',
      'FREQ=WEEKLY',
      '2026-01-31',
      '2026-01-31',
      '2026-02-07',
      'FREQ=WEEKLY',
    ],
    [
      'is today when today is a date',
      'FREQ=WEEKLY',
      '2026-01-31',
      '2026-02-14',
      '2026-02-14',
      'FREQ=WEEKLY',
    ],
    [
      'skips the dates before today',
      'FREQ=WEEKLY',
      '2026-01-31',
      '2026-02-15',
      '2026-02-21',
      'FREQ=WEEKLY',
    ],
    [
      'is today for an earlier time of day',
      'FREQ=DAILY',
      '2026-01-31T09:30',
      '2026-02-03',
      '2026-02-03T09:30',
      'FREQ=DAILY',
    ],
    [
      'keeps the rhythm of due',
      'FREQ=DAILY;INTERVAL=10',
      '1900-01-01',
      '2026-12-01',
      '2026-12-06',
      'FREQ=DAILY;INTERVAL=10',
    ],
    [
      'lowers COUNT by one',
      'COUNT=3;FREQ=DAILY',
      '2026-01-31',
      '2026-01-31',
      '2026-02-01',
      'COUNT=2;FREQ=DAILY',
    ],
    [
      'counts skipped dates for COUNT',
      'FREQ=DAILY;COUNT=10',
      '2026-01-31',
      '2026-02-04',
      '2026-02-04',
      'FREQ=DAILY;COUNT=6',
    ],
    [
      'counts due for COUNT when the rule does not name it',
      'FREQ=WEEKLY;BYDAY=MO;COUNT=3',
      '2026-01-28',
      '2026-02-03',
      '2026-02-09',
      'FREQ=WEEKLY;BYDAY=MO;COUNT=1',
    ],
    [
      'counts dates for longer than the calendar takes to repeat itself',
      'FREQ=YEARLY;COUNT=999',
      '1900-01-01',
      '2401-01-01',
      '2401-01-01',
      'FREQ=YEARLY;COUNT=498',
    ],
    [
      'reaches the last of COUNT',
      'FREQ=DAILY;COUNT=3',
      '2026-01-31',
      '2026-02-02',
      '2026-02-02',
      'FREQ=DAILY;COUNT=1',
    ],
    [
      'reaches the day of UNTIL',
      'FREQ=DAILY;UNTIL=20260201',
      '2026-01-31',
      '2026-01-31',
      '2026-02-01',
      'FREQ=DAILY;UNTIL=20260201',
    ],
    [
      'reaches any time on the day of UNTIL',
      'FREQ=DAILY;UNTIL=20260201',
      '2026-01-31T23:59',
      '2026-01-31',
      '2026-02-01T23:59',
      'FREQ=DAILY;UNTIL=20260201',
    ],
    [
      'reaches the minute of UNTIL',
      'FREQ=DAILY;UNTIL=20260201T093000',
      '2026-01-31T09:30',
      '2026-01-31',
      '2026-02-01T09:30',
      'FREQ=DAILY;UNTIL=20260201T093000',
    ],
    [
      'reaches the last day of the calendar',
      'FREQ=DAILY',
      '9999-12-30',
      '2026-01-31',
      '9999-12-31',
      'FREQ=DAILY',
    ],
  ])('%s', (_, rule, due, today, nextDay, nextRule) => {
    expect(ruleProblem(rule, due)).toBe(null)
    expect(nextDue({ rule, from: 'due' }, due, today)).toStrictEqual({
      due: nextDay,
      rule: nextRule,
    })
  })

  test.each([
    ['COUNT=1', 'FREQ=DAILY;COUNT=1', '2026-01-31', '2026-01-31'],
    ['COUNT is used up by skipped dates', 'FREQ=DAILY;COUNT=3', '2026-01-31', '2026-02-03'],
    ['the next date is past UNTIL', 'FREQ=DAILY;UNTIL=20260131', '2026-01-31', '2026-01-31'],
    [
      'the next time is past UNTIL',
      'FREQ=DAILY;UNTIL=20260201T092959',
      '2026-01-31T09:30',
      '2026-01-31',
    ],
    [
      'the dates until today are past UNTIL',
      'FREQ=DAILY;UNTIL=20260210',
      '2026-01-31',
      '2026-02-11',
    ],
    ['UNTIL is before due', 'FREQ=DAILY;UNTIL=19000101', '2026-01-31', '2026-01-31'],
    ['the next date is past the year 9999', 'FREQ=DAILY', '9999-12-31', '2026-01-31'],
    [
      'the next date is past the year 9999 and COUNT is left',
      'FREQ=YEARLY;COUNT=9',
      '9999-12-31',
      '2026-01-31',
    ],
    [
      'a long interval ends past the year 9999',
      'FREQ=YEARLY;INTERVAL=999',
      '9001-01-01',
      '2026-01-31',
    ],
    ['the rule is not valid', 'FREQ=HOURLY', '2026-01-31', '2026-01-31'],
  ])('is null when %s', (_, rule, due, today) => {
    expect(nextDue({ rule, from: 'due' }, due, today)).toBe(null)
  })
})

describe('nextDue from completion', () => {
  test.each([
    [
      'starts on the day of completion',
      'FREQ=DAILY;INTERVAL=10',
      '2026-01-31',
      '2026-02-05',
      '2026-02-15',
      'FREQ=DAILY;INTERVAL=10',
    ],
    [
      'may come before the old due',
      'FREQ=DAILY;INTERVAL=10',
      '2026-01-31',
      '2026-01-01',
      '2026-01-11',
      'FREQ=DAILY;INTERVAL=10',
    ],
    [
      'is after today when today is a date',
      'FREQ=WEEKLY;BYDAY=MO',
      '2026-01-26',
      '2026-02-02',
      '2026-02-09',
      'FREQ=WEEKLY;BYDAY=MO',
    ],
    [
      'takes what the rule leaves open from today',
      'FREQ=WEEKLY',
      '2026-01-26',
      '2026-01-28',
      '2026-02-04',
      'FREQ=WEEKLY',
    ],
    [
      'keeps the time',
      'FREQ=DAILY',
      '2026-01-31T09:30',
      '2026-02-05',
      '2026-02-06T09:30',
      'FREQ=DAILY',
    ],
    [
      'costs one of COUNT however late',
      'FREQ=DAILY;COUNT=3',
      '2026-01-31',
      '2026-06-30',
      '2026-07-01',
      'FREQ=DAILY;COUNT=2',
    ],
    [
      'reaches the day of UNTIL',
      'FREQ=DAILY;UNTIL=20260206',
      '2026-01-31',
      '2026-02-05',
      '2026-02-06',
      'FREQ=DAILY;UNTIL=20260206',
    ],
  ])('%s', (_, rule, due, today, nextDay, nextRule) => {
    expect(nextDue({ rule, from: 'completion' }, due, today)).toStrictEqual({
      due: nextDay,
      rule: nextRule,
    })
  })

  test.each([
    ['COUNT=1', 'FREQ=DAILY;COUNT=1', '2026-01-31'],
    ['the next date is past UNTIL', 'FREQ=DAILY;UNTIL=20260131', '2026-01-31'],
  ])('is null when %s', (_, rule, today) => {
    expect(nextDue({ rule, from: 'completion' }, '2026-02-02', today)).toBe(null)
  })

  test.each([
    ['FREQ=DAILY;INTERVAL=7;BYDAY=MO', '2026-02-02', '2026-02-17', '2026-02-23'],
    ['FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3', '2026-02-02', '2026-02-17', '2026-02-23'],
    [
      'FREQ=MONTHLY;INTERVAL=3;BYMONTH=3,6,9,12;BYMONTHDAY=1',
      '2026-09-01',
      '2026-11-30',
      '2026-12-01',
    ],
  ])('counts %s from due when no date fits from today', (rule, due, today, expected) => {
    expect(nextDue({ rule, from: 'completion' }, due, today)).toEqual({
      due: expected,
      rule: rule.replace('COUNT=3', 'COUNT=2'),
    })
  })
})
