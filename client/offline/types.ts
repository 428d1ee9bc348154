import type { List, Task, TaskQuery } from '../types.ts'

/** A value that changes. `get` returns the same object until it does, as `useSyncExternalStore` needs. */
export interface Observable<Value> {
  get(): Value
  /** Calls the listener whenever the value has changed. Returns a function that ends this. */
  subscribe(listener: () => void): () => void
}

interface Waiting {
  /** Stays the same when the service's id replaces the local one. For keys of view libraries. */
  readonly key: string
  /** Whether a change of it waits to be sent. */
  readonly isWaiting: boolean
}

/** A task with the waiting changes applied. Until the service has created it, its `id` is a local one. */
export type OfflineTask = Task & Waiting

/** A list with the waiting changes applied. */
export type OfflineList = List & Waiting

/** Filters and sort, named as in `GET /tasks`. */
export type OfflineQuery = Omit<TaskQuery, 'limit' | 'cursor' | 'deleted'>

/** What a waiting change does. */
export type ChangeKind =
  | 'create'
  | 'patch'
  | 'delete'
  | 'erase'
  | 'restore'
  | 'move'
  | 'create_list'
  | 'patch_list'
  | 'delete_list'
  | 'move_list'

/** Members that a change sets, or where it moves something. */
export type Members = Readonly<Record<string, unknown>>

/** A change in the queue. */
export interface WaitingChange {
  /** Identifies the change. Later changes have greater keys. */
  readonly key: string
  readonly op: ChangeKind
  /** The task or list, perhaps by its local id. */
  readonly id: string
  /** What the change sets. Of a move, where to. Empty for a deletion. */
  readonly members: Members
  /** What the members were before. Of a deletion, all members. */
  readonly base: Members
  /** When it was made. */
  readonly at: string
  /** Whether it is not combined with others into one operation. */
  readonly isAlone?: boolean
}

/** One or more changes of the same task or list that become one operation. */
export interface Step {
  readonly op: ChangeKind
  readonly id: string
  readonly members: Members
  readonly base: Members
  readonly changes: readonly WaitingChange[]
  readonly isAlone?: boolean
}

/** Both this device and another one have changed a task or a list. */
export interface Conflict {
  readonly op: ChangeKind
  readonly id: string
  /** The members as they were before the change was made here. */
  readonly base: Members
  /** The members as they were set here; `null` for a deletion. */
  readonly mine: Members | null
  /** The task or list as the service has it now. */
  readonly theirs: Task | List
  /** The members that both sides have changed. Of a deletion, those that the other side has changed. */
  readonly both: readonly string[]
}

/**
 * Resolves a conflict: returns the values to send for the members in `both`. Members that are left out stay
 * as the service has them. So do those that are `undefined`, which are reported as rejected. For a deletion,
 * `null` deletes anyway, and anything else keeps the task or list and reports the deletion as rejected.
 */
export type Merge = (conflict: Conflict) => Members | null

/** A change that the service has rejected permanently, or that has become impossible. */
export interface Rejection {
  readonly change: WaitingChange
  /** An error code of the service, or `CONFLICT` if a merge left nothing to send. */
  readonly code: string
  /** What the service says about it. Of a conflict, the members that the other side has changed. */
  readonly details: readonly string[]
}

export type OfflineState = 'idle' | 'syncing' | 'offline' | 'signed_out' | 'storage_full'

export interface OfflineStatus {
  readonly state: OfflineState
  /** The number of changes that wait to be sent. */
  readonly waiting: number
  /** Why the last attempt failed; `null` if it did not. */
  readonly error: Error | null
}

/** What a storage keeps under one key. It must survive a structured clone. */
export type Entry = unknown

/** Keeps a store's data. All methods reject if the storage does not work. */
export interface OfflineStorage {
  /** Reads the entries of these keys, or all entries. */
  read(keys?: readonly string[]): Promise<Map<string, Entry>>
  /**
   * Writes all entries in one transaction, or none; `undefined` removes an entry. If `expected` is given,
   * writes only if the entry `sync` has this revision, or is missing for 0.
   *
   * @returns whether it has written.
   */
  write(entries: ReadonlyMap<string, Entry>, expected?: number): Promise<boolean>
  close(): void
}
