import {
  NEW_OWNER,
  type OwnerRecord,
  type RememberedCall,
  type WriteCall,
} from '../../core/calls.ts'
import type { OwnerItems } from '../../core/draft.ts'
import type { List } from '../../core/list.ts'
import type { Destination } from '../../core/moves.ts'
import { compareOrder, type OrderKey } from '../../core/order.ts'
import type { Place } from '../../core/placement.ts'
import type { Task } from '../../core/task.ts'
import type { Write } from '../../core/writes.ts'

/** Data of an owner that the rules read. */
export type Need =
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'neighbours'; readonly range: Range; readonly count: number }
  /** With their subtasks. */
  | { readonly kind: 'completed'; readonly count: number }
  | { readonly kind: 'subtasks'; readonly parents: readonly string[] }
  | { readonly kind: 'in_list'; readonly list: string }
  | { readonly kind: 'list'; readonly id: string }
  | { readonly kind: 'lists' }
  | { readonly kind: 'call'; readonly key: string }

/**
 * Consecutive tasks in the manual order, starting from an end (`null`), or from a task whose order may not
 * be loaded yet.
 */
export interface Range {
  readonly direction: 'following' | 'preceding'
  readonly from: OrderKey | { readonly id: string } | null
}

/** Thrown when the rules read data that is not loaded. The caller loads it and runs them again. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded'
  readonly need: Need

  constructor(need: Need) {
    super(`not loaded: ${need.kind}`)
    this.need = need
  }
}

/** The loaded data of one owner. Reads throw `NotLoaded`. */
export interface WorkingSet extends OwnerItems {
  /** @throws NotLoaded */
  remembered(key: string): RememberedCall | null
  record: OwnerRecord
  addTask(id: string, task: Task | null): void
  addNeighbours(range: Range, count: number, tasks: readonly Task[]): void
  addCompleted(count: number, tasks: readonly Task[], subtasks: readonly Task[]): void
  addSubtasks(parent: string, tasks: readonly Task[]): void
  addTasksIn(list: string, tasks: readonly Task[]): void
  addList(id: string, list: List | null): void
  /** All of the owner's lists. */
  addLists(lists: readonly List[]): void
  addCall(key: string, call: RememberedCall | null): void
}

export function createWorkingSet(): WorkingSet {
  const tasks = new Map<string, Task | null>()
  const ranges: LoadedRange[] = []
  const calls = new Map<string, RememberedCall | null>()
  const subtasks = new Map<string, readonly Task[]>()
  const inList = new Map<string, readonly Task[]>()
  const lists = new Map<string, List | null>()
  let completed: Loaded | undefined
  let allLists: readonly List[] | undefined

  function neighbours(direction: Range['direction'], from: OrderKey | null, count: number): Task[] {
    for (const range of ranges) {
      if (range.direction !== direction || isBeyond(direction, range.from, from)) continue
      const tasks = range.tasks.filter((task) => isBeyond(direction, task, from))
      if (tasks.length >= count || range.tasks.length < range.count) return tasks.slice(0, count)
    }
    // More than requested, because the rules often continue from there.
    throw new NotLoaded({ kind: 'neighbours', range: { direction, from }, count: 2 * count })
  }

  function addAll(found: readonly Task[]): void {
    for (const task of found) tasks.set(task.id, task)
  }

  return {
    record: NEW_OWNER,
    tasks: {
      find(id) {
        const task = tasks.get(id)
        if (task === undefined) throw new NotLoaded({ kind: 'task', id })
        return task
      },
      following: (from, count) => neighbours('following', from, count),
      preceding: (from, count) => neighbours('preceding', from, count),
      completed(count) {
        if (!completed || (completed.tasks.length === completed.count && completed.count < count))
          throw new NotLoaded({ kind: 'completed', count })
        return completed.tasks.slice(0, count)
      },
      subtasks(parents) {
        const missing = parents.filter((parent) => !subtasks.has(parent))
        if (missing.length > 0) throw new NotLoaded({ kind: 'subtasks', parents: missing })
        return parents.flatMap((parent) => subtasks.get(parent) ?? [])
      },
      inList(list) {
        const found = inList.get(list)
        if (!found) throw new NotLoaded({ kind: 'in_list', list })
        return [...found]
      },
    },
    lists: {
      find(id) {
        const list = lists.get(id)
        if (list === undefined && !allLists) throw new NotLoaded({ kind: 'list', id })
        return list ?? null
      },
      all() {
        if (!allLists) throw new NotLoaded({ kind: 'lists' })
        return [...allLists]
      },
    },
    remembered(key) {
      const call = calls.get(key)
      if (call === undefined) throw new NotLoaded({ kind: 'call', key })
      return call
    },
    addTask: (id, task) => tasks.set(id, task),
    addNeighbours({ direction, from }, count, found) {
      addAll(found)
      const start = from && !('order' in from) ? tasks.get(from.id) : from
      // The task does not exist, so it has no neighbours. (`null` would mean an end of the order.)
      if (from && !start) return
      ranges.push({ direction, from: start ?? null, tasks: found, count })
    },
    addCompleted(count, found, along) {
      addAll(found)
      addAll(along)
      completed = { tasks: found, count }
      const byParent = Map.groupBy(along, ({ parent_id }) => parent_id)
      for (const { id, parent_id } of found)
        if (parent_id === null) subtasks.set(id, byParent.get(id) ?? [])
    },
    addSubtasks(parent, found) {
      addAll(found)
      subtasks.set(parent, found)
    },
    addTasksIn(list, found) {
      addAll(found)
      inList.set(list, found)
    },
    addList: (id, list) => lists.set(id, list),
    addLists(found) {
      allLists = found
      for (const list of found) lists.set(list.id, list)
    },
    addCall: (key, call) => calls.set(key, call),
  }
}

/** The first `count` tasks, or all if there are fewer. */
interface Loaded {
  readonly tasks: readonly Task[]
  readonly count: number
}

/** The first `count` tasks in one direction from a task, or from an end of the order. */
interface LoadedRange extends Loaded {
  readonly direction: Range['direction']
  readonly from: OrderKey | null
}

/** Whether `one` comes after `other` in a direction. `null` is the start. */
function isBeyond(
  direction: Range['direction'],
  one: OrderKey | null,
  other: OrderKey | null,
): boolean {
  if (one === null) return false
  if (other === null) return true
  return direction === 'following' ? compareOrder(other, one) < 0 : compareOrder(one, other) < 0
}

/** What the calls of one owner will read, as far as that is known before the rules run. */
export function needsOf(calls: readonly WriteCall[]): Need[] {
  const needs = new Map<string, Need>()
  const add = (need: Need) => needs.set(JSON.stringify(need), need)
  for (const { writes, retry } of calls) {
    if (retry) add({ kind: 'call', key: retry.key })
    for (const write of writes) needsOfWrite(write).forEach(add)
  }
  return [...needs.values()]
}

// A move reads two. The others replace tasks that earlier writes have moved.
const NEIGHBOURS = 6

function needsOfWrite(write: Write): Need[] {
  switch (write.op) {
    case 'create':
      return needsOfPlace(write.task)
    case 'patch': {
      const { id, patch } = write
      const place = needsOfPlace(patch)
      const isMoved = patch.list_id !== undefined || patch.parent_id !== undefined
      return [{ kind: 'task', id }, ...(isMoved ? [subtasksOf(id)] : []), ...place]
    }
    case 'delete':
    case 'restore':
      return [{ kind: 'task', id: write.id }, subtasksOf(write.id)]
    case 'clear_completed':
      return [{ kind: 'completed', count: write.limit + NEIGHBOURS }]
    case 'move':
      return needsOfMove(write.id, write.destination)
    case 'create_list':
    case 'move_list':
      return [{ kind: 'lists' }]
    case 'patch_list':
      return [{ kind: 'list', id: write.id }]
    case 'delete_list':
      return [
        { kind: 'list', id: write.id },
        { kind: 'in_list', list: write.id },
      ]
  }
}

function subtasksOf(id: string): Need {
  return { kind: 'subtasks', parents: [id] }
}

/** What is read about the list and the parent that a task gets. */
function needsOfPlace({ list_id: list, parent_id: parent }: Partial<Place>): Need[] {
  return [
    ...(list ? [{ kind: 'list', id: list } as const] : []),
    ...(parent ? [{ kind: 'task', id: parent } as const, subtasksOf(parent)] : []),
  ]
}

function needsOfMove(id: string, destination: Destination): Need[] {
  const task: Need = { kind: 'task', id }
  if ('to' in destination) {
    const direction = destination.to === 'top' ? 'following' : 'preceding'
    return [task, { kind: 'neighbours', range: { direction, from: null }, count: NEIGHBOURS }]
  }
  const isBefore = 'before' in destination
  const neighbour = isBefore ? destination.before : destination.after
  const direction = isBefore ? 'preceding' : 'following'
  const range: Range = { direction, from: { id: neighbour } }
  return [task, { kind: 'task', id: neighbour }, { kind: 'neighbours', range, count: NEIGHBOURS }]
}
