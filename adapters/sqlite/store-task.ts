import type { TaskChange } from '../../core/draft.ts'
import { searchableText } from '../../core/search.ts'
import type { Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { columns, details, type Value } from './rows.ts'

function insert(names: readonly string[]): string {
  return `
    insert into tasks (user_id, sequence, erased, folded, ${names.join()})
    values (?, ?, ?, ?${', ?'.repeat(names.length)})`
}

const names = columns.map(({ name }) => name)
const detailNames = ['is_detailed', ...details.map(({ name, member }) => name ?? member)]
const INSERT_PLAIN = insert(names)
const INSERT_DETAILED = insert([...names, ...detailNames])

/** What searches look in, unless the task has a description. */
function foldedOf(task: Task): string {
  return task.description === null ? searchableText(task) : ''
}

/** Whether searches find both alike. */
function isSearchedAlike(before: Task, task: Task): boolean {
  return (
    task.text === before.text &&
    task.description === before.description &&
    task.tags === before.tags
  )
}

/** The values of the members that most tasks do not use; the first says whether this one uses any. */
function detailsOf(task: Task): Value[] {
  const values = details.map(({ from }) => from(task))
  const isUsed = values.some((value) => value !== null && value !== 0)
  return [isUsed ? 1 : null, ...values]
}

/** The statement that adds a task, and its values. */
function insertOf(
  owner: string,
  sequence: number,
  task: Task,
  isErased: boolean,
): [sql: string, values: Value[]] {
  const values = columns.map(({ from }) => from(task))
  const all = [owner, sequence, Number(isErased), foldedOf(task), ...values]
  const others = detailsOf(task)
  return others[0] === null ? [INSERT_PLAIN, all] : [INSERT_DETAILED, [...all, ...others]]
}

// SQLite rewrites an index whenever one of its columns is assigned. Of these, only `sequence` is indexed.
const changing = columns.filter(({ isFixed, isIndexed }) => !isFixed && !isIndexed)

const UPDATE = `
  update tasks set sequence = ?, folded = coalesce(?, folded),
    ${changing.map(({ name }) => `${name} = ?`).join()}
  where user_id = ? and id = ?`

function updateValues(owner: string, sequence: number, before: Task, task: Task): Value[] {
  const folded = isSearchedAlike(before, task) ? null : foldedOf(task)
  return [sequence, folded, ...changing.map(({ from }) => from(task)), owner, task.id]
}

/** What `UPDATE` leaves out: the order; whether a task is in the trash, or only a tombstone. */
const UPDATE_ORDER = 'update tasks set "order" = ? where user_id = ? and id = ?'
const UPDATE_DELETION = 'update tasks set deleted_at = ?, erased = ? where user_id = ? and id = ?'

/** What `UPDATE` leaves out too: the members that most tasks do not use. */
const UPDATE_DETAILS = `
  update tasks set ${detailNames.map((name) => `${name} = ?`).join()}
  where user_id = ? and id = ?`

export const DELETE_DESCRIPTION = 'delete from descriptions where user_id = ? and id = ?'
const STORE_DESCRIPTION = `
  insert or replace into descriptions (user_id, id, folded, description) values (?, ?, ?, ?)`

/** Whether a member differs that `UPDATE_DETAILS` stores. */
function haveDetailsChanged(before: Task, task: Task): boolean {
  return details.some(({ member }) => task[member] !== before[member])
}

/** Stores a change of a task. */
export function storeTask(
  file: OpenFile,
  owner: string,
  sequence: number,
  { before, after, isErased }: TaskChange,
): void {
  const { id, order, deleted_at = null } = after
  if (before === null) {
    const [sql, values] = insertOf(owner, sequence, after, isErased)
    file.statement(sql).run(...values)
    if (after.description !== null) storeDescription(file, owner, after, after.description)
    return
  }
  file.statement(UPDATE).run(...updateValues(owner, sequence, before, after))
  if (order !== before.order) file.statement(UPDATE_ORDER).run(order, owner, id)
  if (isErased || after.deleted_at !== before.deleted_at)
    file.statement(UPDATE_DELETION).run(deleted_at, Number(isErased), owner, id)
  if (haveDetailsChanged(before, after))
    file.statement(UPDATE_DETAILS).run(...detailsOf(after), owner, id)
  if (isSearchedAlike(before, after)) return
  if (after.description !== null) storeDescription(file, owner, after, after.description)
  else if (before.description !== null) file.statement(DELETE_DESCRIPTION).run(owner, id)
}

function storeDescription(file: OpenFile, owner: string, task: Task, description: string): void {
  file.statement(STORE_DESCRIPTION).run(owner, task.id, searchableText(task), description)
}
