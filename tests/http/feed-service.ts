import { createHttpApp, type HttpDeps } from '../../adapters/http/app.ts'
import type { HttpEvent, RequestEvent } from '../../adapters/http/ports.ts'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { createNewId, newEpoch } from '../../adapters/system/ids.ts'
import type { ListService } from '../../core/lists.ts'
import { isOwner, type Owner } from '../../core/owner.ts'
import type { FeedWatch, TaskRepository } from '../../core/ports.ts'
import type { TaskService } from '../../core/tasks.ts'
import { type EventReader, readEvents } from '../support/event-stream.ts'
import { signedIn } from './signed-in.ts'
import { useCasesOn } from './tasks-in-memory.ts'

/** Hooks of a test around reads of the feed. */
interface Interference {
  /** Runs before each read of a feed, and can make it fail. */
  beforeRead: (() => Promise<void>) | null
  /** Runs after each read, before its result is used. */
  afterRead: (() => Promise<void>) | null
}

/** The API on a port of its own, with a real store, and a view of its internals. */
export interface FeedService extends AsyncDisposable {
  readonly port: number
  readonly store: ReturnType<typeof createMemoryStore>
  readonly tasks: TaskService
  readonly lists: ListService
  readonly interference: Interference
  readonly errors: HttpEvent[]
  /** How often changes were read from the store. */
  reads(): number
  /** Resolves when this many listeners wait for changes. */
  listening(count: number): Promise<void>
  /** Resolves with the event of a request to this route, when it has ended. */
  requestEvent(route: string): Promise<RequestEvent>
  /** How many such events there are. */
  requestEventCount(route: string): number
  /** Announces that the service stops. */
  stop(): void
  /** Accepts no more requests, and resolves when the current ones have ended. */
  close(): Promise<void>
  send(path: string, init?: RequestInit & { readonly user?: string }): Promise<Response>
  events(path?: string, headers?: Record<string, string>): Promise<EventReader>
}

export function owner(name: string): Owner {
  if (!isOwner(name)) throw new Error(`${name} cannot own tasks`)
  return name
}

/** @param expiresAt when every token expires; a user's token is its name. */
export function startFeedService(
  options: {
    readonly feedLimits?: HttpDeps['feedLimits']
    readonly expiresAt?: number
    readonly verifyToken?: HttpDeps['verifyToken']
    readonly idleTimeoutSeconds?: number
  } = {},
): FeedService {
  const { feedLimits = {}, expiresAt = Number.POSITIVE_INFINITY } = options
  const store = createMemoryStore(newEpoch)
  const stopping = new AbortController()
  const interference: Interference = { beforeRead: null, afterRead: null }
  const errors: HttpEvent[] = []
  const requests: RequestEvent[] = []
  let listeners = 0
  let reads = 0
  let happened = Promise.withResolvers<void>()
  function notify(): void {
    happened.resolve()
    happened = Promise.withResolvers()
  }
  async function until<Value>(find: () => Value | undefined): Promise<Value> {
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      await happened.promise
    }
  }

  const newId = createNewId()
  const repository: TaskRepository = {
    ...store,
    async changes(...call) {
      reads += 1
      await interference.beforeRead?.()
      const page = await store.changes(...call)
      await interference.afterRead?.()
      return page
    },
  }
  const watch: FeedWatch['watch'] = (of, listener) => {
    const unwatch = store.watch(of, listener)
    listeners += 1
    notify()
    return () => {
      unwatch()
      listeners -= 1
      notify()
    }
  }
  const { tasks, lists, tokens } = useCasesOn(repository, watch, newId)
  const app = createHttpApp({
    tasks,
    lists,
    tokens,
    verifyToken: options.verifyToken ?? ((token) => signedIn(owner(token), expiresAt)),
    ping: async () => {},
    newId,
    onArrival: () => {},
    observe(event) {
      if (event.type === 'request') requests.push(event)
      if (event.type === 'unexpected_error') errors.push(event)
      notify()
    },
    version: '1.2.3',
    corsOrigins: ['http://localhost:3000'],
    maxBodyBytes: 65_536,
    publicUrl: null,
    keepAliveSeconds: 75,
    rateLimit: null,
    trustedProxies: 0,
    stopping: stopping.signal,
    feedLimits,
  })
  app.listen({ port: 0, hostname: '127.0.0.1', idleTimeout: options.idleTimeoutSeconds ?? 30 })
  const { server } = app
  if (!server?.port) throw new Error('The server did not start')
  const { port } = server

  function send(path: string, init: RequestInit & { readonly user?: string } = {}) {
    const { user = 'ann', headers, ...rest } = init
    return fetch(`http://127.0.0.1:${port}${path}`, {
      ...rest,
      headers: { authorization: `Bearer ${user}`, ...Object(headers) },
    })
  }

  return {
    port,
    store,
    tasks,
    lists,
    interference,
    errors,
    reads: () => reads,
    listening: async (count) => {
      await until(() => (listeners === count ? true : undefined))
    },
    requestEvent: (route) => until(() => requests.find((request) => request.route === route)),
    requestEventCount: (route) => requests.filter((request) => request.route === route).length,
    stop: () => stopping.abort(),
    close: async () => {
      await server.stop()
    },
    send,
    events: async (path = '/tasks/events', headers = {}) =>
      readEvents(await send(path, { headers })),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await server.stop(true)
    },
  }
}
