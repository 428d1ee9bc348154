import {
  NEW_OWNER,
  type OwnerRecord,
  type RememberedCall,
  type WriteCall,
} from '../../core/calls.ts'
import type { OwnerTasks } from '../../core/draft.ts'
import { compareOrder, type OrderKey } from '../../core/order.ts'
import type { Task } from '../../core/task.ts'
import type { Write } from '../../core/writes.ts'

/** Something that the rules read of an owner. */
export type Need =
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'neighbours'; readonly walk: Walk; readonly count: number }
  | { readonly kind: 'completed'; readonly count: number }
  | { readonly kind: 'call'; readonly key: string }

/** Tasks in their order, from an end (`null`), a position, or a task whose position is not known yet. */
export interface Walk {
  readonly direction: 'following' | 'preceding'
  readonly from: OrderKey | { readonly id: string } | null
}

/** Thrown when the rules read something that was not loaded: load it and run them again. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded'
  readonly need: Need

  constructor(need: Need) {
    super(`not loaded: ${need.kind}`)
    this.need = need
  }
}

/** What was loaded of one owner. */
export interface WorkingSet {
  /** @throws NotLoaded */
  readonly tasks: Omit<OwnerTasks, 'top' | 'live'>
  /** @throws NotLoaded */
  remembered(key: string): RememberedCall | null
  record: OwnerRecord
  addTask(id: string, task: Task | null): void
  addNeighbours(walk: Walk, count: number, tasks: readonly Task[]): void
  addCompleted(count: number, tasks: readonly Task[]): void
  addCall(key: string, call: RememberedCall | null): void
}

export function createWorkingSet(): WorkingSet {
  const tasks = new Map<string, Task | null>()
  const ranges: Range[] = []
  const calls = new Map<string, RememberedCall | null>()
  let completed: Loaded | undefined

  function neighbours(direction: Walk['direction'], from: OrderKey | null, count: number): Task[] {
    for (const range of ranges) {
      if (range.direction !== direction || isBeyond(direction, range.from, from)) continue
      const tasks = range.tasks.filter((task) => isBeyond(direction, task, from))
      if (tasks.length >= count || range.tasks.length < range.count) return tasks.slice(0, count)
    }
    // More than asked for: the rules often go on from there.
    throw new NotLoaded({ kind: 'neighbours', walk: { direction, from }, count: 2 * count })
  }

  function keep(found: readonly Task[]): void {
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
    },
    remembered(key) {
      const call = calls.get(key)
      if (call === undefined) throw new NotLoaded({ kind: 'call', key })
      return call
    },
    addTask: (id, task) => tasks.set(id, task),
    addNeighbours({ direction, from }, count, found) {
      keep(found)
      const start = from && !('order' in from) ? tasks.get(from.id) : from
      // From a task that does not exist nothing can be walked: `null` would be the end of the order.
      if (from && !start) return
      ranges.push({ direction, from: start ?? null, tasks: found, count })
    },
    addCompleted(count, found) {
      keep(found)
      completed = { tasks: found, count }
    },
    addCall: (key, call) => calls.set(key, call),
  }
}

/** The first `count` tasks, or all there are. */
interface Loaded {
  readonly tasks: readonly Task[]
  readonly count: number
}

/** The first `count` tasks in one direction from a position, or from an end of the order. */
interface Range extends Loaded {
  readonly direction: Walk['direction']
  readonly from: OrderKey | null
}

/** Whether one position comes after another in a direction. `null` is where the direction starts. */
function isBeyond(
  direction: Walk['direction'],
  one: OrderKey | null,
  other: OrderKey | null,
): boolean {
  if (one === null) return false
  if (other === null) return true
  return direction === 'following' ? compareOrder(other, one) < 0 : compareOrder(one, other) < 0
}

/** What the calls of one owner will read, as far as it can be told before the rules run. */
export function needsOf(calls: readonly WriteCall[]): Need[] {
  const needs = new Map<string, Need>()
  const add = (need: Need) => needs.set(JSON.stringify(need), need)
  for (const { writes, retry } of calls) {
    if (retry) add({ kind: 'call', key: retry.key })
    for (const write of writes) needsOfWrite(write).forEach(add)
  }
  return [...needs.values()]
}

// A move reads two. The others are for those that earlier writes of the calls have moved.
const NEIGHBOURS = 6

function needsOfWrite(write: Write): Need[] {
  switch (write.op) {
    case 'create':
      return []
    case 'clear_completed':
      return [{ kind: 'completed', count: write.limit + NEIGHBOURS }]
    case 'move': {
      const { id, destination } = write
      const task: Need = { kind: 'task', id }
      if ('to' in destination) {
        const direction = destination.to === 'top' ? 'following' : 'preceding'
        return [task, { kind: 'neighbours', walk: { direction, from: null }, count: NEIGHBOURS }]
      }
      const isBefore = 'before' in destination
      const neighbour = isBefore ? destination.before : destination.after
      const direction = isBefore ? 'preceding' : 'following'
      const walk: Walk = { direction, from: { id: neighbour } }
      return [
        task,
        { kind: 'task', id: neighbour },
        { kind: 'neighbours', walk, count: NEIGHBOURS },
      ]
    }
    default:
      return [{ kind: 'task', id: write.id }]
  }
}
