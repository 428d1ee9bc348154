import { expect, test } from 'bun:test'
import { MAX_API_TOKENS } from '../../core/api-token.ts'
import { namesIn, readPage, rowsIn, sectionOf } from './page.ts'
import { openService } from './service.ts'

const page = await readPage('docs/errors.md')

/** What the service sends, as far as these tests read it. */
interface Answer {
  readonly details?: readonly string[]
  readonly results?: readonly {
    readonly task?: { readonly id: string }
    readonly list?: { readonly id: string }
    readonly error?: { readonly details?: readonly string[] }
  }[]
}

/** A service with a list, a task with a subtask in it, and another task. */
async function openServiceWithTasks() {
  const service = await openService({ MAX_TASKS_PER_USER: '250' })
  async function call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const response = await service.send(path, { method, headers, body: JSON.stringify(body) })
    // Safe: the shape of every response that these tests read.
    return (await response.json()) as Answer
  }
  const batch = (operations: readonly unknown[]) =>
    call('POST', '/tasks/batch', { atomic: false, operations })
  const { results = [] } = await batch([
    { op: 'create_list', body: { name: 'Household' } },
    { op: 'create', body: { text: 'Clean', list_id: '$0' } },
    { op: 'create', body: { text: 'Sweep', parent_id: '$1' } },
    { op: 'create', body: { text: 'Read' } },
  ])
  const [list, parent, subtask, other] = results.map((result) => (result.list ?? result.task)?.id)
  return { call, batch, list, parent, subtask, other, close: service.close }
}

function detailsOf(answers: readonly Answer[]): string[] {
  return answers.flatMap(({ details = [], results = [] }) => [
    ...details,
    ...results.flatMap(({ error }) => error?.details ?? []),
  ])
}

/** A hundred operations that are alike. */
function hundred(op: string, body: object): object[] {
  return Array.from({ length: 100 }, () => ({ op, body }))
}

/** The details of a section, as patterns in which an ellipsis stands for any text. */
function patternsOf(heading: string): RegExp[] {
  return rowsIn(sectionOf(page, heading)).map(([cell = '']) => {
    const parts = (namesIn(cell)[0] ?? '').split('…').map((part) => RegExp.escape(part))
    return new RegExp(`^${parts.join('.*')}$`)
  })
}

function expectListed(heading: string, details: readonly string[]): void {
  const patterns = patternsOf(heading)
  expect(details.filter((detail) => !patterns.some((one) => one.test(detail)))).toStrictEqual([])
  expect(patterns.filter((one) => !details.some((detail) => one.test(detail)))).toStrictEqual([])
}

test('explains what can be wrong with a member', async () => {
  const { call, batch, list, parent, subtask, other, close } = await openServiceWithTasks()
  const bodies = [
    { description: 1 },
    { due: '2026-02-30' },
    { time_zone: '+01:00' },
    { time_zone: 'Europe/Berlin', due: '2026-01-31' },
    { priority: 1 },
    { tags: ['a', 'A'] },
    { recurrence: 'FREQ=DAILY' },
    { recurrence: { rule: 'FREQ=DAILY' } },
    { list_id: other },
    { list_id: other, parent_id: parent },
    { parent_id: 'a' },
    { parent_id: list },
    { parent_id: subtask },
  ]
  const patches = [
    [other, { parent_id: parent, list_id: null }],
    [other, { parent_id: parent }],
    [other, { parent_id: other }],
    [subtask, { list_id: null }],
    [parent, { parent_id: other, list_id: null }],
  ]
  const details = [
    await batch(bodies.map((body) => ({ op: 'create', body: { text: 'a', ...body } }))),
    await batch(patches.map(([id, body]) => ({ op: 'patch', id, body }))),
    await batch(hundred('create', { text: 'a', parent_id: parent })),
    await call('POST', '/lists', { name: ' ', color: 'red' }),
    await call('POST', '/tokens', { name: '', scopes: ['write'], expires_at: '2026-01-31' }),
    await call('POST', `/tasks/${other}/move`, { before: list }),
    await call('POST', `/lists/${list}/move`, { before: other }),
  ]
  for (const op of ['create_list', 'create'])
    for (let times = 0; times < 5; times++)
      details.push(await batch(hundred(op, { name: 'a', text: 'a' })))
  for (let times = 0; times <= MAX_API_TOKENS; times++)
    details.push(await call('POST', '/tokens', { name: 'a', scopes: ['read'] }))
  await close()
  expectListed('### What is wrong with a member', [...new Set(detailsOf(details))])
})

test('explains what can be wrong with a rule', async () => {
  const { batch, close } = await openServiceWithTasks()
  const rules = [
    'RRULE:FREQ=DAILY',
    'FREQ=DAILY;BYHOUR=9',
    'FREQ=DAILY;FREQ=DAILY',
    'FREQ=HOURLY',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=WEEKLY;BYDAY=MON',
    'FREQ=WEEKLY;BYDAY=2MO',
    'FREQ=MONTHLY;BYMONTHDAY=32',
    'FREQ=WEEKLY;BYMONTHDAY=1',
    'FREQ=YEARLY;BYMONTH=MAY',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0',
    'FREQ=MONTHLY;BYSETPOS=1',
    'FREQ=WEEKLY;WKST=Mo',
    'FREQ=DAILY;COUNT=0',
    'FREQ=DAILY;UNTIL=2027-01-31',
    'FREQ=DAILY;COUNT=2;UNTIL=20270131',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  ]
  const answer = await batch(
    rules.map((rule) => ({
      op: 'create',
      body: { text: 'a', due: '2026-01-31', recurrence: { rule } },
    })),
  )
  await close()
  const details = detailsOf([answer]).map((detail) => detail.replace(/^recurrence: /, ''))
  expectListed('### What is wrong with a rule', details)
})

test('explains what can be wrong with a list of tasks or a batch', async () => {
  const { call, batch, list, other, close } = await openServiceWithTasks()
  const tags = 'tag=a&'.repeat(21)
  const details = [
    await call('GET', `/tasks?list=${other}`),
    await call('GET', `/tasks?parent=${list}`),
    await call('GET', `/tasks?${tags}sort=text&due=2026-01-31`),
    await call('GET', '/tasks?list=inbox&list=inbox'),
    await batch([
      { op: 'replace' },
      { op: 'create', body: { text: 'a', list_id: '$0' } },
      { op: 'create', body: { text: 'a', parent_id: list } },
      { op: 'create', body: { text: 'a', parent_id: '$2' } },
    ]),
  ]
  await close()
  expectListed(
    '### What is wrong with a list of tasks or a batch',
    detailsOf(details).filter((detail) => !detail.startsWith('parent_id: must be')),
  )
})
