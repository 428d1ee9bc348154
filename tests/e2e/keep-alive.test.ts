import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { asChange, nameOf, readChanges } from '../http/feed-answers.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { readEvents } from '../support/event-stream.ts'
import {
  type ServiceProcess,
  startService,
  stopCleanly,
  temporaryDirectory,
} from '../support/process.ts'
import { type Connection, connect } from '../support/socket.ts'

setDefaultTimeout(60_000)

const HEALTH = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
/** A service that closes idle connections as soon as possible. */
let impatient: ServiceProcess
let usual: ServiceProcess
let headers: Record<string, string>

beforeAll(async () => {
  directory = await temporaryDirectory()
  const options = { directory: directory.path, environment: PRODUCTION }
  const environment = { ...PRODUCTION, KEEP_ALIVE_TIMEOUT_SECONDS: '1' }
  usual = await startService(options)
  impatient = await startService({ ...options, environment })
  headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
})

afterAll(async () => {
  await stopCleanly(usual)
  await stopCleanly(impatient)
  await directory[Symbol.asyncDispose]()
})

/** Resolves when the service has closed a connection because it was idle. */
async function untilIdleIsClosed(): Promise<void> {
  using idle = await idleConnection(impatient)
  expect((await idle.allResponses()).map(({ status }) => status)).toStrictEqual([200])
}

async function idleConnection({ port }: ServiceProcess): Promise<Connection> {
  const connection = await connect(port)
  await connection.send(HEALTH)
  await connection.responses(1)
  return connection
}

async function create(text: string): Promise<void> {
  const body = JSON.stringify({ text })
  const created = await impatient.send('/tasks', { method: 'POST', headers, body })
  expect(created.status).toBe(201)
}

test('closes idle connections after KEEP_ALIVE_TIMEOUT_SECONDS, and by default much later', async () => {
  using patient = await idleConnection(usual)
  await untilIdleIsClosed()
  await patient.send(HEALTH)
  expect((await patient.responses(2)).map(({ status }) => status)).toStrictEqual([200, 200])
})

test('keeps event streams open for longer than idle connections', async () => {
  await using events = readEvents(await impatient.send('/tasks/events', { headers }))
  await events.until(({ name }) => name === 'synced')
  await untilIdleIsClosed()
  await untilIdleIsClosed()
  await create('late')
  expect(nameOf(asChange((await events.next())?.data))).toBe('late')
})

test('answers long polls that wait longer than idle connections', async () => {
  const { cursor } = await readChanges(await impatient.send('/tasks/changes', { headers }))
  const polling = impatient.send(`/tasks/changes?wait=25&cursor=${cursor}`, { headers })
  await untilIdleIsClosed()
  await untilIdleIsClosed()
  await create('later')
  const { changes } = await readChanges(await polling)
  expect(changes.map(nameOf)).toStrictEqual(['later'])
})

test('closes a connection as usual after a long poll', async () => {
  const { cursor } = await readChanges(await impatient.send('/tasks/changes', { headers }))
  using connection = await connect(impatient.port)
  await connection.send(
    `GET /tasks/changes?wait=1&cursor=${cursor} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers['authorization']}\r\n\r\n`,
  )
  expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([200])
})
