import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import {
  createTaskportClient,
  type TaskCreate,
  type TaskPatch,
  type TaskportClient,
} from '../../client/taskport.ts'
import { tokenOf } from '../support/config.ts'
import { type FaultyProxy, startServiceBehindProxy } from './faulty-proxy.ts'

const cleanUp = new AsyncDisposableStack()
let proxy: FaultyProxy
let taskport: TaskportClient
let listId: string
let parentId: string
let users = 0

beforeAll(async () => {
  proxy = await startServiceBehindProxy('memory:', cleanUp)
})

beforeEach(async () => {
  taskport = createTaskportClient({ url: proxy.url, token: await tokenOf(`user-${users++}`) })
  proxy.fail()
  listId = (await taskport.createList({ name: 'Home' })).id
  parentId = (await taskport.createTask({ text: 'Clean', list_id: listId })).id
})

afterAll(() => cleanUp.disposeAsync())

const WEEKLY = { rule: 'FREQ=WEEKLY;BYDAY=MO', from: 'completion' } as const
const FULL: TaskCreate = {
  text: 'Sweep',
  description: 'Under the bed',
  due: '2026-01-31T09:30',
  time_zone: 'Europe/Berlin',
  priority: 'high',
  tags: ['home', 'weekly'],
  recurrence: WEEKLY,
}

/** Members to change, with the ids of the list and the parent in place of their names. */
function idsIn(patch: TaskPatch): TaskPatch {
  const { list_id, parent_id } = patch
  return {
    ...patch,
    ...(list_id === 'list' ? { list_id: listId.toUpperCase() } : {}),
    ...(parent_id === 'parent' ? { parent_id: parentId.toUpperCase() } : {}),
  }
}

describe('a change with an expected version', () => {
  test.each<[string, TaskPatch]>([
    ['a description', { description: 'Under the table' }],
    ['no description', { description: null }],
    ['an empty description', { description: '' }],
    ['a due', { due: '2026-02-01T10:00' }],
    ['no due', { due: null }],
    ['a day', { due: '2026-02-01', time_zone: null }],
    ['a time zone', { time_zone: 'Asia/Tokyo' }],
    ['no time zone', { time_zone: null }],
    ['a priority', { priority: 'low' }],
    ['the default priority', { priority: null }],
    ['tags', { tags: ['weekly', 'home'] }],
    ['no tags', { tags: null }],
    ['a list', { list_id: 'list' }],
    ['a parent', { list_id: 'list', parent_id: 'parent' }],
    ['a recurrence', { recurrence: { rule: 'FREQ=DAILY' } }],
    ['no recurrence', { recurrence: null }],
    ['a completion', { completed: true }],
    ['a completion with its recurrence', { completed: true, recurrence: WEEKLY }],
  ])('is made once when the response is lost, with %s', async (_, patch) => {
    const task = await taskport.createTask(FULL)
    proxy.fail('lose response')
    const changed = await taskport.patchTask(task.id, idsIn(patch), { ifMatch: task })
    expect(proxy.seen.map(({ method }) => method)).toEqual(['PATCH', 'PATCH', 'GET'])
    expect(changed.version).toBe(2)
    expect(await taskport.getTask(task.id)).toEqual(changed)
  })

  test('replaces a task once when the response is lost', async () => {
    const task = await taskport.createTask(FULL)
    proxy.fail('lose response')
    const wanted = { ...task, completed: true, tags: [...task.tags, 'done'] }
    const changed = await taskport.updateTask(task.id, wanted, { ifMatch: task })
    expect(changed).toMatchObject({ version: 2, completed: true, recurrence: null })
    const { tasks } = await taskport.listTasks({ q: 'sweep' })
    expect(tasks.map(({ id }) => id).sort()).toEqual([task.id, `${changed.successor_id}`].sort())
  })

  // Another device makes a change meanwhile, so that every other member differs from what is wanted.
  test.each<[string, TaskPatch]>([
    ['description', { description: 'mine' }],
    ['no description', { description: null }],
    ['due', { due: '2026-02-01T10:00' }],
    ['no due', { due: null }],
    ['time zone', { time_zone: 'Asia/Tokyo' }],
    ['no time zone', { time_zone: null }],
    ['priority', { priority: 'low' }],
    ['the default priority', { priority: null }],
    ['the order of tags', { tags: ['weekly', 'home'] }],
    ['the case of tags', { tags: ['Home', 'weekly'] }],
    ['no tags', { tags: null }],
    ['list', { list_id: 'list' }],
    ['parent', { parent_id: 'parent', list_id: 'list' }],
    ['rule', { recurrence: { rule: 'FREQ=DAILY', from: 'completion' } }],
    ['the start of the recurrence', { recurrence: { rule: WEEKLY.rule } }],
    ['no recurrence', { recurrence: null }],
    ['completion', { completed: true, recurrence: WEEKLY }],
  ])('fails when another device made a change that lacks it: %s', async (_, patch) => {
    const task = await taskport.createTask(FULL)
    await taskport.patchTask(task.id, { text: 'theirs' })
    const change = taskport.patchTask(
      task.id,
      { text: 'theirs', ...idsIn(patch) },
      { ifMatch: task },
    )
    await expect(change).rejects.toMatchObject({ code: 'PRECONDITION_FAILED', status: 412 })
  })

  test('fails when another device completed the task without a successor', async () => {
    const task = await taskport.createTask(FULL)
    await taskport.patchTask(task.id, { completed: true, recurrence: null })
    const change = { completed: true, recurrence: WEEKLY }
    await expect(taskport.patchTask(task.id, change, { ifMatch: task })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    })
  })
})

test('completes a recurring task once when responses are lost, and takes it back once', async () => {
  const task = await taskport.createTask(FULL)
  await taskport.createTask({ text: 'Broom', parent_id: task.id })
  proxy.fail('lose response', 'lose response')
  const completed = await taskport.patchTask(task.id, { completed: true })
  expect(await taskport.listTasks({ q: 'sweep' })).toMatchObject({ count: 2 })
  expect(await taskport.listTasks({ q: 'broom' })).toMatchObject({ count: 2 })
  proxy.fail('lose response', 'lose response')
  const reopened = await taskport.patchTask(task.id, { completed: false })
  const { version, updated_at } = reopened
  expect(reopened).toEqual({ ...task, version, updated_at })
  expect(version).toBe(completed.version + 1)
  expect(await taskport.listTasks({ q: 'sweep' })).toMatchObject({ count: 1 })
  expect(await taskport.listTasks({ q: 'broom' })).toMatchObject({ count: 1 })
})

test('restores a task with its subtasks once when the response is lost', async () => {
  const subtask = await taskport.createTask({ text: 'Sweep', parent_id: parentId })
  await taskport.deleteTask(parentId)
  proxy.fail('lose response')
  await taskport.restoreTask(parentId)
  expect(await taskport.getTask(subtask.id)).toMatchObject({ parent_id: parentId, list_id: listId })
})
