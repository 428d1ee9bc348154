import { expect, test } from 'bun:test'
import { compose } from '../../app/compose.ts'
import { bearer, testConfig } from '../support/config.ts'
import { readError, readItem, readList, readTask } from './answers.ts'

const UNKNOWN = '01234567-89ab-4def-8123-456789abcdef'

/** The service in memory with some settings, and one user of it. */
async function open(variables: Record<string, string>) {
  const errors: unknown[] = []
  const { http, close } = await compose(testConfig(variables), (event) => {
    if (event.type === 'unexpected_error') errors.push(event.error)
  })
  const ann = await bearer('ann')
  const send = async (method: string, path: string, body?: string, headers = {}) =>
    http.handle(
      new Request(`http://localhost${path}`, {
        method,
        headers: { ...ann, ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body }),
      }),
    )
  return {
    send,
    create: async () => readTask(await send('POST', '/tasks', '{"text":"x"}')),
    async [Symbol.asyncDispose]() {
      await close()
      expect(errors).toStrictEqual([])
    },
  }
}

const CHANGES = [
  ['PUT', '', '{"text":"y","completed":true}', 200],
  ['PATCH', '', '{"text":"y"}', 200],
  ['POST', '/move', '{"to":"top"}', 200],
  ['DELETE', '', undefined, 204],
] as const

test.each(CHANGES)(
  'REQUIRE_IF_MATCH: %s %s returns 428 without If-Match',
  async (method, path, body, done) => {
    await using service = await open({ REQUIRE_IF_MATCH: 'true' })
    const task = await service.create()
    const change = (id: string, headers = {}, sent: string | undefined = body) =>
      service.send(method, `/tasks/${id}${path}`, sent, headers)
    for (const id of [task.id, UNKNOWN]) {
      const response = await change(id)
      expect(response.status).toBe(428)
      expect(response.headers.get('etag')).toBeNull()
      expect(await readError(response)).toMatchObject({
        error: 'PRECONDITION_REQUIRED',
        message: 'Say in If-Match which version you expect',
        members: ['error', 'message'],
      })
    }
    for (const ifNoneMatch of ['"v99"', '"v1"', '*'])
      expect((await change(task.id, { 'if-none-match': ifNoneMatch })).status).toBe(428)
    const wrong = await readError(await change('x', {}, body && '{"text":1,"to":1}'))
    expect(wrong.error).toBe('VALIDATION_ERROR')
    expect((await change(UNKNOWN, { 'if-match': '*' })).status).toBe(404)
    expect((await change(task.id, { 'if-match': '"v2"' })).status).toBe(412)
    const both = { 'if-match': '*', 'if-none-match': '"v1"' }
    expect((await change(task.id, both)).status).toBe(412)
    expect(await readTask(await service.send('GET', `/tasks/${task.id}`))).toStrictEqual(task)
    expect((await change(task.id, { 'if-match': '"v1"' })).status).toBe(done)
  },
)

test('REQUIRE_IF_MATCH: a batch returns 428 for each operation without if_match', async () => {
  await using service = await open({ REQUIRE_IF_MATCH: 'true' })
  const { id } = await service.create()
  const operations = [
    { op: 'patch', id, body: {} },
    { op: 'patch', id, body: {}, if_match: '"v1"' },
    { op: 'create', body: { text: 'y' } },
    { op: 'restore', id },
  ]
  const send = (atomic: boolean) =>
    service.send('POST', '/tasks/batch', JSON.stringify({ atomic, operations }))
  const results = Object(await (await send(false)).json()).results
  expect(results.map(({ status }: { status: number }) => status)).toStrictEqual([
    428, 200, 201, 200,
  ])
  const response = await send(true)
  expect(response.status).toBe(428)
  expect((await readError(response)).details).toStrictEqual([
    'operations[0]: Say in if_match which version you expect',
  ])
})

test('REQUIRE_IF_MATCH: other requests need no If-Match', async () => {
  await using service = await open({ REQUIRE_IF_MATCH: 'true' })
  const { id } = await service.create()
  expect((await service.send('GET', `/tasks/${id}`)).status).toBe(200)
  expect((await service.send('POST', `/tasks/${id}/restore`)).status).toBe(200)
  expect((await service.send('POST', '/tasks/clear-completed')).status).toBe(200)
})

test('MAX_TASKS_PER_USER: creating more tasks is answered 422', async () => {
  await using service = await open({ MAX_TASKS_PER_USER: '2' })
  await service.create()
  await service.create()
  const refused = await service.send('POST', '/tasks', '{"text":"x"}')
  expect(refused.status).toBe(422)
  expect((await readError(refused)).details).toEqual([
    'tasks: you have the maximum number of tasks; delete some first',
  ])
})

test('MAX_TASKS_PER_USER: completing a recurring task still adds its successor with its subtasks', async () => {
  await using service = await open({ MAX_TASKS_PER_USER: '2' })
  const body = '{"text":"x","due":"2901-01-03","recurrence":{"rule":"FREQ=DAILY"}}'
  const { id } = await readTask(await service.send('POST', '/tasks', body))
  await service.send('POST', '/tasks', JSON.stringify({ text: 'y', parent_id: id }))
  const response = await service.send('PATCH', `/tasks/${id}`, '{"completed":true}')
  expect((await readTask(response)).successor_id).not.toBeNull()
  expect((await readList(await service.send('GET', '/tasks'))).count).toBe(4)
  expect((await service.send('POST', '/tasks', '{"text":"x"}')).status).toBe(422)
})

test.each(['alone', 'in a batch'])(
  'TRASH_RETENTION_DAYS=0: a list deleted %s takes its tasks along for good',
  async (how) => {
    await using service = await open({ TRASH_RETENTION_DAYS: '0' })
    const list = await readItem(await service.send('POST', '/lists', '{"name":"a"}'))
    const body = JSON.stringify({ text: 'x', list_id: list.id })
    const { id } = await readTask(await service.send('POST', '/tasks', body))
    const operations = [{ op: 'delete_list', id: list.id }]
    const batch = JSON.stringify({ atomic: true, operations })
    if (how === 'alone') await service.send('DELETE', `/lists/${list.id}`)
    else await service.send('POST', '/tasks/batch', batch)
    for (const query of ['', '?deleted=only'])
      expect((await readList(await service.send('GET', `/tasks${query}`))).count).toBe(0)
    expect((await service.send('POST', `/tasks/${id}/restore`)).status).toBe(404)
  },
)

test('TRASH_RETENTION_DAYS=0: deleted tasks cannot be restored', async () => {
  await using service = await open({ TRASH_RETENTION_DAYS: '0' })
  const [one, two, three] = [await service.create(), await service.create(), await service.create()]
  await service.send('PATCH', `/tasks/${three.id}`, '{"completed":true}')
  const operations = [{ op: 'delete', id: two.id }]
  const answers = [
    await service.send('DELETE', `/tasks/${one.id}`),
    await service.send('POST', '/tasks/batch', JSON.stringify({ atomic: true, operations })),
    await service.send('POST', '/tasks/clear-completed'),
  ]
  for (const { ok } of answers) expect(ok).toBe(true)
  const trash = await readList(await service.send('GET', '/tasks?deleted=only'))
  expect(trash.count).toBe(0)
  for (const { id } of [one, two, three])
    expect((await service.send('POST', `/tasks/${id}/restore`)).status).toBe(404)
  const again = await service.send('DELETE', `/tasks/${one.id}?permanent=true`)
  expect(again.status).toBe(404)
})

test('returns 400 for a key when the body is too deeply nested to compare', async () => {
  await using service = await open({ MAX_BODY_BYTES: '16777216' })
  const depth = 1_000_000
  const body = `{"text":"x","more":${'['.repeat(depth)}${']'.repeat(depth)}}`
  const response = await service.send('POST', '/tasks', body, { 'idempotency-key': 'a-key' })
  expect(response.status).toBe(400)
  expect((await readError(response)).message).toBe('The body is nested too deeply')
  expect((await service.send('POST', '/tasks', body)).status).toBe(201)
})
