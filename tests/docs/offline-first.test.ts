import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import type {
  Conflict,
  Members,
  Observable,
  OfflineStore,
  OfflineTask,
} from '../../client/offline/store.ts'
import type { Task } from '../../client/taskport.ts'
import { SECRET, tokenOf } from '../support/config.ts'
import { portOf } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { codeIn, readPage } from './page.ts'

/** The exports of the page's code. */
interface Page {
  openStore(url: string, user: string, token: () => Promise<string>): Promise<OfflineStore>
  showTasks(store: OfflineStore, element: { textContent: string }): () => void
  planTrip(store: OfflineStore): Promise<OfflineTask>
  merge(conflict: Conflict): Members | null
}

setDefaultTimeout(60_000)

const EVERYTHING = '9999-12-31T23:59:59.999Z'
const NOTHING = '0001-01-01T00:00:00.000Z'
const CLIENT = join(import.meta.dir, '..', '..', 'client')

// Bun has no IndexedDB, so each name has a memory storage, which lasts as long as the test.
const STORAGE = `
import { createMemoryStorage } from '${CLIENT}/offline/store.ts'
const storages = new Map()
export function createIndexedDbStorage(name) {
  if (!storages.has(name)) storages.set(name, createMemoryStorage())
  return storages.get(name)
}
`

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let path: string
let service: ServiceProcess
let page: Page
let blocks: string[]
let devices = 0

beforeEach(async () => {
  blocks = codeIn(await readPage('docs/offline-first.md'), 'js')
  directory = await temporaryDirectory()
  const code = blocks
    .join('\n')
    .replaceAll("'taskport-client'", `'${CLIENT}/taskport.ts'`)
    .replaceAll("'taskport-client/offline'", `'${CLIENT}/offline/store.ts'`)
    .replaceAll("'taskport-client/offline/indexeddb'", `'./storage.js'`)
  await Bun.write(join(directory.path, 'storage.js'), STORAGE)
  await Bun.write(join(directory.path, 'page.js'), code)
  // Safe: a missing export fails the test that uses it.
  page = (await import(join(directory.path, 'page.js'))) as Page
  path = join(directory.path, 'tasks.db')
  const environment = {
    DATABASE_URL: `sqlite:${path}`,
    BETTER_AUTH_SECRET: SECRET,
    LOG_LEVEL: 'info',
  }
  service = await startService({ directory: directory.path, environment })
})

afterEach(async () => {
  await service[Symbol.asyncDispose]()
  await directory[Symbol.asyncDispose]()
})

/** A device of the user ann, with its own connection and storage. */
async function createDevice() {
  const connection = await createConnection(service.port)
  const name = `device ${devices++}`
  const open = () =>
    page.openStore(`http://127.0.0.1:${connection.port}`, name, () => tokenOf('ann'))
  const store = await open()
  await until(store.status(), ({ state }) => state === 'idle')
  return { connection, store, reopen: open }
}

function until<Value>(
  { get, subscribe }: Observable<Value>,
  isWanted: (value: Value) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    if (isWanted(get())) {
      resolve()
      return
    }
    const end = subscribe(() => {
      if (!isWanted(get())) return
      end()
      resolve()
    })
  })
}

function isDone({ status }: OfflineStore): Promise<void> {
  return until(status(), ({ state, waiting }) => state === 'idle' && waiting === 0)
}

function textsOf(store: OfflineStore): string[] {
  const tasks = store.tasks({ sort: 'created_at' }).get()
  return tasks.map(({ text }) => text)
}

/** A proxy to the service that can lose a response, or go offline. */
async function createConnection(servicePort: number) {
  const sockets = new Set<Socket>()
  let losesAnswer = false
  let isCut = false
  let onLoss = () => {}

  const listener = createServer((client) => {
    const server = connect(servicePort, '127.0.0.1')
    for (const socket of [client, server])
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    client.on('close', () => server.destroy())
    server.on('close', () => client.destroy())
    if (isCut) {
      client.destroy()
      return onLoss()
    }
    client.on('data', (bytes) => server.write(bytes))
    server.on('data', (bytes) => {
      if (!losesAnswer) {
        client.write(bytes)
        return
      }
      losesAnswer = false
      client.destroy()
      onLoss()
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  function loss(): Promise<void> {
    return new Promise((resolve) => {
      onLoss = resolve
    })
  }

  return {
    port: portOf(listener),
    /** Loses the next response. Resolves when it has. */
    loseAnswer(): Promise<void> {
      losesAnswer = true
      return loss()
    },
    /** Refuses connections. Resolves when it has refused one. */
    cut(): Promise<void> {
      isCut = true
      for (const socket of sockets) socket.destroy()
      return loss()
    },
    mend() {
      isCut = false
    },
    async [Symbol.asyncDispose]() {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

test('opens a store in ten lines', () => {
  expect(
    blocks[0]
      ?.trimEnd()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(10)
  for (const line of blocks.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(104)
})

test('makes two devices agree when a connection and a response are lost and both edit a task', async () => {
  const [phone, laptop] = [await createDevice(), await createDevice()]
  await using _phone = phone.connection
  await using _laptop = laptop.connection

  const failed = phone.connection.cut()
  await phone.store.createTask({ text: 'Buy milk' })
  await phone.store.createTask({ text: 'Read' })
  expect(textsOf(phone.store)).toEqual(['Buy milk', 'Read'])
  await failed
  const lost = phone.connection.loseAnswer()
  phone.connection.mend()
  await lost
  await isDone(phone.store)
  await until(laptop.store.tasks(), (tasks) => tasks.length === 2)
  expect(textsOf(laptop.store)).toEqual(['Buy milk', 'Read'])

  // Neither device sees the other's edits.
  const cuts = [phone.connection.cut(), laptop.connection.cut()]
  const [milk, read] = laptop.store.tasks({ sort: 'created_at' }).get()
  await phone.store.updateTask(milk?.id ?? '', { text: 'Buy oat milk' })
  await phone.store.deleteTask(read?.id ?? '')
  await laptop.store.updateTask(milk?.id ?? '', { text: 'Buy milk and tea' })
  await laptop.store.updateTask(milk?.id ?? '', { completed: true })
  await Promise.all(cuts)
  phone.connection.mend()
  await isDone(phone.store)
  laptop.connection.mend()
  await isDone(laptop.store)
  for (const { store } of [phone, laptop]) {
    await until(store.tasks(), ([task]) => task?.completed === true && !task.isWaiting)
    expect(textsOf(store)).toEqual(['Buy oat milk and tea'])
    store.close()
  }
})

test('resumes a batch when the device was closed during the request', async () => {
  const phone = await createDevice()
  await using connection = phone.connection
  phone.store.pause()
  await phone.store.createTask({ text: 'Buy milk' })
  const lost = connection.loseAnswer()
  const first = phone.store.sync().catch(() => {})
  await lost
  phone.store.close()
  await first
  const reopened = await phone.reopen()
  expect(reopened.waiting().get()).toHaveLength(1)
  await isDone(reopened)
  expect(reopened.tasks().get()).toMatchObject([{ text: 'Buy milk', version: 1 }])
  reopened.close()
})

test('shows the tasks of a list, and plans a trip', async () => {
  const phone = await createDevice()
  await using _ = phone.connection
  const element = { textContent: '' }
  const end = page.showTasks(phone.store, element)
  phone.store.pause()
  await phone.store.createTask({ text: 'Read' })
  expect(element.textContent).toBe('Read …')
  phone.store.resume()
  await isDone(phone.store)
  expect(element.textContent).toBe('Read')
  end()

  const { id } = await page.planTrip(phone.store)
  await isDone(phone.store)
  const [list] = phone.store.lists().get()
  const packed = phone.store.task(id).get()
  expect(packed).toMatchObject({ text: 'Pack', list_id: list?.id, due: '2026-02-27' })
  expect(phone.store.tasks({ parent: id }).get()).toMatchObject([{ text: 'Passport' }])
  expect(packed?.id).not.toBe(id)
  phone.store.close()
})

test('merges as the page says', () => {
  // Safe: the members that the merge looks at.
  const theirs = { text: 'Buy juice', priority: 'low' } as Task
  const conflict = {
    op: 'patch',
    id: 'x',
    base: { text: 'Buy milk', priority: 'none' },
    mine: { text: 'Buy tea', priority: 'high' },
    theirs,
    both: ['text', 'priority'],
  } as const
  expect(page.merge(conflict)).toEqual({ text: 'Buy juice / Buy tea' })
  expect(page.merge({ ...conflict, mine: null })).toBeNull()
})

test('starts again when the cursor has expired', async () => {
  const [phone, laptop] = [await createDevice(), await createDevice()]
  await using _phone = phone.connection
  await using _laptop = laptop.connection
  const { id } = await phone.store.createTask({ text: 'Buy milk' })
  await isDone(phone.store)
  await until(laptop.store.tasks(), (tasks) => tasks.length === 1)
  laptop.store.pause()
  await laptop.store.createTask({ text: 'Sleep' })

  await phone.store.deleteTask(id)
  await phone.store.createTask({ text: 'Read' })
  await isDone(phone.store)
  // What maintenance does after thirty days.
  const store = await openSqlite({ path, timeoutMs: 2000, newEpoch })
  while (await store.maintenance.run({ deleted: EVERYTHING, retries: NOTHING }));
  await store.close()

  laptop.store.resume()
  await isDone(laptop.store)
  expect(textsOf(laptop.store)).toEqual(['Read', 'Sleep'])
  phone.store.close()
  laptop.store.close()
})
