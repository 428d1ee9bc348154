import { touched } from './list.ts'
import {
  DEFAULTS,
  type Instant,
  isLive,
  type Task,
  type TaskCreate,
  type TaskPatch,
} from './task.ts'

/** A new task. */
export function createTask(id: string, created: TaskCreate, order: number, now: Instant): Task {
  return {
    ...DEFAULTS,
    ...created,
    id,
    completed: false,
    successor_id: null,
    order,
    version: 1,
    created_at: now,
    updated_at: now,
    completed_at: null,
  }
}

/** Applies a patch. Returns the same object if nothing changes. */
export function changeTask(task: Task, patch: TaskPatch, now: Instant): Task {
  const before: TaskPatch = task
  // The keys of a patch are its members.
  const names = Object.keys(patch) as (keyof TaskPatch)[]
  if (names.every((name) => isSame(before[name], patch[name]))) return task
  const changed = { ...touched(task, now), ...patch }
  if (changed.completed === task.completed) return changed
  return { ...changed, completed_at: changed.completed ? changed.updated_at : null }
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || typeof b !== 'object') return a === b
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Changes the order. Returns the same object if it is the same. */
export function reorderTask(task: Task, order: number, now: Instant): Task {
  return order === task.order ? task : { ...touched(task, now), order }
}

/** Moves a task to the trash. */
export function trashTask(task: Task, isWithParent: boolean, now: Instant): Task {
  const trashed = touched(task, now)
  const mark = isWithParent ? ({ deleted_with_parent: true } as const) : {}
  return { ...trashed, deleted_at: trashed.updated_at, ...mark }
}

/** What is left of a task that is deleted for good: nothing that its owner wrote. */
export function eraseTask(task: Task, now: Instant): Task {
  const { undo: _, deleted_with_parent: __, ...erased } = touched(task, now)
  return { ...erased, ...DEFAULTS, text: '', successor_id: null, deleted_at: erased.updated_at }
}

/** Moves a task out of the trash, to a list and a parent. */
export function restoreTask(
  task: Task,
  place: Pick<Task, 'list_id' | 'parent_id'>,
  now: Instant,
): Task {
  const { deleted_at: _, deleted_with_parent: __, ...restored } = touched(task, now)
  return { ...restored, ...place }
}

/** Whether a task is outside the trash and has a given parent. */
export function isLiveSubtask(task: Task, parent: Pick<Task, 'id'>): boolean {
  return isLive(task) && task.parent_id === parent.id
}
