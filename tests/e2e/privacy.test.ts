import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { SQL } from 'bun'
import { REFUSAL_REASONS } from '../../adapters/auth/refusal.ts'
import { readTask } from '../http/answers.ts'
import { adminOf, until } from '../support/admin.ts'
import { bearer, PRODUCTION, SECRET } from '../support/config.ts'
import { createDatabase, type TestDatabase } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { connect } from '../support/socket.ts'

setDefaultTimeout(30_000)

// Part of everything private that a client sends. It must not appear in logs or metrics.
const MARKER = 'xyzzy'
const USER = `${MARKER}-user`
const TEXT = `${MARKER}-text`
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let database: TestDatabase
let sql: SQL
let service: ServiceProcess
let headers: Record<string, string>
/** What every API token of this test contains after its prefix. */
let apiToken = ''
/** The sent requests by id, as the log must describe them. */
const sent = new Map<string, { method: string; route: string | null; status: number }>()

beforeAll(async () => {
  directory = await temporaryDirectory()
  database = await createDatabase()
  sql = new SQL(database.url, { max: 1 })
  service = await startService({
    directory: directory.path,
    environment: {
      ...PRODUCTION,
      DATABASE_URL: database.url,
      ADMIN_PORT: '0',
    },
  })
  headers = { ...(await bearer(USER)), 'content-type': 'application/json' }
  await sendEverything()
})

afterAll(async () => {
  await service[Symbol.asyncDispose]()
  await sql.close()
  await database.drop()
  await directory[Symbol.asyncDispose]()
})

/** Sends a request and adds it to `sent`. */
async function send(
  method: string,
  path: string,
  expected: { readonly route: string | null; readonly status: number },
  init: RequestInit = {},
): Promise<Response> {
  const response = await service.send(path, { method, headers, ...init })
  expect(response.status).toBe(expected.status)
  sent.set(`${response.headers.get('x-request-id')}`, { method, ...expected })
  return response
}

/** Like `send`, for methods that `fetch` does not send. Bun's parser refuses unknown methods. */
async function sendRaw(method: string, path: string, route: string | null, status: number) {
  using connection = await connect(service.port)
  await connection.send(`${method} ${path} HTTP/1.1\r\nHost: ${MARKER}\r\n\r\n`)
  const [answer] = await connection.responses(1)
  expect(answer?.status).toBe(status)
  sent.set(`${answer?.headers.get('x-request-id')}`, { method, route, status })
}

async function sendEverything(): Promise<void> {
  const one = '/tasks/:id'
  const body = JSON.stringify({ text: TEXT })
  const { id } = await readTask(
    await send('POST', '/tasks', { route: '/tasks', status: 201 }, { body }),
  )
  const path = `/tasks/${id}`
  await send('GET', `/tasks?${MARKER}`, { route: '/tasks', status: 200 })
  await send('GET', path, { route: one, status: 200 })
  await send('HEAD', path, { route: one, status: 200 })
  await send('OPTIONS', path, { route: one, status: 204 })
  await send('PATCH', path, { route: one, status: 200 }, { body })
  await send('GET', `/tasks/${MARKER}`, { route: one, status: 422 })
  await send('GET', `/${MARKER}`, { route: null, status: 404 })
  await send('POST', path, { route: one, status: 405 }, { body })
  await send('GET', path, { route: one, status: 401 }, { headers: {} })
  const authorization = `Bearer ${MARKER}.${MARKER}.${MARKER}`
  await send('GET', '/tasks', { route: '/tasks', status: 401 }, { headers: { authorization } })
  await send('POST', '/tasks', { route: '/tasks', status: 400 }, { body: `{${MARKER}` })
  const long = JSON.stringify({ text: TEXT.repeat(100) })
  await send('POST', '/tasks', { route: '/tasks', status: 422 }, { body: long })
  const large = JSON.stringify({ text: TEXT.repeat(100_000) })
  await send('POST', '/tasks', { route: '/tasks', status: 413 }, { body: large })
  const nasty = {
    ...headers,
    'x-request-id': `${MARKER} {}"`,
    cookie: MARKER,
    'user-agent': MARKER,
  }
  await send('GET', '/tasks', { route: '/tasks', status: 200 }, { headers: nasty })
  await sendRaw('TRACE', '/tasks', '/tasks', 405)
  await sendRaw('PROPFIND', `/${MARKER}`, null, 404)
  const named = JSON.stringify({ name: `${MARKER} token`, scopes: ['read'] })
  const keyed = { ...headers, 'idempotency-key': 'a-key' }
  const response = await send(
    'POST',
    '/tokens',
    { route: '/tokens', status: 201 },
    { body: named, headers: keyed },
  )
  apiToken = Object(await response.json()).token
  const byToken = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' }
  await send('GET', '/tasks', { route: '/tasks', status: 200 }, { headers: byToken })
  await send('POST', '/tasks', { route: '/tasks', status: 403 }, { headers: byToken, body })
  const mistyped = { authorization: `Bearer ${apiToken}x` }
  await send('GET', '/tasks', { route: '/tasks', status: 401 }, { headers: mistyped })
  await send('DELETE', path, { route: one, status: 204 })

  // Faults whose messages contain the row.
  await sql`alter table tasks add constraint no_more check (false) not valid`
  const refused = await send('POST', '/tasks', { route: '/tasks', status: 500 }, { body })
  expect(await refused.text()).not.toMatch(/tasks|constraint|no_more|xyzzy/)
  await sql`alter table tasks drop column completed_at`
  const broken = await send('GET', '/tasks', { route: '/tasks', status: 500 })
  expect(await broken.text()).not.toMatch(/completed_at|column/)
}

/** The log lines with a request id, once every request is logged. */
async function requestLines(): Promise<Record<string, unknown>[]> {
  const lines = () =>
    service
      .output()
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Record<string, unknown> => JSON.parse(line))
      .filter((line) => 'request_id' in line)
  await until(async () => lines().filter(({ msg }) => msg === 'Request').length >= sent.size)
  return lines()
}

describe('the log', () => {
  test('has one line per request', async () => {
    const lines = (await requestLines()).filter(({ msg }) => msg === 'Request')
    expect(lines.map((line) => line['request_id'])).toStrictEqual([...sent.keys()])
    for (const { request_id, method, route, status, ...rest } of lines) {
      expect<unknown>({ method, route, status }).toStrictEqual(sent.get(`${request_id}`))
      expect(rest).toStrictEqual({
        level: 'info',
        time: expect.stringMatching(TIMESTAMP),
        duration_ms: expect.any(Number),
        user: status === 401 || route === null ? null : rest['user'],
        token_kind: status === 401 || route === null ? null : rest['token_kind'],
        bytes: rest['bytes'],
        msg: 'Request',
      })
    }
    const users = new Set(lines.map(({ user }) => user).filter((user) => user !== null))
    expect(users.size).toBe(1)
    expect(`${[...users][0]}`).toMatch(/^[0-9a-f]{16}$/)
  })

  test('has the stack of each fault, with the id of its request', async () => {
    const faults = (await requestLines()).filter(({ level }) => level === 'error')
    expect(faults).toMatchObject([
      { err: { code: '23514', stack: expect.stringContaining('    at ') } },
      { err: { code: '42703', stack: expect.stringContaining('    at ') } },
    ])
    const statuses = faults.map((line) => sent.get(`${line['request_id']}`)?.status)
    expect(statuses).toStrictEqual([500, 500])
  })

  test('contains no private data', async () => {
    await requestLines()
    const output = service.output().toLowerCase()
    expect(output).not.toContain(MARKER)
    expect(output).not.toContain(
      `${headers['authorization']}`.slice('Bearer '.length).toLowerCase(),
    )
    expect(output).not.toContain(SECRET)
    expect(output).not.toContain(apiToken.slice(3, 20).toLowerCase())
    // The only ids are those of requests.
    const ids = output.match(new RegExp(ID, 'g')) ?? []
    expect(ids.filter((id) => !sent.has(id))).toBeEmpty()
  })
})

test('the metrics count requests and contain no private data', async () => {
  const admin = adminOf(service)
  const text = await (await admin.send('/metrics')).text()
  expect(text.toLowerCase()).not.toContain(MARKER)
  expect(text).not.toMatch(ID)
  expect(text).not.toContain(apiToken.slice(3, 20))

  const labels: Record<string, Set<string>> = {}
  for (const [, name = '', value = ''] of text.matchAll(/([a-z_]+)="([^"]*)"/g)) {
    labels[name] ??= new Set()
    labels[name].add(value)
  }
  const { le: _, ...closed } = labels
  expect(
    Object.fromEntries(Object.entries(closed).map(([name, set]) => [name, [...set].sort()])),
  ).toStrictEqual({
    method: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'other'],
    route: ['/tasks', '/tasks/:id', '/tokens', 'none'],
    status: ['200', '201', '204', '400', '401', '403', '404', '405', '413', '422', '500'],
    operation: [
      'create',
      'create_token',
      'delete',
      'find_token',
      'get',
      'list',
      'patch',
      'touch_token',
    ],
    outcome: ['done', 'failed', 'fetched'],
    cache: ['hit', 'miss'],
    kind: ['api_token', 'oauth', 'sign_in'],
    reason: ['missing', ...REFUSAL_REASONS].sort(),
    state: ['busy', 'idle', 'waiting'],
  })

  const metrics = await admin.metrics()
  const count = (name: string) => metrics.get(name) ?? 0
  const requests = 'http_request_duration_seconds_count'
  expect(count(`${requests}{method="POST",route="/tasks",status="201"}`)).toBe(1)
  expect(count(`${requests}{method="GET",route="/tasks",status="200"}`)).toBe(3)
  expect(count(`${requests}{method="GET",route="/tasks",status="500"}`)).toBe(1)
  expect(count(`${requests}{method="other",route="none",status="404"}`)).toBe(1)
  const store = 'taskport_store_duration_seconds_count'
  expect(count(`${store}{operation="create",outcome="done"}`)).toBe(1)
  expect(count(`${store}{operation="create",outcome="failed"}`)).toBe(1)
  expect(count('taskport_store_connections{state="idle"}')).toBeGreaterThan(0)
  expect(count('taskport_tokens_total{kind="sign_in",cache="hit"}')).toBeGreaterThan(5)
  expect(count('taskport_tokens_total{kind="sign_in",cache="miss"}')).toBe(2)
  expect(count('taskport_tokens_total{kind="api_token",cache="hit"}')).toBe(1)
  expect(count('taskport_tokens_total{kind="api_token",cache="miss"}')).toBe(2)
  expect(count('taskport_tokens_refused_total{reason="bad_checksum"}')).toBe(1)
  expect(count('taskport_tokens_refused_total{reason="missing"}')).toBe(1)
  expect(count('taskport_tokens_refused_total{reason="malformed"}')).toBe(1)
  expect(count('taskport_unexpected_errors_total')).toBe(2)
  expect(count('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
  expect(count('process_cpu_seconds_total')).toBeGreaterThan(0)
  expect(Math.abs(Date.now() / 1000 - count('process_start_time_seconds'))).toBeLessThan(600)
})

test('the database has the hash of an API token, and no answer that contains it', async () => {
  const rows = await sql`
    select to_jsonb(api_tokens)::text as text from api_tokens
    union all select to_jsonb(remembered_calls)::text from remembered_calls`
  const stored = rows.map(({ text }: { text: string }) => text).join('\n')
  expect(stored).toContain(new Bun.CryptoHasher('sha256').update(apiToken).digest('hex'))
  expect(stored).not.toContain(apiToken.slice(3, 20))
  expect(rows).toHaveLength(1)
})
