import { fold } from '../../core/search.ts'
import type { Task } from '../../core/task.ts'

/** A task in the file. */
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
 * A parameter that is compared or limits, in a statement that sorts or reads a partial index. SQLite
 * looks at the values of plain ones and prepares the statement anew for each, which takes several times
 * as long as running it.
 */
export const VALUE = '+?'

/** Condition for tasks outside the trash, in the words of the index by creation. */
export const LIVE = 'deleted_at is null'

/**
 * Conditions for tasks outside the trash and in it, in statements that read the owner's tasks by their key.
 * The `+` keeps SQLite from reading other indexes. `not indexed` does not: it has no effect on a table
 * without rowid.
 */
export const LIVE_BY_KEY = '+deleted_at is null'
export const IN_TRASH = '+deleted_at is not null and erased = 0'

export function toTask(row: Row): Task {
  const { id, text, order, version, created_at, updated_at, completed_at, deleted_at } = row
  const completed = row.completed === 1
  const task = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return deleted_at === null ? task : { ...task, deleted_at }
}

type Value = string | number | null

export const INSERT = `
  insert into tasks (user_id, sequence, erased, folded, ${COLUMNS})
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

export function insertValues(
  owner: string,
  sequence: number,
  task: Task,
  isErased: boolean,
): Value[] {
  const { id, completed, order, version, created_at, updated_at, completed_at } = task
  const text = isErased ? '' : task.text
  return [
    owner,
    sequence,
    Number(isErased),
    fold(text),
    id,
    text,
    Number(completed),
    order,
    version,
    created_at,
    updated_at,
    completed_at,
    task.deleted_at ?? null,
  ]
}

// SQLite rewrites an index whenever one of its columns is assigned: here, only `sequence` is in one.
export const UPDATE = `
  update tasks set sequence = ?, text = ?, folded = coalesce(?, folded), completed = ?, version = ?,
    updated_at = ?, completed_at = ?
  where user_id = ? and id = ?`

export function updateValues(owner: string, sequence: number, before: Task, task: Task): Value[] {
  const { id, text, completed, version, updated_at, completed_at } = task
  const folded = text === before.text ? null : fold(text)
  return [sequence, text, folded, Number(completed), version, updated_at, completed_at, owner, id]
}

/** What `UPDATE` leaves out: the order; whether a task is in the trash, or only a tombstone. */
export const UPDATE_ORDER = 'update tasks set "order" = ? where user_id = ? and id = ?'
export const UPDATE_DELETION =
  'update tasks set deleted_at = ?, erased = ? where user_id = ? and id = ?'
