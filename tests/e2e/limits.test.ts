import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { readError, readList } from '../http/answers.ts'
import { until } from '../support/admin.ts'
import { bearer, SECRET } from '../support/config.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { type Connection, connect } from '../support/socket.ts'

// The slowest clients are given half a minute.
setDefaultTimeout(60_000)

const KIBIBYTE = 1024
const MAX_BODY_BYTES = 1024 * KIBIBYTE
const SLOW_OF_EACH_KIND = 50
const IDLE = 2000
// With a generous margin: a good client waits for nobody.
const PROMPT_MS = 2000

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let service: ServiceProcess
let headers: Record<string, string>
let slowClients: SlowClient[]
let filesBefore: number

/** A client that sends a byte a second for as long as it is let, and never the last one. */
interface SlowClient {
  readonly kind: string
  /** Resolves when the service has closed the connection, with what it said. */
  readonly closed: Promise<number[]>
}

beforeAll(async () => {
  directory = await temporaryDirectory()
  service = await startService({
    directory: directory.path,
    environment: {
      NODE_ENV: 'production',
      BETTER_AUTH_SECRET: SECRET,
      RATE_LIMIT_PER_MINUTE: '0',
      MAX_BODY_BYTES: `${MAX_BODY_BYTES}`,
    },
  })
  headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
  await expectServed()
  filesBefore = await openFiles()
  // All at once and from the beginning: what follows happens while they are there.
  slowClients = await Promise.all(
    Object.entries(slowRequests()).flatMap(([kind, request]) =>
      Array.from({ length: SLOW_OF_EACH_KIND }, () => startSlowly(kind, request)),
    ),
  )
})

afterAll(async () => {
  const exitCode = await service.stop('SIGTERM')
  await directory[Symbol.asyncDispose]()
  // Nothing that a client does is a fault of the service.
  expect(service.output()).not.toMatch(/"level":"(warn|error|fatal)"/)
  expect(exitCode).toBe(0)
})

function slowRequests(): Record<string, { readonly head: string; readonly byte: string }> {
  const head = [
    'POST /tasks HTTP/1.1',
    'Host: localhost',
    `Authorization: ${headers['authorization']}`,
    'Content-Type: application/json',
  ].join('\r\n')
  return {
    'says nothing': { head: '', byte: '' },
    'stops in the head': { head, byte: '' },
    'sends the head slowly': { head: `${head}\r\nX-Slow: `, byte: 'x' },
    'stops in the body': { head: `${head}\r\nContent-Length: 1000\r\n\r\n{`, byte: '' },
    'sends the body slowly': { head: `${head}\r\nContent-Length: 1000\r\n\r\n{`, byte: ' ' },
    'sends small chunks slowly': {
      head: `${head}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
      byte: '1\r\n \r\n',
    },
    'sends a body that nobody reads slowly': {
      head: 'GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{',
      byte: ' ',
    },
  }
}

async function startSlowly(
  kind: string,
  { head, byte }: { readonly head: string; readonly byte: string },
): Promise<SlowClient> {
  const connection = await connect(service.port)
  await connection.send(head)
  const timer = setInterval(() => connection.send(byte), 1000)
  const closed = connection.allResponses().then((answers) => {
    clearInterval(timer)
    connection.terminate()
    return answers.map(({ status }) => status)
  })
  return { kind, closed }
}

async function residentBytes(): Promise<number> {
  return KIBIBYTE * Number(await Bun.$`ps -o rss= -p ${service.pid}`.text())
}

async function openFiles(): Promise<number> {
  return (await readdir(`/proc/${service.pid}/fd`)).length
}

/** That a good client is served, without delay, on a connection of its own. */
async function expectServed(): Promise<void> {
  const startedAt = performance.now()
  const fresh = { ...headers, connection: 'close' }
  const created = await service.send('/tasks', {
    method: 'POST',
    headers: fresh,
    body: '{"text":"good"}',
  })
  expect(created.status).toBe(201)
  expect((await service.send('/tasks', { headers: fresh })).status).toBe(200)
  expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS)
}

/** Sends a request's head as it is, and gives the status of the answer; `null` for none. */
async function statusOf(...lines: string[]): Promise<number | null> {
  using connection = await connect(service.port)
  await connection.send([...lines, '', ''].join('\r\n'))
  return (await connection.responses(1))[0]?.status ?? null
}

test('slow clients hold up nobody', async () => {
  await until(async () => (await openFiles()) - filesBefore >= slowClients.length)
  await expectServed()
})

test(`${IDLE} connections that do nothing hold up nobody`, async () => {
  const connections: Connection[] = []
  while (connections.length < IDLE) {
    const batch = Array.from({ length: 100 }, () => connect(service.port))
    connections.push(...(await Promise.all(batch)))
  }
  await expectServed()
  for (const connection of connections) connection.terminate()
  await expectServed()
})

test('clients that ask on and on and read no answer hold up nobody, and cost little', async () => {
  const ask = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const before = await residentBytes()
  const deaf = Array.from({ length: 20 }, () => {
    const socket = connectSocket(service.port, '127.0.0.1')
      .on('error', () => {})
      .pause()
    // Answers of half a gigabyte.
    socket.write(ask.repeat(500))
    return socket
  })
  await Promise.all(deaf.map((socket) => once(socket, 'readable')))
  await expectServed()
  expect((await residentBytes()) - before).toBeLessThan(100 * KIBIBYTE * KIBIBYTE)
  for (const socket of deaf) socket.destroy()
  await expectServed()
})

test.each([
  ['one header', [`X: ${'x'.repeat(KIBIBYTE * KIBIBYTE)}`]],
  [
    'a few large headers',
    Array.from({ length: 8 }, (_, n) => `X-${n}: ${'x'.repeat(8 * KIBIBYTE)}`),
  ],
  ['many headers', Array.from({ length: 10_000 }, (_, n) => `X-${n}: x`)],
  ['a header without an end', [`X: ${'x'.repeat(10 * KIBIBYTE * KIBIBYTE)}`]],
])('a head that is too large is refused: %s', async (_, large) => {
  const status = await statusOf('GET /health HTTP/1.1', 'Host: localhost', ...large)
  expect(status).toBeOneOf([400, 431, null])
  await expectServed()
})

test.each(['/tasks/', '/', '/tasks?'])('a URL that is too long is refused: %s…', async (path) => {
  const target = `${path}${'x'.repeat(KIBIBYTE * KIBIBYTE)}`
  expect(await statusOf(`GET ${target} HTTP/1.1`, 'Host: localhost')).toBeOneOf([
    400,
    414,
    431,
    null,
  ])
  await expectServed()
})

function nested(open: string, close: string): string {
  const depth = Math.floor((MAX_BODY_BYTES - 100) / (open.length + close.length))
  return open.repeat(depth) + (close === '' ? '' : `1${close.repeat(depth)}`)
}

test.each([
  ['[', '', 400],
  ['{"a":', '', 400],
  ['[', ']', 422],
  ['{"a":', '}', 422],
  ['{"text":', '}', 422],
  ['{"text":[', ']}', 422],
  ['[{"":', '}]', 422],
])('JSON nested as deep as the body allows: %s…%s', async (open, close, status) => {
  for (const method of ['POST', 'PUT']) {
    const path = method === 'POST' ? '/tasks' : '/tasks/01234567-89ab-4def-8123-456789abcdef'
    const startedAt = performance.now()
    const answer = await service.send(path, { method, headers, body: nested(open, close) })
    expect(answer.status).toBe(status)
    expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS)
    const { message } = await readError(answer)
    expect(message.length).toBeLessThan(100)
  }
  await expectServed()
})

test('nested deep in a member that is ignored, too', async () => {
  const body = `{"text":"deep","extra":${nested('[', ']')}}`
  const answer = await service.send('/tasks', { method: 'POST', headers, body })
  expect(answer.status).toBe(201)
  await expectServed()
})

test('a name that is there very often, or that objects have anyway', async () => {
  const many = `{${'"text":"x",'.repeat(80_000)}"text":"last"}`
  const inherited = '{"text":"x","__proto__":{"completed":true},"constructor":{"prototype":{}}}'
  for (const body of [many, inherited]) {
    const answer = await service.send('/tasks', { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ completed: false })
  }
  await expectServed()
})

test('slow clients are cut off, nothing of them is kept, and nothing they sent is done', async () => {
  const answers = await Promise.all(
    slowClients.map(async ({ kind, closed }) => ({ kind, statuses: await closed })),
  )
  for (const { kind, statuses } of answers)
    expect({ kind, statuses }).toStrictEqual({
      kind,
      statuses: kind === 'sends a body that nobody reads slowly' ? [200] : [],
    })
  await until(async () => (await openFiles()) - filesBefore < 50)
  const { tasks } = await readList(await service.send('/tasks', { headers }))
  expect(new Set(tasks.map(({ text }) => text))).toStrictEqual(
    new Set(['x', 'last', 'deep', 'good']),
  )
  await expectServed()
})
