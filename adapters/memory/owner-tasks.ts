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

  function replace(id: string, next: Kept | undefined): void {
    const last = kept.get(id)
    if (last) forget(last)
    if (!next) return
    kept.set(id, next)
    bySequence.add(next)
    if (next.isErased) return
    for (const list of lists) list.add(next.task)
    if (isLive(next.task)) live++
  }

  function forget(last: Kept): void {
    kept.delete(last.id)
    bySequence.delete(last)
    if (last.isErased) return
    for (const list of lists) list.delete(last.task)
    if (isLive(last.task)) live--
  }

  function find(id: string): Task | null {
    const found = kept.get(id)
    return found && !found.isErased ? found.task : null
  }

  /** Does work that is undone where it answers `false`. */
  function write(work: (tasks: OwnerTasks) => boolean): void {
    const sequence = feed.sequence + 1
    const before = new Map<string, Kept | undefined>()

    function keep(task: Task, isErased: boolean): void {
      if (!before.has(task.id)) before.set(task.id, kept.get(task.id))
      replace(task.id, { id: task.id, sequence, task, isErased })
    }

    const isKept = work({
      find,
      following: (task, count) => take(byOrder.upwards(task), count),
      preceding: (task, count) => take(byOrder.downwards(task), count),
      put: (task) => keep(task, false),
      erase: (task) => keep({ ...task, text: '' }, true),
    })
    if (!isKept) for (const [id, last] of before) replace(id, last)
    else if (before.size > 0) feed = { ...feed, epoch, sequence }
  }

  /** Forgets what was deleted before a time, and says in the feed that it did. */
  function purge(deletedBefore: string): void {
    const old = [...kept.values()].filter(
      ({ task }) => task.deleted_at !== undefined && task.deleted_at < deletedBefore,
    )
    if (old.length === 0) return
    const horizon = old.reduce((latest, one) => Math.max(latest, one.sequence), feed.horizon)
    old.forEach(forget)
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
