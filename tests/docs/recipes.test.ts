import { afterEach, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { compose } from '../../app/compose.ts'
import type { CountedList, List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import { testConfig, tokenOf } from '../support/config.ts'
import { directoryPerTest } from '../support/process.ts'
import { codeIn, readPage } from './page.ts'

type Api = (method: string, path: string, body?: object) => Promise<unknown>

/** The exports of the page's code. */
interface Recipes {
  connect(url: string, token: string): Api
  day(now: Date, daysLater?: number): string
  today(api: Api, now: Date): Promise<Task[]>
  overdue(api: Api, now: Date): Promise<Task[]>
  startProject(api: Api, name: string, now: Date): Promise<List>
  addWeekly(api: Api, due: string): Promise<Task>
  complete(api: Api, id: string): Promise<Task | null>
  undo(api: Api, id: string): Promise<Task>
  review(
    api: Api,
    now: Date,
  ): Promise<Record<'late' | 'week' | 'undated' | 'done', Task[]> & { left: object }>
  moveList(api: Api, id: string, before: string): Promise<CountedList[]>
  merge(api: Api, from: string, to: string | null): Promise<void>
  clearUp(api: Api): Promise<number>
  emptyTrash(api: Api): Promise<void>
}

const directory = directoryPerTest()
// A Saturday, in the time zone of the tests.
const NOW = new Date(2026, 0, 31, 9, 30)

let app: Awaited<ReturnType<typeof compose>>
let server: Bun.Server<undefined>
let recipes: Recipes
let api: Api

beforeEach(async () => {
  const blocks = codeIn(await readPage('docs/recipes.md'), 'js')
  const file = join(directory.path, 'recipes.js')
  await Bun.write(file, blocks.filter((block) => block.startsWith('export ')).join('\n'))
  // Safe: a missing export fails the test that uses it.
  recipes = (await import(file)) as Recipes
  app = await compose(testConfig(), () => {})
  server = Bun.serve({ port: 0, fetch: (request) => app.http.handle(request) })
  api = recipes.connect(`http://127.0.0.1:${server.port}`, await tokenOf('ann'))
})

afterEach(async () => {
  await server.stop(true)
  await app.close()
})

async function add(body: object): Promise<Task> {
  // Safe: what the operation returns.
  return (await api('POST', '/tasks', body)) as Task
}

async function addList(name: string): Promise<List> {
  // Safe: what the operation returns.
  return (await api('POST', '/lists', { name })) as List
}

async function tasksAt(query: string): Promise<Task[]> {
  // Safe: what the operation returns.
  return ((await api('GET', `/tasks?${query}`)) as { tasks: Task[] }).tasks
}

function textsOf(tasks: readonly Task[]): string[] {
  return tasks.map(({ text }) => text)
}

/** Tasks with every kind of `due` around `NOW`. */
async function addDated(): Promise<void> {
  const due = {
    yesterday: '2026-01-30',
    today: '2026-01-31',
    'at 9': '2026-01-31T09:00',
    'at 10': '2026-01-31T10:00',
    tomorrow: '2026-02-01',
    'in a week': '2026-02-07',
    someday: null,
  }
  for (const [text, date] of Object.entries(due)) await add({ text, due: date })
}

test('shows code in lines that fit', async () => {
  const code = codeIn(await readPage('docs/recipes.md'), 'js').join('')
  for (const line of code.split('\n')) expect(line.length).toBeLessThanOrEqual(104)
})

test('throws the message and the details of an error', async () => {
  const failure = api('POST', '/tasks', { text: 'a', due: 'soon' })
  await expect(failure).rejects.toThrow(/^The request is not valid\ndue: must be a day/)
})

test('shows tasks that are due today or were due before', async () => {
  await addDated()
  const shown = await recipes.today(api, NOW)
  expect(textsOf(shown)).toStrictEqual(['yesterday', 'today', 'at 9', 'at 10'])
})

test('shows what is overdue', async () => {
  await addDated()
  expect(textsOf(await recipes.overdue(api, NOW))).toStrictEqual(['yesterday', 'at 9'])
})

test('creates a project from a template', async () => {
  const list = await recipes.startProject(api, 'Move house', NOW)
  expect(list.name).toBe('Move house')
  const tasks = await tasksAt(`list=${list.id}&parent=none&sort=order`)
  expect(tasks.map(({ text, due }) => [text, due])).toStrictEqual([
    ['Book a van', '2026-02-07'],
    ['Pack', '2026-02-28'],
    ['Hand over the keys', '2026-03-02'],
  ])
  const subtasks = await tasksAt(`parent=${tasks[1]?.id}&sort=order`)
  expect(textsOf(subtasks)).toStrictEqual(['Buy boxes', 'Label the boxes'])
})

test('repeats a weekly task with its subtasks, and takes it back', async () => {
  const task = await recipes.addWeekly(api, '9999-12-24')
  const next = await recipes.complete(api, task.id)
  expect(next).toMatchObject({ text: task.text, completed: false, due: '9999-12-31' })
  expect(textsOf(await tasksAt('completed=true&sort=created_at'))).toStrictEqual([
    'Clean the kitchen',
    'Wipe the shelves',
    'Take out the bins',
  ])
  const copies = await tasksAt(`parent=${next?.id}&completed=false&sort=order`)
  expect(textsOf(copies)).toStrictEqual(['Take out the bins', 'Wipe the shelves'])

  expect(await recipes.undo(api, task.id)).toMatchObject({
    completed: false,
    recurrence: task.recurrence,
    successor_id: null,
  })
  expect(await tasksAt('parent=none')).toHaveLength(1)
})

test('returns no next task after the last date', async () => {
  const task = await recipes.addWeekly(api, '9999-12-31')
  expect(await recipes.complete(api, task.id)).toBeNull()
})

test('reviews the week', async () => {
  await addDated()
  const list = await addList('Household')
  const { id } = await add({ text: 'done', list_id: list.id })
  await add({ text: 'left', list_id: list.id, due: '2030-01-01' })
  await api('PATCH', `/tasks/${id}`, { completed: true })
  const { late, week, undated, done, left } = await recipes.review(api, NOW)
  expect(textsOf(late)).toStrictEqual(['yesterday', 'at 9'])
  expect(textsOf(week)).toStrictEqual(['today', 'at 9', 'at 10', 'tomorrow'])
  expect(textsOf(undated)).toStrictEqual(['someday'])
  expect(textsOf(done)).toStrictEqual(['done'])
  expect(left).toStrictEqual({ Household: 1 })
  const later = new Date(Date.now() + 8 * 86_400_000)
  expect((await recipes.review(api, later)).done).toStrictEqual([])
})

test('moves a list before another one', async () => {
  const [first, second, third] = [await addList('a'), await addList('b'), await addList('c')]
  const lists = await recipes.moveList(api, third.id, second.id)
  expect(lists.map(({ id }) => id)).toStrictEqual([first.id, third.id, second.id])
})

test.each(['another list', 'the inbox'])('merges a list with %s', async (target) => {
  const [from, to] = [await addList('from'), await addList('to')]
  const operations = Array.from({ length: 100 }, () => {
    return { op: 'create', body: { text: 'a', list_id: from.id } }
  })
  await api('POST', '/tasks/batch', { atomic: true, operations })
  const parent = await add({ text: 'parent', list_id: from.id })
  await add({ text: 'subtask', parent_id: parent.id })
  const destination = target === 'the inbox' ? null : to.id
  await recipes.merge(api, from.id, destination)
  expect(await tasksAt(`list=${destination ?? 'inbox'}`)).toHaveLength(102)
  // Safe: what the operation returns.
  const { lists } = (await api('GET', '/lists')) as { lists: List[] }
  expect(lists.map(({ id }) => id)).toStrictEqual([to.id])
  expect(await tasksAt('deleted=only')).toStrictEqual([])
})

test('clears up, and empties the trash', async () => {
  const parent = await add({ text: 'parent' })
  await add({ text: 'subtask', parent_id: parent.id })
  const done = await add({ text: 'done' })
  const whole = await add({ text: 'whole' })
  const part = await add({ text: 'part', parent_id: whole.id })
  for (const { id } of [parent, done, part, whole])
    await api('PATCH', `/tasks/${id}`, { completed: true })
  expect(await recipes.clearUp(api)).toBe(3)
  expect(textsOf(await tasksAt(''))).toStrictEqual(['subtask', 'parent'])
  await recipes.emptyTrash(api)
  expect(await tasksAt('deleted=only')).toStrictEqual([])
})
