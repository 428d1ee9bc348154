import { describe, expect, test } from 'bun:test'
import { errorResponse, type HttpErrorCode, statusOf } from '../../adapters/http/errors.ts'
import { TaskportError } from '../../core/errors.ts'
import { readTask } from '../http/answers.ts'
import { codeIn, namesIn, readPage, readRequest, rowsIn, sectionOf } from './page.ts'
import { createTask, openService } from './service.ts'

/** The task of the page's examples. */
const EXAMPLE_ID = '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90'

const page = await readPage('docs/errors.md')
// Safe: the keys of an object literal.
const codes = Object.keys(statusOf) as HttpErrorCode[]

/** The settings that an error needs. */
const settings: { readonly [Code in HttpErrorCode]?: Record<string, string> } = {
  PRECONDITION_REQUIRED: { REQUIRE_IF_MATCH: 'true' },
  RATE_LIMITED: { RATE_LIMIT_PER_MINUTE: '600' },
}

/** The errors that no request can cause. */
const thrown: { readonly [Code in HttpErrorCode]?: unknown } = {
  INTERNAL_ERROR: new Error('a fault'),
  SERVICE_UNAVAILABLE: new TaskportError('unavailable', 'the store is down'),
}

async function expiredCursor(): Promise<string> {
  const other = await openService()
  await createTask(other, 'a')
  const answer = await other.send('/tasks/changes')
  await other.close()
  return /"next_cursor":"([^"]+)"/.exec(await answer.text())?.[1] ?? expect.unreachable()
}

test('lists every code with its status, in the order of the statuses', () => {
  const rows = rowsIn(page.slice(0, page.indexOf('\n## ')))
  expect(rows.map(([code = '', status]) => [...namesIn(code), Number(status)])).toStrictEqual(
    codes.map((code) => [code, statusOf[code]]),
  )
  expect(Array.from(page.matchAll(/^## (.*)$/gm), ([, title]) => title)).toStrictEqual(codes)
})

describe.each(codes)('the section of %s', (code) => {
  const section = sectionOf(page, `## ${code}`)
  const requests = codeIn(section, 'http')
  const answers = codeIn(section, 'json').map((answer) => JSON.parse(answer))

  test('shows the response of the service', async () => {
    expect(answers.length).toBeGreaterThan(0)
    if (code in thrown) {
      const response = errorResponse(thrown[code], {}, () => {})
      expect([await response.json()]).toStrictEqual(answers)
      return
    }
    expect(requests).toHaveLength(answers.length)
    const service = await openService(settings[code] ?? {})
    const { id } = await readTask(await createTask(service, 'Buy milk'))
    for (const [index, example] of requests.entries()) {
      const { path, init } = readRequest(
        example.replace(EXAMPLE_ID, id).replace('CURSOR', await expiredCursor()),
      )
      let response = await service.send(path, init)
      while (code === 'RATE_LIMITED' && response.ok) response = await service.send(path, init)
      expect(response.status).toBe(statusOf[code])
      expect(await response.json()).toStrictEqual(answers[index])
    }
    await service.close()
  })
})

/** A service with a list, and a task with a subtask in it. */
async function openServiceWithTasks() {
  const service = await openService({ MAX_TASKS_PER_USER: '250' })
  async function call(method: string, path: string, body?: unknown) {
    const headers = { 'content-type': 'application/json' }
    const response = await service.send(path, { method, headers, body: JSON.stringify(body) })
    return response.json()
  }
  const batch = (operations: unknown[], atomic = false) =>
    call('POST', '/tasks/batch', { atomic, operations })
  const [list, parent, subtask, other] = (
    await batch([
      { op: 'create_list', body: { name: 'Household' } },
      { op: 'create', body: { text: 'Clean', list_id: '$0' } },
      { op: 'create', body: { text: 'Sweep', parent_id: '$1' } },
      { op: 'create', body: { text: 'Read' } },
    ])
  ).results.map((result: { list?: { id: string }; task?: { id: string } }) => {
    return (result.list ?? result.task)?.id
  })
  return { call, batch, list, parent, subtask, other, close: service.close }
}

/** The details of all requests. */
function detailsOf(answers: readonly { details?: string[]; results?: { error?: object }[] }[]) {
  return answers.flatMap(({ details = [], results = [] }) => [
    ...details,
    ...results.flatMap(({ error }) => Object(error).details ?? []),
  ])
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
  const { call, batch, close, ...ids } = await openServiceWithTasks()
  const { list, parent, subtask, other } = ids
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
    await batch(Array.from({ length: 100 }, () => subtaskOf(parent))),
    await call('POST', '/lists', { name: ' ', color: 'red' }),
    await call('POST', `/tasks/${other}/move`, { before: list }),
    await call('POST', `/lists/${list}/move`, { before: other }),
  ]
  for (let lists = 1; lists < 501; lists += 100)
    details.push(
      await batch(Array.from({ length: 100 }, () => ({ op: 'create_list', body: { name: 'a' } }))),
    )
  for (let tasks = 0; tasks < 200; tasks += 100)
    details.push(
      await batch(Array.from({ length: 100 }, () => ({ op: 'create', body: { text: 'a' } }))),
    )
  await close()
  expectListed('### What is wrong with a member', [...new Set(detailsOf(details))])
})

function subtaskOf(parent: string) {
  return { op: 'create', body: { text: 'a', parent_id: parent } }
}

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

test.each(['docs/api.md', 'docs/troubleshooting.md'])(
  'gives each code its status in %s',
  async (path) => {
    const named = Array.from((await readPage(path)).matchAll(/(\d{3}) \[`([A-Z_]+)`\]/g))
    const wrong = named.filter(([, status, code]) => Object(statusOf)[`${code}`] !== Number(status))
    expect(named.length).toBeGreaterThan(0)
    expect(wrong.map(([text]) => text)).toStrictEqual([])
  },
)
