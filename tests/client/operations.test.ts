import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createTaskportClient, type FeedEvent, type TaskportClient } from '../../client/taskport.ts'
import { bearer, SECRET } from '../support/config.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'

const cleanUp = new AsyncDisposableStack()
let service: ServiceProcess
let proxy: FaultyProxy
let taskport: TaskportClient
let people = 0

beforeAll(async () => {
  const directory = cleanUp.use(await temporaryDirectory())
  service = cleanUp.use(
    await startService({
      directory: directory.path,
      environment: {
        NODE_ENV: 'production',
        BETTER_AUTH_SECRET: SECRET,
        DATABASE_URL: 'sqlite:./tasks.db',
        RATE_LIMIT_PER_MINUTE: '0',
      },
    }),
  )
  proxy = cleanUp.use(await startFaultyProxy(service.port))
})

beforeEach(async () => {
  const { authorization } = await bearer(`person-${people++}`)
  taskport = createTaskportClient({ url: proxy.url, token: authorization.slice('Bearer '.length) })
  proxy.fail()
})

afterAll(() => cleanUp.disposeAsync())

/** Tasks with these texts, the first of them made first. */
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

test('a list is read page by page', async () => {
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

test('a creation whose answer is lost makes one task', async () => {
  proxy.fail('lose answer', 'lose answer', 'lose request')
  const task = await taskport.createTask({ text: 'once' })
  expect(proxy.seen.length).toBeGreaterThan(2)
  expect((await taskport.listTasks()).tasks).toEqual([task])
})

test('a change whose answer is lost is made once, with a version too', async () => {
  const [task] = await create('x')
  if (task === undefined) throw new Error('no task')
  proxy.fail('lose answer')
  const changed = await taskport.patchTask(task.id, { text: 'y' }, { ifMatch: task })
  expect(changed).toMatchObject({ text: 'y', version: 2 })
  proxy.fail('lose answer')
  const replacement = { text: 'z', completed: true }
  expect(await taskport.updateTask(task.id, replacement, { ifMatch: changed })).toMatchObject({
    version: 3,
  })
  const stale = taskport.patchTask(task.id, { text: 'mine' }, { ifMatch: task })
  await expect(stale).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', status: 412 })
})

test('a task that has not changed is not sent again', async () => {
  const [task] = await create('x')
  if (task === undefined) throw new Error('no task')
  expect(await taskport.refreshTask(task)).toBe(task)
  const changed = await taskport.patchTask(task.id, { text: 'y' })
  expect(await taskport.refreshTask(task)).toEqual(changed)
})

test('the trash, and out of it', async () => {
  const id = await idOf('x')
  proxy.fail('lose answer')
  await taskport.deleteTask(id)
  expect(await texts()).toEqual([])
  expect(await texts({ deleted: 'only' })).toEqual(['x'])
  proxy.fail('lose answer')
  expect(await taskport.restoreTask(id)).toMatchObject({ id, text: 'x' })
  expect(await texts()).toEqual(['x'])
  await taskport.deleteTask(id, { permanent: true })
  expect(await texts({ deleted: 'only' })).toEqual([])
  await expect(taskport.restoreTask(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('tasks are moved', async () => {
  const one = await idOf('one')
  const two = await idOf('two')
  const three = await idOf('three')
  await taskport.moveTask(one, { before: two })
  expect(await texts({ sort: 'order' })).toEqual(['three', 'one', 'two'])
  await taskport.moveTask(three, { to: 'bottom' })
  proxy.fail('lose answer')
  await taskport.moveTask(one, { after: two })
  expect(await texts({ sort: 'order' })).toEqual(['two', 'one', 'three'])
})

test('many writes at once, done once', async () => {
  const id = await idOf('x')
  proxy.fail('lose answer')
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
  expect(await taskport.clearCompleted()).toEqual({ count: 1 })
})

test('changes are read as they happen, by long polls', async () => {
  await create('x')
  const pages = taskport.changes()
  const { value: snapshot } = await pages.next()
  expect(snapshot?.changes).toMatchObject([{ type: 'upsert', task: { text: 'x' } }])
  const next = pages.next()
  const id = await idOf('y')
  expect((await next).value?.changes).toMatchObject([{ type: 'upsert', task: { text: 'y' } }])
  proxy.fail('lose answer')
  const deletion = pages.next()
  await taskport.deleteTask(id)
  expect((await deletion).value?.changes).toMatchObject([{ type: 'delete', id }])
  await pages.return(undefined)
})

test('changes are read as they happen, from a stream that breaks off', async () => {
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
