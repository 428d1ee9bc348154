import { compareOrder, type OrderKey } from './order.ts'
import { isLive, type Task } from './task.ts'

/** The tasks of one owner, as writes read them: including the trash, without tombstones. */
export interface OwnerTasks {
  /** A lower bound of all orders; `null` if there never was a task. */
  readonly top: number | null
  /** How many tasks are not in the trash. */
  readonly live: number
  find(id: string): Task | null
  /** The first `count` tasks after a position (`null`: from the start), by order and id. */
  following(position: OrderKey | null, count: number): Task[]
  /** The last `count` tasks before a position (`null`: from the end), nearest first. */
  preceding(position: OrderKey | null, count: number): Task[]
  /** Up to `count` completed tasks outside the trash, in no particular order. */
  completed(count: number): Task[]
}

/** What to store for one task. */
export interface TaskChange {
  /** The task as it is in the store; `null` if the store does not have it. */
  readonly before: Task | null
  readonly task: Task
  /** Whether the task is only a tombstone. */
  readonly isErased: boolean
}

/** The tasks of one owner plus unsaved changes, which reads include. */
export interface Draft extends OwnerTasks {
  top: number | null
  /** Adds a task (`before` is `null`), or replaces `before`, which was read from this draft. */
  put(before: Task | null, after: Task): void
  /** Like `put`, but leaves only a tombstone. */
  erase(before: Task | null, after: Task): void
  /** One change for each task that differs from the store. */
  changes(): TaskChange[]
}

export function createDraft(stored: OwnerTasks): Draft {
  const changes = new Map<string, TaskChange>()
  let { top, live } = stored

  function apply(read: Task | null, task: Task, isErased: boolean): void {
    const earlier = changes.get(task.id)
    changes.set(task.id, { before: earlier ? earlier.before : read, task, isErased })
    if (read && isLive(read)) live--
    if (isLive(task) && !isErased) live++
    if (top === null || task.order < top) top = task.order
  }

  /** Reads until there are `count` tasks that the draft has not changed. */
  function readUnchanged(read: (count: number) => Task[], count: number): Task[] {
    for (let most = count; ; ) {
      const stored = read(most)
      const unchanged = stored.filter(({ id }) => !changes.has(id))
      if (unchanged.length >= count || stored.length < most) return unchanged
      most += count - unchanged.length
    }
  }

  /** Reads tasks from the store and overlays the unsaved changes. */
  function merge(
    read: (count: number) => Task[],
    count: number,
    isIn: (task: Task) => boolean,
    compare: (a: Task, b: Task) => number,
  ): Task[] {
    if (changes.size === 0) return read(count)
    const changed = [...changes.values()]
    const unchanged = readUnchanged(read, count)
    const added = changed.flatMap(({ task, isErased }) => (isErased || !isIn(task) ? [] : [task]))
    return [...unchanged, ...added].sort(compare).slice(0, count)
  }

  return {
    get top() {
      return top
    },
    set top(order) {
      top = order
    },
    get live() {
      return live
    },
    find(id) {
      const change = changes.get(id)
      if (!change) return stored.find(id)
      return change.isErased ? null : change.task
    },
    following: (position, count) =>
      merge(
        (most) => stored.following(position, most),
        count,
        (task) => position === null || compareOrder(position, task) < 0,
        compareOrder,
      ),
    preceding: (position, count) =>
      merge(
        (most) => stored.preceding(position, most),
        count,
        (task) => position === null || compareOrder(task, position) < 0,
        (a, b) => compareOrder(b, a),
      ),
    completed: (count) =>
      merge(
        (most) => stored.completed(most),
        count,
        (task) => task.completed && isLive(task),
        compareOrder,
      ),
    put: (before, after) => apply(before, after, false),
    erase: (before, after) => apply(before, after, true),
    changes: () => [...changes.values()],
  }
}
