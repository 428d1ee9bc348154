import { createIndexedDbStorage } from '../../../client/offline/indexeddb.ts'
import { createOfflineStore, type OfflineStore } from '../../../client/offline/store.ts'
import { createTaskportClient, type TaskportClient } from '../../../client/taskport.ts'
import type { State } from '../observable.ts'
import type { Playground } from '../playground.ts'
import { serviceUrl } from '../service-url.ts'
import { createStoredSwitch } from '../session/stored-switch.ts'
import type { TroubleMaker } from '../trouble/trouble.ts'
import { createRecordedFetch } from '../wire/recorded-fetch.ts'

/** A device of a user: a copy of the tasks in its own storage, and its own connection. */
export interface Device {
  readonly name: DeviceName
  readonly client: TaskportClient
  readonly store: OfflineStore
  readonly isOnline: State<boolean>
  close(): void
}

export const DEVICE_NAMES = ['Laptop', 'Phone'] as const
export type DeviceName = (typeof DEVICE_NAMES)[number]

export async function openDevice(
  playground: Playground,
  user: string,
  name: DeviceName,
): Promise<Device> {
  const id = `taskport-playground-${user}-${name.toLowerCase()}`
  const closing = new AbortController()
  const isOnline = createStoredSwitch(`${id}-online`, true, closing.signal)
  const client = createPlaygroundClient(playground, user, name)
  const store = await createOfflineStore({
    client,
    storage: createIndexedDbStorage(id),
    name: id,
  })
  const connect = () => (isOnline.get() ? store.resume() : store.pause())
  connect()
  store.start()
  const stop = isOnline.subscribe(connect)
  return {
    name,
    client,
    store,
    isOnline,
    close() {
      stop()
      closing.abort()
      store.close()
    },
  }
}

/** A client whose requests appear on the wire. */
export function createPlaygroundClient(
  { trouble: common, wire, tally, session }: Playground,
  user: string,
  device: string,
  trouble: TroubleMaker = common,
): TaskportClient {
  return createTaskportClient({
    url: serviceUrl(),
    token: () => session.tokens.get()[user] ?? '',
    fetch: createRecordedFetch({
      baseUrl: serviceUrl(),
      device,
      wire,
      nextFate: trouble.forDevice(),
      fetch: (url, init) => fetch(url, init),
      now: () => performance.now(),
      onDone: tally.add,
    }),
  })
}
