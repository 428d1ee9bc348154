import { afterEach, beforeEach, describe, expect, setSystemTime, test } from 'bun:test'
import { nextDue } from '../../core/recurrence.ts'
import openapi from '../../openapi.json'
import { compact, createNames, readEvents, withoutInterval } from './examples.ts'
import { codeIn, namesIn, readPage, readRequest, rowsIn, sectionOf } from './page.ts'
import { createTask, openService } from './service.ts'

const page = await readPage('docs/api.md')
/** The errors that the page states once for all operations, and for all that change tasks and lists. */
const ALWAYS = ['401', '429', '500', '503']
const ON_WRITES = ['403', ...ALWAYS]

let service: Awaited<ReturnType<typeof openService>>

beforeEach(async () => {
  // The next dates of recurring tasks depend on today.
  setSystemTime(new Date('2026-01-31T09:30:00Z'))
  service = await openService({ RATE_LIMIT_PER_MINUTE: '600' })
})

afterEach(async () => {
  await service.close()
  setSystemTime()
})

/** Takes a response apart that is written as in RFC 9112. */
function readResponse(example: string) {
  const [head = '', ...body] = example.split('\n\n')
  const [statusLine = '', ...fields] = head.trim().split('\n')
  return { status: statusLine.split(' ')[1] ?? '', fields, body: body.join('\n\n').trim() }
}

async function bodyOf(response: Response, shown: string): Promise<[string, string]> {
  if (response.headers.get('content-type') === 'text/event-stream')
    return [withoutInterval(shown), await readEvents(response, shown.split('\n\n').length)]
  const body = await response.text()
  return body === '' ? [shown, body] : [compact(shown), compact(body)]
}

test('answers every request of the page as the page shows', async () => {
  const blocks = codeIn(page, 'http')
  const names = createNames()
  expect(blocks.length % 2).toBe(0)
  for (let index = 0; index < blocks.length; index += 2) {
    const { path, init } = readRequest(names.actual(blocks[index] ?? ''))
    const shown = readResponse(blocks[index + 1] ?? '')
    const response = await service.send(path, init)
    const [shownBody, body] = await bodyOf(response, shown.body)
    const fields = shown.fields.map((field) => {
      const [name = ''] = field.split(':')
      return `${name}: ${response.headers.get(name)}`
    })
    names.compare(
      [shown.status, ...shown.fields, shownBody].join('\n'),
      [response.status, ...fields, body].join('\n'),
    )
  }
})

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly responses: Readonly<Record<string, unknown>>
}

const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries<Operation>(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
)

describe.each(operations)('the section of %s', (request, operation) => {
  const [section = ''] = page
    .split(/^#{2,3} /m)
    .filter((part) => part.includes(`\n\`${request}\` · `))

  test('names the operation and its parameters as OpenAPI does', () => {
    expect(section).toContain(`\`${request}\` · \`${operation.operationId}\`\n`)
    expect(
      rowsIn(section).map(([name = '', place]) => ({ name: namesIn(name)[0], in: place })),
    ).toStrictEqual((operation.parameters ?? []).map((one) => ({ name: one.name, in: one.in })))
  })

  test('lists the same errors as OpenAPI', () => {
    const [, errors = ''] = section.split(/^Errors: /m)
    const listed = [...errors.replace(/`\{.*/s, '').matchAll(/\b[45]\d\d\b/g)].map(([code]) => code)
    const isPublic = ['GET /', 'GET /health'].includes(request)
    const isWrite = !request.startsWith('GET ') && !request.includes(' /tokens')
    const stated = isPublic ? [] : isWrite ? ON_WRITES : ALWAYS
    expect([...listed, ...stated].toSorted()).toStrictEqual(
      Object.keys(operation.responses).filter((status) => Number(status) >= 400),
    )
  })
})

test.each(rowsIn(sectionOf(page, '## Search')))(
  'finds a text when it differs in %s: %s',
  async (_, example) => {
    const [, q = '', text = ''] = /^`(.*)` finds (.*)$/.exec(example ?? '') ?? []
    await createTask(service, text)
    const response = await service.send(`/tasks?q=${encodeURIComponent(q)}`)
    expect(await response.json()).toMatchObject({ tasks: [{ text }] })
  },
)

test.each(rowsIn(sectionOf(page, '### Recurring tasks')))(
  'repeats a task as the page shows with the rule %s',
  (cell = '', _, next) => {
    const rule = namesIn(cell)[0] ?? ''
    const day = '2026-01-31'
    expect(nextDue({ rule, from: 'due' }, day, day)).toMatchObject({ due: next })
  },
)
