import type { ArchivedTask } from './archive.ts'
import type { CallResult, WriteCall } from './calls.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { Owner } from './owner.ts'
import type { ListQuery, TaskPage } from './query.ts'
import type { Instant, Task } from './task.ts'

/**
 * Stores tasks. Ids are in lower case. Every method is atomic and durable once its promise resolves,
 * sees everything that resolved before it, and rejects with a `TaskportError` (`unavailable`) if the
 * store is down or does not answer in time. No method ever reads or writes a task of another owner.
 */
export interface TaskRepository {
  /** The tasks that the query asks for, their number and their revision, all of one moment. */
  list(owner: Owner, query: ListQuery): Promise<TaskPage>

  /** The task; `null` if the owner has none with that id outside the trash. */
  get(owner: Owner, id: string): Promise<Task | null>

  /**
   * A text that changes exactly when any of the owner's tasks changes, including those in the trash.
   * Costs one indexed row.
   */
  revision(owner: Owner): Promise<string>

  /**
   * Reads what the owner has, runs `applyCall`, and stores its effect. No other write of the owner
   * comes in between: a retried call waits for the first one.
   */
  write(owner: Owner, call: WriteCall): Promise<CallResult>

  /**
   * What has changed since a position, the oldest first, each task once in its latest state.
   *
   * @param after `null` for every task that is not in the trash.
   * @returns `null` if changes since then are forgotten.
   */
  changes(owner: Owner, after: FeedPosition | null, limit: number): Promise<ChangePage | null>
}

/** Notifies of new changes in feeds. */
export interface FeedWatch {
  /**
   * Calls `listener` within a second after any write of the owner, by whichever process, as long as the
   * store answers. It may also call it without a reason.
   *
   * @returns stops watching.
   */
  watch(owner: Owner, listener: () => void): () => void
}

/** The periodic maintenance of a store. */
export interface TaskMaintenance {
  /**
   * Runs one small batch of maintenance without blocking requests: purges tasks that were deleted
   * before a time and raises the horizon of their owners' feeds, and forgets old retry keys. Several
   * processes may run it at once.
   *
   * @returns whether there may be more to do.
   */
  run(before: { readonly deleted: Instant; readonly retries: Instant }): Promise<boolean>
}

/** Every task of every owner, to move them to another store. Rejects like `TaskRepository`. */
export interface TaskArchive {
  /**
   * The next page of tasks, of one owner or (`null`) of all, including the trash: at most some hundreds,
   * none at the end. They are sorted by owner and id, in an order of the store's own. A task that nobody
   * changes comes exactly once; one that is written between two pages may come or not.
   *
   * @param after the last task of the previous page; `null` for the first page.
   */
  read(
    owner: Owner | null,
    after: Pick<ArchivedTask, 'user_id' | 'id'> | null,
  ): Promise<ArchivedTask[]>

  /**
   * Adds tasks as they are, ids and times included: all or none. Skips tasks whose owner already has one
   * with that id; a tombstone is replaced. A task without an order goes above the owner's others, by
   * creation; one without a version gets the first. Feeds report what was added.
   *
   * @returns how many were added.
   */
  add(tasks: readonly ArchivedTask[]): Promise<number>
}

/** The current time. Never goes back within a process. */
export type Clock = () => Instant

/** A new UUIDv7 in lower case, greater than every earlier one of the process. */
export type NewId = () => string
