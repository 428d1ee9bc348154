import {
  type CallEffect,
  NEW_OWNER,
  type OwnerState,
  type RememberedCall,
} from '../../core/calls.ts'
import { compareParentsFirst } from '../../core/draft.ts'
import {
  type FoundNews,
  isAfter,
  type NewsRanges,
  type NumberAndId,
  type Numbered,
} from '../../core/feed.ts'
import type { List } from '../../core/list.ts'
import { compareOrder, compareText, type OrderKey } from '../../core/order.ts'
import { compareBy, type Sortable } from '../../core/sorting.ts'
import { isLive, type Task } from '../../core/task.ts'
import { createSorted, type Sorted } from './sorted.ts'

/** A task or tombstone, with the number of its last change. */
interface Kept extends NumberAndId {
  readonly task: Task
  readonly isErased: boolean
}

/** A list or tombstone, with the number of its last change. */
interface KeptList extends NumberAndId {
  readonly list: List
}

/** The stored data of one owner. Returns the stored objects, not copies. */
export function createOwner() {
  const kept = new Map<string, Kept>()
  const keptLists = new Map<string, KeptList>()
  const calls = new Map<string, RememberedCall>()
  /** The ids of subtasks by their parent. */
  const subtasks = new Map<string, Set<string>>()
  const byOrder: Sorted<Task, OrderKey> = createSorted(compareOrder)
  const byCreation: Sorted<Task, Sortable> = createSorted(compareBy('created_at'))
  const byUpdate: Sorted<Task, Sortable> = createSorted(compareBy('updated_at'))
  const bySequence: Sorted<Kept, NumberAndId> = createSorted(compareNumbers)
  const orders = [byOrder, byCreation, byUpdate]
  let record = NEW_OWNER

  /** Replaces what is stored under an id; `undefined` removes it. */
  function replace(id: string, next: Kept | undefined): void {
    const last = kept.get(id)
    if (next) kept.set(id, next)
    else kept.delete(id)
    bySequence.replace(last, next)
    for (const tasks of orders) tasks.replace(taskIn(last), taskIn(next))
    setParent(id, last?.task.parent_id ?? null, next?.task.parent_id ?? null)
  }

  function setParent(id: string, last: string | null, next: string | null): void {
    if (last === next) return
    if (last !== null && subtasks.get(last)?.delete(id) && subtasks.get(last)?.size === 0)
      subtasks.delete(last)
    if (next !== null) subtasks.set(next, (subtasks.get(next) ?? new Set()).add(id))
  }

  const find = (id: string): Task | null => taskIn(kept.get(id)) ?? null

  function findList(id: string): List | null {
    const { list } = keptLists.get(id) ?? {}
    return list && list.deleted_at === undefined ? list : null
  }

  function allLists(): List[] {
    return [...keptLists.keys()].flatMap((id) => findList(id) ?? [])
  }

  return {
    find,
    findList,
    allLists,
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
          return [...byCreation.upwards(null)]
            .filter((task) => task.completed && isLive(task))
            .sort(compareParentsFirst)
            .slice(0, count)
        },
        subtasks: (parents) =>
          parents.flatMap((parent) =>
            [...(subtasks.get(parent) ?? [])].flatMap((id) => find(id) ?? []),
          ),
        inList: (list) =>
          [...byCreation.upwards(null)].filter((task) => task.list_id === list && isLive(task)),
      },
      lists: { find: findList, all: allLists },
      remembered: (key) => calls.get(key) ?? null,
    }),

    /** Stores what `applyCall` decided. */
    store(effect: Omit<CallEffect, 'result'>): void {
      record = effect.record
      const { sequence } = record
      for (const { after: task, isErased } of effect.taskChanges)
        replace(task.id, { id: task.id, sequence, task, isErased })
      for (const { after: list } of effect.listChanges)
        keptLists.set(list.id, { id: list.id, sequence, list })
      if (effect.remember) calls.set(effect.remember.key, effect.remember)
    },

    /** Purges what was deleted before a time. @returns whether there was anything. */
    purge(deletedBefore: string): boolean {
      const old = [...kept.values()].filter(
        ({ task }) => task.deleted_at !== undefined && task.deleted_at < deletedBefore,
      )
      const oldLists = [...keptLists.values()].filter(
        ({ list }) => list.deleted_at !== undefined && list.deleted_at < deletedBefore,
      )
      const all = [...old, ...oldLists]
      if (all.length === 0) return false
      const horizon = all.reduce((latest, one) => Math.max(latest, one.sequence), record.horizon)
      for (const { id } of old) replace(id, undefined)
      for (const { id } of oldLists) keptLists.delete(id)
      record = { ...record, sequence: record.sequence + 1, horizon }
      return true
    },

    /** Forgets calls that were made before a time. */
    forgetCalls(madeBefore: string): void {
      for (const [key, { madeAt }] of calls) if (madeAt < madeBefore) calls.delete(key)
    },

    /** At most `count` of each kind that is news. */
    newsIn(ranges: NewsRanges, count: number): FoundNews {
      const tasks: Numbered<Task>[] = []
      for (const { task, sequence } of bySequence.upwards(ranges.tasks)) {
        if (tasks.length === count) break
        if (task.deleted_at === undefined || sequence > ranges.since)
          tasks.push({ sequence, item: { ...task } })
      }
      const lists = [...keptLists.values()]
        .filter((one) => isAfter(one, ranges.lists))
        .sort(compareNumbers)
        .map(({ sequence, list }) => ({ sequence, item: { ...list } }))
      const { snapshot: after } = ranges
      const snapshot =
        after === null
          ? []
          : allLists()
              .filter(({ id }) => id > after)
              .sort((a, b) => compareText(a.id, b.id))
      return { tasks, lists: lists.slice(0, count), snapshot: snapshot.slice(0, count) }
    },
  }
}

function compareNumbers(a: NumberAndId, b: NumberAndId): number {
  return a.sequence - b.sequence || compareText(a.id, b.id)
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
