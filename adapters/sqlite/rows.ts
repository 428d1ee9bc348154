import type { Task } from '../../core/task.ts'

/** A task as the file has it. */
export interface Row {
  readonly id: string
  readonly text: string
  readonly completed: number
  readonly order: number
  readonly version: number
  readonly created_at: string
  readonly updated_at: string
  readonly completed_at: string | null
  readonly deleted_at: string | null
}

export const COLUMNS =
  'id, text, completed, "order", version, created_at, updated_at, completed_at, deleted_at'

/**
 * A parameter of a statement that is sorted or reads a partial index, where it is compared with or
 * limits. The planner looks at plain ones, and SQLite then makes the statement anew for each other
 * value, which takes several times as long as running it.
 */
export const VALUE = '+?'

/** What `where` says of tasks outside the trash and in it, in the words of the indexes. */
export const LIVE = 'deleted_at is null'
export const IN_TRASH = 'deleted_at is not null and erased = 0'

/**
 * Where the tasks of an owner are read, up to the conditions: along an index where they are in it, else
 * all of them.
 */
export function tasksBy(index: string, isIndexed: boolean): string {
  return isIndexed ? `tasks indexed by ${index} where indexed = 1 and` : 'tasks where'
}

export function toTask(row: Row): Task {
  const { id, text, order, version, created_at, updated_at, completed_at, deleted_at } = row
  const completed = row.completed === 1
  return deleted_at === null
    ? { id, text, completed, order, version, created_at, updated_at, completed_at }
    : { id, text, completed, order, version, created_at, updated_at, completed_at, deleted_at }
}
