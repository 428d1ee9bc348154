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

/** An API token that may only read. */
async function readToken(service: Awaited<ReturnType<typeof openService>>): Promise<string> {
  const response = await service.send('/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'CI', scopes: ['read'] }),
  })
  return /tp_\w+/.exec(await response.text())?.[0] ?? ''
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
        example
          .replace(EXAMPLE_ID, id)
          .replace('CURSOR', await expiredCursor())
          .replace('READ_TOKEN', await readToken(service)),
      )
      let response = await service.send(path, init)
      while (code === 'RATE_LIMITED' && response.ok) response = await service.send(path, init)
      expect(response.status).toBe(statusOf[code])
      expect(await response.json()).toStrictEqual(answers[index])
    }
    await service.close()
  })
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
