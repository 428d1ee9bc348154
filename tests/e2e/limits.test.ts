import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect as connectSocket } from 'node:net'
import { readError, readList } from '../http/answers.ts'
import { until } from '../support/admin.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import {
  residentBytes,
  type ServiceProcess,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'
import { type Connection, connect } from '../support/socket.ts'

// Slow clients are disconnected after some seconds.
setDefaultTimeout(60_000)

const KIBIBYTE = 1024
const MAX_BODY_BYTES = 1024 * KIBIBYTE
const SLOW_OF_EACH_KIND = 50
const IDLE_CONNECTIONS = 2000
// Generous: a good client should not have to wait at all.
const PROMPT_MS = 2000

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let service: ServiceProcess
let headers: Record<string, string>
let slowClients: SlowClient[]
let filesBefore: number

/** A client that sends one byte per second and never completes its request. */
interface SlowClient {
  readonly kind: string
  isOpen(): boolean
  /** Resolves with the response statuses when the service has closed the connection. */
  readonly closed: Promise<number[]>
}

beforeAll(async () => {
  directory = await temporaryDirectory()
  service = await startService({
    directory: directory.path,
    environment: {
      ...PRODUCTION,
      MAX_BODY_BYTES: `${MAX_BODY_BYTES}`,
      // An upload without progress is cut after this time, too.
      KEEP_ALIVE_TIMEOUT_SECONDS: '12',
    },
  })
  headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
  await expectServed()
  filesBefore = await openFiles()
  // They connect first and stay connected during the other tests.
  slowClients = await Promise.all(
    Object.entries(slowRequests()).flatMap(([kind, request]) =>
      Array.from({ length: SLOW_OF_EACH_KIND }, () => startSlowly(kind, request)),
    ),
  )
})

afterAll(async () => {
  await stopCleanly(service)
  await directory[Symbol.asyncDispose]()
})

function slowRequests(): Record<string, { readonly head: string; readonly byte: string }> {
  const head = [
    'POST /tasks HTTP/1.1',
    'Host: localhost',
    `Authorization: ${headers['authorization']}`,
    'Content-Type: application/json',
  ].join('\r\n')
  return {
    'sends nothing': { head: '', byte: '' },
    'stops in the head': { head, byte: '' },
    'sends the head slowly': { head: `${head}\r\nX-Slow: `, byte: 'x' },
    'stops in the body': { head: `${head}\r\nContent-Length: 1000\r\n\r\n{`, byte: '' },
    'sends the body slowly': { head: `${head}\r\nContent-Length: 1000\r\n\r\n{`, byte: ' ' },
    'sends small chunks slowly': {
      head: `${head}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
      byte: '1\r\n \r\n',
    },
    'sends an ignored body slowly': {
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
  let isOpen = true
  const closed = connection.allResponses().then((answers) => {
    isOpen = false
    clearInterval(timer)
    connection.terminate()
    return answers.map(({ status }) => status)
  })
  return { kind, isOpen: () => isOpen, closed }
}

async function openFiles(): Promise<number> {
  return (await readdir(`/proc/${service.pid}/fd`)).length
}

/** Expects a good client on a new connection to be served promptly. */
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

/** Sends a raw request head. Returns the status, or `null` if there is no response. */
async function statusOf(...lines: string[]): Promise<number | null> {
  using connection = await connect(service.port)
  await connection.send([...lines, '', ''].join('\r\n'))
  return (await connection.responses(1))[0]?.status ?? null
}

test('serves other clients beside slow ones', async () => {
  // Connections are accepted in order: once a later one is served, the service has all of these.
  await expectServed()
  // On a busy machine, some may have been disconnected already.
  await until(async () => (await openFiles()) > slowClients.filter(({ isOpen }) => isOpen()).length)
  await expectServed()
})

test(`serves other clients beside ${IDLE_CONNECTIONS} idle connections`, async () => {
  const connections: Connection[] = []
  while (connections.length < IDLE_CONNECTIONS) {
    const batch = Array.from({ length: 100 }, () => connect(service.port))
    connections.push(...(await Promise.all(batch)))
  }
  await expectServed()
  for (const connection of connections) connection.terminate()
  await expectServed()
})

test('serves other clients, in little memory, beside clients that never read responses', async () => {
  const request = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const before = await residentBytes(service.pid)
  const nonReaders = Array.from({ length: 20 }, () => {
    const socket = connectSocket(service.port, '127.0.0.1')
      .on('error', () => {})
      .pause()
    // The responses would be half a gigabyte.
    socket.write(request.repeat(500))
    return socket
  })
  await Promise.all(nonReaders.map((socket) => once(socket, 'readable')))
  await expectServed()
  expect((await residentBytes(service.pid)) - before).toBeLessThan(100 * KIBIBYTE * KIBIBYTE)
  for (const socket of nonReaders) socket.destroy()
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
])('refuses a request head that is too large: %s', async (_, large) => {
  const status = await statusOf('GET /health HTTP/1.1', 'Host: localhost', ...large)
  expect(status).toBeOneOf([400, 431, null])
  await expectServed()
})

test.each(['/tasks/', '/', '/tasks?'])('refuses a URL that is too long: %s…', async (path) => {
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
])('refuses JSON nested as deeply as the body limit allows: %s…%s', async (open, close, status) => {
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

test('accepts deeply nested JSON in an ignored member', async () => {
  const body = `{"text":"deep","extra":${nested('[', ']')}}`
  const answer = await service.send('/tasks', { method: 'POST', headers, body })
  expect(answer.status).toBe(201)
  await expectServed()
})

test('accepts a member repeated very often and members named like inherited properties', async () => {
  const many = `{${'"text":"x",'.repeat(80_000)}"text":"last"}`
  const inherited = '{"text":"x","__proto__":{"completed":true},"constructor":{"prototype":{}}}'
  for (const body of [many, inherited]) {
    const answer = await service.send('/tasks', { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ completed: false })
  }
  await expectServed()
})

test('disconnects slow clients, frees their files and does not run their requests', async () => {
  const answers = await Promise.all(
    slowClients.map(async ({ kind, closed }) => ({ kind, statuses: await closed })),
  )
  for (const { kind, statuses } of answers)
    expect({ kind, statuses }).toStrictEqual({
      kind,
      statuses: kind === 'sends an ignored body slowly' ? [200] : [],
    })
  await until(async () => (await openFiles()) - filesBefore < 50)
  const { tasks } = await readList(await service.send('/tasks', { headers }))
  expect(new Set(tasks.map(({ text }) => text))).toStrictEqual(
    new Set(['x', 'last', 'deep', 'good']),
  )
  await expectServed()
})
