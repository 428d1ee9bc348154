import type { Instant } from './item.ts'
import { touched } from './item.ts'
import { DEFAULTS, type Task, type TaskCreate, type TaskPatch } from './task.ts'

/** A new task. */
export function createTask(id: string, created: TaskCreate, order: number, now: Instant): Task {
  // All members, and in one order: a spread takes several times as long.
  return {
    id,
    text: created.text,
    description: created.description ?? null,
    completed: false,
    due: created.due ?? null,
    time_zone: created.time_zone ?? null,
    priority: created.priority ?? DEFAULTS.priority,
    tags: created.tags ?? DEFAULTS.tags,
    list_id: created.list_id ?? null,
    parent_id: created.parent_id ?? null,
    recurrence: created.recurrence ?? null,
    successor_id: null,
    order,
    version: 1,
    created_at: now,
    updated_at: now,
    completed_at: null,
  }
}

// The compiler forgets which keys an object has.
const MEMBERS = ['text', 'completed', ...Object.keys(DEFAULTS)] as (keyof TaskPatch)[]

/** Applies a patch. Returns the same object if nothing changes. */
export function changeTask(task: Task, patch: TaskPatch, now: Instant): Task {
  let changed: Task | undefined
  for (const name of MEMBERS) {
    const value = patch[name]
    if (value === undefined || isSame(task[name], value)) continue
    changed ??= touched(task, now)
    Object.assign(changed, { [name]: value })
  }
  if (!changed) return task
  if (changed.completed !== task.completed)
    changed.completed_at = changed.completed ? changed.updated_at : null
  return changed
}

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
