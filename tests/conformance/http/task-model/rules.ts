import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { createUser, RECURRENCE } from './user.ts'

const DAY = '2027-01-04' // A Monday.
const MINUTE = `${DAY}T09:30`

const ACCEPTED = [
  'FREQ=DAILY',
  'FREQ=DAILY;INTERVAL=999',
  'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR;WKST=SU',
  'BYDAY=MO;FREQ=WEEKLY',
  'FREQ=MONTHLY;BYDAY=2TU,-1FR',
  'FREQ=MONTHLY;BYMONTHDAY=31',
  'FREQ=MONTHLY;BYMONTHDAY=-1',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
  'FREQ=YEARLY;BYDAY=20MO',
  'FREQ=DAILY;BYMONTH=1,7',
  'FREQ=DAILY;COUNT=1',
  'FREQ=DAILY;COUNT=999',
  'FREQ=DAILY;UNTIL=20270101',
  `FREQ=DAILY;BYMONTHDAY=10,${'1,'.repeat(87)}1`, // 200 characters.
]

const FORM =
  'the rule must be parts such as FREQ=WEEKLY;BYDAY=MO, in capitals, without spaces, the prefix RRULE: or a semicolon at the end'
const PARTS =
  'is not supported; the parts of a rule are FREQ, INTERVAL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS, WKST, COUNT, UNTIL'
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

const REFUSED: readonly (readonly [rule: string, problem: string])[] = [
  ['', FORM],
  ['x', FORM],
  ['RRULE:FREQ=DAILY', FORM],
  ['freq=daily', FORM],
  ['FREQ=DAILY;', FORM],
  ['FREQ=DAILY; COUNT=2', FORM],
  ['FREQ=daily', FREQ],
  ['FREQ=HOURLY', FREQ],
  ['FREQ=SECONDLY', FREQ],
  ['FREQ=', FREQ],
  ['INTERVAL=2', FREQ],
  ['FREQ=DAILY;FREQ=DAILY', 'FREQ must not occur twice'],
  ['FREQ=DAILY;COUNT=2;COUNT=3', 'COUNT must not occur twice'],
  ['FREQ=DAILY;BYHOUR=9', `BYHOUR ${PARTS}`],
  ['FREQ=YEARLY;BYWEEKNO=1', `BYWEEKNO ${PARTS}`],
  ['FREQ=YEARLY;BYYEARDAY=1', `BYYEARDAY ${PARTS}`],
  ['FREQ=DAILY;X-OWN=1', `X-OWN ${PARTS}`],
  ['FREQ=DAILY;DTSTART=20270101', `DTSTART ${PARTS}`],
  ...['0', '1000', '-1', '1.5', '+1', '', ' 1', '1e2', 'x'].flatMap((number) => [
    [`FREQ=DAILY;INTERVAL=${number}`, INTERVAL] as const,
    [`FREQ=DAILY;COUNT=${number}`, COUNT] as const,
  ]),
  ...['', 'XX', 'mo', 'MO,', 'MO,XX', '0MO', '54MO', 'MO TU', '1.5MO'].map(
    (days) => [`FREQ=MONTHLY;BYDAY=${days}`, BYDAY] as const,
  ),
  ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY with an ordinal needs FREQ=MONTHLY or FREQ=YEARLY'],
  ['FREQ=DAILY;BYDAY=-1FR', 'BYDAY with an ordinal needs FREQ=MONTHLY or FREQ=YEARLY'],
  ...['', '0', '32', '-32', '1,', 'x'].map(
    (days) => [`FREQ=MONTHLY;BYMONTHDAY=${days}`, BYMONTHDAY] as const,
  ),
  ['FREQ=WEEKLY;BYMONTHDAY=1', 'BYMONTHDAY needs FREQ=DAILY, FREQ=MONTHLY or FREQ=YEARLY'],
  ...['', '0', '13', '-1', 'JAN'].map(
    (months) => [`FREQ=YEARLY;BYMONTH=${months}`, BYMONTH] as const,
  ),
  ...['', '0', '367', '-367', 'x'].map(
    (positions) => [`FREQ=MONTHLY;BYDAY=MO;BYSETPOS=${positions}`, BYSETPOS] as const,
  ),
  ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH'],
  ...['', 'XX', '1MO', 'MO,TU'].map((day) => [`FREQ=WEEKLY;WKST=${day}`, WKST] as const),
  ...[
    '',
    '2027',
    '2027-01-31',
    '20270230',
    '20270131T0930',
    '20270131T093000Z',
    '20270131Z',
    '18991231',
    'x',
  ].map((until) => [`FREQ=DAILY;UNTIL=${until}`, UNTIL] as const),
  ['FREQ=DAILY;COUNT=2;UNTIL=20270131', 'COUNT and UNTIL must not occur together'],
  [
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'the rule never comes true: no date after due fits BYMONTH and BYMONTHDAY',
  ],
  [
    'FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31',
    'the rule never comes true: no date after due fits BYMONTH and BYMONTHDAY',
  ],
  [
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6',
    'the rule never comes true: no date after due fits BYDAY and BYSETPOS',
  ],
  [
    'FREQ=MONTHLY;INTERVAL=12;BYMONTH=2',
    'the rule never comes true: no date after due fits INTERVAL and BYMONTH',
  ],
]

/** Which rules of recurrence a client can set, and the error for each of the others. */
export function describeRecurrenceRules(client: Client): void {
  describe('a recurrence rule', () => {
    test.each(ACCEPTED)('is accepted and returned unchanged: %s', async (rule) => {
      const user = await createUser(client)
      const recurrence = { rule, from: 'due' }
      const task = await user.create({ due: DAY, recurrence: { rule } })
      expect(task.recurrence).toStrictEqual(Object(recurrence))
      const other = await user.create({ due: MINUTE })
      expect((await user.patch(other.id, { recurrence })).recurrence).toStrictEqual(
        Object(recurrence),
      )
    })

    test.each(REFUSED)('is refused with the part that is wrong: %s', async (rule, problem) => {
      const user = await createUser(client)
      const { id } = await user.create({ due: MINUTE })
      const body = { text: 'x', due: MINUTE, recurrence: { rule } }
      const details = [`recurrence: ${problem}`]
      expect(await user.problems('POST', '/tasks', body)).toStrictEqual(details)
      const patch = { recurrence: { rule } }
      expect(await user.problems('PATCH', `/tasks/${id}`, patch)).toStrictEqual(details)
      const [result] = await user.batch([{ op: 'patch', id, body: patch }])
      expect(result?.error?.details).toStrictEqual(details)
    })

    test('takes UNTIL with a time only if due has a time', async () => {
      const user = await createUser(client)
      const recurrence = { rule: 'FREQ=DAILY;UNTIL=20270131T093000' }
      const { id } = await user.create({ due: MINUTE, recurrence })
      expect(
        await user.problems('POST', '/tasks', { text: 'x', due: DAY, recurrence }),
      ).toStrictEqual([`recurrence: ${UNTIL}`])
      expect(await user.problems('PATCH', `/tasks/${id}`, { due: DAY })).toStrictEqual([
        `recurrence: ${UNTIL}`,
      ])
    })

    test('is refused if it has more than 200 characters', async () => {
      const user = await createUser(client)
      const rule = `FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(89)}1`
      expect(rule).toHaveLength(201)
      const body = { text: 'x', due: DAY, recurrence: { rule } }
      expect(await user.problems('POST', '/tasks', body)).toStrictEqual([RECURRENCE])
    })
  })
}
