import { expect, test } from 'bun:test'
import { startService } from './device.ts'

/** A device with a list, a parent in it with two subtasks, and a recurring task. */
async function openFilled() {
  const service = await startService()
  const { store, seen, client } = await service.openDevice()
  const list = await store.createList({ name: 'Trip' })
  const other = await store.createList({ name: 'Home' })
  const parent = await store.createTask({ text: 'Pack', list_id: list.id })
  const first = await store.createTask({ text: 'Passport', parent_id: parent.id })
  const second = await store.createTask({ text: 'Socks', parent_id: parent.id })
  const daily = { due: '2026-01-31T09:30', time_zone: 'Europe/Berlin', recurrence: DAILY } as const
  const recurring = await store.createTask({ text: 'Stretch', ...daily })
  await store.sync()

  /** What is shown now, and what is shown once the service has made the changes. */
  async function beforeAndAfter(): Promise<void> {
    const shown = show()
    expect(store.waiting().get().length).toBeGreaterThan(0)
    await store.sync()
    expect(store.rejected().get()).toEqual([])
    expect(show()).toEqual(shown)
  }

  function show() {
    const order = store.tasks({ sort: 'order' }).get()
    return {
      tasks: order.map(
        ({ text, description, completed, due, time_zone, recurrence, list_id, parent_id }) => ({
          ...{ text, description, completed, due, time_zone, recurrence },
          list:
            list_id &&
            store
              .lists()
              .get()
              .find(({ id }) => id === list_id)?.name,
          parent: parent_id && store.task(parent_id).get()?.text,
        }),
      ),
      lists: store
        .lists()
        .get()
        .map(({ name, color }) => [name, color]),
      trash: store
        .trash()
        .get()
        .map(({ text }) => text)
        .sort(),
    }
  }

  return {
    ...{ store, seen, client, list, other, parent, first, second, recurring, beforeAndAfter },
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  }
}

const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const

test('shows subtasks in the list of their parent, before and after the service moves them', async () => {
  await using filled = await openFilled()
  const { store, parent, other, first, beforeAndAfter } = filled
  await store.updateTask(parent.id, { list_id: other.id })
  expect(store.tasks({ list: other.id }).get()).toHaveLength(3)
  await store.updateTask(first.id, { parent_id: null })
  await beforeAndAfter()
})

test('shows what the service does when a parent is deleted and restored', async () => {
  await using filled = await openFilled()
  const { store, parent, beforeAndAfter } = filled
  await store.deleteTask(parent.id)
  expect(store.trash().get()).toHaveLength(3)
  await beforeAndAfter()
  await store.restoreTask(parent.id)
  expect(store.tasks({ parent: parent.id }).get()).toHaveLength(2)
  await beforeAndAfter()
})

test('shows what the service does when a list is deleted', async () => {
  await using filled = await openFilled()
  const { store, list, parent, beforeAndAfter } = filled
  await store.deleteList(list.id)
  expect(store.tasks().get()).toMatchObject([{ text: 'Stretch' }])
  await beforeAndAfter()
  await store.restoreTask(parent.id)
  expect(store.task(parent.id).get()).toMatchObject({ list_id: null })
  await beforeAndAfter()
})

test('shows a recurring task as completed, and the next one once the service has created it', async () => {
  await using filled = await openFilled()
  const { store, recurring } = filled
  await store.updateTask(recurring.id, { completed: true })
  const open = store.tasks({ q: 'stretch', completed: false })
  expect(open.get()).toEqual([])
  expect(store.task(recurring.id).get()).toMatchObject({ completed: true, recurrence: null })
  await store.sync()
  expect(open.get()).toMatchObject([{ recurrence: DAILY, time_zone: 'Europe/Berlin' }])
  await store.updateTask(recurring.id, { completed: false })
  await store.sync()
  expect(open.get()).toMatchObject([{ key: recurring.key, recurrence: DAILY }])
})

test('does not give what was written after a completion to the next task', async () => {
  await using filled = await openFilled()
  const { store, recurring } = filled
  await store.updateTask(recurring.id, { description: 'Before' })
  await store.updateTask(recurring.id, { completed: true })
  await store.updateTask(recurring.id, { description: 'After' })
  await store.sync()
  expect(store.task(recurring.id).get()).toMatchObject({ description: 'After', completed: true })
  expect(store.tasks({ q: 'stretch', completed: false }).get()).toMatchObject([
    { description: 'Before' },
  ])
})

test('clears what the service clears together with a due date', async () => {
  await using filled = await openFilled()
  const { store, recurring, beforeAndAfter } = filled
  await store.updateTask(recurring.id, { due: '2026-02-01' })
  expect(store.task(recurring.id).get()).toMatchObject({ time_zone: null, recurrence: DAILY })
  await beforeAndAfter()
  await store.updateTask(recurring.id, { due: null })
  expect(store.task(recurring.id).get()).toMatchObject({ recurrence: null })
  await beforeAndAfter()
})

test('shows the order that the service will keep', async () => {
  await using filled = await openFilled()
  const { store, recurring, first, second, parent, list, other, beforeAndAfter } = filled
  await store.moveTask(recurring.id, { after: parent.id })
  await store.moveTask(second.id, { before: first.id })
  await store.moveTask(parent.id, { to: 'top' })
  const added = await store.createTask({ text: 'New' })
  await store.moveTask(first.id, { before: added.id })
  await store.moveTask(second.id, { to: 'bottom' })
  await store.moveList(list.id, { after: other.id })
  await store.createList({ name: 'Last', color: '#1e90ff' })
  expect(
    store
      .tasks({ sort: 'order' })
      .get()
      .map(({ text }) => text),
  ).toEqual([...['Passport', 'New', 'Pack', 'Stretch', 'Socks']])
  expect(
    store
      .lists()
      .get()
      .map(({ name }) => name),
  ).toEqual(['Home', 'Trip', 'Last'])
  await beforeAndAfter()
})

test('sends a list with its tasks in one batch, and refers to them in the next', async () => {
  await using service = await startService()
  const { store, seen } = await service.openDevice()
  await store.sync()
  const list = await store.createList({ name: 'Trip' })
  const task = await store.createTask({ text: 'Pack', list_id: list.id })
  const part = await store.createTask({ text: 'Passport', parent_id: task.id })
  await store.updateTask(part.id, { completed: true })
  await store.moveTask(part.id, { before: task.id })
  await store.sync()
  const batches = seen.filter(({ key }) => key !== null)
  expect(batches).toHaveLength(1)
  expect(JSON.parse(batches[0]?.body ?? '').operations).toEqual([
    { op: 'create_list', body: { name: 'Trip' } },
    { op: 'create', body: { text: 'Pack', list_id: '$0' } },
    { op: 'create', body: { text: 'Passport', parent_id: '$1' } },
    { op: 'patch', id: '$2', if_match: '"v1"', body: { completed: true } },
    { op: 'move', id: '$2', if_match: '"v2"', body: { before: '$1' } },
  ])
  await store.updateTask(part.id, { parent_id: null })
  await store.moveTask(task.id, { after: part.id })
  await store.sync()
  expect(store.rejected().get()).toEqual([])
  expect(store.task(part.id).get()).toMatchObject({ key: part.key, parent_id: null })
})

test('selects as the service does', async () => {
  await using filled = await openFilled()
  const { store, client, list, parent } = filled
  const queries = [
    {},
    { sort: 'order' },
    { sort: 'due' },
    { sort: 'priority' },
    { sort: '-updated_at' },
    { list: 'inbox' },
    { parent: 'none', sort: 'created_at' },
    { completed: false, q: 'PÄCK' },
    { q: '…' },
    { due: 'none' },
    { due_after: '2026-01-31', due_before: '2026-02-01' },
    { due_before: '2026-01-31' },
    { priority: ['none', 'high'] },
    { tag: ['x'] },
  ] as const
  for (const query of [
    ...queries,
    { list: store.lists().get()[0]?.id ?? '' },
    { parent: store.task(parent.id).get()?.id ?? '' },
  ]) {
    const { tasks } = await client.listTasks(query)
    const shown = store.tasks(query).get()
    expect(shown.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id))
  }
  expect(store.tasks({ list: list.id }).get()).toHaveLength(3)
})

test('returns the same objects until they change', async () => {
  await using filled = await openFilled()
  const { store, parent, recurring } = filled
  const query = { completed: false, sort: 'order' } as const
  const tasks = store.tasks(query)
  expect(store.tasks({ ...query })).toBe(tasks)
  const before = tasks.get()
  let calls = 0
  const end = tasks.subscribe(() => calls++)
  await store.createList({ name: 'Unrelated' })
  expect(tasks.get()).toBe(before)
  expect(calls).toBe(0)
  await store.updateTask(parent.id, { priority: 'high' })
  expect(calls).toBe(1)
  const isSame = (task: { readonly id: string }) => before.includes(task as never)
  expect(tasks.get().filter(isSame)).toHaveLength(3)
  await store.sync()
  const after = tasks.get()
  await store.sync()
  expect(tasks.get()).toBe(after)
  end()
  await store.updateTask(recurring.id, { priority: 'high' })
  expect(calls).toBeLessThan(5)
})

test.each([
  ['an empty text', { text: ' ' }, 'text: must be 1 to 500 characters'],
  ['a long text', { text: '😀'.repeat(501) }, 'text: must be 1 to 500 characters'],
  ['a long description', { text: 'x', description: 'x'.repeat(10_001) }, 'description: must be up'],
])('rejects %s at once', async (_, task, detail) => {
  await using service = await startService()
  const { store } = await service.openDevice()
  const error = await store.createTask(task).catch((reason) => reason)
  expect(error).toMatchObject({ code: 'VALIDATION_ERROR', status: 422 })
  expect(error.details[0]).toStartWith(detail)
  await store.createTask({ text: '😀'.repeat(500) })
  await expect(store.updateTask('x', { text: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(store.waiting().get()).toHaveLength(1)
})
