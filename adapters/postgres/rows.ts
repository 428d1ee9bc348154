import { type Feed, NO_FEED } from '../../core/feed.ts'
import type { Instant } from '../../core/item.ts'
import { NO_DUE, priorityRank } from '../../core/sorting.ts'
import {
  DEFAULTS,
  PRIORITIES,
  type Priority,
  type Recurrence,
  type Task,
  type Undo,
} from '../../core/task.ts'

/** A task as `TASK` selects it. `sortKeys` and `toTask` read it by position: add members at the end. */
export type TaskRow = readonly [
  id: string,
  text: string,
  completed: boolean,
  order: number,
  version: number,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  completedAt: Timestamp | null,
  deletedAt: Timestamp | null,
  details: Details | null,
]

/** The members that plain tasks do not use; `null` for a plain task. */
type Details = readonly [
  description: string | null,
  due: string | null,
  timeZone: string | null,
  priority: number,
  tags: Json | null,
  listId: string | null,
  parentId: string | null,
  recurrence: Json | null,
  successorId: string | null,
  deletedWithParent: true | null,
  undo: Json | null,
]

/** JSON in a text. */
type Json = string

/**
 * ISO 8601 in UTC, independent of the session's TimeZone and DateStyle, with as many decimals as needed:
 * `2026-01-31T09:30:00.123456`.
 */
export type Timestamp = string

/** The state of an owner's feed; all `null` if the owner has none. */
export interface FeedRow {
  readonly epoch: string | null
  // The driver returns 64-bit integers as strings.
  readonly sequence: string | null
  readonly horizon: string | null
}

/**
 * A task as one JSON value. The driver needs as long for each column as for all of them in one JSON value,
 * and the server as long to format each time as text.
 */
export const TASK = `json_build_array(
  id, text, completed, "order", version, ${utc('created_at')}, ${utc('updated_at')},
  ${utc('completed_at')}, ${utc('deleted_at')},
  case
    when priority > 0 or description is not null or due is not null or tags is not null
      or list_id is not null or parent_id is not null or recurrence is not null
      or successor_id is not null or deleted_with_parent is not null or undo is not null
    then json_build_array(
      description, due, time_zone, priority, tags, list_id, parent_id, recurrence, successor_id,
      deleted_with_parent, undo)
  end)`

/** A time in UTC, which JSON formats as a `Timestamp`. The server would look up a zone's name each time. */
export function utc(column: string): string {
  return `${column} at time zone interval '0'`
}

/** A time in the core's format: truncated to milliseconds, not rounded. */
export function toInstant(time: Timestamp): Instant {
  return time.length === WITH_MILLISECONDS ? `${time}Z` : withDecimals(time, 3)
}

const WITH_MILLISECONDS = '2026-01-31T09:30:00.123'.length
const SECONDS_END = '2026-01-31T09:30:00'.length

/** The same time with a fixed number of decimals. */
function withDecimals(time: Timestamp, decimals: 3 | 6): string {
  const fraction = time
    .slice(SECONDS_END + 1)
    .padEnd(decimals, '0')
    .slice(0, decimals)
  return `${time.slice(0, SECONDS_END)}.${fraction}Z`
}

/** The sort key of a task, as cursors keep it. Adopted rows have microseconds, and are sorted by them. */
export const sortKeys = {
  created_at: ([, , , , , createdAt]: TaskRow): string => withDecimals(createdAt, 6),
  updated_at: ([, , , , , , updatedAt]: TaskRow): string => withDecimals(updatedAt, 6),
  order: ([, , , order]: TaskRow): string => `${order}`,
  due: (row: TaskRow): string => row[DETAILS]?.[1] ?? NO_DUE,
  priority: (row: TaskRow): string => `${priorityRank(priorityOf(row[DETAILS]?.[3]))}`,
}

const DETAILS = 9

function priorityOf(stored: number | undefined): Priority {
  return PRIORITIES[stored ?? 0] ?? 'none'
}

export function toTask(row: TaskRow): Task {
  const [id, text, completed, order, version, createdAt, updatedAt, completedAt, deletedAt] = row
  // Written out, because spreading the defaults takes as long as the rest.
  const task: Task = {
    id,
    text,
    description: null,
    completed,
    due: null,
    time_zone: null,
    priority: 'none',
    tags: DEFAULTS.tags,
    list_id: null,
    parent_id: null,
    recurrence: null,
    successor_id: null,
    order,
    version,
    created_at: toInstant(createdAt),
    updated_at: toInstant(updatedAt),
    completed_at: completedAt && toInstant(completedAt),
  }
  if (deletedAt !== null) task.deleted_at = toInstant(deletedAt)
  const details = row[DETAILS]
  return details === null ? task : { ...task, ...toMembers(details) }
}

function toMembers(details: Details): Partial<Task> {
  const [description, due, time_zone, priority, tags, list_id, parent_id, ...rest] = details
  const [recurrence, successor_id, deleted_with_parent, undo] = rest
  // The casts match what `detailsOf` in `columns.ts` stores.
  return {
    // Other programs may store an empty one.
    description: description || null,
    due,
    time_zone,
    priority: priorityOf(priority),
    tags: tags === null ? [] : (JSON.parse(tags) as string[]),
    list_id,
    parent_id,
    recurrence: recurrence === null ? null : (JSON.parse(recurrence) as Recurrence),
    successor_id,
    ...(deleted_with_parent ? { deleted_with_parent } : null),
    ...(undo ? { undo: JSON.parse(undo) as Undo } : null),
  }
}

export function toFeed({ epoch, sequence, horizon }: FeedRow): Feed {
  if (epoch === null) return NO_FEED
  return { epoch, sequence: Number(sequence), horizon: Number(horizon) }
}
