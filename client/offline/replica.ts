import type { List, Task, TaskBatch } from '../types.ts'
import type { Entry, OfflineStorage, Rejection, WaitingChange } from './types.ts'

/** A request that has been sent, or will be. It is repeated unchanged until there is a response. */
export interface Sent {
  /** The idempotency key. */
  readonly key: string
  readonly at: string
  readonly operations: TaskBatch['operations']
  /** The keys of the changes that each operation makes. */
  readonly changes: readonly (readonly string[])[]
  /** Whether it is the permanent deletion of one task, which a batch cannot contain. */
  readonly isPermanent?: boolean
}

/** Where synchronization is. */
export interface Position {
  /** Raised with each write, so that tabs notice each other's. */
  readonly revision: number
  /** Where to continue the feed; `null` before the first snapshot. */
  readonly cursor: string | null
  readonly sent: Sent | null
  /** The ids that the feed has brought since the request was stored. */
  readonly arrived?: readonly string[]
}

/** What a store holds. */
export interface Data {
  readonly tasks: ReadonlyMap<string, Task>
  readonly lists: ReadonlyMap<string, List>
  /** Deleted tasks that this device knows. */
  readonly trash: ReadonlyMap<string, Task>
  /** The queue, oldest first. */
  readonly changes: readonly WaitingChange[]
  /** The service's ids by local ids. */
  readonly ids: ReadonlyMap<string, string>
  /** What the service has refused, by the keys of the changes. */
  readonly rejected: ReadonlyMap<string, Rejection>
  readonly position: Position
}

export type Entries = Map<string, Entry>
export type Replica = Awaited<ReturnType<typeof openReplica>>

const START: Position = { revision: 0, cursor: null, sent: null }

/** Mirrors a storage in memory. Each write goes to the storage first. */
export async function openReplica(
  storage: OfflineStorage,
  onWrite: (keys: readonly string[]) => void,
) {
  const parts = {
    task: new Map<string, Task>(),
    list: new Map<string, List>(),
    trash: new Map<string, Task>(),
    change: new Map<string, WaitingChange>(),
    id: new Map<string, string>(),
    rejected: new Map<string, Rejection>(),
  }
  const listeners = new Set<() => void>()
  let position = START
  let changes: WaitingChange[] = []
  let last: Promise<unknown> = Promise.resolve()

  /** Runs one action after the other. */
  function inOrder<Value>(action: () => Promise<Value>): Promise<Value> {
    const result = last.then(action)
    last = result.catch(() => {})
    return result
  }

  function take(entries: ReadonlyMap<string, Entry>): void {
    for (const [key, entry] of entries) {
      if (key === 'sync') {
        // Safe: this module writes it.
        position = (entry as Position | undefined) ?? START
        continue
      }
      const colon = key.indexOf(':')
      // Safe: the prefix says what an entry is.
      const part = parts[key.slice(0, colon) as keyof typeof parts] as
        | Map<string, Entry>
        | undefined
      if (entry === undefined) part?.delete(key.slice(colon + 1))
      else part?.set(key.slice(colon + 1), entry)
    }
    changes = [...parts.change.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
    for (const listener of [...listeners]) listener()
  }

  function data(): Data {
    const { task: tasks, list: lists, trash, id: ids, rejected } = parts
    return { tasks, lists, trash, ids, rejected, changes, position }
  }

  async function readAll(): Promise<void> {
    const entries: Entries = await storage.read()
    for (const [name, part] of Object.entries(parts))
      for (const id of part.keys()) if (!entries.has(`${name}:${id}`)) part.delete(id)
    take(entries)
  }

  await readAll()

  return {
    data,

    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Writes entries that no other tab writes. `build` sees the data as it is when its turn comes. */
    add: (build: (data: Data) => Entries): Promise<void> =>
      inOrder(async () => {
        const entries = build(data())
        if (entries.size === 0) return
        await storage.write(entries)
        take(entries)
        onWrite([...entries.keys()])
      }),

    /**
     * Changes the data. Calls `build` again if another tab was faster. Writes nothing if it returns `null`.
     *
     * @returns whether it has written.
     */
    transact: (
      build: (data: Data) => { entries: Entries; position: Partial<Position> } | null,
    ): Promise<boolean> =>
      inOrder(async () => {
        for (;;) {
          const next = build(data())
          if (next === null) return false
          const { revision } = position
          const { entries } = next
          entries.set('sync', { ...position, ...next.position, revision: revision + 1 })
          if (await storage.write(entries, revision)) {
            take(entries)
            onWrite([...entries.keys()])
            return true
          }
          await readAll()
        }
      }),

    /** Reads everything again. */
    reload: (): Promise<void> => inOrder(readAll),

    /** Reads what another tab has written. */
    refresh: (keys: readonly string[]): Promise<void> =>
      inOrder(async () => {
        const found = await storage.read(keys)
        take(new Map(keys.map((key) => [key, found.get(key)])))
      }),
  }
}
