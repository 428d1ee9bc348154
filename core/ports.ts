import type { ArchivedTask } from './archive.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { Owner } from './owner.ts'
import type { ListQuery, TaskPage } from './query.ts'
import type { Instant, Task } from './task.ts'
import type { TaskWrite, WriteOutcome } from './writes.ts'

/**
 * Where tasks are kept. Ids come in lower case. Every method is atomic and durable once its promise
 * resolves, sees everything that resolved before it, and rejects with a `TaskportError`
 * (`unavailable`) when the store is down or does not answer in time. No method ever reads or writes
 * a task of another owner.
 */
export interface TaskRepository {
  /** The tasks that the query asks for, their number and their revision, all of one moment. */
  list(owner: Owner, query: ListQuery): Promise<TaskPage>

  /** The task, or `null` where the owner has none with that id outside the trash. */
  get(owner: Owner, id: string): Promise<Task | null>

  /**
   * A text that changes when and only when any task of the owner does, those in the trash included.
   * Costs no more than one indexed row.
   */
  revision(owner: Owner): Promise<string>

  /**
   * Does what `applyWrite` does to the owner's tasks, write by write, in one step that no other
   * write of that owner can come between. Writes that change something take the next number of the
   * owner's feed.
   */
  write(owner: Owner, call: WriteCall): Promise<WriteResult>

  /**
   * Deletes every completed task of the owner, in one step, past the trash where `permanent`.
   *
   * @returns how many they were.
   */
  clearCompleted(owner: Owner, permanent: boolean, now: Instant): Promise<number>

  /**
   * What has changed since a position, the oldest first, each task once in its latest state.
   *
   * @param after `null` for every task that is not in the trash.
   * @returns `null` where that cannot be told any more.
   */
  changes(owner: Owner, after: FeedPosition | null, limit: number): Promise<ChangePage | null>
}

/** Writes that belong together. */
export interface WriteCall {
  /** In the order in which they happen. Ids of tasks to be created are new to the owner. */
  readonly writes: readonly TaskWrite[]
  /** Whether the first one that is not `done` undoes all before it and leaves out all after it. */
  readonly atomic: boolean
  readonly now: Instant
  /** `null` where the caller does not say whether it has made the call before. */
  readonly retry: Retry | null
}

/** How a caller marks a call that it may have to repeat. */
export interface Retry {
  /** The caller's own name for the call, one for each of the owner's. */
  readonly key: string
  /** A digest of what is asked. */
  readonly fingerprint: string
  /** Calls with this key that were made before this time are forgotten. */
  readonly rememberedSince: Instant
}

/**
 * What became of writes. Where all are `done` or the call is not atomic, there is an outcome for each;
 * else the last outcome is the one that was not, and nothing was written. The outcomes of a call with a
 * key are kept together with what was written, if anything was to be: a repeated call gets them again
 * as they were, or `key_reused` where its fingerprint is another. A call waits for one with its key
 * that is under way.
 */
export type WriteResult =
  | {
      readonly kind: 'answered'
      readonly outcomes: readonly WriteOutcome[]
      readonly replayed: boolean
    }
  | { readonly kind: 'key_reused' }

/** Tells when feeds go on. */
export interface FeedWatch {
  /**
   * Calls `listener` soon after any write of the owner, through whichever process it came: within a
   * second, as long as the store answers. It may be called without a cause.
   *
   * @returns ends that.
   */
  watch(owner: Owner, listener: () => void): () => void
}

/** What a store has to do now and then. */
export interface TaskUpkeep {
  /**
   * Does a small part of what is due, and holds up no request meanwhile: forgets deleted tasks (their
   * feeds then say that they have) and calls of whose repetition nobody will ask; finds the words of
   * tasks that came into the store without them. Of racing calls, by whichever process, one does it.
   *
   * @returns whether there may be more.
   */
  sweep(before: { readonly deleted: Instant; readonly retries: Instant }): Promise<boolean>
}

/**
 * Every task of every owner, for moving them to another store. Rejects as `TaskRepository` does. Holds
 * up no other call.
 */
export interface TaskArchive {
  /**
   * The next tasks, of the owner or, for `null`, of all, those in the trash included: some hundreds at
   * most, none at the end. They come by owner and id, in an order of the store's own. What is written
   * between two calls may be in them or not; a task that nobody touches comes exactly once.
   *
   * @param after the last one of the page before, `null` for the first page.
   */
  read(
    owner: Owner | null,
    after: Pick<ArchivedTask, 'user_id' | 'id'> | null,
  ): Promise<ArchivedTask[]>

  /**
   * Adds tasks as they are, ids and times included, all of them or none. One whose owner has a task
   * with that id is left out, and the one that is there stays as it is; one that was deleted for good
   * comes back. A task without an order comes to stand above all others of its owner, in the order of
   * their creation; one without a version is at its first. What is added goes into its owner's feed.
   *
   * @returns how many were added.
   */
  add(tasks: readonly ArchivedTask[]): Promise<number>
}

/** The time now. Never goes back within one process. */
export type Clock = () => Instant

/** A new UUIDv7 in lower case, greater than each one given before it in this process. */
export type NewId = () => string
