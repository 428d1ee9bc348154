import { createHttpApp, type HttpDeps } from '../../adapters/http/app.ts'
import type { HttpEvent, RequestEvent } from '../../adapters/http/ports.ts'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { createNewId, newEpoch } from '../../adapters/system/ids.ts'
import { isOwner, type Owner } from '../../core/owner.ts'
import { createTaskService } from '../../core/tasks.ts'
import { type EventReader, readEvents } from '../support/event-stream.ts'

/** What a test can do between the parts of a service with feeds. */
interface Interference {
  /** Comes before each look at a feed, and can make it fail. */
  beforeLook: (() => Promise<void>) | null
  /** Comes after each look, before what was seen gets on. */
  afterLook: (() => Promise<void>) | null
}

/** The API on a port of its own, on a real store, with a view of what is going on inside. */
export interface FeedService extends AsyncDisposable {
  readonly port: number
  readonly store: ReturnType<typeof createMemoryStore>
  readonly tasks: ReturnType<typeof createTaskService>
  readonly interference: Interference
  readonly faults: HttpEvent[]
  /** How often the store was asked for changes. */
  looks(): number
  /** Resolves once so many listen for changes. */
  listening(count: number): Promise<void>
  /** Resolves with the account of a request to that path's route, once it is over. */
  told(route: string): Promise<RequestEvent>
  /** How many such accounts there are. */
  toldOf(route: string): number
  /** Tells it that the service stops. */
  stop(): void
  /** Takes nothing more, and resolves once what is under way has ended. */
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
    readonly idleTimeoutSeconds?: number
  } = {},
): FeedService {
  const { feedLimits = {}, expiresAt = Number.POSITIVE_INFINITY } = options
  const store = createMemoryStore(newEpoch)
  const stopping = new AbortController()
  const interference: Interference = { beforeLook: null, afterLook: null }
  const faults: HttpEvent[] = []
  const requests: RequestEvent[] = []
  let listeners = 0
  let looks = 0
  let happened = Promise.withResolvers<void>()
  function tell(): void {
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
  const tasks = createTaskService({
    repository: {
      ...store,
      async changes(...call) {
        looks += 1
        await interference.beforeLook?.()
        const page = await store.changes(...call)
        await interference.afterLook?.()
        return page
      },
    },
    watch(of, listener) {
      const unwatch = store.watch(of, listener)
      listeners += 1
      tell()
      return () => {
        unwatch()
        listeners -= 1
        tell()
      }
    },
    now: createClock(),
    newId,
    keepsTrash: true,
    requireVersion: false,
  })
  const app = createHttpApp({
    tasks,
    verifyToken: (token) => ({ owner: owner(token), expiresAt }),
    ping: async () => {},
    newId,
    onArrival: () => {},
    observe(event) {
      if (event.type === 'request') requests.push(event)
      if (event.type === 'fault') faults.push(event)
      tell()
    },
    version: '1.2.3',
    corsOrigins: ['http://localhost:3000'],
    maxBodyBytes: 65_536,
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
    interference,
    faults,
    looks: () => looks,
    listening: async (count) => {
      await until(() => (listeners === count ? true : undefined))
    },
    told: (route) => until(() => requests.find((request) => request.route === route)),
    toldOf: (route) => requests.filter((request) => request.route === route).length,
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
