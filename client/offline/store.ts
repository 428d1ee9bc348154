import type { TaskportClient } from '../taskport.ts'
import { createChanges } from './changes.ts'
import { isTask } from './members.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { mergeMembers } from './merge.ts'
import { guard } from './observable.ts'
import { select } from './query.ts'
import { openReplica } from './replica.ts'
import { compareBy } from './sort.ts'
import { StorageFullError } from './storage-full.ts'
import { createSync } from './sync.ts'
import { createTabs } from './tabs.ts'
import type {
  ChangeKind,
  Conflict,
  Members,
  Merge,
  Observable,
  OfflineList,
  OfflineQuery,
  OfflineState,
  OfflineStatus,
  OfflineStorage,
  OfflineTask,
  Rejection,
  WaitingChange,
} from './types.ts'
import { viewOf } from './view.ts'

export type {
  ChangeKind,
  Conflict,
  Members,
  Merge,
  Observable,
  OfflineList,
  OfflineQuery,
  OfflineState,
  OfflineStatus,
  OfflineStorage,
  OfflineTask,
  Rejection,
  WaitingChange,
}
export { createMemoryStorage, mergeMembers, StorageFullError }

export interface OfflineStoreOptions {
  readonly client: TaskportClient
  /** Where the copy and the queue are kept. */
  readonly storage: OfflineStorage
  /** Names the lock and the channel of the tabs that share the storage. Different for each user. */
  readonly name: string
  /** Resolves conflicts. Default: `mergeMembers`, which loses nothing that a person wrote. */
  readonly merge?: Merge
  /** Called when the service has rejected a change permanently. `rejected` lists them, too. */
  readonly onRejected?: (rejection: Rejection) => void
  /** Replaces the clock. */
  readonly now?: () => Date
}

export type OfflineStore = Awaited<ReturnType<typeof createOfflineStore>>

// Observables that are kept, so that the same query returns the same one.
const MAX_QUERIES = 100

/**
 * Opens a store of a user's tasks and lists that works without a connection. Reads what the storage holds.
 * Nothing is sent before `start` or `sync`.
 */
export async function createOfflineStore(options: OfflineStoreOptions) {
  const { client, storage, name, merge = mergeMembers, now = () => new Date() } = options
  const queries = new Map<string, Observable<readonly OfflineTask[]>>()

  const tabs = createTabs(name)
  const replica = await openReplica(storage, tabs.post)
  const { data, observable } = replica
  const view = observable(data, viewOf)
  const sync = createSync({
    client,
    storage,
    replica,
    tabs,
    // An error of the application must not stop its changes.
    merge(conflict) {
      const merged = guard(() => merge(conflict))
      return merged === undefined ? mergeMembers(conflict) : merged
    },
    now,
  })
  const status = observable(
    (): OfflineStatus => ({ ...sync.status(), waiting: data().changes.length }),
    (now) => now,
  )
  const lists = observable(view.get, ({ items }): readonly OfflineList[] =>
    [...items.values()].filter((item) => 'name' in item).sort(compareBy('order')),
  )
  const trash = observable(view.get, (current): readonly OfflineTask[] =>
    [...current.trash.values()].sort(compareBy('-deleted_at')),
  )
  const waiting = observable(data, ({ changes }) => changes)
  const rejected = observable(data, (all): readonly Rejection[] => [...all.rejected.values()])

  const known = new Set(data().rejected.keys())
  rejected.subscribe(() => {
    for (const [key, rejection] of data().rejected)
      if (!known.has(key)) {
        known.add(key)
        guard(() => options.onRejected?.(rejection))
      }
  })

  return {
    /** The tasks that a query selects, in its order. Equal queries return the same observable. */
    tasks(query: OfflineQuery = {}): Observable<readonly OfflineTask[]> {
      const key = JSON.stringify(query)
      if (queries.size > MAX_QUERIES) queries.clear()
      const found = queries.get(key) ?? observable(view.get, (current) => select(current, query))
      queries.set(key, found)
      return found
    },

    /** A task by any of its ids; `null` if there is none outside the trash. */
    task: (id: string): Observable<OfflineTask | null> =>
      observable(view.get, ({ items, idOf }) => {
        const item = items.get(idOf(id))
        return item && isTask(item) ? item : null
      }),

    /** All lists in their order. */
    lists: () => lists,
    /** The deleted tasks that this device knows, last deleted first. */
    trash: () => trash,
    status: () => status,
    /** The changes that wait to be sent, oldest first. */
    waiting: () => waiting,
    /** The changes that the service has rejected permanently, until they are dismissed. */
    rejected: () => rejected,
    /** Removes a change from those that were refused. */
    dismiss: (key: string): Promise<unknown> =>
      replica.add(() => new Map([[`rejected:${key}`, undefined]])),

    ...createChanges(replica, view.get, now, sync.onStored),
    ...sync.controls,
  }
}
