import { describe, expect, test } from 'bun:test'
import { createHttpApp } from '../../adapters/http/app.ts'
import { TaskportError } from '../../core/errors.ts'
import type { ListService } from '../../core/lists.ts'
import type { TaskService } from '../../core/tasks.ts'
import { idNumber, ownerNamed } from '../conformance/stores/store.ts'
import { readError } from './answers.ts'
import { signedIn } from './signed-in.ts'

const SENSITIVE = /select|tasks_pkey|\/home|at .*\.ts|secret|bob/i

/** The API over use cases that fail, and the unexpected errors that it reports. */
function createFailingApp(failure: unknown, ping: () => Promise<void> = async () => {}) {
  const fail = () => Promise.reject(failure)
  const tasks: TaskService = {
    list: fail,
    revision: fail,
    get: fail,
    create: fail,
    change: fail,
    remove: fail,
    batch: fail,
    clearCompleted: fail,
    changes: fail,
    watch: () => () => {},
  }
  const lists: ListService = { all: fail, get: fail, create: fail, change: fail, remove: fail }
  const errors: [unknown, string][] = []
  const app = createHttpApp({
    tasks,
    lists,
    tokens: { all: fail, create: fail, remove: fail },
    verifyToken(token) {
      if (token === 'unavailable')
        throw new TaskportError('unavailable', 'The issuer at https://issuer.internal is down')
      return token === 'good' ? signedIn(ownerNamed('ann')) : null
    },
    ping,
    newId: () => idNumber(1),
    onArrival: () => {},
    observe(event) {
      if (event.type === 'unexpected_error') errors.push([event.error, event.requestId])
    },
    version: '1.2.3',
    corsOrigins: [],
    maxBodyBytes: 1024,
    publicUrl: null,
    keepAliveSeconds: 75,
    rateLimit: null,
    trustedProxies: 0,
  })
  const send = async (path: string, method = 'GET', token = 'good', headers = {}) =>
    app.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'x-request-id': 'a-request',
          ...headers,
        },
        ...(['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{}' } : {}),
      }),
    )
  return { send, errors }
}

const OPERATIONS = [
  ['GET', '/tasks'],
  ['POST', '/tasks'],
  ['GET', `/tasks/${idNumber(1)}`],
  ['PUT', `/tasks/${idNumber(1)}`],
  ['PATCH', `/tasks/${idNumber(1)}`],
  ['DELETE', `/tasks/${idNumber(1)}`],
  ['POST', `/tasks/${idNumber(1)}/move`],
  ['POST', `/tasks/${idNumber(1)}/restore`],
  ['POST', '/tasks/batch'],
  ['POST', '/tasks/clear-completed'],
] as const

describe.each(OPERATIONS)('%s %s', (method, path) => {
  const leak = 'duplicate key value violates "tasks_pkey" at /home/x.ts, select secret of bob'

  test.each<[string, unknown]>([
    ['an error', new Error(leak)],
    [
      'an error with a status and a code',
      Object.assign(new Error(leak), { status: 418, code: 'NOT_FOUND' }),
    ],
    [
      'an error with a code that Elysia uses',
      Object.assign(new Error(leak), { code: 'VALIDATION' }),
    ],
    ['a string', leak],
    ['a response', new Response(leak, { status: 200 })],
  ])('returns 500 without details when the use case throws %s', async (_, failure) => {
    const { send, errors } = createFailingApp(failure)
    const response = await send(path, method)
    expect(response.status).toBe(500)
    expect(response.headers.get('x-request-id')).toBe('a-request')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    const text = await response.clone().text()
    expect(text).not.toMatch(SENSITIVE)
    expect(await readError(response)).toMatchObject({
      error: 'INTERNAL_ERROR',
      message: 'Internal server error',
      members: ['error', 'message'],
    })
    expect(errors).toStrictEqual([[failure, 'a-request']])
  })

  test('returns 503 with Retry-After when the store is down', async () => {
    const { send, errors } = createFailingApp(new TaskportError('unavailable', leak))
    const response = await send(path, method)
    expect(response.status).toBe(503)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.clone().text()).not.toMatch(SENSITIVE)
    expect((await readError(response)).error).toBe('SERVICE_UNAVAILABLE')
    expect(errors).toStrictEqual([])
  })

  test('returns 503 and not 401 when the issuer is down', async () => {
    const { send } = createFailingApp(null)
    const response = await send(path, method, 'unavailable')
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('issuer.internal')
  })
})

test('returns 503 and no ETag when a conditional request fails', async () => {
  const { send } = createFailingApp(new TaskportError('unavailable', 'down'))
  const response = await send('/tasks', 'GET', 'good', { 'if-none-match': '*' })
  expect(response.status).toBe(503)
  expect(response.headers.get('etag')).toBeNull()
})

test('returns 410 when a cursor has expired', async () => {
  const { send, errors } = createFailingApp(new TaskportError('position_expired', 'too old'))
  const response = await send('/tasks')
  expect(response.status).toBe(410)
  expect(await readError(response)).toMatchObject({
    error: 'CURSOR_EXPIRED',
    message: 'Start again without a cursor',
    details: [],
  })
  expect(errors).toStrictEqual([])
})

describe('health', () => {
  const unhealthy = { status: 'unhealthy', database: 'disconnected', version: '1.2.3' }

  test('is unhealthy when the store fails', async () => {
    const { send } = createFailingApp(null, () => Promise.reject(new Error('down')))
    const response = await send('/health')
    expect(response.status).toBe(503)
    expect(await response.json()).toStrictEqual(unhealthy)
  })

  test('is unhealthy when the store never answers', async () => {
    const { send } = createFailingApp(null, () => new Promise(() => {}))
    const response = await send('/health')
    expect(response.status).toBe(503)
    expect(await response.json()).toStrictEqual(unhealthy)
  })

  test('is unhealthy when the store throws', async () => {
    const { send } = createFailingApp(null, () => {
      throw new Error('down')
    })
    expect((await send('/health')).status).toBe(503)
  })
})
