import { afterEach, beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import type { Task } from '../../core/task.ts'
import { bearer, SECRET } from '../support/config.ts'
import { portOf } from '../support/port.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'
import { codeIn, readPage } from './page.ts'

/** An operation of a batch, as the page queues it. */
interface Operation {
  readonly op: string
  readonly id?: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly was?: string
}

interface State {
  readonly tasks: Readonly<Record<string, Task>>
  readonly cursor: string
  readonly queue: readonly Operation[]
  readonly sent: object | null
}

interface TaskList {
  readonly state: State
  add(operation: Operation): void
  sync(): Promise<void>
}

interface Origin {
  readonly url: string
  readonly token: () => Promise<string>
}

type Resolve = (
  operation: Operation,
  error: { readonly error: string },
  tasks: State['tasks'],
) => Operation | null

/** The exports of the page's code. */
interface Page {
  createTaskList(
    options: Origin & { load(): unknown; save(state: State): void; resolve: Resolve },
  ): TaskList
  tasksShown(state: State): Task[]
  resolve: Resolve
  follow(list: TaskList, options: Origin & { readonly signal: AbortSignal }): Promise<void>
}

setDefaultTimeout(60_000)

const EVERYTHING = '9999-12-31T23:59:59.999Z'
const NOTHING = '0001-01-01T00:00:00.000Z'

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let path: string
let service: ServiceProcess
let page: Page
let blocks: string[]

beforeEach(async () => {
  blocks = codeIn(await readPage('docs/offline-first.md'), 'js')
  directory = await temporaryDirectory()
  const file = join(directory.path, 'page.js')
  await Bun.write(file, blocks.join('\n'))
  // Safe: a missing export fails the test that uses it.
  page = (await import(file)) as Page
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
  const { authorization } = await bearer('ann')
  const origin = {
    url: `http://127.0.0.1:${connection.port}`,
    token: async () => authorization.slice('Bearer '.length),
  }
  let saved: string | null = null
  const storage = {
    load: () => saved && JSON.parse(saved),
    save(state: State) {
      saved = JSON.stringify(state)
    },
  }
  const open = () => page.createTaskList({ ...origin, ...storage, resolve: page.resolve })
  return { origin, connection, list: open(), reopen: open }
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

function only(list: TaskList): Task {
  const [task, ...others] = Object.values(list.state.tasks)
  expect(others).toStrictEqual([])
  return task ?? expect.unreachable()
}

test('shows a list of at most forty lines', () => {
  expect(blocks[0]?.trimEnd().split('\n').length).toBeLessThanOrEqual(40)
  for (const line of blocks.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(104)
})

test('makes two devices agree when a connection and a response are lost and both edit a task', async () => {
  const [phone, laptop] = [await createDevice(), await createDevice()]
  await using _phone = phone.connection
  await using _laptop = laptop.connection

  const failed = phone.connection.cut()
  phone.list.add({ op: 'create', body: { text: 'Buy milk' } })
  phone.list.add({ op: 'create', body: { text: 'Read' } })
  expect(page.tasksShown(phone.list.state).map(({ text }) => text)).toStrictEqual([
    'Buy milk',
    'Read',
  ])
  const first = phone.list.sync()
  await failed
  const lost = phone.connection.loseAnswer()
  phone.connection.mend()
  await lost
  await first
  await laptop.list.sync()
  expect(laptop.list.state.tasks).toStrictEqual(phone.list.state.tasks)
  const [read, milk] = Object.values(phone.list.state.tasks).sort((a, b) => a.order - b.order)
  expect([read?.text, milk?.text]).toStrictEqual(['Read', 'Buy milk'])
  const [gone, id] = [read?.id ?? '', milk?.id ?? '']

  // The phone edits twice, and neither device has seen the other's edits.
  phone.list.add({ op: 'patch', id, body: { text: 'Buy milk and tea' }, was: 'Buy milk' })
  phone.list.add({ op: 'patch', id, body: { text: 'Buy tea' }, was: 'Buy milk and tea' })
  phone.list.add({ op: 'delete', id: gone })
  laptop.list.add({ op: 'patch', id, body: { text: 'Buy oat milk' }, was: 'Buy milk' })
  laptop.list.add({ op: 'patch', id, body: { completed: true } })
  expect(page.tasksShown(phone.list.state)).toMatchObject([{ id, text: 'Buy tea' }])
  await phone.list.sync()
  expect(phone.list.state.tasks[id]).toMatchObject({ text: 'Buy tea', version: 3 })
  await laptop.list.sync()
  await phone.list.sync()

  expect(phone.list.state.tasks).toStrictEqual(laptop.list.state.tasks)
  expect(only(phone.list)).toMatchObject({ text: 'Buy tea / Buy oat milk', completed: true })
  for (const { state } of [phone.list, laptop.list])
    expect(state).toMatchObject({ queue: [], sent: null })
})

test('resumes a batch when the device was closed during the request', async () => {
  const phone = await createDevice()
  await using connection = phone.connection
  phone.list.add({ op: 'create', body: { text: 'Buy milk' } })
  const lost = connection.loseAnswer()
  const first = phone.list.sync()
  await lost
  const reopened = phone.reopen()
  expect(reopened.state.sent).not.toBeNull()
  await reopened.sync()
  expect(only(reopened)).toMatchObject({ text: 'Buy milk', version: 1 })
  await first
})

test('runs the other operations when one breaks a rule', async () => {
  const phone = await createDevice()
  await using _ = phone.connection
  phone.list.add({ op: 'create', body: { text: '' } })
  phone.list.add({ op: 'create', body: { text: 'Read' } })
  await phone.list.sync()
  expect(only(phone.list).text).toBe('Read')
})

test('starts again when the cursor has expired', async () => {
  const [phone, laptop] = [await createDevice(), await createDevice()]
  await using _phone = phone.connection
  await using _laptop = laptop.connection
  phone.list.add({ op: 'create', body: { text: 'Buy milk' } })
  await phone.list.sync()
  await laptop.list.sync()
  const { cursor } = laptop.list.state

  phone.list.add({ op: 'delete', id: only(phone.list).id })
  phone.list.add({ op: 'create', body: { text: 'Read' } })
  await phone.list.sync()
  // What maintenance does after thirty days.
  const store = await openSqlite({ path, timeoutMs: 2000, newEpoch })
  while (await store.maintenance.run({ deleted: EVERYTHING, retries: NOTHING }));
  await store.close()

  const expired = await service.send(`/tasks/changes?cursor=${cursor}`, {
    headers: await bearer('ann'),
  })
  expect(expired.status).toBe(410)
  await laptop.list.sync()
  expect(only(laptop.list).text).toBe('Read')
  await phone.list.sync()
  expect(laptop.list.state.tasks).toStrictEqual(phone.list.state.tasks)
})

test('waits for changes and shows those of another device when it follows', async () => {
  const [phone, laptop] = [await createDevice(), await createDevice()]
  await using _phone = phone.connection
  await using _laptop = laptop.connection
  const ending = new AbortController()
  const first = Promise.withResolvers<void>()
  const seen = Promise.withResolvers<void>()
  let syncs = 0
  const sync = async () => {
    await laptop.list.sync()
    syncs++
    first.resolve()
    if (Object.keys(laptop.list.state.tasks).length > 0) seen.resolve()
  }
  const options = { ...laptop.origin, signal: ending.signal }
  const following = page.follow({ ...laptop.list, sync }, options)
  await first.promise
  // A device that polled without waiting would have synced again by now.
  for (let n = 0; n < 10; n++) await phone.list.sync()
  phone.list.add({ op: 'create', body: { text: 'Buy milk' } })
  await phone.list.sync()
  await seen.promise
  expect(laptop.list.state.tasks).toStrictEqual(phone.list.state.tasks)
  expect(syncs).toBe(2)
  ending.abort()
  await following
})
