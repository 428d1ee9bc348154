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

/**
 * A parameter of a comparison or `limit` in a statement that sorts or reads a partial index. For a plain
 * `?`, SQLite prepares the statement again for each new value, which takes several times as long as
 * running it.
 */
export const VALUE = '+?'

/** The condition for tasks outside the trash, exactly as the index by creation states it. */
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

/** A column of a task, and its value. */
interface Column {
  readonly name: string
  readonly from: (task: Task) => Value
  /** Never changes. */
  readonly isFixed?: true
  /** Rarely changes, and is part of an index. */
  readonly isIndexed?: true
}

const columns: readonly Column[] = [
  { name: 'id', from: ({ id }) => id, isFixed: true },
  { name: 'text', from: ({ text }) => text },
  { name: 'completed', from: ({ completed }) => Number(completed) },
  { name: '"order"', from: ({ order }) => order, isIndexed: true },
  { name: 'version', from: ({ version }) => version },
  { name: 'created_at', from: ({ created_at }) => created_at, isFixed: true },
  { name: 'updated_at', from: ({ updated_at }) => updated_at },
  { name: 'completed_at', from: ({ completed_at }) => completed_at },
  { name: 'deleted_at', from: ({ deleted_at }) => deleted_at ?? null, isIndexed: true },
]

export const COLUMNS = columns.map(({ name }) => name).join()

export const INSERT = `
  insert into tasks (user_id, sequence, erased, folded, ${COLUMNS})
  values (?, ?, ?, ?${', ?'.repeat(columns.length)})`

export function insertValues(
  owner: string,
  sequence: number,
  task: Task,
  isErased: boolean,
): Value[] {
  const values = columns.map(({ from }) => from(task))
  return [owner, sequence, Number(isErased), fold(task.text), ...values]
}

// SQLite rewrites an index whenever one of its columns is assigned. Of these, only `sequence` is indexed.
const changing = columns.filter(({ isFixed, isIndexed }) => !isFixed && !isIndexed)

export const UPDATE = `
  update tasks set sequence = ?, folded = coalesce(?, folded),
    ${changing.map(({ name }) => `${name} = ?`).join()}
  where user_id = ? and id = ?`

export function updateValues(owner: string, sequence: number, before: Task, task: Task): Value[] {
  const folded = task.text === before.text ? null : fold(task.text)
  return [sequence, folded, ...changing.map(({ from }) => from(task)), owner, task.id]
}

/** What `UPDATE` leaves out: the order; whether a task is in the trash, or only a tombstone. */
export const UPDATE_ORDER = 'update tasks set "order" = ? where user_id = ? and id = ?'
export const UPDATE_DELETION =
  'update tasks set deleted_at = ?, erased = ? where user_id = ? and id = ?'
