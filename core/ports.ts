import type { ArchivedTask } from './archive.ts'
import type { Owner } from './owner.ts'
import type { Instant, Task, TaskPatch } from './task.ts'

/**
 * Where tasks are kept. Ids come in lower case. Every method is atomic and durable once its promise
 * resolves, sees everything that resolved before it, and rejects with a `TaskportError`
 * (`unavailable`) when the store is down or does not answer in time. No method ever reads or writes
 * a task of another owner.
 */
export interface TaskRepository {
  /** All tasks of the owner, by `created_at` and then id, both descending. */
  list(owner: Owner): Promise<Task[]>

  /** The task, or `null` where the owner has none with that id. */
  get(owner: Owner, id: string): Promise<Task | null>

  /** Adds a task. Its id is new to the owner. */
  insert(owner: Owner, task: Task): Promise<void>

  /**
   * Does what `changeTask` does to the stored task, in one step that no other write can come
   * between: of racing updates each applies to the result of the one before.
   *
   * @returns the task as it now is, or `null` where the owner has none with that id.
   */
  update(owner: Owner, id: string, patch: TaskPatch, now: Instant): Promise<Task | null>

  /** Deletes the task. Of racing calls exactly one gets `true`. */
  remove(owner: Owner, id: string): Promise<boolean>
}

/**
 * Every task of every owner, for moving them to another store. Rejects as `TaskRepository` does. Holds
 * up no other call.
 */
export interface TaskArchive {
  /**
   * The next tasks, of the owner or, for `null`, of all: some hundreds at most, none at the end. They
   * come by owner and id, in an order of the store's own. What is written between two calls may be in
   * them or not; a task that nobody touches comes exactly once.
   *
   * @param after the last one of the page before, `null` for the first page.
   */
  read(
    owner: Owner | null,
    after: Pick<ArchivedTask, 'user_id' | 'id'> | null,
  ): Promise<ArchivedTask[]>

  /**
   * Adds tasks as they are, ids and times included, all of them or none. One whose owner has a task
   * with that id is left out, and the one that is there stays as it is.
   *
   * @returns how many were added.
   */
  add(tasks: readonly ArchivedTask[]): Promise<number>
}

/** The time now. Never goes back within one process. */
export type Clock = () => Instant

/** A new UUIDv7 in lower case, greater than each one given before it in this process. */
export type NewId = () => string
