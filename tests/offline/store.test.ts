import { expect, test } from 'bun:test'
import { startService, until } from './device.ts'

test('shows changes at once, and keeps them when the service has made them', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  const { store } = phone
  const list = await store.createList({ name: 'Trip' })
  const task = await store.createTask({ text: 'Pack', list_id: list.id, tags: ['home'] })
  const part = await store.createTask({ text: 'Passport', parent_id: task.id })
  await store.updateTask(part.id, { completed: true })
  await store.updateTask(task.id, { text: 'Pack the bag' })
  const gone = await store.createTask({ text: 'Mistake' })
  await store.deleteTask(gone.id)
  expect(phone.texts()).toEqual(['Passport', 'Pack the bag'])
  expect(store.task(part.id).get()).toMatchObject({ list_id: list.id, isWaiting: true })
  expect(phone.seen).toEqual([])

  await store.sync()
  expect(phone.texts()).toEqual(['Passport', 'Pack the bag'])
  const shown = store.task(task.id).get()
  expect(shown).toMatchObject({ key: task.key, version: 2, isWaiting: false })
  expect(store.task(part.id).get()).toMatchObject({ completed: true, parent_id: shown?.id })
  expect(store.waiting().get()).toEqual([])
  expect(phone.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /tasks/changes?limit=1000',
    'POST /tasks/batch',
    expect.stringMatching('GET /tasks/changes'),
    expect.stringMatching('GET /tasks/changes'),
  ])
  expect(phone.seen[1]?.body).not.toContain('Mistake')
})

test('follows the feed, and sends changes as they are made', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  phone.store.start()
  laptop.store.start()
  await phone.store.createTask({ text: 'Buy milk' })
  const [task] = await until(laptop.store.tasks(), (tasks) => tasks.length === 1)
  await laptop.store.updateTask(task?.id ?? '', { completed: true })
  await until(phone.store.tasks(), ([one]) => one?.completed === true && !one.isWaiting)
  await until(phone.store.status(), ({ state }) => state === 'idle')
  const paths = phone.seen.map(({ path }) => path.replace(/\?.*/, ''))
  expect(paths.filter((path) => path === '/tasks/changes').length).toBeLessThan(3)
  phone.store.close()
  laptop.store.close()
})

test('shows a restored task without interruption when the response comes before the feed', async () => {
  await using service = await startService()
  const { store } = await service.openDevice()
  store.start()
  const isSaved = () =>
    until(store.status(), ({ state, waiting }) => state === 'idle' && waiting === 0)
  const { id } = await store.createTask({ text: 'Buy milk' })
  await isSaved()
  await store.deleteTask(id)
  await isSaved()
  await store.restoreTask(id)
  const shown: number[] = []
  store.tasks().subscribe(() => shown.push(store.tasks().get().length))
  await isSaved()
  store.close()
  expect(shown).not.toContain(0)
})
