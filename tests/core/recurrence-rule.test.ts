import { describe, expect, test } from 'bun:test'
import { ruleProblem } from '../../core/recurrence.ts'

const FORM =
  'the rule must be parts such as FREQ=WEEKLY;BYDAY=MO, in capitals, without spaces, the prefix RRULE: or a semicolon at the end'
const FREQ = 'FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY'
const INTERVAL = 'INTERVAL must be a whole number from 1 to 999'
const BYDAY = 'BYDAY must be weekdays such as MO,WE, or with an ordinal 1MO,-1FR'
const BYMONTHDAY =
  'BYMONTHDAY must be days from 1 to 31, or from -1 to -31 counted from the end, such as 15,-1'
const BYMONTH = 'BYMONTH must be months from 1 to 12, such as 1,7'
const BYSETPOS =
  'BYSETPOS must be positions from 1 to 366, or from -1 to -366 counted from the end, such as 1,-1'
const WKST = 'WKST must be MO, TU, WE, TH, FR, SA or SU'
const COUNT = 'COUNT must be a whole number from 1 to 999'
const UNTIL =
  'UNTIL must be a day such as 20270131, or a local time such as 20270131T093000 if due has a time, without Z'

function unsupported(name: string): string {
  return `${name} is not supported; the parts of a rule are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST, COUNT, UNTIL`
}

function never(...parts: string[]): string {
  return `the rule never comes true: no date after due fits ${parts.join(' and ')}`
}

describe('ruleProblem', () => {
  test.each([
    ['', FORM],
    [';', FORM],
    ['FREQ', FORM],
    ['FREQ=DAILY;', FORM],
    [';FREQ=DAILY', FORM],
    ['FREQ=DAILY;;COUNT=2', FORM],
    ['FREQ=DAILY COUNT=2', FREQ],
    [' FREQ=DAILY', FORM],
    ['FREQ=DAILY; COUNT=2', FORM],
    ['FREQ=DAILY\n', FREQ],
    ['RRULE:FREQ=DAILY', FORM],
    ['freq=DAILY', FORM],
    ['=DAILY', FORM],
    ['FREQ=DAILY;COUNT=2\nRRULE:FREQ=WEEKLY', COUNT],
    ['FREQ=DAILY;BYHOUR=9', unsupported('BYHOUR')],
    ['FREQ=DAILY;BYYEARDAY=9', unsupported('BYYEARDAY')],
    ['FREQ=DAILY;BYWEEKNO=9', unsupported('BYWEEKNO')],
    ['FREQ=DAILY;RSCALE=GREGORIAN', unsupported('RSCALE')],
    ['FREQ=DAILY;X-A=B', unsupported('X-A')],
    [`FREQ=DAILY;${'X'.repeat(21)}=1`, FORM],
    [`FREQ=MONTHLY;BYDAY=${'MO,'.repeat(60)}MO`, 'the rule must have at most 200 characters'],

    ['COUNT=2', FREQ],
    ['FREQ=', FREQ],
    ['FREQ=HOURLY', FREQ],
    ['FREQ=daily', FREQ],
    ['FREQ=DAILY=', FREQ],
    ['FREQ=DAILY;FREQ=DAILY', 'FREQ must not occur twice'],
    ['FREQ=DAILY;COUNT=2;COUNT=3', 'COUNT must not occur twice'],

    ['FREQ=DAILY;INTERVAL=', INTERVAL],
    ['FREQ=DAILY;INTERVAL=0', INTERVAL],
    ['FREQ=DAILY;INTERVAL=1000', INTERVAL],
    ['FREQ=DAILY;INTERVAL=-1', INTERVAL],
    ['FREQ=DAILY;INTERVAL=+1', INTERVAL],
    ['FREQ=DAILY;INTERVAL=1.5', INTERVAL],
    ['FREQ=DAILY;INTERVAL=1e2', INTERVAL],
    ['FREQ=DAILY;INTERVAL=１', INTERVAL],

    ['FREQ=WEEKLY;BYDAY=', BYDAY],
    ['FREQ=WEEKLY;BYDAY=MO,', BYDAY],
    ['FREQ=WEEKLY;BYDAY=mo', BYDAY],
    ['FREQ=WEEKLY;BYDAY=MON', BYDAY],
    ['FREQ=WEEKLY;BYDAY=M', BYDAY],
    ['FREQ=WEEKLY;BYDAY=XX', BYDAY],
    ['FREQ=WEEKLY;BYDAY=MO, TU', BYDAY],
    ['FREQ=MONTHLY;BYDAY=0MO', BYDAY],
    ['FREQ=MONTHLY;BYDAY=54MO', BYDAY],
    ['FREQ=MONTHLY;BYDAY=-54MO', BYDAY],
    ['FREQ=MONTHLY;BYDAY=--1MO', BYDAY],
    ['FREQ=MONTHLY;BYDAY=001MO', BYDAY],
    ['FREQ=MONTHLY;BYDAY=1', BYDAY],
    ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY with an ordinal needs FREQ=MONTHLY or FREQ=YEARLY'],
    ['FREQ=DAILY;BYDAY=MO,-1FR', 'BYDAY with an ordinal needs FREQ=MONTHLY or FREQ=YEARLY'],

    ['FREQ=MONTHLY;BYMONTHDAY=', BYMONTHDAY],
    ['FREQ=MONTHLY;BYMONTHDAY=0', BYMONTHDAY],
    ['FREQ=MONTHLY;BYMONTHDAY=32', BYMONTHDAY],
    ['FREQ=MONTHLY;BYMONTHDAY=-32', BYMONTHDAY],
    ['FREQ=MONTHLY;BYMONTHDAY=1,,2', BYMONTHDAY],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY needs FREQ=DAILY, FREQ=MONTHLY or FREQ=YEARLY'],

    ['FREQ=YEARLY;BYMONTH=', BYMONTH],
    ['FREQ=YEARLY;BYMONTH=0', BYMONTH],
    ['FREQ=YEARLY;BYMONTH=13', BYMONTH],
    ['FREQ=YEARLY;BYMONTH=-1', BYMONTH],

    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=', BYSETPOS],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0', BYSETPOS],
    ['FREQ=YEARLY;BYDAY=MO;BYSETPOS=367', BYSETPOS],
    ['FREQ=YEARLY;BYDAY=MO;BYSETPOS=-367', BYSETPOS],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH'],

    ['FREQ=WEEKLY;WKST=', WKST],
    ['FREQ=WEEKLY;WKST=1', WKST],
    ['FREQ=WEEKLY;WKST=su', WKST],
    ['FREQ=WEEKLY;WKST=MO,SU', WKST],

    ['FREQ=DAILY;COUNT=', COUNT],
    ['FREQ=DAILY;COUNT=0', COUNT],
    ['FREQ=DAILY;COUNT=1000', COUNT],
    ['FREQ=DAILY;COUNT=-1', COUNT],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270131', 'COUNT and UNTIL must not occur together'],

    ['FREQ=DAILY;UNTIL=', UNTIL],
    ['FREQ=DAILY;UNTIL=2027-01-31', UNTIL],
    ['FREQ=DAILY;UNTIL=20270229', UNTIL],
    ['FREQ=DAILY;UNTIL=18991231', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131Z', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T0930', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T093000Z', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T240000', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T096000', UNTIL],
    ['FREQ=DAILY;UNTIL=20270131T093060', UNTIL],
    ['FREQ=DAILY;UNTIL=20270229T093000', UNTIL],
  ])('%p → %s', (rule, problem) => {
    expect(ruleProblem(rule, '2026-12-01T09:30')).toBe(problem)
    expect(problem.length).toBeLessThanOrEqual(200)
  })

  test.each([
    ['FREQ=DAILY;INTERVAL=999', '2026-12-01'],
    ['INTERVAL=2;FREQ=DAILY', '2026-12-01'],
    ['FREQ=DAILY;COUNT=999', '2026-12-01'],
    ['FREQ=DAILY;COUNT=1', '2026-12-01'],
    ['FREQ=DAILY;UNTIL=20000101', '2026-12-01'],
    ['FREQ=DAILY;UNTIL=20270131', '2026-12-01T09:30'],
    ['FREQ=DAILY;UNTIL=20270131T093059', '2026-12-01T09:30'],
    ['FREQ=YEARLY;BYDAY=53MO,-53TU;BYSETPOS=1', '2026-12-01'],
    ['FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366', '2026-12-01'],
    ['FREQ=DAILY;BYDAY=MO;BYSETPOS=-1', '2026-12-01'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=7', '2026-12-01'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=31', '2026-12-01'],
    ['FREQ=YEARLY;BYMONTHDAY=31,-31;BYMONTH=1,12;WKST=SU', '2026-12-01'],
    ['FREQ=MONTHLY;BYMONTH=6;BYSETPOS=-1', '2026-12-01'],
    [`FREQ=WEEKLY;BYDAY=${'MO,'.repeat(60)}SU`, '2026-12-01'],
    ['FREQ=DAILY', '9999-12-31'],
    ['FREQ=YEARLY;INTERVAL=999', '9999-12-31'],
    ['FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29', '9999-12-31'],
    ['FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29', '2024-03-01'],
  ])('accepts %s for %s', (rule, due) => {
    expect(ruleProblem(rule, due)).toBe(null)
  })

  test('refuses UNTIL with a time when due has none', () => {
    expect(ruleProblem('FREQ=DAILY;UNTIL=20270131T093000', '2026-12-01')).toBe(UNTIL)
  })

  test.each([
    ['30 February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', '2026-12-01', ['BYMONTH', 'BYMONTHDAY']],
    [
      'the 31st of short months',
      'FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4,6',
      '2026-12-01',
      ['BYMONTHDAY', 'BYMONTH'],
    ],
    ['30 February by the day of due', 'FREQ=MONTHLY;BYMONTH=2', '2026-01-30', ['BYMONTH']],
    [
      'every seventh day on another weekday',
      'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
      '2026-12-01',
      ['INTERVAL', 'BYDAY'],
    ],
    [
      '29 February of other years',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29',
      '2026-12-01',
      ['INTERVAL', 'BYMONTH', 'BYMONTHDAY'],
    ],
    [
      'every twelfth month in another month',
      'FREQ=MONTHLY;INTERVAL=12;BYMONTH=11',
      '2026-12-01',
      ['INTERVAL', 'BYMONTH'],
    ],
    [
      'a position beyond the set',
      'FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3',
      '2026-12-01',
      ['BYDAY', 'BYSETPOS'],
    ],
    [
      'a position before the set',
      'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-6',
      '2026-12-01',
      ['BYDAY', 'BYSETPOS'],
    ],
    ['a sixth weekday of a month', 'FREQ=MONTHLY;BYDAY=6MO', '2026-12-01', ['BYDAY']],
    [
      'a sixth weekday of a month of the year',
      'FREQ=YEARLY;BYMONTH=5;BYDAY=-6MO',
      '2026-12-01',
      ['BYMONTH', 'BYDAY'],
    ],
    [
      'a first weekday of the year in its middle',
      'FREQ=YEARLY;BYDAY=1FR;BYMONTHDAY=13',
      '2026-12-01',
      ['BYDAY', 'BYMONTHDAY'],
    ],
    [
      'all parts',
      'FREQ=DAILY;INTERVAL=7;BYDAY=MO;BYMONTHDAY=1;BYMONTH=1;BYSETPOS=1;WKST=SU;UNTIL=20270131',
      '2026-12-01',
      ['INTERVAL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS'],
    ],
  ])('refuses a rule that never comes true: %s', (_, rule, due, parts) => {
    const problem = ruleProblem(rule, due)
    expect(problem).toBe(never(...parts))
    expect(problem?.length).toBeLessThanOrEqual(200)
  })
})
