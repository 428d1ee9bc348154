import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'
import { readCountedLists, readError, readItem } from './answers.ts'

const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'
const MEMBERS = ['id', 'name', 'color', 'order', 'version', 'created_at', 'updated_at']

/** The service in memory, with the operations that it asked of its store. */
async function open(variables: Record<string, string> = {}) {
  const asked: string[] = []
  const errors: unknown[] = []
  const { http, close } = await compose(testConfig(variables), (event) => {
    if (event.type === 'store') asked.push(event.operation)
    if (event.type === 'unexpected_error') errors.push(event.error)
  })
  let users = 0
  /** Requests of a new user. */
  async function newUser() {
    const authorization = await bearer(`user-${users++}`)
    const send = async (method: string, path: string, body?: unknown, headers = {}) =>
      http.handle(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            ...authorization,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      )
    return {
      send,
      create: async (name: string) => readItem(await send('POST', '/lists', { name })),
      all: async () => readCountedLists(await send('GET', '/lists')),
    }
  }
  return {
    asked,
    newUser,
    async close() {
      await close()
      expect(errors).toStrictEqual([])
    },
  }
}

let service: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  service = await open()
})
afterAll(() => service.close())

describe('POST /lists', () => {
  test('returns the new list with its URL and version', async () => {
    const { send } = await service.newUser()
    const response = await send('POST', '/lists', { name: ' Groceries ', color: '#1e90ff', x: 1 })
    expect(response.status).toBe(201)
    expect(response.headers.get('etag')).toBe('"v1"')
    expect(response.headers.get('cache-control')).toBe('private, no-cache')
    const list = await readItem(response)
    expect(Object.keys(list)).toStrictEqual(MEMBERS)
    expect(list).toMatchObject({ name: ' Groceries ', color: '#1e90ff', version: 1 })
    expect(response.headers.get('location')).toBe(`/lists/${list.id}`)
  })

  test('returns the first response when it is retried with its key', async () => {
    const { send, all } = await service.newUser()
    const key = { 'idempotency-key': 'a-key' }
    const first = await send('POST', '/lists', { name: 'a' }, key)
    const second = await send('POST', '/lists', { name: 'a' }, key)
    expect(second.status).toBe(201)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await second.json()).toStrictEqual(await first.json())
    expect((await all()).count).toBe(1)
    for (const other of [
      await send('POST', '/lists', { name: 'b' }, key),
      await send('POST', '/tasks', { name: 'a', text: 'a' }, key),
    ])
      expect((await readError(other)).details).toStrictEqual([
        'Idempotency-Key: was already used for a different request',
      ])
  })

  test('returns 422 with a detail for each wrong member', async () => {
    const { send } = await service.newUser()
    const response = await send('POST', '/lists', { name: ' ', color: 'red' })
    expect(response.status).toBe(422)
    const { details } = await readError(response)
    expect(details.map((detail) => detail.split(':')[0])).toStrictEqual(['name', 'color'])
  })
})

describe('GET /lists', () => {
  test('returns the lists in their order, with the numbers of open tasks', async () => {
    const { send, create, all } = await service.newUser()
    const a = await create('a')
    const b = await create('b')
    await send('POST', `/lists/${b.id}/move`, { to: 'top' })
    for (const completed of [true, false, false]) {
      const { id } = await readItem(
        await send('POST', '/tasks', { text: 'x', list_id: a.id.toUpperCase() }),
      )
      await send('PATCH', `/tasks/${id}`, { completed })
    }
    const { lists, count } = await all()
    expect(count).toBe(2)
    expect(lists.map(({ name, open }) => [name, open])).toStrictEqual([
      ['b', 0],
      ['a', 2],
    ])
    for (const list of lists) expect(Object.keys(list)).toStrictEqual([...MEMBERS, 'open'])
  })

  test('returns 304 until a list or a task changes', async () => {
    const { send, create } = await service.newUser()
    const { id } = await create('a')
    const seen = new Set<string>()
    const expectNewTag = async () => {
      const response = await send('GET', '/lists')
      const tag = `${response.headers.get('etag')}`
      expect(tag).toMatch(/^"ls[^"]+"$/)
      expect(seen).not.toContain(tag)
      seen.add(tag)
      for (const method of ['GET', 'HEAD'])
        for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
          const again = await send(method, '/lists', undefined, { 'if-none-match': known })
          expect(again.status).toBe(304)
          expect(again.headers.get('etag')).toBe(tag)
          expect(await again.text()).toBe('')
        }
    }
    await expectNewTag()
    await send('PATCH', `/lists/${id}`, { color: '#000000' })
    await expectNewTag()
    await send('POST', '/tasks', { text: 'x', list_id: id })
    await expectNewTag()
    await send('DELETE', `/lists/${id}`)
    await expectNewTag()
  })

  test('has another tag than the list of tasks', async () => {
    const { send } = await service.newUser()
    const tags = [await send('GET', '/lists'), await send('GET', '/tasks')].map(({ headers }) =>
      headers.get('etag'),
    )
    expect(new Set(tags).size).toBe(2)
  })

  test('reads only the revision from the store for a 304', async () => {
    const { send, create } = await service.newUser()
    await create('a')
    const tag = (await send('GET', '/lists')).headers.get('etag')
    const before = service.asked.length
    await send('GET', '/lists', undefined, { 'if-none-match': tag })
    expect(service.asked.slice(before)).toStrictEqual(['revision'])
  })
})

describe('GET /lists/{id}', () => {
  test('returns the list, or 304 to a client that has it', async () => {
    const { send, create } = await service.newUser()
    const list = await create('a')
    const path = `/lists/${list.id.toUpperCase()}`
    const response = await send('GET', path)
    expect(await readItem(response)).toStrictEqual(list)
    expect(response.headers.get('etag')).toBe('"v1"')
    const known = { 'if-none-match': '"v1"' }
    expect((await send('GET', path, undefined, known)).status).toBe(304)
    await send('PATCH', path, { name: 'b' })
    expect((await send('GET', path, undefined, known)).status).toBe(200)
    const head = await send('HEAD', path)
    expect([head.status, head.headers.get('etag'), await head.text()]).toStrictEqual([
      200,
      '"v2"',
      '',
    ])
  })
})

const CHANGES = [
  ['PATCH', '', { name: 'b' }, 200],
  ['POST', '/move', { to: 'top' }, 200],
  ['DELETE', '', undefined, 204],
] as const

describe.each(CHANGES)('%s /lists/{id}%s', (method, path, body, done) => {
  test('changes the list only if it has the version in If-Match', async () => {
    const { send, create, all } = await service.newUser()
    await create('first')
    const { id } = await create('a')
    const before = await all()
    for (const headers of [
      { 'if-match': '"v2"' },
      { 'if-match': '"other"' },
      { 'if-none-match': '"v1"' },
      { 'if-none-match': '*' },
    ]) {
      const response = await send(method, `/lists/${id}${path}`, body, headers)
      expect(response.status).toBe(412)
      expect(response.headers.get('etag')).toBe('"v1"')
      expect(await readError(response)).toMatchObject({
        error: 'PRECONDITION_FAILED',
        message: 'The list has changed since you read it',
      })
    }
    expect(await all()).toStrictEqual(before)
    const response = await send(method, `/lists/${id}${path}`, body, { 'if-match': '"v1"' })
    expect(response.status).toBe(done)
    expect(response.headers.get('etag')).toBe(done === 204 ? null : '"v2"')
  })

  test('returns 404 for an unknown list, another user’s list and a task', async () => {
    const [ann, bob] = [await service.newUser(), await service.newUser()]
    const task = await readItem(await ann.send('POST', '/tasks', { text: 'x' }))
    for (const id of [UNKNOWN, (await bob.create('a')).id, task.id]) {
      const response = await ann.send(method, `/lists/${id}${path}`, body)
      expect(response.status).toBe(404)
      expect(await readError(response)).toMatchObject({
        error: 'NOT_FOUND',
        message: 'List not found',
        members: ['error', 'message'],
      })
    }
    expect((await bob.all()).count).toBe(1)
  })

  test('requires If-Match when the service is configured so', async () => {
    const strict = await open({ REQUIRE_IF_MATCH: 'true' })
    const { send, create } = await strict.newUser()
    await create('first')
    const { id } = await create('a')
    for (const one of [id, UNKNOWN])
      expect((await send(method, `/lists/${one}${path}`, body)).status).toBe(428)
    expect((await send(method, `/lists/x${path}`, body)).status).toBe(422)
    const response = await send(method, `/lists/${id}${path}`, body, { 'if-match': '*' })
    expect(response.status).toBe(done)
    await strict.close()
  })
})

test('a patch takes a merge patch', async () => {
  const { send, create } = await service.newUser()
  const { id } = await create('a')
  const type = { 'content-type': 'application/merge-patch+json' }
  const response = await send('PATCH', `/lists/${id}`, { color: '#00ff00' }, type)
  expect(await readItem(response)).toMatchObject({ name: 'a', color: '#00ff00', version: 2 })
  expect((await send('POST', '/lists', { name: 'a' }, type)).status).toBe(415)
})

test.each([
  ['/lists', 'GET, HEAD, OPTIONS, POST'],
  [`/lists/${UNKNOWN}`, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
  [`/lists/${UNKNOWN}/move`, 'OPTIONS, POST'],
])('%s returns 405 for other methods', async (path, allow) => {
  const { send } = await service.newUser()
  const response = await send('PUT', path, {})
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe(allow)
})

test('a batch makes a list and its tasks, and returns 204 when it deletes the list', async () => {
  const { send } = await service.newUser()
  const operations = [
    { op: 'create_list', body: { name: 'a' }, if_match: '"v9"' },
    { op: 'create', body: { text: 'x', list_id: '$0' } },
    { op: 'patch_list', id: '$0', body: { name: 'b' }, if_match: '"v1"' },
    { op: 'move_list', id: '$0', body: { to: 'top' }, if_match: '"v1"' },
    { op: 'delete_list', id: '$0', if_match: '"v2"' },
    { op: 'delete_list', id: '$0' },
  ]
  const response = await send('POST', '/tasks/batch', { atomic: false, operations })
  const { results } = Object(await response.json())
  expect(results).toMatchObject([
    { status: 201, list: { name: 'a', version: 1 } },
    { status: 201, task: { text: 'x', list_id: results[0].list.id } },
    { status: 200, list: { name: 'b', version: 2 } },
    { status: 412, error: { message: 'The list has changed since you read it' } },
    { status: 204 },
    { status: 404, error: { message: 'List not found' } },
  ])
  expect(Object.keys(results[2].list)).toStrictEqual(MEMBERS)
  expect(results[4]).toStrictEqual({ status: 204 })
})
