import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createTaskportClient, type FeedEvent, type TaskportClient } from '../../client/taskport.ts'
import { tokenOf } from '../support/config.ts'
import { type FaultyProxy, startServiceBehindProxy } from './faulty-proxy.ts'

const cleanUp = new AsyncDisposableStack()
let proxy: FaultyProxy
let taskport: TaskportClient
let users = 0

beforeAll(async () => {
  proxy = await startServiceBehindProxy('sqlite:./tasks.db', cleanUp)
})

beforeEach(async () => {
  taskport = createTaskportClient({ url: proxy.url, token: await tokenOf(`user-${users++}`) })
  proxy.fail()
})

afterAll(() => cleanUp.disposeAsync())

/** Creates tasks with these texts, in this order. */
async function create(...texts: string[]) {
  const tasks = []
  for (const text of texts) tasks.push(await taskport.createTask({ text }))
  return tasks
}

async function texts(query = {}): Promise<string[]> {
  const found = []
  for await (const { text } of taskport.eachTask(query)) found.push(text)
  return found
}

async function idOf(text: string): Promise<string> {
  const [task] = await create(text)
  if (task === undefined) throw new Error('no task')
  return task.id
}

test('reads a list page by page', async () => {
  await create('one', 'two', 'three', 'four', 'five')
  proxy.fail()
  expect(await texts({ limit: 2, sort: 'created_at' })).toEqual([
    'one',
    'two',
    'three',
    'four',
    'five',
  ])
  expect(proxy.seen).toHaveLength(3)
  expect(await texts({ q: 'T', limit: 1 })).toEqual(['three', 'two'])
  expect(await taskport.listTasks({ completed: true })).toMatchObject({ tasks: [], count: 0 })
})

test('creates one task when responses are lost', async () => {
  proxy.fail('lose response', 'lose response', 'lose request')
  const task = await taskport.createTask({ text: 'once' })
  expect(proxy.seen.length).toBeGreaterThan(2)
  expect((await taskport.listTasks()).tasks).toEqual([task])
})

test('makes a change once when the response is lost, with an expected version too', async () => {
  const [task] = await create('x')
  if (task === undefined) throw new Error('no task')
  proxy.fail('lose response')
  const changed = await taskport.patchTask(task.id, { text: 'y' }, { ifMatch: task })
  expect(changed).toMatchObject({ text: 'y', version: 2 })
  proxy.fail('lose response')
  const replacement = { text: 'z', completed: true }
  expect(await taskport.updateTask(task.id, replacement, { ifMatch: changed })).toMatchObject({
    version: 3,
  })
  const stale = taskport.patchTask(task.id, { text: 'mine' }, { ifMatch: task })
  await expect(stale).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', status: 412 })
})

test('keeps the known task if it has not changed', async () => {
  const [task] = await create('x')
  if (task === undefined) throw new Error('no task')
  expect(await taskport.refreshTask(task)).toBe(task)
  const changed = await taskport.patchTask(task.id, { text: 'y' })
  expect(await taskport.refreshTask(task)).toEqual(changed)
})

test('moves tasks to the trash, restores them and deletes them for good', async () => {
  const id = await idOf('x')
  proxy.fail('lose response')
  await taskport.deleteTask(id)
  expect(await texts()).toEqual([])
  expect(await texts({ deleted: 'only' })).toEqual(['x'])
  proxy.fail('lose response')
  expect(await taskport.restoreTask(id)).toMatchObject({ id, text: 'x' })
  expect(await texts()).toEqual(['x'])
  await taskport.deleteTask(id, { permanent: true })
  expect(await texts({ deleted: 'only' })).toEqual([])
  await expect(taskport.restoreTask(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('moves tasks', async () => {
  const one = await idOf('one')
  const two = await idOf('two')
  const three = await idOf('three')
  await taskport.moveTask(one, { before: two })
  expect(await texts({ sort: 'order' })).toEqual(['three', 'one', 'two'])
  await taskport.moveTask(three, { to: 'bottom' })
  proxy.fail('lose response')
  await taskport.moveTask(one, { after: two })
  expect(await texts({ sort: 'order' })).toEqual(['two', 'one', 'three'])
})

test('applies a batch once when the response is lost', async () => {
  const id = await idOf('x')
  proxy.fail('lose response')
  const { results } = await taskport.batchTasks({
    atomic: false,
    operations: [
      { op: 'create', body: { text: 'new' } },
      { op: 'patch', id, body: { completed: true } },
      { op: 'patch', id, body: { text: '' } },
    ],
  })
  expect(results.map(({ status }) => status)).toEqual([201, 200, 422])
  expect(results[2]?.error?.error).toBe('VALIDATION_ERROR')
  expect(await texts()).toEqual(['new', 'x'])
  const failing = { atomic: true, operations: [{ op: 'delete' as const, id: 'x' }] }
  await expect(taskport.batchTasks(failing)).rejects.toMatchObject({
    details: [expect.stringMatching(/^operations\[0\]: id/)],
  })
  expect(await taskport.clearCompleted()).toEqual({ count: 1, has_more: false })
})

test('reads changes as they happen, by long polling', async () => {
  await create('x')
  const pages = taskport.changes()
  const { value: snapshot } = await pages.next()
  expect(snapshot?.changes).toMatchObject([{ type: 'upsert', task: { text: 'x' } }])
  const next = pages.next()
  const id = await idOf('y')
  expect((await next).value?.changes).toMatchObject([{ type: 'upsert', task: { text: 'y' } }])
  proxy.fail('lose response')
  const deletion = pages.next()
  await taskport.deleteTask(id)
  expect((await deletion).value?.changes).toMatchObject([{ type: 'delete', id }])
  await pages.return(undefined)
})

test('reads changes as they happen, from a stream that breaks', async () => {
  await create('x')
  const stream = taskport.events()
  const seen: FeedEvent[] = []
  const until = async (type: string) => {
    for (;;) {
      const { value } = await stream.next()
      if (!value) throw new Error('the stream ended')
      seen.push(value)
      if (value.type === type) return value
    }
  }
  expect(await until('synced')).toMatchObject({ snapshot: true })
  expect(seen[0]).toMatchObject({ type: 'upsert', task: { text: 'x' } })
  const id = await idOf('y')
  expect(await until('upsert')).toMatchObject({ task: { text: 'y' } })
  proxy.drop()
  await taskport.deleteTask(id)
  expect(await until('delete')).toMatchObject({ id })
  expect(seen.filter(({ type }) => type === 'upsert')).toHaveLength(2)
  await stream.return(undefined)
})
