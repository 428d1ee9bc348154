import { afterEach, beforeEach } from 'bun:test'
import type { ArchivedTask } from '../../../core/archive.ts'
import { isOwner, type Owner } from '../../../core/owner.ts'
import type {
  FeedWatch,
  TaskArchive,
  TaskMaintenance,
  TaskRepository,
} from '../../../core/ports.ts'
import type { Task } from '../../../core/task.ts'

/** A way into a store. */
export interface Access {
  readonly repository: TaskRepository
  readonly watch: FeedWatch
  readonly maintenance: TaskMaintenance
  close(): Promise<void>
}

/** An opened store. Closing it closes every way into it. */
export interface OpenStore extends Access {
  /**
   * Another way into the same store, as another process has it; the same one again where the store
   * is of one process.
   */
  openAgain(): Promise<Access>
}

/** How a store lends itself to the suites of this folder. */
export interface StoreUnderTest<Opened extends OpenStore = OpenStore> {
  readonly name: string
  /** Opens the store, empty. One is open at a time. */
  open(): Promise<Opened>
}

/** A store that outlives its process. */
export interface DurableStore extends OpenStore {
  readonly archive: TaskArchive
}

/** Opens the store, empty, for each test of a suite. */
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
 * Lets everything happen that is due. A loop that only asks a store which answers at once would let
 * nothing else happen.
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

/** The id of the `n`th task: rising with `n`. */
export function idNumber(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
}

/** Which task has the id: the other way round. */
export function numberOf({ id }: { readonly id: string }): number {
  return Number.parseInt(id.slice(-12), 16)
}

/** A time `n` seconds after a fixed one. */
export function second(n: number): string {
  return new Date(Date.UTC(2026, 0, 31) + n * 1000).toISOString()
}

export function taskNumber(n: number, fields: Partial<Task> = {}): Task {
  const at = fields.created_at ?? second(n)
  return {
    id: idNumber(n),
    text: `task ${n}`,
    completed: false,
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
