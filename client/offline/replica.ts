import type { List, Task, TaskBatch } from '../types.ts'
import { createObservables } from './observable.ts'
import { createQueue } from './queue.ts'
import { compareBy } from './sort.ts'
import type { Entry, OfflineStorage, Rejection, Step, WaitingChange } from './types.ts'

/** A request that has been sent, or will be. It is repeated unchanged until there is a response. */
export interface Sent {
  /** The idempotency key. */
  readonly key: string
  readonly at: number
  readonly operations: TaskBatch['operations']
  /** What each operation does. */
  readonly steps: readonly Step[]
}

/** Where synchronization is. */
export interface Position {
  /** Raised with each write, so that tabs notice each other's. */
  readonly revision: number
  /** Where to continue the feed; `null` before the first snapshot. */
  readonly cursor: string | null
  readonly sent: Sent | null
  /** The ids that the feed has brought since the request was stored. */
  readonly arrived: readonly string[]
}

/** What a store holds. */
export interface Data extends Position {
  /** The copy of the tasks and lists. */
  readonly items: ReadonlyMap<string, Task | List>
  /** Deleted tasks that this device knows. */
  readonly trash: ReadonlyMap<string, Task>
  /** The service's ids by local ids. */
  readonly ids: ReadonlyMap<string, string>
  /** What the service has refused, by the keys of the changes. */
  readonly rejected: ReadonlyMap<string, Rejection>
  /** The queue, oldest first. */
  readonly changes: readonly WaitingChange[]
}

/** What to write: `items:ID`, `changes:KEY` and so on, and `sync` for the position. */
export type Entries = Map<string, Entry>
/** What to write, and where synchronization is then. */
export type Update = { readonly entries: Entries } & Partial<Position>
export type Replica = Awaited<ReturnType<typeof openReplica>>

/** Which entries a tab has written, and the revision that this made; 0 if it made none. */
export interface Written {
  readonly keys: readonly string[]
  readonly revision: number
}

const START: Position = { revision: 0, cursor: null, sent: null, arrived: [] }

/** Mirrors a storage in memory. Each write goes to the storage first. */
export async function openReplica(storage: OfflineStorage, onWrite: (written: Written) => void) {
  const parts = {
    items: new Map<string, Task | List>(),
    trash: new Map<string, Task>(),
    ids: new Map<string, string>(),
    rejected: new Map<string, Rejection>(),
    changes: new Map<string, WaitingChange>(),
    sync: new Map<string, Position>(),
  }
  const inOrder = createQueue()
  const observables = createObservables()
  let data = mirrored()

  function mirrored(): Data {
    const changes = [...parts.changes.values()].sort(compareBy('key'))
    return { ...parts, ...(parts.sync.get('') ?? START), changes }
  }

  function take(entries: ReadonlyMap<string, Entry>): void {
    for (const [name, entry] of entries) {
      const [part, key = ''] = name.split(':')
      // Safe: the prefix says what an entry is.
      const items = parts[part as keyof typeof parts] as Map<string, Entry> | undefined
      if (entry === undefined) items?.delete(key)
      else items?.set(key, entry)
    }
    data = mirrored()
    observables.changed()
  }

  async function readAll(): Promise<void> {
    const entries = await storage.read()
    for (const part of Object.values(parts)) part.clear()
    take(entries)
  }

  async function write(entries: Entries, expected?: number): Promise<boolean> {
    const isWritten = await storage.write(entries, expected)
    if (isWritten) {
      take(entries)
      onWrite({ keys: [...entries.keys()], revision: (expected ?? -1) + 1 })
    }
    return isWritten
  }

  await readAll()

  return {
    ...observables,
    data: () => data,

    /** Writes entries that no other tab writes. `build` sees the data as it is when its turn comes. */
    add: (build: (data: Data) => Entries): Promise<unknown> =>
      inOrder(async () => {
        const entries = build(data)
        return entries.size > 0 && write(entries)
      }),

    /**
     * Changes the data. Calls `build` again if another tab was faster. Writes nothing if it returns `null`.
     *
     * @returns whether it has written.
     */
    transact: (build: (data: Data) => Update | null): Promise<boolean> =>
      inOrder(async () => {
        for (;;) {
          const next = build(data)
          if (!next) return false
          const { revision, cursor, sent, arrived } = data
          const { entries, ...position } = next
          const now = { cursor, sent, arrived, ...position, revision: revision + 1 }
          if (await write(entries.set('sync', now), revision)) return true
          await readAll()
        }
      }),

    /** Reads everything again. */
    reload: (): Promise<void> => inOrder(readAll),

    /** Reads what another tab has written. */
    refresh: ({ keys, revision }: Written): Promise<void> =>
      inOrder(async () => {
        const own = data.revision
        if (revision > own + 1) return readAll()
        const found = await storage.read(keys)
        const entries = new Map(keys.map((key) => [key, found.get(key)]))
        // What was read may be newer than the revision. The data must never be older than theirs says.
        if (revision > own) entries.set('sync', { ...Object(entries.get('sync')), revision })
        else entries.delete('sync')
        take(entries)
      }),
  }
}
