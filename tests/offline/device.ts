import { compose } from '../../app/compose.ts'
import {
  createMemoryStorage,
  createOfflineStore,
  type Observable,
  type OfflineStorage,
  type OfflineStoreOptions,
  type Rejection,
} from '../../client/offline/store.ts'
import { createTaskportClient } from '../../client/taskport.ts'
import { testConfig, tokenOf } from '../support/config.ts'

/** A request that a device has made. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly key: string | null
  readonly body: string
}

/** What happens to a request instead of only forwarding it. */
export type Fault = 'lose request' | 'lose response' | Response

type Handle = (request: Request) => Promise<Response>

let users = 0

/** Starts the service in this process, on the memory store. */
export async function startService(variables: Readonly<Record<string, string>> = {}) {
  const app = await compose(testConfig(variables), () => {})
  const user = `offline-${users++}`

  return {
    handle: app.http.handle,
    user,
    /** A device of the user. */
    openDevice: (options: DeviceOptions = {}, handle: Handle = app.http.handle) =>
      openDevice(handle, user, options),
    async [Symbol.asyncDispose]() {
      app.endWaiting()
      await app.close()
    },
  }
}

type DeviceOptions = Partial<OfflineStoreOptions> & {
  readonly storage?: OfflineStorage
  readonly token?: () => string | Promise<string>
}

async function openDevice(handle: Handle, user: string, options: DeviceOptions) {
  const storage = options.storage ?? createMemoryStorage()
  const seen: Seen[] = []
  const rejected: Rejection[] = []
  const faults: { readonly path: string; readonly fault: Fault }[] = []
  const network = { isOnline: true }

  async function fetch(url: string, init: RequestInit): Promise<Response> {
    const request = new Request(url, init)
    const { method } = request
    const { pathname, search } = new URL(url)
    const key = request.headers.get('idempotency-key')
    seen.push({ method, path: pathname + search, key, body: `${init.body ?? ''}` })
    const at = faults.findIndex(({ path }) => pathname.startsWith(path))
    const [{ fault } = { fault: undefined }] = at < 0 ? [] : faults.splice(at, 1)
    if (!network.isOnline || fault === 'lose request') throw new TypeError('The request was lost')
    if (fault instanceof Response) return fault
    const response = await handle(request)
    if (fault === 'lose response') throw new TypeError('The response was lost')
    return response
  }

  const client = createTaskportClient({
    url: 'http://localhost',
    token: options.token ?? (() => tokenOf(user)),
    fetch,
    retries: 0,
  })
  const open = () =>
    createOfflineStore({
      client,
      storage,
      name: `${user} ${crypto.randomUUID()}`,
      onRejected: (rejection) => rejected.push(rejection),
      ...options,
    })
  const store = await open()

  return {
    client,
    store,
    storage,
    network,
    rejected,
    /** The requests so far. */
    seen,
    /** Opens the store again, as after a crash. */
    reopen: open,
    /** Harms the next request of a path. */
    fail(path: string, fault: Fault): void {
      faults.push({ path, fault })
    },
    texts: () =>
      store
        .tasks({ sort: 'order' })
        .get()
        .map(({ text }) => text),
  }
}

/** Resolves once a value is as wanted. */
export function until<Value>(
  { get, subscribe }: Observable<Value>,
  isWanted: (value: Value) => boolean,
): Promise<Value> {
  return new Promise((resolve) => {
    let isDone = false
    function check(): void {
      const value = get()
      if (isDone || !isWanted(value)) return
      isDone = true
      unsubscribe()
      resolve(value)
    }
    const unsubscribe = subscribe(check)
    check()
  })
}
