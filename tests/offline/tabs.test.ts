import { expect, test } from 'bun:test'
import { createMemoryStorage, type OfflineStorage } from '../../client/offline/store.ts'
import { startService, until } from './device.ts'

/** A view of a storage that other tabs use too. Each access takes a moment, as in a browser. */
function shared(storage: OfflineStorage): OfflineStorage {
  const moment = () => new Promise((resolve) => setImmediate(resolve))
  return {
    async read(keys) {
      await moment()
      return storage.read(keys)
    },
    async write(entries, expected) {
      await moment()
      return storage.write(entries, expected)
    },
    close() {},
  }
}

// Bun has no Web Locks, so both tabs follow the feed and send.
test('makes each change once when tabs share a storage without locks', async () => {
  await using service = await startService()
  const storage = createMemoryStorage()
  const name = service.user
  const tabs = [
    await service.openDevice({ storage: shared(storage), name }),
    await service.openDevice({ storage: shared(storage), name }),
  ]
  const laptop = await service.openDevice()
  const isDone = (count: number) => async (device: (typeof tabs)[number]) => {
    await until(device.store.tasks(), (tasks) => tasks.length === count)
    await until(device.store.waiting(), (waiting) => waiting.length === 0)
  }
  for (const { store } of [...tabs, laptop]) store.start()
  for (let round = 1; round <= 5; round++) {
    await Promise.all(
      [...tabs, laptop].map(async ({ store }, index) => {
        for (let n = 0; n < 4; n++) {
          const { id } = await store.createTask({ text: `${round} ${index} ${n}` })
          await store.updateTask(id, { priority: 'high' })
          if (n === 3) await store.deleteTask(id)
        }
      }),
    )
    await Promise.all([...tabs, laptop].map(isDone(9 * round)))
  }
  const { tasks } = await laptop.client.listTasks()
  const texts = tasks.map(({ text }) => text).sort()
  expect(new Set(texts).size).toBe(45)
  for (const { store, rejected } of [...tabs, laptop]) {
    const shown = store
      .tasks()
      .get()
      .map(({ key: _, isWaiting: __, ...task }) => task)
    expect(shown).toEqual(tasks as never)
    expect(rejected).toEqual([])
    store.close()
  }
})

test('shows the changes of another tab at once', async () => {
  await using service = await startService()
  const storage = createMemoryStorage()
  const name = service.user
  const first = await service.openDevice({ storage, name })
  const second = await service.openDevice({ storage, name })
  await first.store.createTask({ text: 'Buy milk' })
  const [task] = await until(second.store.tasks(), (tasks) => tasks.length === 1)
  await second.store.updateTask(task?.id ?? '', { completed: true })
  await until(first.store.tasks(), ([one]) => one?.completed === true)
  await first.store.sync()
  await until(second.store.waiting(), (waiting) => waiting.length === 0)
  expect(second.store.tasks().get()).toEqual(first.store.tasks().get())
  expect(second.seen).toEqual([])
  first.store.close()
  second.store.close()
})

test.each([true, false])(
  'keeps what tabs wrote that did not know of each other (task known to the service: %p)',
  async (isKnown) => {
    await using service = await startService()
    const phone = await service.openDevice()
    const { id } = await phone.store.createTask({ text: 'Buy' })
    if (isKnown) await phone.store.sync()
    const other = await phone.reopen()
    await phone.store.updateTask(id, { text: 'Buy milk' })
    await other.updateTask(id, { text: 'Buy tea', priority: 'high' })
    const third = await phone.reopen()
    await third.sync()
    const { tasks } = await phone.client.listTasks()
    expect(tasks).toMatchObject([{ priority: 'high' }])
    expect(tasks[0]?.text.split(' ').sort()).toEqual(['Buy', 'milk', 'tea'])
    for (const store of [phone.store, other, third]) store.close()
  },
)
