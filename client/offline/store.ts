import type { TaskportClient } from '../taskport.ts'
import { createChanges } from './changes.ts'
import { createMemoryStorage } from './memory-storage.ts'
import { mergeMembers } from './merge.ts'
import { createObservables, guard } from './observable.ts'
import { compare, select } from './query.ts'
import { openReplica } from './replica.ts'
import { createRequests } from './requests.ts'
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
import { type View, viewOf } from './view.ts'

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
  /** Called when the service has refused a change for good. `rejected` lists them, too. */
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
  const { observable, changed } = createObservables()
  const queries = new Map<string, Observable<readonly OfflineTask[]>>()
  const ending = new AbortController()
  let view: View | null = null
  let isStale = true
  let isPaused = false
  let isStarted = false
  let storageError: StorageFullError | null = null
  let remote: Pick<OfflineStatus, 'state' | 'error'> | null = null

  const replica = await openReplica(storage, (written) => tabs.post({ written }))
  const known = new Set(replica.data().rejected.keys())
  replica.subscribe(() => {
    isStale = true
    changed()
    for (const [key, rejection] of replica.data().rejected)
      if (!known.has(key)) {
        known.add(key)
        guard(
          () => options.onRejected?.(rejection),
          () => {},
        )
      }
  })

  function currentView(): View {
    if (view === null || isStale) view = viewOf(replica.data(), view)
    isStale = false
    return view
  }

  const tabs = createTabs(name, (message) => {
    if ('written' in message) void replica.refresh(message.written).catch(() => {})
    else {
      remote = message.status
      changed()
    }
  })
  const requests = createRequests({
    client,
    replica,
    view: currentView,
    // An error of the application must not stop its changes.
    merge: (conflict) =>
      guard(
        () => merge(conflict),
        () => mergeMembers(conflict),
      ),
    now,
    isFollowing: () => sync.isFollowing(),
  })
  const sync = createSync({ client, replica, requests, tabs, onState: announce })

  /** Tells this tab and the others what this one is doing. */
  function announce(): void {
    changed()
    if (sync.isLeading()) tabs.post({ status: sync.status() })
  }

  const status = observable((): OfflineStatus => {
    const own = sync.status()
    const { state, error } = own.state === 'idle' && !sync.isLeading() && remote ? remote : own
    return {
      state: storageError ? 'storage_full' : isPaused ? 'offline' : state,
      waiting: replica.data().changes.length,
      error: storageError ?? error,
    }
  })
  const lists = observable((): readonly OfflineList[] =>
    [...currentView().lists.values()].sort((a, b) => a.order - b.order || compare(a.id, b.id)),
  )
  const trash = observable((): readonly OfflineTask[] =>
    [...currentView().trash.values()].sort((a, b) => compare(`${b.deleted_at}`, `${a.deleted_at}`)),
  )
  const waiting = observable((): readonly WaitingChange[] => replica.data().changes)
  const rejected = observable((): readonly Rejection[] => [...replica.data().rejected.values()])

  return {
    /** The tasks that a query selects, in its order. Equal queries return the same observable. */
    tasks(query: OfflineQuery = {}): Observable<readonly OfflineTask[]> {
      const key = JSON.stringify(query)
      if (queries.size > MAX_QUERIES) queries.clear()
      let seen: View | null = null
      let selected: readonly OfflineTask[] = []
      const compute = () => {
        const current = currentView()
        if (current !== seen) selected = select(current, query)
        seen = current
        return selected
      }
      const found = queries.get(key) ?? observable(compute)
      queries.set(key, found)
      return found
    },

    /** A task by any of its ids; `null` if there is none outside the trash. */
    task: (id: string): Observable<OfflineTask | null> =>
      observable(() => {
        const { tasks, idOf } = currentView()
        return tasks.get(idOf(id)) ?? null
      }),

    /** All lists in their order. */
    lists: () => lists,
    /** The deleted tasks that this device knows, last deleted first. */
    trash: () => trash,
    status: () => status,
    /** The changes that wait to be sent, oldest first. */
    waiting: () => waiting,
    /** The changes that the service has refused for good, until they are dismissed. */
    rejected: () => rejected,
    /** Removes a change from those that were refused. */
    dismiss: (key: string): Promise<unknown> =>
      replica.add(() => new Map([[`rejected:${key}`, undefined]])),

    ...createChanges({
      replica,
      view: currentView,
      now,
      onStorageError(error) {
        storageError = error
        changed()
      },
    }),

    /** Follows the feed and sends changes, now and whenever there are any. */
    start(): void {
      isStarted = true
      if (!isPaused) sync.start()
    },

    /** Sends the queue and reads the feed to its end, once. Rejects if that fails. */
    sync: (): Promise<void> => sync.sync(ending.signal),

    /** Takes this store offline until `resume`. */
    pause(): void {
      isPaused = true
      sync.stop()
      changed()
    },

    resume(): void {
      isPaused = false
      if (isStarted) sync.start()
      changed()
    },

    /** Ends everything. What waits stays in the storage. */
    close(): void {
      ending.abort()
      sync.stop()
      tabs.close()
      storage.close()
    },
  }
}
