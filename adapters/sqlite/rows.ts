import {
  DEFAULTS,
  PRIORITIES,
  type Priority,
  type Recurrence,
  type Task,
  tagKey,
  type Undo,
} from '../../core/task.ts'

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
  /** A JSON object of `Details`; `null` if all of them have their defaults. */
  readonly details: string | null
}

/** The members that most tasks do not use. */
interface Details {
  readonly description: string | null
  readonly due: string | null
  readonly time_zone: string | null
  readonly priority: number
  readonly tags: readonly string[] | null
  readonly list_id: string | null
  readonly parent_id: string | null
  readonly recurrence: Recurrence | null
  readonly successor_id: string | null
  readonly deleted_with_parent: 1 | null
  readonly undo: Undo | null
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

const NO_DETAILS: Details = {
  description: null,
  due: null,
  time_zone: null,
  priority: 0,
  tags: null,
  list_id: null,
  parent_id: null,
  recurrence: null,
  successor_id: null,
  deleted_with_parent: null,
  undo: null,
}

export function toTask(row: Row): Task {
  // The object that `DETAILS` makes.
  const details = row.details === null ? NO_DETAILS : (JSON.parse(row.details) as Details)
  const task = {
    id: row.id,
    text: row.text,
    description: details.description,
    completed: row.completed === 1,
    due: details.due,
    time_zone: details.time_zone,
    priority: PRIORITIES[details.priority] ?? DEFAULTS.priority,
    tags: details.tags ?? DEFAULTS.tags,
    list_id: details.list_id,
    parent_id: details.parent_id,
    recurrence: details.recurrence,
    successor_id: details.successor_id,
    order: row.order,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    completed_at: row.completed_at,
  }
  const { deleted_at } = row
  const { deleted_with_parent: isWithParent, undo } = details
  if (deleted_at === null && undo === null) return task
  return {
    ...task,
    ...(deleted_at !== null && { deleted_at }),
    ...(isWithParent !== null && { deleted_with_parent: true }),
    ...(undo !== null && { undo }),
  }
}

export type Value = string | number | null

/** A column of a task, and its value. */
interface Column {
  readonly name: string
  readonly from: (task: Task) => Value
  /** Never changes. */
  readonly isFixed?: true
  /** Rarely changes, and is part of an index. */
  readonly isIndexed?: true
}

export const columns: readonly Column[] = [
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

/** A column of a member that most tasks do not use. */
interface Detail {
  readonly member: keyof Task
  /** The name of the column, if it is not the member's. */
  readonly name?: string
  /** `null`, or 0 for `priority`, if the task does not use it. */
  readonly from: (task: Task) => Value
  /** How the column is read, if not as it is; `null` if it is not read. */
  readonly read?: string | null
}

const DESCRIPTION = `
  case when has_description then
    (select description from descriptions where user_id = tasks.user_id and id = tasks.id) end`

export const details: readonly Detail[] = [
  {
    member: 'description',
    name: 'has_description',
    from: ({ description }) => (description === null ? null : 1),
    read: DESCRIPTION,
  },
  { member: 'due', from: ({ due }) => due },
  { member: 'time_zone', from: ({ time_zone }) => time_zone },
  { member: 'priority', from: ({ priority }) => priorityNumber(priority) },
  { member: 'tags', from: ({ tags }) => toJson(tags.length > 0 && tags), read: 'json(tags)' },
  { member: 'list_id', from: ({ list_id }) => list_id },
  { member: 'parent_id', from: ({ parent_id }) => parent_id },
  { member: 'recurrence', from: (task) => toJson(task.recurrence), read: 'json(recurrence)' },
  { member: 'successor_id', from: (task) => task.successor_id },
  { member: 'deleted_with_parent', from: (task) => (task.deleted_with_parent ? 1 : null) },
  { member: 'undo', from: ({ undo }) => toJson(undo), read: 'json(undo)' },
  { member: 'tags', name: 'tag_keys', from: ({ tags }) => keysOf(tags), read: null },
]

/** How a priority is stored: a higher one as a greater number. */
export function priorityNumber(priority: Priority): number {
  return PRIORITIES.indexOf(priority)
}

function toJson(value: object | false | null | undefined): string | null {
  return value ? JSON.stringify(value) : null
}

function keysOf(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : delimited(tags.map(tagKey).join('\n'))
}

/** A tag's key as `tag_keys` contains it. */
export function delimited(key: string): string {
  return `\n${key}\n`
}

const read = details.filter((detail) => detail.read !== null)

// One expression, because each column that a statement returns takes time, even if it is null.
const DETAILS = `
  case when is_detailed then json_object(
    ${read.map(({ member, read: source }) => `'${member}', ${source ?? member}`).join()}
  ) end as details`

/** What `toTask` takes. */
export const COLUMNS = `${columns.map(({ name }) => name).join()}, ${DETAILS}`
