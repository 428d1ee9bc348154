import {
  type Change,
  type FeedPosition,
  isNews,
  NO_FEED,
  type NumberedChange,
} from '../../core/feed.ts'
import { compareBy, type Sortable } from '../../core/query.ts'
import { isLive, type Task } from '../../core/task.ts'
import type { OwnerTasks } from '../../core/writes.ts'
import { createSorted, type Sorted } from './sorted.ts'

/** What the feed is sorted by. */
interface Numbered {
  readonly sequence: number
  readonly id: string
}

/** A task, or what is left of one that was deleted for good, with the number of its last write. */
interface Kept extends Numbered {
  readonly task: Task
  readonly isErased: boolean
}

/** Everything that is kept of one owner. Tasks that come out are the kept ones themselves. */
export function createOwner(epoch: string) {
  const kept = new Map<string, Kept>()
  const byOrder: Sorted<Task, Sortable> = createSorted(compareBy('order'))
  const byCreation: Sorted<Task, Sortable> = createSorted(compareBy('created_at'))
  const byUpdate: Sorted<Task, Sortable> = createSorted(compareBy('updated_at'))
  const bySequence: Sorted<Kept, Numbered> = createSorted(
    (a, b) => a.sequence - b.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
  const lists = [byOrder, byCreation, byUpdate]
  let feed = NO_FEED
  let live = 0

  /** Puts `next`, or for `undefined` nothing, in the place of what is kept under that id. */
  function replace(id: string, next: Kept | undefined): void {
    const last = kept.get(id)
    if (next) kept.set(id, next)
    else kept.delete(id)
    bySequence.replace(last, next)
    const before = taskIn(last)
    const after = taskIn(next)
    for (const list of lists) list.replace(before, after)
    if (before && isLive(before)) live--
    if (after && isLive(after)) live++
  }

  const find = (id: string): Task | null => taskIn(kept.get(id)) ?? null

  /** Does work that is undone where it answers `false`. */
  function write(work: (tasks: OwnerTasks) => boolean): void {
    const sequence = feed.sequence + 1
    const before: [id: string, last: Kept | undefined][] = []

    function keep(task: Task, isErased: boolean): void {
      before.push([task.id, kept.get(task.id)])
      replace(task.id, { id: task.id, sequence, task, isErased })
    }

    const isKept = work({
      find,
      following: (task, count) => take(byOrder.upwards(task), count),
      preceding: (task, count) => take(byOrder.downwards(task), count),
      put: (task) => keep(task, false),
      erase: (task) => keep({ ...task, text: '' }, true),
    })
    if (!isKept) for (const [id, last] of before.reverse()) replace(id, last)
    else if (before.length > 0) feed = { ...feed, epoch, sequence }
  }

  /** Forgets what was deleted before a time, and says in the feed that it did. */
  function purge(deletedBefore: string): void {
    const old = [...kept.values()].filter(
      ({ task }) => task.deleted_at !== undefined && task.deleted_at < deletedBefore,
    )
    if (old.length === 0) return
    const horizon = old.reduce((latest, one) => Math.max(latest, one.sequence), feed.horizon)
    for (const { id } of old) replace(id, undefined)
    feed = { ...feed, sequence: feed.sequence + 1, horizon }
  }

  return {
    find,
    write,
    purge,
    feed: () => feed,
    liveCount: () => live,
    byOrder,
    byCreation,
    byUpdate,
    /** What comes after a position in the feed, `count` at most. */
    newsAfter(start: FeedPosition, count: number): NumberedChange[] {
      const found: NumberedChange[] = []
      for (const { task, sequence } of bySequence.upwards(start)) {
        const change = { sequence, change: changeOf(task) }
        if (isNews(change, start)) found.push(change)
        if (found.length === count) break
      }
      return found
    },
  }
}

/** The task that lists show, if any. */
function taskIn(one: Kept | undefined): Task | undefined {
  return one && !one.isErased ? one.task : undefined
}

function changeOf(task: Task): Change {
  const { id, deleted_at } = task
  return deleted_at === undefined
    ? { type: 'upsert', task: { ...task } }
    : { type: 'delete', id, deleted_at }
}

function take(tasks: Iterable<Task>, count: number): Task[] {
  const taken: Task[] = []
  for (const task of tasks) {
    if (taken.length === count) break
    taken.push(task)
  }
  return taken
}
