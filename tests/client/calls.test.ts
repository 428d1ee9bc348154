import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createTaskportClient, type TaskportClient, TaskportError } from '../../client/taskport.ts'
import { tokenOf } from '../support/config.ts'
import { type FaultyProxy, startServiceBehindProxy } from './faulty-proxy.ts'

const UNKNOWN_ID = '01234567-89ab-4def-8123-456789abcdef'
const UNAVAILABLE = {
  status: 503,
  headers: { 'content-type': 'application/json' },
  body: '{"error":"SERVICE_UNAVAILABLE","message":"Try again"}',
}

const cleanUp = new AsyncDisposableStack()
let proxy: FaultyProxy
let token: string
let taskport: TaskportClient
let users = 0

beforeAll(async () => {
  proxy = await startServiceBehindProxy('memory:', cleanUp)
})

beforeEach(async () => {
  token = await tokenOf(`user-${users++}`)
  taskport = createTaskportClient({ url: proxy.url, token })
  proxy.fail()
})

afterAll(() => cleanUp.disposeAsync())

/** The error that a call rejects with. */
async function failureOf(call: Promise<unknown>): Promise<TaskportError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TaskportError)) throw new Error(`Not a TaskportError: ${error}`)
  return error
}

function methods(): string[] {
  return proxy.seen.map(({ method }) => method)
}

describe('the client', () => {
  test('creates, reads, changes, lists and deletes a task', async () => {
    const task = await taskport.createTask({ text: 'Buy milk' })
    expect(task).toMatchObject({ text: 'Buy milk', completed: false, completed_at: null })
    expect(await taskport.getTask(task.id)).toEqual(task)
    const patched = await taskport.patchTask(task.id, { completed: true })
    expect(patched).toMatchObject({ text: 'Buy milk', completed: true })
    const updated = await taskport.updateTask(task.id, { text: 'Buy tea', completed: false })
    expect(updated).toMatchObject({ text: 'Buy tea', completed: false, completed_at: null })
    expect(await taskport.listTasks()).toMatchObject({ tasks: [updated], count: 1 })
    await taskport.deleteTask(task.id)
    await taskport.deleteTask(task.id)
    expect(await taskport.listTasks()).toMatchObject({ tasks: [], count: 0 })
  })

  test('iterates over all tasks', async () => {
    for (const text of ['one', 'two', 'three']) await taskport.createTask({ text })
    const texts = []
    for await (const { text } of taskport.eachTask()) texts.push(text)
    expect(texts).toEqual(['three', 'two', 'one'])
  })

  test('checks the health and reads the name of the service without a token', async () => {
    let isAsked = false
    const { healthCheck, serviceInfo } = createTaskportClient({
      url: `${proxy.url}/`,
      token() {
        isAsked = true
        return token
      },
    })
    expect(await healthCheck()).toMatchObject({ status: 'healthy', database: 'connected' })
    const body = '{"status":"unhealthy","database":"disconnected","version":"0.0.0"}'
    proxy.fail({ ...UNAVAILABLE, body })
    expect(await healthCheck()).toMatchObject({ status: 'unhealthy' })
    expect(await serviceInfo()).toMatchObject({ name: 'Taskport', docs: '/docs' })
    expect(isAsked).toBe(false)
  })

  test('sends known versions in If-Match and If-None-Match', async () => {
    const { id } = await taskport.createTask({ text: 'x' })
    proxy.fail()
    await taskport.patchTask(id, { text: 'y' }, { ifMatch: 1 }).catch(() => {})
    await taskport.updateTask(id, { text: 'y', completed: true }, { ifMatch: { version: 2 } })
    expect(proxy.seen.map(({ headers }) => headers['if-match'])).toEqual(['"v1"', '"v2"'])
    const known = { version: 3, id }
    proxy.fail({ status: 304 })
    expect(await taskport.refreshTask(known)).toBe(known)
    expect(proxy.seen[0]?.headers['if-none-match']).toBe('"v3"')
  })
})

describe('errors', () => {
  test('of the service contain its code, details and request id', async () => {
    const error = await failureOf(taskport.updateTask('17', { text: '', completed: true }))
    expect(error).toMatchObject({ name: 'TaskportError', code: 'VALIDATION_ERROR', status: 422 })
    expect(error.details.map((detail) => detail.split(':')[0])).toEqual(['id', 'text'])
    expect(error.message).not.toBeEmpty()
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(error.retryAfter).toBeNull()
    expect(await failureOf(taskport.getTask(UNKNOWN_ID))).toMatchObject({ code: 'NOT_FOUND' })
    expect(methods()).toEqual(['PUT', 'GET'])
  })

  test.each([
    [
      'an HTML page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Log in</h1>' },
    ],
    ['truncated JSON', { status: 200, headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a 403 without JSON', { status: 403, body: 'no' }],
    [
      'an empty object',
      { status: 500, headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
  ])('have the code UNEXPECTED_RESPONSE for %s', async (_, answer) => {
    proxy.fail(answer)
    expect(await failureOf(taskport.listTasks())).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      status: answer.status,
    })
    expect(proxy.seen).toHaveLength(1)
  })

  test('have the code NETWORK_ERROR if the connection is refused', async () => {
    const { listTasks } = createTaskportClient({ url: 'http://127.0.0.1:1', token, retries: 1 })
    const error = await failureOf(listTasks())
    expect(error).toMatchObject({ code: 'NETWORK_ERROR', status: null, requestId: null })
    expect(error.cause).toBeInstanceOf(Error)
  })
})

describe('retries', () => {
  test.each([
    ['a lost request', 'lose request' as const],
    ['a lost response', 'lose response' as const],
    ['503', UNAVAILABLE],
    ['502 of a gateway', { status: 502, body: 'Bad gateway' }],
    ['429', { ...UNAVAILABLE, status: 429 }],
  ])('recover from %s', async (_, fault) => {
    const { id } = await taskport.createTask({ text: 'x' })
    proxy.fail(fault)
    expect(await taskport.listTasks()).toMatchObject({ count: 1 })
    expect(methods()).toEqual(['GET', 'GET'])

    proxy.fail(fault, fault)
    expect(await taskport.patchTask(id, { text: 'y' })).toMatchObject({ text: 'y' })
    expect(methods()).toEqual(['PATCH', 'PATCH', 'PATCH'])

    proxy.fail(fault)
    await taskport.deleteTask(id)
    expect(methods()).toEqual(['DELETE', 'DELETE'])
    expect(await taskport.listTasks()).toMatchObject({ count: 0 })
  })

  test('of a creation send the same idempotency key', async () => {
    proxy.fail('lose request', UNAVAILABLE)
    await taskport.createTask({ text: 'x' })
    const keys = proxy.seen.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[\x21-\x7e]{16,255}$/)

    proxy.fail()
    await taskport.createTask({ text: 'x' })
    await taskport.createTask({ text: 'x' }, { idempotencyKey: 'mine' })
    expect(proxy.seen[0]?.headers['idempotency-key']).not.toBe(keys[0])
    expect(proxy.seen[1]?.headers['idempotency-key']).toBe('mine')
  })

  test('wait for a creation that is still running', async () => {
    const headers = { ...UNAVAILABLE.headers, 'retry-after': '0' }
    const conflict = { status: 409, headers, body: '{"error":"CONFLICT","message":"Wait"}' }
    proxy.fail(conflict)
    await taskport.createTask({ text: 'x' })
    expect(methods()).toEqual(['POST', 'POST'])
  })

  test('detect that the lost attempt made the change, despite its expected version', async () => {
    const { id } = await taskport.createTask({ text: 'x' })
    const stale = {
      status: 412,
      headers: UNAVAILABLE.headers,
      body: '{"error":"PRECONDITION_FAILED","message":"Changed"}',
    }
    proxy.fail('lose response', stale)
    expect(await taskport.patchTask(id, { text: 'y' }, { ifMatch: 1 })).toMatchObject({ text: 'y' })

    // This time another client made the change.
    proxy.fail('lose request', stale)
    const error = await failureOf(taskport.patchTask(id, { text: 'z' }, { ifMatch: 1 }))
    expect(error.status).toBe(412)
  })

  test('stop after the configured number', async () => {
    proxy.fail(...Array(9).fill(UNAVAILABLE))
    const { listTasks } = createTaskportClient({ url: proxy.url, token, retries: 2 })
    expect(await failureOf(listTasks())).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 })
    expect(proxy.seen).toHaveLength(3)
  })

  test('respect Retry-After, and give up if it is too long', async () => {
    const busy = (seconds: string) => ({
      ...UNAVAILABLE,
      headers: { ...UNAVAILABLE.headers, 'retry-after': seconds },
    })
    proxy.fail(busy('1'))
    await taskport.listTasks()
    const [first, second] = proxy.seen
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000)

    for (const late of ['3600', new Date(Date.now() + 3_600_000).toUTCString()]) {
      proxy.fail(busy(late))
      const { retryAfter } = await failureOf(taskport.listTasks())
      expect(retryAfter).toBeGreaterThan(3590)
      expect(proxy.seen).toHaveLength(1)
    }
  })
})

describe('timeouts and signals', () => {
  test('retry an attempt that times out', async () => {
    proxy.fail('silence')
    // Long enough for the second attempt on a busy machine.
    const { listTasks } = createTaskportClient({ url: proxy.url, token, attemptTimeoutMs: 1000 })
    expect(await listTasks()).toMatchObject({ count: 0 })
    expect(proxy.seen).toHaveLength(2)
  })

  test('reject with TIMEOUT when the time for the whole call is over', async () => {
    proxy.fail('silence')
    const timeoutMs = 100
    expect(await failureOf(taskport.listTasks({}, { timeoutMs }))).toMatchObject({
      code: 'TIMEOUT',
      status: null,
    })
    const waiting = createTaskportClient({ url: proxy.url, token: () => new Promise(() => {}) })
    expect(await failureOf(waiting.listTasks({}, { timeoutMs }))).toMatchObject({ code: 'TIMEOUT' })
  })

  test('abort a call in any phase', async () => {
    const waiting = createTaskportClient({ url: proxy.url, token: () => new Promise(() => {}) })
    const later = { ...UNAVAILABLE, headers: { ...UNAVAILABLE.headers, 'retry-after': '20' } }
    for (const [client, fault] of [
      [taskport, 'silence'],
      [taskport, later],
      [waiting, 'silence'],
    ] as const) {
      proxy.fail(fault)
      const controller = new AbortController()
      const call = client.listTasks({}, { signal: controller.signal })
      setTimeout(() => controller.abort(new Error('enough')), 100)
      await expect(call).rejects.toThrow('enough')
    }
    proxy.fail()
    const aborted = taskport.listTasks({}, { signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    expect(proxy.seen).toHaveLength(0)
  })
})

describe('tokens', () => {
  test('are fetched once for concurrent calls', async () => {
    let fetched = 0
    const client = createTaskportClient({
      url: proxy.url,
      async token() {
        fetched++
        return token
      },
    })
    await Promise.all([client.listTasks(), client.listTasks(), client.createTask({ text: 'x' })])
    await client.listTasks()
    expect(fetched).toBe(1)
  })

  test('are replaced once when the service refuses them', async () => {
    const given: string[] = ['expired', token, 'expired', 'expired', token]
    let fetched = 0
    const client = createTaskportClient({ url: proxy.url, token: () => given[fetched++] ?? '' })
    await Promise.all([client.listTasks(), client.listTasks()])
    expect(fetched).toBe(2)

    proxy.fail({ ...UNAVAILABLE, status: 401 })
    expect((await failureOf(client.listTasks())).status).toBe(401)
    expect(fetched).toBe(3)
    await client.listTasks().catch(() => {})
    expect(fetched).toBe(4)
    expect(await client.listTasks()).toMatchObject({ count: 0 })
    expect(fetched).toBe(5)
  })

  test('are not replaced if given as a string', async () => {
    const { listTasks } = createTaskportClient({ url: proxy.url, token: 'expired' })
    expect(await failureOf(listTasks())).toMatchObject({ code: 'UNAUTHORIZED', status: 401 })
    expect(proxy.seen).toHaveLength(1)
    const none = createTaskportClient({ url: proxy.url })
    expect(await failureOf(none.listTasks())).toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('reject with the error of the token function, which the next call calls again', async () => {
    let fetched = 0
    const client = createTaskportClient({
      url: proxy.url,
      async token() {
        if (fetched++ === 0) throw new Error('signed out')
        return token
      },
    })
    await expect(client.listTasks()).rejects.toThrow('signed out')
    expect(await client.listTasks()).toMatchObject({ count: 0 })
    expect(proxy.seen).toHaveLength(1)
  })
})
