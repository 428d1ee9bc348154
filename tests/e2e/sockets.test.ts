import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bearer, PRODUCTION } from '../support/config.ts'
import {
  residentBytes,
  type ServiceProcess,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'
import { connect, type RawResponse } from '../support/socket.ts'

const UNKNOWN_ID = '01234567-89ab-4def-8123-456789abcdef'
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const MEBIBYTE = 1024 ** 2
const LIMIT = 262_144

// Requests that no HTTP library would send.

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let service: ServiceProcess
let token: string
let authorization: string
const host = 'Host: localhost'
const json = 'Content-Type: application/json'
const close = 'Connection: close'
const chunked = 'Transfer-Encoding: chunked'

beforeAll(async () => {
  directory = await temporaryDirectory()
  service = await startService({
    directory: directory.path,
    environment: PRODUCTION,
  })
  token = (await bearer('ann')).authorization
  authorization = `Authorization: ${token}`
})

afterAll(async () => {
  await stopCleanly(service)
  await directory[Symbol.asyncDispose]()
})

/** Formats a request head. */
function head(requestLine: string, ...headers: string[]): string {
  return [requestLine, ...headers, '', ''].join('\r\n')
}

/** Sends a request and returns its only response. */
async function ask(...request: string[]): Promise<RawResponse> {
  using connection = await connect(service.port)
  for (const part of request) await connection.send(part)
  const [answer] = await connection.responses(1)
  if (answer === undefined) throw new Error('There was no response')
  return answer
}

function expectError(
  { status, headers, body }: RawResponse,
  expected: number,
  error: string,
): void {
  expect(status).toBe(expected)
  expect(headers.get('x-request-id')).toMatch(UUID_V7)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-type')).toBe('application/json')
  const parsed: unknown = JSON.parse(body)
  expect(parsed).toMatchObject({ error, message: expect.any(String) })
}

describe('a body', () => {
  test.each([LIMIT + 1, 10 ** 9, Number.MAX_SAFE_INTEGER])(
    'is refused before it is sent if its Content-Length is %d',
    async (length) => {
      const answer = await ask(
        head('POST /tasks HTTP/1.1', host, authorization, json, `Content-Length: ${length}`),
      )
      expectError(answer, 413, 'PAYLOAD_TOO_LARGE')
    },
  )

  test('in chunks is refused at the limit, before it ends', async () => {
    const answer = await ask(
      head('POST /tasks HTTP/1.1', host, authorization, json, chunked),
      `${(LIMIT + 1).toString(16)}\r\n${' '.repeat(LIMIT + 1)}\r\n`,
    )
    expectError(answer, 413, 'PAYLOAD_TOO_LARGE')
  })

  test('may arrive byte by byte', async () => {
    using connection = await connect(service.port)
    await connection.send(head('POST /tasks HTTP/1.1', host, authorization, json, chunked))
    for (const byte of Buffer.from('{"text":"é😀"}'))
      await connection.send(Buffer.from([...Buffer.from('1\r\n'), byte, ...Buffer.from('\r\n')]))
    await connection.send('0\r\n\r\n')
    const [answer] = await connection.responses(1)
    expect(answer?.status).toBe(201)
    const sent = Buffer.from('é😀').toString('latin1')
    expect(answer?.body).toContain(`"text":"${sent}"`)
  })

  test('is requested with 100 Continue if the client expects that', async () => {
    using connection = await connect(service.port)
    await connection.send(
      head(
        ...(['POST /tasks HTTP/1.1', host, authorization, json] as const),
        ...['Content-Length: 12', 'Expect: 100-continue'],
      ),
    )
    await connection.untilContinue()
    await connection.send('{"text":"x"}')
    const [answer] = await connection.responses(1)
    expect(answer?.status).toBe(201)
  })

  test.each(['Content-Length: 100', chunked])('may break off without harm: %s', async (framing) => {
    for (const leave of ['end', 'terminate'] as const) {
      const connection = await connect(service.port)
      await connection.send(
        head('POST /tasks HTTP/1.1', host, authorization, json, 'Expect: 100-continue', framing),
      )
      await connection.untilContinue()
      await connection.send('5\r\n{"tex\r\n')
      connection[leave]()
    }
    expect((await ask(head('GET /health HTTP/1.1', host))).status).toBe(200)
  })

  const floods = [
    ['GET /tasks', [], 200],
    [`DELETE /tasks/${UNKNOWN_ID}`, [], 404],
    ['POST /nowhere', [], 404],
    ['PUT /tasks', [], 405],
    ['POST /tasks', ['Authorization: none'], 401],
    ['POST /tasks', [json], 413],
    ['OPTIONS /tasks', [], 204],
    ['GET /docs', [], 200],
  ] as const

  test.each(floods)('of 50 MiB to %s %j is discarded', async (target, headers, status) => {
    const credentials = headers.some((header) => header.startsWith('Auth')) ? [] : [authorization]
    for (const framing of [chunked, `Content-Length: ${50 * MEBIBYTE}`]) {
      const before = await residentBytes(service.pid)
      using connection = await connect(service.port)
      await connection.send(head(`${target} HTTP/1.1`, host, ...credentials, ...headers, framing))
      const block = ' '.repeat(MEBIBYTE)
      const chunk = framing === chunked ? `${MEBIBYTE.toString(16)}\r\n${block}\r\n` : block
      for (let sent = 0; sent < 50; sent++) await connection.send(chunk)
      // Other clients are served meanwhile.
      expect((await service.send('/health')).status).toBe(200)
      expect((await residentBytes(service.pid)) - before).toBeLessThan(25 * MEBIBYTE)
      if (framing === chunked) await connection.send('0\r\n\r\n')
      // The rest of the body is not taken for the next request.
      await connection.send(head('GET /nowhere HTTP/1.1', host, close))
      const answers = await connection.allResponses()
      expect(answers.map((answer) => answer.status)).toStrictEqual([status, 404])
    }
  })
})

// Some old clients send a line break after a body. Bun's parser takes it for a malformed request: it
// answers 400 and closes the connection, even if the response to the first request is still to come.
describe('a line break after a request', () => {
  let bob: string

  beforeAll(async () => {
    bob = `Authorization: ${(await bearer('bob')).authorization}`
  })

  const textsOfBob = async () => {
    const answer = await ask(head('GET /tasks HTTP/1.1', host, bob))
    return Object(JSON.parse(answer.body)).tasks.map(({ text }: { text: string }) => text)
  }
  const post = (text: string, version: string, ...headers: string[]) => {
    const body = JSON.stringify({ text })
    const length = `Content-Length: ${body.length}`
    return head(`POST /tasks HTTP/${version}`, host, bob, json, length, ...headers) + body
  }

  test.each([
    ['1.0', 'Connection: close'],
    ['1.0', 'X: y'],
    ['1.1', 'Connection: close'],
  ])('does no harm at the end of a connection: HTTP/%s, %s', async (version, header) => {
    const text = `${version} ${header}`
    using connection = await connect(service.port)
    await connection.send(`${post(text, version, header)}\r\n`)
    expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([201])
    expect(await textsOfBob()).toContain(text)
  })

  test('does no harm to a request that has been answered', async () => {
    using connection = await connect(service.port)
    await connection.send(post('three', '1.1'))
    await connection.responses(1)
    await connection.send('\r\n')
    expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([201, 400])
    expect(await textsOfBob()).toContain('three')
  })

  test('prevents a request that it arrives with, which is answered 400', async () => {
    const created = await ask(post('four', '1.1'))
    const { id }: { id: string } = JSON.parse(created.body)
    const before = await textsOfBob()
    const none = 'Content-Length: 0'
    for (const request of [
      post('five', '1.1'),
      head('POST /tasks HTTP/1.1', host, bob, json, chunked) + 'c\r\n{"text":"x"}\r\n0\r\n\r\n',
      head('POST /tasks/clear-completed HTTP/1.1', host, bob, none),
      head(`DELETE /tasks/${id} HTTP/1.1`, host, bob),
    ]) {
      using connection = await connect(service.port)
      await connection.send(`${request}\r\n`)
      expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([400])
    }
    expect(await textsOfBob()).toStrictEqual(before)
  })
})

describe('a connection', () => {
  test('answers pipelined requests in order', async () => {
    using connection = await connect(service.port)
    await connection.send(
      head('GET /nowhere HTTP/1.1', host, 'X-Request-ID: one') +
        head('TRACE /tasks HTTP/1.1', host, 'X-Request-ID: two') +
        head('OPTIONS /tasks HTTP/1.1', host, 'X-Request-ID: three', close),
    )
    const answers = await connection.allResponses()
    expect(
      answers.map(({ status, headers }) => [status, headers.get('x-request-id')]),
    ).toStrictEqual([
      [404, 'one'],
      [405, 'two'],
      [204, 'three'],
    ])
  })

  test.each(['Authorization: Bearer x', 'the same'])(
    'refuses a second Authorization header: %s',
    async (second) => {
      const other = second === 'the same' ? authorization : second
      for (const both of [
        [authorization, other],
        [other, authorization],
      ])
        expectError(await ask(head('GET /tasks HTTP/1.1', host, ...both)), 401, 'UNAUTHORIZED')
    },
  )

  test.each(['a', 'api', 'localhost:8000', '[::1]', 'tasks.example.com', '', 'a/b?c#d'])(
    'ignores the host: %j',
    async (name) => {
      const named = `Host: ${name}`
      expect((await ask(head('GET /tasks HTTP/1.1', named, authorization))).status).toBe(200)
      const one = await ask(head(`GET /tasks/${UNKNOWN_ID} HTTP/1.1`, named, authorization))
      expectError(one, 404, 'NOT_FOUND')
      expectError(await ask(head('GET /nowhere HTTP/1.1', named)), 404, 'NOT_FOUND')
      // Bun's router does not know this method and takes another code path.
      const other = await ask(head('PROPFIND /tasks HTTP/1.1', named))
      expectError(other, 405, 'METHOD_NOT_ALLOWED')
    },
  )

  test('accepts HTTP/1.0 without a host', async () => {
    const body = '{"text":"x"}'
    const length = `Content-Length: ${body.length}`
    const answer = await ask(head('POST /tasks HTTP/1.0', authorization, json, length), body)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('x-request-id')).toMatch(UUID_V7)
  })

  test.each([
    '/tasks/../tasks',
    '/./tasks',
    '/nowhere/../tasks',
    '/tasks/%2e%2e/tasks',
    '/tasks?user_id=bob',
    'http://localhost/tasks',
    'http://elsewhere.example/tasks',
  ])('treats %s as /tasks, which requires a token', async (target) => {
    const line = `GET ${target} HTTP/1.1`
    expect((await ask(head(line, host, authorization))).status).toBe(200)
    expectError(await ask(head(line, host)), 401, 'UNAUTHORIZED')
  })

  test.each([
    '//tasks',
    '/tasks%2F',
    '/%74asks',
    '/tasks;x=1',
    '//elsewhere.example/tasks',
    '/docs/../../etc/passwd',
    '/docs/..%2f..%2fetc/passwd',
    '/docs/init.js%00',
  ])('answers 404 to %s', async (target) => {
    const answer = await ask(head(`GET ${target} HTTP/1.1`, host, authorization))
    expectError(answer, 404, 'NOT_FOUND')
  })

  test.each(['/tasks/%00', '/tasks/..%2ftasks', '/tasks/é', '/tasks/%', '/tasks/-1'])(
    'answers 422 to %s, which has no valid id',
    async (target) => {
      const answer = await ask(head(`GET ${target} HTTP/1.1`, host, authorization))
      expectError(answer, 422, 'VALIDATION_ERROR')
    },
  )

  test.each([
    ['TRACE', 405],
    ['PROPFIND', 405],
  ])('answers 405 to the method %s', async (method, status) => {
    const answer = await ask(head(`${method} /tasks HTTP/1.1`, host))
    expectError(answer, status, 'METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
  })

  test.each([
    ['a missing host', head('GET /tasks HTTP/1.1')],
    ['two lengths', head('POST /tasks HTTP/1.1', host, 'Content-Length: 1', 'Content-Length: 2')],
    ['a length and chunks', head('POST /tasks HTTP/1.1', host, 'Content-Length: 4', chunked)],
    ['a chunk without a size', `${head('POST /tasks HTTP/1.1', host, chunked)}x\r\n`],
    ['a header of 64 KiB', head('GET /tasks HTTP/1.1', host, `X: ${'x'.repeat(65_536)}`)],
    ['bytes that are not HTTP', '\u0016\u0003\u0001\r\n\r\n'],
  ])('is closed, and only that one, if the parser refuses %s', async (_, bytes) => {
    using connection = await connect(service.port)
    await connection.send(bytes)
    for (const { status } of await connection.allResponses())
      expect(status).toBeOneOf([400, 401, 431])
    expect((await service.send('/health')).status).toBe(200)
  })
})
