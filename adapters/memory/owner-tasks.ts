import {
  NEW_OWNER,
  type OwnerRecord,
  type OwnerState,
  type RememberedCall,
} from '../../core/calls.ts'
import type { TaskChange } from '../../core/draft.ts'
import { changeOf, type FeedPosition, isNews, type NumberedChange } from '../../core/feed.ts'
import { compareOrder, compareText, type OrderKey } from '../../core/order.ts'
import { compareBy, type Sortable } from '../../core/query.ts'
import { isLive, type Task } from '../../core/task.ts'
import { createSorted, type Sorted } from './sorted.ts'

/** What the feed is sorted by. */
interface Numbered {
  readonly sequence: number
  readonly id: string
}

/** A task or tombstone, with the number of its last change. */
interface Kept extends Numbered {
  readonly task: Task
  readonly isErased: boolean
}

/** The stored data of one owner. Returns the stored objects, not copies. */
export function createOwner() {
  const kept = new Map<string, Kept>()
  const calls = new Map<string, RememberedCall>()
  const byOrder: Sorted<Task, OrderKey> = createSorted(compareOrder)
  const byCreation: Sorted<Task, Sortable> = createSorted(compareBy('created_at'))
  const byUpdate: Sorted<Task, Sortable> = createSorted(compareBy('updated_at'))
  const bySequence: Sorted<Kept, Numbered> = createSorted(
    (a, b) => a.sequence - b.sequence || compareText(a.id, b.id),
  )
  const lists = [byOrder, byCreation, byUpdate]
  let record = NEW_OWNER

  /** Replaces what is stored under an id; `undefined` removes it. */
  function replace(id: string, next: Kept | undefined): void {
    const last = kept.get(id)
    if (next) kept.set(id, next)
    else kept.delete(id)
    bySequence.replace(last, next)
    for (const list of lists) list.replace(taskIn(last), taskIn(next))
  }

  const find = (id: string): Task | null => taskIn(kept.get(id)) ?? null

  return {
    find,
    byOrder,
    byCreation,
    byUpdate,

    record: () => record,

    state: (): OwnerState => ({
      record,
      tasks: {
        find,
        following: (position, count) => take(byOrder.upwards(position), count),
        preceding: (position, count) => take(byOrder.downwards(position), count),
        completed(count) {
          const found = byCreation.upwards(null)
          return take(
            Iterator.from(found).filter((task) => task.completed && isLive(task)),
            count,
          )
        },
      },
      remembered: (key) => calls.get(key) ?? null,
    }),

    /** Stores what `applyCall` decided. */
    store(effect: {
      readonly record: OwnerRecord
      readonly changes: readonly TaskChange[]
      readonly remember: RememberedCall | null
    }): void {
      record = effect.record
      const { sequence } = record
      for (const { task, isErased } of effect.changes) {
        replace(task.id, { id: task.id, sequence, task, isErased })
      }
      if (effect.remember) calls.set(effect.remember.key, effect.remember)
    },

    /** Purges tasks that were deleted before a time. @returns whether there were any. */
    purge(deletedBefore: string): boolean {
      const old = [...kept.values()].filter(
        ({ task }) => task.deleted_at !== undefined && task.deleted_at < deletedBefore,
      )
      if (old.length === 0) return false
      const horizon = old.reduce((latest, one) => Math.max(latest, one.sequence), record.horizon)
      for (const { id } of old) replace(id, undefined)
      record = { ...record, sequence: record.sequence + 1, horizon }
      return true
    },

    /** Forgets calls that were made before a time. */
    forgetCalls(madeBefore: string): void {
      for (const [key, { madeAt }] of calls) if (madeAt < madeBefore) calls.delete(key)
    },

    /** At most `count` changes after a position in the feed. */
    newsAfter(start: FeedPosition, count: number): NumberedChange[] {
      const found: NumberedChange[] = []
      for (const { task, sequence } of bySequence.upwards(start)) {
        const change = { sequence, change: changeOf({ ...task }) }
        if (isNews(change, start)) found.push(change)
        if (found.length === count) break
      }
      return found
    },
  }
}

/** The task; `undefined` for a tombstone. */
function taskIn(one: Kept | undefined): Task | undefined {
  return one && !one.isErased ? one.task : undefined
}

function take(tasks: Iterable<Task>, count: number): Task[] {
  const taken: Task[] = []
  for (const task of tasks) {
    if (taken.length === count) break
    taken.push(task)
  }
  return taken
}
