import { expect } from 'bun:test'
import {
  createMemoryStorage,
  createOfflineStore,
  type OfflineStorage,
  type OfflineTask,
} from '../../client/offline/store.ts'
import { createTaskportClient, TaskportError } from '../../client/taskport.ts'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import { createCopy } from './copy.ts'
import { bodyOf, createUser, type Intent, isSensible } from './intents.ts'
import type { Model } from './model.ts'
import { type Call, ConnectionLost, type Send } from './network.ts'
import type { Random } from './random.ts'
import { createWire } from './wire.ts'

/** How a device behaves. */
export interface Device {
  /** Does one thing: makes a change, or synchronizes. */
  turn(): Promise<void>
  /** Sends all waiting changes and reads the feed to its end. */
  finish(): Promise<void>
  /** The tasks that the user sees. */
  tasks(): Task[]
  /** The lists that the user sees. */
  lists(): List[]
}

/**
 * A device with the client's store, which is offline half of the time and crashes now and then. Its
 * requests and responses are checked on their way.
 */
export async function createDevice(options: {
  readonly user: string
  readonly name: string
  readonly authorization: string
  readonly send: Send
  readonly random: Random
  readonly model: Model
}): Promise<Device> {
  const { user, name, authorization, send, random, model } = options
  const memory = createMemoryStorage()
  const copy = createCopy(user, model)
  const wire = createWire(user, model)
  const promised = new Map<string, string>()
  const id = `${user} ${name} ${crypto.randomUUID()}`
  let count = 0
  // The user has the page open twice, in tabs that share the storage.
  const tabs = [await open(), await open()]
  let tab = 0
  let { run, store } = tabs[0] ?? (await open())

  const mark = () => `${user}-${name}-${++count}`
  const isOriginal = (id: string) => id.startsWith('local-') || model.isOriginal(id)
  const decide = createUser(random, mark, isOriginal)

  async function open() {
    const own = { isOver: false }
    const client = createTaskportClient({
      url: '',
      token: authorization.slice('Bearer '.length),
      retries: 0,
      fetch: (path, init) => fetch(path, init, own),
    })
    const storage = crashing(memory, own)
    return { run: own, store: await createOfflineStore({ client, storage, name: id }) }
  }

  async function useTab(index: number): Promise<void> {
    tab = index
    const current = tabs[index] ?? (await open())
    run = current.run
    store = current.store
  }

  async function fetch(
    path: string,
    init: RequestInit,
    own: { isOver: boolean },
  ): Promise<Response> {
    const call: Call = {
      method: init.method ?? '',
      path,
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.body && { body: `${init.body}` }),
    }
    wire.sending(call)
    const { status, headers, body } = await send(call).catch((error) => {
      if (error instanceof ConnectionLost) throw new TypeError(error.message)
      throw error
    })
    if (own.isOver) throw new TypeError('The device has crashed')
    wire.answered(call, { status, headers, body })
    if (path.startsWith('/tasks/changes') && status === 200)
      // Safe: the response of the feed, whose shape the HTTP suite checks.
      copy.take(body as Parameters<typeof copy.take>[0], !path.includes('cursor='))
    return body === null
      ? new Response(null, { status, headers })
      : Response.json(body, { status, headers })
  }

  /** The task or the tasks that a change is made on. */
  function tasksById(): Map<string, OfflineTask> {
    return new Map(
      store
        .tasks()
        .get()
        .map((task) => [task.id, task]),
    )
  }

  async function change(): Promise<void> {
    const tasks = tasksById()
    const lists = new Map(
      store
        .lists()
        .get()
        .map((list) => [list.id, list]),
    )
    const deleted = store
      .trash()
      .get()
      .map(({ id }) => id)
    const intent = decide({ tasks, lists, deleted })
    if (!intent) return
    const task = 'id' in intent ? tasks.get(intent.id) : undefined
    if (task && !isSensible(intent, task)) return
    await apply(intent, bodyOf(intent, task) ?? {}).catch((error) => {
      // The service would refuse it too.
      if (!(error instanceof TaskportError)) throw error
      expect(['VALIDATION_ERROR', 'NOT_FOUND']).toContain(error.code)
    })
  }

  async function apply(intent: Intent, body: object): Promise<void> {
    // Safe: the body of a request for this intent.
    const members = body as never
    switch (intent.kind) {
      case 'create': {
        const { id } = await store.createTask(members)
        promised.set(intent.mark, id)
        return
      }
      case 'create_list':
        await store.createList(members)
        return
      case 'delete':
        return store.deleteTask(intent.id)
      case 'erase':
        for (const [made, id] of promised)
          if (store.task(id).get()?.id === intent.id) promised.delete(made)
        return store.deleteTask(intent.id, { permanent: true })
      case 'restore':
        await store.restoreTask(intent.id)
        return
      case 'move':
        await store.moveTask(intent.id, members)
        return
      case 'patch_list':
        await store.updateList(intent.id, members)
        return
      case 'delete_list':
        return store.deleteList(intent.id)
      case 'move_list':
        await store.moveList(intent.id, members)
        return
      default:
        await store.updateTask(intent.id, members)
        if ('mark' in intent) promised.set(intent.mark, intent.id)
    }
  }

  /** Synchronizes, until a request fails or the device crashes. */
  async function sync(): Promise<void> {
    const crashes = random.chance(0.1)
    const syncing = store.sync().catch((error) => {
      if (!isTemporary(error) && !run.isOver && !(error instanceof Crashed)) throw error
    })
    if (!crashes) return syncing
    for (let left = random.below(30); left > 0; left--)
      await new Promise((resolve) => setImmediate(resolve))
    run.isOver = true
    store.close()
    await syncing.catch(() => {})
    tabs[tab] = await open()
    await useTab(tab)
  }

  /** Synchronizes, as often as that takes. */
  async function syncToTheEnd(): Promise<void> {
    for (let isDone = false; !isDone; )
      isDone = await store.sync().then(
        () => true,
        (error) => {
          if (!isTemporary(error)) throw error
          return false
        },
      )
  }

  /** Checks that each change was made or reported. */
  function checkPromises(): void {
    const texts = [...store.tasks().get(), ...store.trash().get()]
    for (const { code } of store.rejected().get())
      expect(['NOT_FOUND', 'VALIDATION_ERROR', 'CONFLICT']).toContain(code)
    const rejected = JSON.stringify(store.rejected().get())
    const here = new Set(texts.flatMap(({ text, tags }) => [...text.split(' '), ...tags]))
    for (const [made, id] of promised)
      if (
        !here.has(made) &&
        !model.isAcknowledged(made) &&
        !rejected.includes(`${made}"`) &&
        !rejected.includes(`${made} `)
      )
        throw new Error(`${made} of ${id} was lost`)
  }

  return {
    async turn() {
      if (random.chance(0.3)) await useTab(1 - tab)
      await (random.chance(0.5) ? change() : sync())
    },

    async finish() {
      for (const index of tabs.keys()) {
        await useTab(index)
        await syncToTheEnd()
      }
      expect(store.status().get()).toMatchObject({ state: 'idle', waiting: 0, error: null })
      const known = store
        .tasks()
        .get()
        .map(({ key: _, isWaiting: __, ...task }) => task)
      expect(known.toSorted(byId)).toEqual([...copy.tasks.values()].toSorted(byId))
      checkPromises()
    },

    tasks: () =>
      store
        .tasks()
        .get()
        .map(({ key: _, isWaiting: __, ...task }) => task as Task),
    lists: () =>
      store
        .lists()
        .get()
        .map(({ key: _, isWaiting: __, ...list }) => list),
  }
}

/** Whether the same request may succeed later. */
function isTemporary(error: unknown): boolean {
  return (
    error instanceof TaskportError &&
    ['NETWORK_ERROR', 'SERVICE_UNAVAILABLE', 'CONFLICT'].includes(error.code)
  )
}

class Crashed extends Error {}

/** A storage that does nothing more once the run is over. */
function crashing(storage: OfflineStorage, run: { readonly isOver: boolean }): OfflineStorage {
  function check(): void {
    if (run.isOver) throw new Crashed('The device has crashed')
  }
  return {
    async read(keys) {
      check()
      return storage.read(keys)
    },
    async write(entries, expected) {
      check()
      return storage.write(entries, expected)
    },
    close() {},
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}
