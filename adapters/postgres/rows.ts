import { type Feed, NO_FEED } from '../../core/feed.ts'
import { fold } from '../../core/search.ts'
import type { Instant, Task } from '../../core/task.ts'
import { BOOLEAN_ARRAY, INTEGER_ARRAY, TEXT_ARRAY, UUID_ARRAY } from './connection/statement.ts'

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
]

/**
 * ISO 8601 in UTC, independent of the session's TimeZone and DateStyle, with as many decimals as needed:
 * `2026-01-31T09:30:00.123456`.
 */
export type Timestamp = string

/** The state of an owner's feed; all `null` if there is none. */
export interface FeedRow {
  readonly epoch: string | null
  // The driver returns integers of 64 bits as texts.
  readonly sequence: string | null
  readonly horizon: string | null
}

/**
 * A task as one JSON value. The driver spends as much time on each column as on all of them in JSON, and
 * the server on each time as text.
 */
export const TASK = `json_build_array(
  id, text, completed, "order", version, ${utc('created_at')}, ${utc('updated_at')},
  ${utc('completed_at')}, ${utc('deleted_at')})`

/** A time in UTC, which JSON writes as a `Timestamp`. A zone's name would be looked up each time. */
function utc(column: string): string {
  return `${column} at time zone interval '0'`
}

/** A time as the core has it: truncated to milliseconds, not rounded. */
function toInstant(time: Timestamp): Instant {
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

/** What a task is sorted by, as a position keeps it. Adopted rows have microseconds, and are sorted by them. */
export const sortKeys = {
  created_at: ([, , , , , createdAt]: TaskRow): string => withDecimals(createdAt, 6),
  updated_at: ([, , , , , , updatedAt]: TaskRow): string => withDecimals(updatedAt, 6),
  order: ([, , , order]: TaskRow): string => `${order}`,
}

export function toTask(row: TaskRow): Task {
  const [id, text, completed, order, version, createdAt, updatedAt, completedAt, deletedAt] = row
  const created_at = toInstant(createdAt)
  const updated_at = toInstant(updatedAt)
  const completed_at = completedAt && toInstant(completedAt)
  const task = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return deletedAt === null ? task : { ...task, deleted_at: toInstant(deletedAt) }
}

/** One task to store. */
export interface StoredTask {
  readonly task: Task
  readonly isErased: boolean
  /** The text in the store; `null` if the store does not have the task. */
  readonly storedText: string | null
}

/** A column that a write stores: its type, as a cast from an array's element, and its value. */
interface Column {
  readonly name: string
  readonly type: number
  readonly cast?: string
  readonly from: (stored: StoredTask) => string | number | boolean | null
}

/** What of a task may change. A new task stores `created_at` too. */
export const CHANGING_COLUMNS: readonly Column[] = [
  { name: 'text', type: TEXT_ARRAY, from: ({ task }) => task.text },
  {
    name: 'folded',
    type: TEXT_ARRAY,
    // `null` leaves the stored one.
    from: ({ task, storedText }) => (task.text === storedText ? null : fold(task.text)),
  },
  { name: 'completed', type: BOOLEAN_ARRAY, from: ({ task }) => task.completed },
  { name: '"order"', type: INTEGER_ARRAY, from: ({ task }) => task.order },
  { name: 'version', type: INTEGER_ARRAY, from: ({ task }) => task.version },
  {
    name: 'updated_at',
    type: TEXT_ARRAY,
    cast: 'timestamptz',
    from: ({ task }) => task.updated_at,
  },
  {
    name: 'completed_at',
    type: TEXT_ARRAY,
    cast: 'timestamptz',
    from: ({ task }) => task.completed_at,
  },
  {
    name: 'deleted_at',
    type: TEXT_ARRAY,
    cast: 'timestamptz',
    from: ({ task }) => task.deleted_at ?? null,
  },
  { name: 'erased', type: BOOLEAN_ARRAY, from: ({ isErased }) => isErased },
]

export const CREATED_AT: Column = {
  name: 'created_at',
  type: TEXT_ARRAY,
  cast: 'timestamptz',
  from: ({ task }) => task.created_at,
}

export const ID: Column = { name: 'id', type: UUID_ARRAY, from: ({ task }) => task.id }

export function toFeed({ epoch, sequence, horizon }: FeedRow): Feed {
  if (epoch === null) return NO_FEED
  return { epoch, sequence: Number(sequence), horizon: Number(horizon) }
}
