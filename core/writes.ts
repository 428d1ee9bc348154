import { orderBetween, spacing } from './order.ts'
import {
  changeTask,
  createTask,
  HIGHEST_ORDER,
  type Instant,
  isLive,
  LOWEST_ORDER,
  placeTask,
  restoreTask,
  type Task,
  type TaskPatch,
  trashTask,
} from './task.ts'
import type { Versions } from './version.ts'

/** Where a task is moved to. */
export type Place =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly to: 'top' | 'bottom' }

/** One change of one task. Ids are in lower case. */
export type TaskWrite =
  | { readonly op: 'create'; readonly id: string; readonly text: string }
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
      /** Past the trash, or out of it. */
      readonly permanent: boolean
    }
  | { readonly op: 'restore'; readonly id: string; readonly versions: Versions }
  | {
      readonly op: 'move'
      readonly id: string
      readonly place: Place
      readonly versions: Versions
    }

/**
 * What became of a write: `task` is as it is afterwards, `null` where it was deleted; `stale` tells
 * the version that there is instead of those that were expected; `no_neighbour` says that the task to
 * move it to is none of the owner's others.
 */
export type WriteOutcome =
  | { readonly kind: 'done'; readonly task: Task | null }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'stale'; readonly version: number }
  | { readonly kind: 'no_neighbour' }

/** The tasks of one owner, for a write that nothing else comes between. Those in the trash count. */
export interface OwnerTasks {
  find(id: string): Task | null
  /** The first `count` by order and id, of those that come after `task`, or of all. */
  following(task: Task | null, count: number): Task[]
  /** The last `count` by order and id, the last first, of those that come before `task`, or of all. */
  preceding(task: Task | null, count: number): Task[]
  /** Adds the task, or puts it in the place of the one with its id. */
  put(task: Task): void
  /** Forgets all of the task but that it was deleted, and when. */
  erase(task: Task): void
}

/** Does one write, by the rules. A write that changes nothing puts nothing. */
export function applyWrite(tasks: OwnerTasks, write: TaskWrite, now: Instant): WriteOutcome {
  if (write.op === 'create') {
    const order = makeRoom(tasks, null, { above: null, below: tasks.following(null, 1)[0] }, now)
    return put(tasks, null, createTask(write.id, write.text, order, now))
  }
  const task = tasks.find(write.id)
  const reachesTrash = write.op === 'restore' || (write.op === 'delete' && write.permanent)
  if (!task || !(isLive(task) || reachesTrash)) return { kind: 'not_found' }
  if (write.versions && !write.versions.includes(task.version))
    return { kind: 'stale', version: task.version }
  switch (write.op) {
    case 'patch':
      return put(tasks, task, changeTask(task, write.patch, now))
    case 'restore':
      return put(tasks, task, restoreTask(task, now))
    case 'move':
      return move(tasks, task, write.place, now)
    case 'delete': {
      const trashed = trashTask(task, now)
      if (write.permanent) tasks.erase(trashed)
      else tasks.put(trashed)
      return { kind: 'done', task: null }
    }
  }
}

function put(tasks: OwnerTasks, before: Task | null, after: Task): WriteOutcome {
  if (after !== before) tasks.put(after)
  return { kind: 'done', task: after }
}

/** The two tasks that another comes to stand between. */
interface Gap {
  readonly above: Task | null | undefined
  readonly below: Task | null | undefined
}

function move(tasks: OwnerTasks, task: Task, place: Place, now: Instant): WriteOutcome {
  const gap = gapAt(tasks, task, place)
  if (gap === null) return { kind: 'no_neighbour' }
  const { above, below } = gap
  const staysAfter = !above || compareOrder(above, task) < 0
  const staysBefore = !below || compareOrder(task, below) < 0
  if (staysAfter && staysBefore) return { kind: 'done', task }
  return put(tasks, task, placeTask(task, makeRoom(tasks, task, gap, now), now))
}

function gapAt(tasks: OwnerTasks, task: Task, place: Place): Gap | null {
  const other = (found: Task[]) => found.find(({ id }) => id !== task.id)
  if ('to' in place)
    return place.to === 'top'
      ? { above: null, below: other(tasks.following(null, 2)) }
      : { above: other(tasks.preceding(null, 2)), below: null }
  const neighbour = tasks.find('before' in place ? place.before : place.after)
  if (!neighbour || !isLive(neighbour) || neighbour.id === task.id) return null
  return 'before' in place
    ? { above: other(tasks.preceding(neighbour, 2)), below: neighbour }
    : { above: neighbour, below: other(tasks.following(neighbour, 2)) }
}

const FIRST_WINDOW = 8
const ENOUGH_SPACING = 8

/**
 * An order between two neighbours, for `moved` or a task to come. Where there is none, those that
 * follow are spread, as few as will do.
 */
function makeRoom(tasks: OwnerTasks, moved: Task | null, gap: Gap, now: Instant): number {
  const above = gap.above ?? null
  const start = above?.order ?? null
  const between = orderBetween(start, gap.below?.order ?? null)
  if (between !== null) return between
  for (let size = FIRST_WINDOW; ; size *= 2) {
    const found = tasks.following(above, size + 2).filter(({ id }) => id !== moved?.id)
    const end = found[size]
    const window = found.slice(0, size)
    const step = spacing(start, end?.order ?? null, window.length + 1)
    if (step >= (end ? ENOUGH_SPACING : 1))
      return spread(tasks, [null, ...window], start ?? LOWEST_ORDER - 1, step, now)
    if (!end) break
  }
  // The lower end of the range is reached: everything is spread over all of it.
  const all = tasks.following(null, Number.MAX_SAFE_INTEGER).filter(({ id }) => id !== moved?.id)
  const place = all.findIndex(({ id }) => id === above?.id) + 1
  const step = Math.floor((HIGHEST_ORDER - LOWEST_ORDER) / (all.length + 2))
  const row = [...all.slice(0, place), null, ...all.slice(place)]
  return spread(tasks, row, LOWEST_ORDER, step, now)
}

/** Puts tasks at even distances after `start`, and tells the order of the one that is `null`. */
function spread(
  tasks: OwnerTasks,
  row: readonly (Task | null)[],
  start: number,
  step: number,
  now: Instant,
): number {
  let kept = start
  for (const [index, task] of row.entries()) {
    const order = start + step * (index + 1)
    if (task) put(tasks, task, placeTask(task, order, now))
    else kept = order
  }
  return kept
}

/** Whether `a` stands before `b` in the order of their owner: by `order`, then by id. */
export function compareOrder(a: Pick<Task, 'order' | 'id'>, b: Pick<Task, 'order' | 'id'>): number {
  return a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
