import { touched } from './list.ts'
import { DEFAULTS, type Instant, type Task, type TaskCreate, type TaskPatch } from './task.ts'

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
  const names = MEMBERS.filter((name) => patch[name] !== undefined)
  if (names.every((name) => isSame(task[name], patch[name]))) return task
  const members = Object.fromEntries(names.map((name) => [name, patch[name]]))
  const changed: Task = { ...touched(task, now), ...members }
  if (changed.completed === task.completed) return changed
  return { ...changed, completed_at: changed.completed ? changed.updated_at : null }
}

// The compiler forgets which keys an object has.
const MEMBERS = ['text', 'completed', ...Object.keys(DEFAULTS)] as (keyof TaskPatch)[]

function isSame(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== 'object' || typeof b !== 'object') return a === b
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Changes the order. Returns the same object if it is the same. */
export function reorderTask(task: Task, order: number, now: Instant): Task {
  return order === task.order ? task : { ...touched(task, now), order }
}

/** Moves a task to the trash, alone or together with its parent. */
export function trashTask(task: Task, now: Instant, isWithParent = false): Task {
  const trashed = touched(task, now)
  const mark = isWithParent ? ({ deleted_with_parent: true } as const) : {}
  return { ...trashed, deleted_at: trashed.updated_at, ...mark }
}

/** What is left of a task that is deleted for good: nothing that its owner wrote. */
export function eraseTask(task: Task, now: Instant): Task {
  const { undo: _, deleted_with_parent: __, ...erased } = touched(task, now)
  return { ...erased, ...DEFAULTS, text: '', successor_id: null, deleted_at: erased.updated_at }
}

/** Moves a task out of the trash, to another list and parent if they are given. */
export function restoreTask(
  task: Task,
  now: Instant,
  { list_id, parent_id }: Pick<Task, 'list_id' | 'parent_id'> = task,
): Task {
  const { deleted_at: _, deleted_with_parent: __, ...restored } = touched(task, now)
  return { ...restored, list_id, parent_id }
}
