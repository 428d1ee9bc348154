import type { WriteCall } from '../../core/calls.ts'
import { NEW_OWNER, type OwnerRecord, type RememberedCall } from '../../core/calls.ts'
import type { OwnerTasks } from '../../core/draft.ts'
import type { OrderKey } from '../../core/order.ts'
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
  const walks = new Map<string, Loaded>()
  const calls = new Map<string, RememberedCall | null>()
  let completed: Loaded | undefined

  function neighbours(walk: Walk, count: number): Task[] {
    const loaded = walks.get(nameOf(walk))
    if (!loaded || !isEnough(loaded, count))
      throw new NotLoaded({ kind: 'neighbours', walk, count })
    return loaded.tasks.slice(0, count)
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
      following: (from, count) => neighbours({ direction: 'following', from }, count),
      preceding: (from, count) => neighbours({ direction: 'preceding', from }, count),
      completed(count) {
        if (!completed || !isEnough(completed, count))
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
      walks.set(nameOf({ direction, from: start ?? null }), { tasks: found, count })
    },
    addCompleted(count, found) {
      keep(found)
      completed = { tasks: found, count }
    },
    addCall: (key, call) => calls.set(key, call),
  }
}

/** At most `count` tasks. */
interface Loaded {
  readonly tasks: readonly Task[]
  readonly count: number
}

/** Whether the loaded tasks hold the first `count`, or all there are. */
function isEnough(loaded: Loaded, count: number): boolean {
  return loaded.count >= count || loaded.tasks.length < loaded.count
}

function nameOf({ direction, from }: Walk): string {
  return from && 'order' in from ? `${direction} ${from.order} ${from.id}` : direction
}

/** What the calls of one owner will read, as far as it can be told before the rules run. */
export function needsOf(calls: readonly WriteCall[]): Need[] {
  const needs: Need[] = []
  // Each write may change one of the neighbours of a later one.
  const count = 2 + calls.reduce((sum, { writes }) => sum + writes.length, 0)
  for (const { writes, retry } of calls) {
    if (retry) needs.push({ kind: 'call', key: retry.key })
    for (const write of writes) needs.push(...needsOfWrite(write, count))
  }
  return needs
}

function needsOfWrite(write: Write, count: number): Need[] {
  switch (write.op) {
    case 'create':
      return []
    case 'clear_completed':
      return [{ kind: 'completed', count: write.limit + count }]
    case 'move': {
      const { id, destination } = write
      const task: Need = { kind: 'task', id }
      if ('to' in destination) {
        const direction = destination.to === 'top' ? 'following' : 'preceding'
        return [task, { kind: 'neighbours', walk: { direction, from: null }, count }]
      }
      const isBefore = 'before' in destination
      const neighbour = isBefore ? destination.before : destination.after
      const direction = isBefore ? 'preceding' : 'following'
      const walk: Walk = { direction, from: { id: neighbour } }
      return [task, { kind: 'task', id: neighbour }, { kind: 'neighbours', walk, count }]
    }
    default:
      return [{ kind: 'task', id: write.id }]
  }
}
