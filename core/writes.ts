import type { Draft } from './draft.ts'
import { compareOrder, orderBetween, spacing } from './order.ts'
import {
  changeTask,
  createTask,
  eraseTask,
  HIGHEST_ORDER,
  type Instant,
  isLive,
  LOWEST_ORDER,
  reorderTask,
  restoreTask,
  type Task,
  type TaskCreate,
  type TaskPatch,
  trashTask,
} from './task.ts'

/**
 * The versions of a task that a write accepts; `null` for any. An empty list accepts none. `except` lists
 * those that it refuses. It is part of the write because a task that is read first may change before it
 * is written.
 */
export type Versions = readonly number[] | { readonly except: readonly number[] } | null

/** Where to move a task: next to another task, or to an end of the order. */
export type Destination =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly to: 'top' | 'bottom' }

/** A change of one task. Ids are in lower case. */
export type TaskWrite =
  | { readonly op: 'create'; readonly id: string; readonly task: TaskCreate }
  | {
      readonly op: 'patch'
      readonly id: string
      readonly patch: TaskPatch
      readonly versions: Versions
    }
  | {
      readonly op: 'delete'
      readonly id: string
      readonly versions: Versions
      /** Skips the trash, or deletes a task that is in it. */
      readonly permanent: boolean
    }
  | { readonly op: 'restore'; readonly id: string; readonly versions: Versions }
  | {
      readonly op: 'move'
      readonly id: string
      readonly destination: Destination
      readonly versions: Versions
    }

/** Deletes completed tasks, at most `limit`. */
export interface ClearWrite {
  readonly op: 'clear_completed'
  readonly permanent: boolean
  readonly limit: number
}

export type Write = TaskWrite | ClearWrite

/**
 * The outcome of a write.
 *
 * - `done`: `task` is the task afterwards, `null` if it was deleted.
 * - `cleared`: how many tasks were deleted, and whether there are more to delete.
 * - `not_found`: the owner has no such task.
 * - `stale`: `version` is the task's current version, which the write does not accept.
 * - `too_many`: the owner has reached the maximum number of tasks.
 * - `no_neighbour`: the task to move next to is not another live task of the owner.
 */
export type WriteOutcome =
  | { readonly kind: 'done'; readonly task: Task | null }
  | { readonly kind: 'cleared'; readonly count: number; readonly hasMore: boolean }
  | { readonly kind: 'too_many' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'stale'; readonly version: number }
  | { readonly kind: 'no_neighbour' }

/** Whether a write succeeded. */
export function succeeded({ kind }: WriteOutcome): boolean {
  return kind === 'done' || kind === 'cleared'
}

function accepts(versions: Versions, version: number): boolean {
  if (versions === null) return true
  if ('except' in versions) return !versions.except.includes(version)
  return versions.includes(version)
}

/** Applies one write to a draft. A write that changes nothing leaves the draft unchanged. */
export function applyWrite(
  draft: Draft,
  write: Write,
  { now, maxTasks }: { readonly now: Instant; readonly maxTasks?: number },
): WriteOutcome {
  if (write.op === 'create') {
    if (maxTasks !== undefined && draft.live >= maxTasks) return { kind: 'too_many' }
    return put(draft, null, createTask(write.id, write.task, orderOnTop(draft, now), now))
  }
  if (write.op === 'clear_completed') return clearCompleted(draft, write, now)
  const task = draft.find(write.id)
  const reachesTrash = write.op === 'restore' || (write.op === 'delete' && write.permanent)
  if (!task || !(isLive(task) || reachesTrash)) return { kind: 'not_found' }
  if (!accepts(write.versions, task.version)) return { kind: 'stale', version: task.version }
  switch (write.op) {
    case 'patch':
      return put(draft, task, changeTask(task, write.patch, now))
    case 'restore':
      return put(draft, task, restoreTask(task, now))
    case 'move':
      return move(draft, task, write.destination, now)
    case 'delete':
      remove(draft, task, write.permanent, now)
      return { kind: 'done', task: null }
  }
}

/** The order of a new task: above all others. */
export function orderOnTop(draft: Draft, now: Instant): number {
  return makeRoom(draft, null, { above: null, below: null }, now)
}

function put(draft: Draft, before: Task | null, after: Task): WriteOutcome {
  if (after !== before) draft.put(before, after)
  return { kind: 'done', task: after }
}

function remove(draft: Draft, task: Task, isPermanent: boolean, now: Instant): void {
  if (isPermanent) draft.erase(task, eraseTask(task, now))
  else draft.put(task, trashTask(task, now))
}

function clearCompleted(draft: Draft, write: ClearWrite, now: Instant): WriteOutcome {
  const { permanent, limit } = write
  const completed = draft.completed(limit + 1)
  const removed = completed.slice(0, limit)
  for (const task of removed) remove(draft, task, permanent, now)
  return { kind: 'cleared', count: removed.length, hasMore: completed.length > limit }
}

/** The neighbours of a place in the order; `null` at an end. */
interface Gap {
  readonly above: Task | null
  readonly below: Task | null
}

function move(draft: Draft, task: Task, destination: Destination, now: Instant): WriteOutcome {
  const gap = gapAt(draft, task, destination)
  if (gap === null) return { kind: 'no_neighbour' }
  const { above, below } = gap
  const isBelow = !above || compareOrder(above, task) < 0
  const isAbove = !below || compareOrder(task, below) < 0
  if (isBelow && isAbove) return { kind: 'done', task }
  return put(draft, task, reorderTask(task, makeRoom(draft, task, gap, now), now))
}

function gapAt(draft: Draft, task: Task, destination: Destination): Gap | null {
  const other = (found: Task[]) => found.find(({ id }) => id !== task.id) ?? null
  if ('to' in destination)
    return destination.to === 'top'
      ? { above: null, below: other(draft.following(null, 2)) }
      : { above: other(draft.preceding(null, 2)), below: null }
  const neighbour = draft.find('before' in destination ? destination.before : destination.after)
  if (!neighbour || !isLive(neighbour) || neighbour.id === task.id) return null
  return 'before' in destination
    ? { above: other(draft.preceding(neighbour, 2)), below: neighbour }
    : { above: neighbour, below: other(draft.following(neighbour, 2)) }
}

/**
 * Returns a free order in a gap, for `moved` or for a new task (`null`). At the top it needs only the
 * draft's `top`, so that creating a task reads no other task.
 */
function makeRoom(draft: Draft, moved: Task | null, gap: Gap, now: Instant): number {
  const above = gap.above?.order ?? null
  const below = gap.above ? (gap.below?.order ?? null) : draft.top
  const order = orderBetween(above, below) ?? spreadTasks(draft, moved, gap.above, now)
  if (!gap.above) draft.top = order
  return order
}

const FIRST_WINDOW = 8
const ENOUGH_SPACING = 8

/** Makes room below `above` by respacing as few of the following tasks as possible. */
function spreadTasks(draft: Draft, moved: Task | null, above: Task | null, now: Instant): number {
  const start = above?.order ?? LOWEST_ORDER - 1
  for (let size = FIRST_WINDOW; ; size *= 2) {
    const found = draft.following(above, size + 2).filter(({ id }) => id !== moved?.id)
    const end = found[size]
    const window = found.slice(0, size)
    const step = spacing(start, end?.order ?? null, window.length + 1)
    if (step >= (end ? ENOUGH_SPACING : 1))
      return spread(draft, [null, ...window], start, step, now)
    if (!end) break
  }
  // There is no room before the end of the range: respace all tasks.
  const all = draft.following(null, Number.MAX_SAFE_INTEGER).filter(({ id }) => id !== moved?.id)
  const index = all.findIndex(({ id }) => id === above?.id) + 1
  const step = Math.floor((HIGHEST_ORDER - LOWEST_ORDER) / (all.length + 2))
  const row = [...all.slice(0, index), null, ...all.slice(index)]
  return spread(draft, row, LOWEST_ORDER, step, now)
}

/** Spaces a row evenly after `start`. @returns the order for the `null` in it. */
function spread(
  draft: Draft,
  row: readonly (Task | null)[],
  start: number,
  step: number,
  now: Instant,
): number {
  let free = start
  for (const [index, task] of row.entries()) {
    const order = start + step * (index + 1)
    if (task) put(draft, task, reorderTask(task, order, now))
    else free = order
  }
  return free
}
