import { expect, test } from 'bun:test'
import {
  createMemoryStorage,
  type OfflineStorage,
  StorageFullError,
} from '../../client/offline/store.ts'
import { tokenOf } from '../support/config.ts'
import { startService, until } from './device.ts'

const KEY_ONLY = ({ key }: { readonly key: string | null }) => key

function refusal(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error, message: error }, { status, headers })
}

test('merges what two devices changed while both were offline', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  const { id } = await phone.store.createTask({ text: 'Buy milk', tags: ['shop'] })
  await phone.store.sync()
  await laptop.store.sync()
  const [known] = laptop.store.tasks().get()

  await phone.store.updateTask(id, { text: 'Buy oat milk', priority: 'low' })
  await laptop.store.updateTask(known?.id ?? '', { text: 'Buy milk and eggs', priority: 'high' })
  await laptop.store.updateTask(known?.id ?? '', { tags: ['shop', 'today'], completed: true })
  await phone.store.sync()
  await laptop.store.sync()
  await phone.store.sync()
  const merged = { text: 'Buy oat milk and eggs', priority: 'high', completed: true }
  for (const { store } of [phone, laptop])
    expect(store.tasks().get()).toEqual([
      expect.objectContaining({ ...merged, tags: ['shop', 'today'], isWaiting: false }),
    ])
})

test('lets the application resolve a conflict', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  const laptop = await service.openDevice({
    merge: ({ base, mine, theirs, both }) => ({
      text: `${base['text']} ${mine?.['text']} ${'text' in theirs && theirs.text} ${both}`,
    }),
  })
  const { id } = await phone.store.createTask({ text: 'a' })
  await phone.store.sync()
  await laptop.store.sync()
  await phone.store.updateTask(id, { text: 'b' })
  await phone.store.sync()
  await laptop.store.updateTask(laptop.store.tasks().get()[0]?.id ?? '', { text: 'c' })
  await laptop.store.sync()
  expect(laptop.texts()).toEqual(['a c b text'])
})

test('creates a task once when the response is lost', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  await phone.store.sync()
  await phone.store.createTask({ text: 'Buy milk' })
  phone.fail('/tasks/batch', 'lose response')
  await expect(phone.store.sync()).rejects.toThrow('Cannot reach the service')
  expect(phone.store.status().get()).toMatchObject({ state: 'offline', waiting: 1 })
  await phone.store.sync()
  const batches = phone.seen.filter(({ key }) => key !== null)
  expect(new Set(batches.map(KEY_ONLY)).size).toBe(1)
  expect(new Set(batches.map(({ body }) => body)).size).toBe(1)
  expect((await phone.client.listTasks()).tasks.map(({ text }) => text)).toEqual(['Buy milk'])
  expect(phone.store.status().get()).toMatchObject({ state: 'idle', waiting: 0, error: null })
})

test('shows a task once when the feed brings it before the response', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  await phone.store.sync()
  const created = await phone.store.createTask({ text: 'Buy milk' })
  phone.fail('/tasks/batch', 'lose response')
  await phone.store.sync().catch(() => {})
  const other = await phone.reopen()
  phone.fail('/tasks/batch', 'lose request')
  // Another tab reads the feed.
  phone.store.start()
  const [shown] = await until(phone.store.tasks(), ([task]) => task?.version === 1)
  expect(shown).toMatchObject({ key: created.key, text: 'Buy milk' })
  expect(phone.texts()).toEqual(['Buy milk'])
  phone.store.close()
  other.close()
})

test('sends a stored batch unchanged after a crash', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  await phone.store.sync()
  await phone.store.createTask({ text: 'Buy milk' })
  phone.fail('/tasks/batch', 'lose request')
  await phone.store.sync().catch(() => {})
  const reopened = await phone.reopen()
  expect(reopened.tasks().get()).toMatchObject([{ text: 'Buy milk', isWaiting: true }])
  await reopened.createTask({ text: 'Read' })
  await reopened.sync()
  const [first, second, third] = phone.seen.filter(({ key }) => key !== null)
  expect(second).toEqual({ ...first, method: 'POST' } as never)
  expect(third?.key).not.toBe(first?.key)
  expect((await phone.client.listTasks()).count).toBe(2)
})

test('reports what the service refuses, and makes all other changes', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  const gone = await phone.store.createTask({ text: 'Gone' })
  await phone.store.sync()
  await laptop.store.sync()
  await laptop.store.deleteTask(laptop.store.tasks().get()[0]?.id ?? '')
  await laptop.store.sync()

  await phone.store.updateTask(gone.id, { text: 'Edited' })
  const wrong = { due: '2026-01-31', recurrence: { rule: 'FREQ=SOMETIMES' } }
  await phone.store.createTask({ text: 'Wrong', ...wrong })
  await phone.store.createTask({ text: 'Right' })
  await phone.store.sync()
  expect(phone.texts()).toEqual(['Right'])
  expect(phone.store.waiting().get()).toEqual([])
  const rejected = phone.store.rejected().get()
  expect(rejected.map(({ code, change }) => [code, change.members['text']])).toEqual([
    ['NOT_FOUND', 'Edited'],
    ['VALIDATION_ERROR', 'Wrong'],
  ])
  expect(rejected[1]?.details[0]).toStartWith('recurrence')
  expect(phone.rejected).toEqual(rejected as never)
  await phone.store.dismiss(rejected[0]?.change.key ?? '')
  expect(phone.store.rejected().get()).toHaveLength(1)
})

test('makes the valid ones of several changes that are sent together', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  const { id } = await phone.store.createTask({ text: 'Read' })
  await phone.store.sync()
  await phone.store.updateTask(id, { priority: 'high' })
  await phone.store.updateTask(id, { due: '2026-01-31', recurrence: { rule: 'FREQ=SOMETIMES' } })
  await phone.store.sync()
  expect(phone.store.task(id).get()).toMatchObject({ priority: 'high', recurrence: null })
  expect(phone.rejected.map(({ code }) => code)).toEqual(['VALIDATION_ERROR'])
})

test('keeps everything after the sign-in has expired, and continues with a new token', async () => {
  await using service = await startService()
  let token = 'expired'
  const phone = await service.openDevice({ token: () => token })
  phone.store.start()
  await phone.store.createTask({ text: 'Buy milk' })
  await until(phone.store.status(), ({ state }) => state === 'signed_out')
  expect(phone.store.status().get()).toMatchObject({ waiting: 1, error: { status: 401 } })
  expect(phone.texts()).toEqual(['Buy milk'])
  token = await tokenOf(service.user)
  phone.store.start()
  await until(phone.store.status(), ({ state, waiting }) => state === 'idle' && waiting === 0)
  expect((await phone.client.listTasks()).count).toBe(1)
  phone.store.close()
})

test('builds its copy again and keeps the queue when the cursor has expired', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  await phone.store.createTask({ text: 'Buy milk' })
  await phone.store.createTask({ text: 'Read' })
  await phone.store.sync()
  await laptop.store.sync()
  await laptop.store.deleteTask(laptop.store.tasks({ q: 'milk' }).get()[0]?.id ?? '')
  await laptop.store.sync()
  await phone.store.createTask({ text: 'Sleep' })
  phone.fail('/tasks/changes', refusal(410, 'CURSOR_EXPIRED'))
  await phone.store.sync()
  expect(phone.texts()).toEqual(['Sleep', 'Read'])
  const snapshot = phone.seen.filter(({ path }) => path === '/tasks/changes?limit=1000')
  expect(snapshot).toHaveLength(2)
})

test('refuses a change with an error when the storage is full, and says so', async () => {
  await using service = await startService()
  const memory = createMemoryStorage()
  let isFull = false
  const storage: OfflineStorage = {
    ...memory,
    async write(entries, expected) {
      if (isFull) throw new StorageFullError(new Error('QuotaExceededError'))
      return memory.write(entries, expected)
    },
  }
  const phone = await service.openDevice({ storage })
  await phone.store.createTask({ text: 'Buy milk' })
  isFull = true
  await expect(phone.store.createTask({ text: 'Read' })).rejects.toBeInstanceOf(StorageFullError)
  expect(phone.store.status().get()).toMatchObject({ state: 'storage_full', waiting: 1 })
  expect(phone.texts()).toEqual(['Buy milk'])
  // What cannot be stored is not sent either.
  await expect(phone.store.sync()).rejects.toBeInstanceOf(StorageFullError)
  expect(phone.seen.map(KEY_ONLY)).toEqual([null])
  isFull = false
  await phone.store.createTask({ text: 'Read' })
  await phone.store.sync()
  expect(phone.store.status().get()).toMatchObject({ state: 'idle', waiting: 0 })
})

test('finds what an expired key has created, and creates nothing twice', async () => {
  await using service = await startService()
  let time = Date.parse('2026-01-31T09:30:00Z')
  const phone = await service.openDevice({ now: () => new Date(time) })
  await phone.store.sync()
  const list = await phone.store.createList({ name: 'Trip' })
  const task = await phone.store.createTask({ text: 'Pack', list_id: list.id })
  phone.fail('/tasks/batch', 'lose response')
  await phone.store.sync().catch(() => {})
  await phone.store.createTask({ text: 'Passport', parent_id: task.id })
  time += 25 * 3_600_000
  await phone.store.sync()
  const { tasks } = await phone.client.listTasks({ sort: 'created_at' })
  expect(tasks.map(({ text }) => text)).toEqual(['Pack', 'Passport'])
  expect(tasks[1]?.parent_id).toBe(tasks[0]?.id ?? '')
  expect((await phone.client.listLists()).count).toBe(1)
  const [first, second] = phone.seen.filter(({ key }) => key !== null)
  expect(second?.key).not.toBe(first?.key)
  expect(second?.body).not.toContain('"Pack"')
  expect(phone.store.task(task.id).get()).toMatchObject({ key: task.key, isWaiting: false })
})

test('sends a long queue in parts that the service accepts', async () => {
  await using service = await startService({ MAX_BODY_BYTES: '20000' })
  const phone = await service.openDevice()
  for (let n = 0; n < 12; n++)
    await phone.store.createTask({ text: `Task ${n}`, description: 'x'.repeat(5000) })
  await phone.store.createTask({ text: 'Too long', description: 'ü'.repeat(10_000) })
  await phone.store.sync()
  expect((await phone.client.listTasks()).count).toBe(12)
  expect(phone.rejected.map(({ code }) => code)).toEqual(['PAYLOAD_TOO_LARGE'])
})

test('says why it waits, and tries at once when it is started again', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  phone.fail('/tasks/changes', refusal(503, 'SERVICE_UNAVAILABLE', { 'retry-after': '3600' }))
  phone.store.start()
  await until(phone.store.status(), ({ state }) => state === 'offline')
  expect(phone.store.status().get().error).toMatchObject({ status: 503, retryAfter: 3600 })
  expect(phone.seen).toHaveLength(1)
  // Starting it once more tries at once.
  phone.store.start()
  await until(phone.store.status(), ({ state }) => state === 'idle')
  phone.store.close()
})

test('reads the feed by long polls when event streams do not work', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  for (let n = 0; n < 50; n++) phone.fail('/tasks/events', refusal(404, 'NOT_FOUND'))
  phone.store.start()
  await laptop.store.createTask({ text: 'Buy milk' })
  await laptop.store.sync()
  await until(phone.store.tasks(), (tasks) => tasks.length === 1)
  await laptop.store.createTask({ text: 'Read' })
  await laptop.store.sync()
  await until(phone.store.tasks(), (tasks) => tasks.length === 2)
  expect(phone.seen.some(({ path }) => path.includes('wait=25'))).toBe(true)
  phone.store.close()
})

test('pauses between requests when streams and long polls end at once', async () => {
  await using service = await startService()
  const phone = await service.openDevice({}, async (request) => {
    const url = new URL(request.url)
    if (url.pathname === '/tasks/events')
      return new Response('', { headers: { 'content-type': 'text/event-stream' } })
    url.searchParams.delete('wait')
    return service.handle(new Request(url.href, request))
  })
  phone.store.start()
  await until(phone.store.status(), ({ state }) => state === 'idle')
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
  expect(phone.seen.length).toBeLessThan(10)
  phone.store.close()
})

test('keeps a task that another device changed before it was to be deleted here', async () => {
  await using service = await startService()
  const [phone, laptop] = [await service.openDevice(), await service.openDevice()]
  const { id } = await phone.store.createTask({ text: 'Buy milk' })
  await phone.store.sync()
  await laptop.store.sync()
  await laptop.store.updateTask(laptop.store.tasks().get()[0]?.id ?? '', { text: 'Buy tea' })
  await laptop.store.sync()
  await phone.store.deleteTask(id)
  await phone.store.sync()
  expect(phone.texts()).toEqual(['Buy tea'])
  expect(phone.rejected).toMatchObject([{ code: 'CONFLICT', change: { op: 'delete' } }])
})

test('restores a task that was deleted before it was ever sent', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  const { id } = await phone.store.createTask({ text: 'Buy milk', tags: ['shop'] })
  await phone.store.updateTask(id, { completed: true })
  await phone.store.deleteTask(id)
  await phone.store.sync()
  expect(phone.seen.map(KEY_ONLY)).toEqual([null, null])
  expect(phone.store.trash().get()).toMatchObject([{ id, text: 'Buy milk' }])
  await phone.store.restoreTask(id)
  await phone.store.sync()
  expect(phone.store.task(id).get()).toMatchObject({ tags: ['shop'], completed: true })
  expect(phone.store.trash().get()).toEqual([])
})

test('deletes a task permanently, also from the trash', async () => {
  await using service = await startService()
  const phone = await service.openDevice()
  const live = await phone.store.createTask({ text: 'Live' })
  const old = await phone.store.createTask({ text: 'Old' })
  await phone.store.sync()
  await phone.store.deleteTask(old.id)
  await phone.store.sync()
  await phone.store.deleteTask(old.id, { permanent: true })
  await phone.store.deleteTask(live.id, { permanent: true })
  expect(phone.store.trash().get()).toEqual([])
  await phone.store.sync()
  expect(phone.store.trash().get()).toEqual([])
  expect((await phone.client.listTasks({ deleted: 'only' })).count).toBe(0)
  expect((await phone.client.listTasks()).count).toBe(0)
})

test('backs off when other devices change a task all the time', async () => {
  await using service = await startService()
  const laptop = await service.openDevice()
  const { id } = await laptop.client.createTask({ text: 'a' })
  const handle = async (request: Request) => {
    const isBatch = request.url.endsWith('/tasks/batch')
    if (isBatch) await laptop.client.patchTask(id, { text: crypto.randomUUID() })
    return service.handle(request)
  }
  const phone = await service.openDevice({}, handle)
  await phone.store.sync()
  await phone.store.updateTask(id, { priority: 'high' })
  const error = await phone.store.sync().catch((reason) => reason)
  expect(error).toMatchObject({ code: 'PRECONDITION_FAILED' })
  expect(phone.seen.filter(({ key }) => key !== null)).toHaveLength(10)
  const { state, waiting } = phone.store.status().get()
  expect([state, waiting]).toEqual(['offline', 1])
})
