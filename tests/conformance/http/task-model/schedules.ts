import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { createUser, DUE, RECURRENCE } from './user.ts'

const DAYS = ['1900-01-01', '2024-02-29', '2000-02-29', '2026-12-31', '9999-12-31']
const MINUTES = [
  '1900-01-01T00:00',
  '2026-01-31T09:30',
  '2026-03-29T02:30',
  '2026-10-25T02:30',
  '9999-12-31T23:59',
]

const NO_DUES = [
  '',
  '1899-12-31',
  '0000-01-01',
  '10000-01-01',
  '+010000-01-01',
  '-2026-01-31',
  '2026-02-29',
  '1900-02-29',
  '2026-02-30',
  '2026-04-31',
  '2026-00-10',
  '2026-13-01',
  '2026-01-00',
  '2026-01-32',
  '2026-1-31',
  '26-01-31',
  '20260131',
  '2026-031',
  '2026-W05-6',
  '2026-01',
  '2026-01-31T24:00',
  '2026-01-31T23:60',
  '2026-01-31T9:30',
  '2026-01-31T09',
  '2026-01-31T0930',
  '2026-01-31T09:30:00',
  '2026-01-31T09:30:00.000Z',
  '2026-01-31T09:30Z',
  '2026-01-31T09:30+01:00',
  '2026-01-31T09:30-0100',
  '2026-01-31T09:30[Europe/Berlin]',
  '2026-01-31Z',
  '2026-01-31+01:00',
  '2026-01-31T',
  '2026-01-31t09:30',
  '2026-01-31 09:30',
  ' 2026-01-31',
  '2026-01-31 ',
  '2026-01-31\n',
  '٢٠٢٦-٠١-٣١',
  'today',
  20_260_131,
  true,
  [],
  ['2026-01-31'],
  {},
]

const ZONES = [
  'Europe/Berlin',
  'America/Argentina/Buenos_Aires',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'UTC',
  'Etc/UTC',
]

const NO_ZONES = [
  '',
  ' ',
  '+01:00',
  '-08:00',
  '+01',
  '+0100',
  'Z',
  'UTC+1',
  'UTC+01:00',
  'GMT+1',
  '2026-01-31T09:30Z',
  'Europe',
  'Europe/',
  'Europe/Atlantis',
  'Europe/Berlin ',
  ' Europe/Berlin',
  'Europe/Berlin\u0000',
  'Europe/Bérlin',
  '../etc/passwd',
  'local',
  `Europe/${'x'.repeat(60)}`,
  1,
  true,
  [],
  ['UTC'],
  {},
]

const ZONE = 'time_zone: must be an IANA time zone such as Europe/Berlin'
const NEEDS_TIME = 'time_zone: needs a due with a time of day'
const NEEDS_DUE = 'recurrence: needs a due'

const DAY = '2026-01-31'
const MINUTE = '2026-01-31T09:30'
const BERLIN = 'Europe/Berlin'
const DAILY = { rule: 'FREQ=DAILY', from: 'due' }
const WHOLE = { due: MINUTE, time_zone: BERLIN, recurrence: DAILY }

const NO_PARTS =
  'recurrence: the rule must be parts such as FREQ=WEEKLY;BYDAY=MO, in capitals, without spaces, the prefix RRULE: or a semicolon at the end'

type Step = readonly [before: object, change: object, after: object]

/** What a task has, a change of it, and some of what it has then. */
const CHANGES: readonly Step[] = [
  [WHOLE, { due: null }, { due: null, time_zone: null, recurrence: null }],
  [WHOLE, { due: DAY }, { due: DAY, time_zone: null, recurrence: DAILY }],
  [WHOLE, { due: '2027-01-01T00:00' }, { ...WHOLE, due: '2027-01-01T00:00' }],
  [WHOLE, { time_zone: null }, { ...WHOLE, time_zone: null }],
  [WHOLE, { recurrence: null }, { ...WHOLE, recurrence: null }],
  [WHOLE, { time_zone: 'UTC' }, { ...WHOLE, time_zone: 'UTC' }],
  [WHOLE, { due: null, recurrence: null, time_zone: null }, { due: null, recurrence: null }],
  [WHOLE, { due: DAY, time_zone: null }, { due: DAY, time_zone: null, recurrence: DAILY }],
  [{ due: DAY }, { due: MINUTE, time_zone: BERLIN }, { due: MINUTE, time_zone: BERLIN }],
  [{ due: MINUTE }, { time_zone: BERLIN }, { due: MINUTE, time_zone: BERLIN }],
  [{ due: DAY }, { recurrence: DAILY }, { due: DAY, recurrence: DAILY }],
  [{}, WHOLE, WHOLE],
]

type Refusal = readonly [before: object, change: object, problems: string[]]

const REFUSED_CHANGES: readonly Refusal[] = [
  [{}, { due: DAY, time_zone: BERLIN }, [NEEDS_TIME]],
  [{}, { time_zone: BERLIN }, [NEEDS_TIME]],
  [{ due: DAY }, { time_zone: BERLIN }, [NEEDS_TIME]],
  [WHOLE, { due: DAY, time_zone: BERLIN }, [NEEDS_TIME]],
  [WHOLE, { due: null, time_zone: BERLIN }, [NEEDS_TIME]],
  [{}, { recurrence: DAILY }, [NEEDS_DUE]],
  [WHOLE, { due: null, recurrence: DAILY }, [NEEDS_DUE]],
  [WHOLE, { due: null, time_zone: 'UTC', recurrence: DAILY }, [NEEDS_TIME, NEEDS_DUE]],
  [{}, { due: DAY, time_zone: 'Berlin', recurrence: DAILY }, [ZONE]],
  [{}, { due: 'x', time_zone: 'y', recurrence: { rule: 'z' } }, [DUE, ZONE, NO_PARTS]],
  [
    { due: MINUTE, recurrence: { rule: 'FREQ=DAILY;UNTIL=20270101T093000' } },
    { due: DAY },
    [
      'recurrence: UNTIL must be a day such as 20270131, or a local time such as 20270131T093000 if due has a time, without Z',
    ],
  ],
]

const NO_RECURRENCES = [
  'FREQ=DAILY',
  [],
  1,
  true,
  {},
  { from: 'due' },
  { rule: 1 },
  { rule: null },
  { rule: 'FREQ=DAILY', from: 'start' },
  { rule: 'FREQ=DAILY', from: 1 },
]

/** `due`, `time_zone` and `recurrence`, alone and together. */
export function describeSchedules(client: Client): void {
  const newUser = () => createUser(client)

  describe('the schedule of a task', () => {
    test.each([...DAYS, ...MINUTES])('takes the due %s and returns it unchanged', async (due) => {
      const user = await newUser()
      const task = await user.create({ due })
      expect(task.due).toBe(due)
      expect((await user.get(task.id)).due).toBe(due)
      expect((await user.tasks('?sort=due')).tasks).toStrictEqual([task])
    })

    test.each(NO_DUES.map((due) => [due]))('refuses the due %j', async (due) => {
      const user = await newUser()
      const { id } = await user.create({ due: DAY })
      expect(await user.problems('POST', '/tasks', { text: 'x', due })).toStrictEqual([DUE])
      expect(await user.problems('PATCH', `/tasks/${id}`, { due })).toStrictEqual([DUE])
    })

    test.each(ZONES)('takes the time zone %s, and the due stays as it is', async (time_zone) => {
      const user = await newUser()
      const task = await user.create({ due: MINUTE, time_zone })
      expect(task).toMatchObject({ due: MINUTE, time_zone })
      expect(await user.get(task.id)).toStrictEqual(task)
    })

    test.each(NO_ZONES.map((zone) => [zone]))('refuses the time zone %j', async (time_zone) => {
      const user = await newUser()
      const { id } = await user.create({ due: MINUTE })
      const body = { text: 'x', due: MINUTE, time_zone }
      expect(await user.problems('POST', '/tasks', body)).toStrictEqual([ZONE])
      expect(await user.problems('PATCH', `/tasks/${id}`, { time_zone })).toStrictEqual([ZONE])
    })

    test.each(CHANGES)('with %j takes %j', async (before, change, after) => {
      const user = await newUser()
      for (const method of ['PATCH', 'PUT'] as const) {
        const { id } = await user.create(before)
        const changed =
          method === 'PATCH'
            ? await user.patch(id, change)
            : await user.put(id, { text: 'x', completed: false, ...change })
        expect(changed).toMatchObject({ ...after, version: 2 })
        expect(await user.get(id)).toStrictEqual(changed)
      }
    })

    test.each(REFUSED_CHANGES)('with %j refuses %j', async (before, change, problems) => {
      const user = await newUser()
      const task = await user.create(before)
      expect(await user.problems('PATCH', `/tasks/${task.id}`, change)).toStrictEqual(problems)
      const whole = { text: 'x', completed: false, ...change }
      expect(await user.problems('PUT', `/tasks/${task.id}`, whole)).toStrictEqual(problems)
      const [result] = await user.batch([{ op: 'patch', id: task.id, body: change }])
      expect(result?.error?.details).toStrictEqual(problems)
      if (Object.keys(before).length === 0)
        expect(await user.problems('POST', '/tasks', whole)).toStrictEqual(problems)
      expect(await user.get(task.id)).toStrictEqual(task)
    })

    test.each(NO_RECURRENCES.map((recurrence) => [recurrence]))(
      'refuses the recurrence %j',
      async (recurrence) => {
        const user = await newUser()
        const { id } = await user.create({ due: DAY })
        const body = { text: 'x', due: DAY, recurrence }
        expect(await user.problems('POST', '/tasks', body)).toStrictEqual([RECURRENCE])
        expect(await user.problems('PATCH', `/tasks/${id}`, { recurrence })).toStrictEqual([
          RECURRENCE,
        ])
      },
    )

    test('needs a due, which is said together with what else is wrong', async () => {
      const user = await newUser()
      const body = { text: 'x', completed: false, priority: 'top', time_zone: 'UTC' }
      const priority = 'priority: must be one of none, low, medium, high'
      expect(await user.problems('POST', '/tasks', { ...body, recurrence: DAILY })).toStrictEqual([
        priority,
        NEEDS_TIME,
        NEEDS_DUE,
      ])
    })

    test('counts from due unless the recurrence says otherwise, and ignores its other members', async () => {
      const user = await newUser()
      const { recurrence } = await user.create({
        due: DAY,
        recurrence: { extra: 1, rule: 'FREQ=DAILY' },
      })
      expect(JSON.stringify(recurrence)).toBe('{"rule":"FREQ=DAILY","from":"due"}')
      const sent = { from: 'completion', rule: 'FREQ=DAILY' }
      const other = await user.create({ due: DAY, recurrence: sent })
      expect(JSON.stringify(other.recurrence)).toBe('{"rule":"FREQ=DAILY","from":"completion"}')
    })
  })
}
