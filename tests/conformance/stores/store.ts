import { afterEach, beforeEach } from 'bun:test'
import type { ArchivedTask } from '../../../core/archive.ts'
import type { List } from '../../../core/list.ts'
import { isOwner, type Owner } from '../../../core/owner.ts'
import type {
  ApiTokenStore,
  FeedWatch,
  OwnerAdministration,
  TaskArchive,
  TaskMaintenance,
  TaskRepository,
} from '../../../core/ports.ts'
import type { Task } from '../../../core/task.ts'

/** A connection to a store. */
export interface Access {
  readonly repository: TaskRepository
  readonly watch: FeedWatch
  readonly maintenance: TaskMaintenance
  readonly tokens: ApiTokenStore
  close(): Promise<void>
}

/** An opened store. Closing it closes every connection to it. */
export interface OpenStore extends Access {
  /**
   * Opens another connection to the same store, as another process has. A store within one process
   * returns the same one again.
   */
  openAgain(): Promise<Access>
}

/** A store to run the suites of this folder on. */
export interface StoreUnderTest<Opened extends OpenStore = OpenStore> {
  readonly name: string
  /** Opens an empty store. One is open at a time. */
  open(): Promise<Opened>
}

/** A store that keeps its tasks when the process ends. */
export interface DurableStore extends OpenStore {
  readonly archive: TaskArchive
  readonly administration: OwnerAdministration
}

/** Opens an empty store for each test of a suite. */
export function openForEach<Opened extends OpenStore>(store: StoreUnderTest<Opened>): () => Opened {
  let opened: Opened | undefined

  beforeEach(async () => {
    opened = await store.open()
  })

  afterEach(async () => {
    await opened?.close()
    opened = undefined
  })

  return () => {
    if (!opened) throw new Error('no test is running')
    return opened
  }
}

/**
 * Runs pending timers and I/O. A loop that only calls a store which answers at once would block
 * them.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

export function ownerNamed(name: string): Owner {
  if (!isOwner(name)) throw new Error(`${name} cannot own tasks`)
  return name
}

export const ann = ownerNamed('ann')
export const bob = ownerNamed('bob')

/** The id of task number `n`. Ids rise with `n`. */
export function idNumber(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

/** The number of a task, the inverse of `idNumber`. */
export function numberOf({ id }: { readonly id: string }): number {
  return Number.parseInt(id.slice(-12), 16)
}

/** The time `n` seconds after 2026-01-31T00:00:00Z. */
export function second(n: number): string {
  return new Date(Date.UTC(2026, 0, 31) + n * 1000).toISOString()
}

export function taskNumber(n: number, fields: Partial<Task> = {}): Task {
  const at = fields.created_at ?? second(n)
  return {
    id: idNumber(n),
    text: `task ${n}`,
    description: null,
    completed: false,
    due: null,
    time_zone: null,
    priority: 'none',
    tags: [],
    list_id: null,
    parent_id: null,
    recurrence: null,
    successor_id: null,
    order: 0,
    version: 1,
    created_at: at,
    updated_at: at,
    completed_at: null,
    ...fields,
  }
}

export function owned(owner: Owner, tasks: readonly Task[]): ArchivedTask[] {
  return tasks.map((task) => ({ user_id: owner, ...task }))
}

/** The id of list number `n`. Greater than the ids of tasks. */
export function listId(n: number): string {
  return idNumber(0xff_0000 + n)
}

export function listNumber(n: number, fields: Partial<List> = {}): List {
  const at = fields.created_at ?? second(n)
  return {
    id: listId(n),
    name: `list ${n}`,
    color: null,
    order: 0,
    version: 1,
    created_at: at,
    updated_at: at,
    ...fields,
  }
}
