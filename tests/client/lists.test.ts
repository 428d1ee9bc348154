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

async function texts(query: Parameters<TaskportClient['eachTask']>[0]): Promise<string[]> {
  const found = []
  for await (const { text } of taskport.eachTask({ sort: 'created_at', ...query })) found.push(text)
  return found
}

async function names(): Promise<string[]> {
  return (await taskport.listLists()).lists.map(({ name }) => name)
}

test('creates, reads, changes, moves and deletes lists', async () => {
  const home = await taskport.createList({ name: 'Home', color: '#1e90ff' })
  expect(home).toMatchObject({ name: 'Home', color: '#1e90ff', version: 1 })
  const work = await taskport.createList({ name: 'Work' })
  expect(await taskport.getList(work.id)).toEqual(work)
  await taskport.createTask({ text: 'Sweep', list_id: home.id })
  expect(await taskport.listLists()).toEqual({
    lists: [
      { ...home, open: 1 },
      { ...work, open: 0 },
    ],
    count: 2,
  })
  expect(await taskport.refreshList(work)).toBe(work)
  const renamed = await taskport.patchList(work.id, { name: 'Office', color: '#ff0000' })
  expect(renamed).toMatchObject({ name: 'Office', color: '#ff0000', version: 2 })
  expect(await taskport.refreshList(work)).toEqual(renamed)
  await taskport.moveList(work.id, { before: home.id })
  expect(await names()).toEqual(['Office', 'Home'])
  await taskport.deleteList(home.id)
  await taskport.deleteList(home.id)
  expect(await names()).toEqual(['Office'])
  expect(await texts({ deleted: 'only' })).toEqual(['Sweep'])
  await expect(taskport.getList(home.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('changes lists once when responses are lost', async () => {
  proxy.fail('lose response', 'lose response')
  const list = await taskport.createList({ name: 'Home', color: '#1e90ff' })
  expect((await taskport.listLists()).lists).toEqual([{ ...list, open: 0 }])

  proxy.fail('lose response')
  const renamed = await taskport.patchList(list.id, { name: 'House' }, { ifMatch: list })
  expect(renamed).toMatchObject({ name: 'House', color: '#1e90ff', version: 2 })
  proxy.fail('lose response')
  const plain = await taskport.patchList(list.id, { color: null }, { ifMatch: renamed })
  expect(plain).toMatchObject({ name: 'House', color: null, version: 3 })
  for (const patch of [{ name: 'Mine' }, { name: 'House', color: '#ffffff' }])
    await expect(taskport.patchList(list.id, patch, { ifMatch: list })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })

  proxy.fail('lose response')
  await taskport.moveList(list.id, { to: 'top' })
  proxy.fail('lose response')
  await taskport.deleteList(list.id, { ifMatch: plain })
  expect(await names()).toEqual([])
  expect(proxy.seen.map(({ method }) => method)).toEqual(['DELETE', 'DELETE', 'GET'])
})

test('filters by every member', async () => {
  const { id: list_id } = await taskport.createList({ name: 'Home' })
  const { id: parent_id } = await taskport.createTask({
    text: 'Clean',
    list_id,
    tags: ['home', 'Spring & autumn'],
    priority: 'high',
    due: '2026-01-31',
  })
  await taskport.createTask({ text: 'Sweep', parent_id, tags: ['home'], priority: 'low' })
  await taskport.createTask({ text: 'Rest', due: '2026-02-01T09:30' })
  expect(await texts({ list: list_id, limit: 1 })).toEqual(['Clean', 'Sweep'])
  expect(await texts({ list: 'inbox' })).toEqual(['Rest'])
  expect(await texts({ tag: ['HOME', 'spring & autumn'] })).toEqual(['Clean'])
  expect(await texts({ tag: ['home'] })).toEqual(['Clean', 'Sweep'])
  expect(await texts({ tag: [] })).toHaveLength(3)
  expect(await texts({ priority: ['low', 'none'] })).toEqual(['Sweep', 'Rest'])
  expect(await texts({ parent: parent_id })).toEqual(['Sweep'])
  expect(await texts({ due_after: '2026-01-31', due_before: '2026-02-01' })).toEqual(['Clean'])
  expect(await texts({ due: 'none', parent: 'none' })).toEqual([])
  expect(await texts({ sort: 'due' })).toEqual(['Clean', 'Rest', 'Sweep'])
})

test('creates a list with its tasks in one batch', async () => {
  const operations = [
    { op: 'create_list', body: { name: 'Trip' } },
    { op: 'create', body: { text: 'Pack', list_id: '$0', tags: ['bag'] } },
    { op: 'create', body: { text: 'Socks', parent_id: '$1' } },
    { op: 'move_list', id: '$0', body: { to: 'top' } },
    { op: 'patch_list', id: '$0', body: { color: '#00ff00' } },
  ] as const
  proxy.fail('lose response')
  const { results } = await taskport.batchTasks({ atomic: true, operations })
  expect(results.map(({ status }) => status)).toEqual([201, 201, 201, 200, 200])
  const list = results[4]?.list
  expect(list).toMatchObject({ name: 'Trip', color: '#00ff00' })
  expect(await texts({ list: `${list?.id}` })).toEqual(['Pack', 'Socks'])
  expect(results[2]?.task?.parent_id).toBe(`${results[1]?.task?.id}`)
  const deletion = { op: 'delete_list', id: `${list?.id}` } as const
  expect(await taskport.batchTasks({ atomic: true, operations: [deletion] })).toEqual({
    results: [{ status: 204 }],
  })
})

test('reads lists from the feed, in pages and as events', async () => {
  const list = await taskport.createList({ name: 'Home' })
  const task = await taskport.createTask({ text: 'Sweep', list_id: list.id })
  const pages = taskport.changes()
  expect((await pages.next()).value?.changes).toEqual([
    { type: 'list', list },
    { type: 'upsert', task },
  ])
  const events = taskport.events()
  const nextEvent = async (): Promise<FeedEvent> => {
    const { value } = await events.next()
    if (!value) throw new Error('the stream ended')
    return value
  }
  expect(await nextEvent()).toMatchObject({ type: 'list', list })
  expect(await nextEvent()).toMatchObject({ type: 'upsert', task })
  expect(await nextEvent()).toMatchObject({ type: 'synced', snapshot: true })
  await taskport.deleteList(list.id)
  const gone = { id: list.id, deleted_at: expect.any(String) }
  expect((await pages.next()).value?.changes).toEqual([
    { type: 'list_deleted', ...gone },
    { type: 'delete', id: task.id, deleted_at: expect.any(String) },
  ])
  expect(await nextEvent()).toMatchObject({ type: 'list_deleted', ...gone })
  expect(await nextEvent()).toMatchObject({ type: 'delete', id: task.id })
  await pages.return(undefined)
  await events.return(undefined)
})
