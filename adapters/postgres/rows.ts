import { type Feed, NO_FEED } from '../../core/feed.ts'
import type { Instant, Task } from '../../core/task.ts'

/** A task as a statement with `TASK` gives it. */
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
 * ISO 8601 in UTC, whatever the session's TimeZone and DateStyle, with as many decimals as there are:
 * `2026-01-31T09:30:00.123456`.
 */
export type Timestamp = string

/** An owner's feed; nothing but `null` where there is none. */
export interface FeedRow {
  readonly epoch: string | null
  // Numbers of 64 bits come as texts.
  readonly sequence: string | null
  readonly horizon: string | null
}

/**
 * A task as one value, since the driver takes a column of its own as long for each member as for all of
 * them in JSON; and so does the server for each time as a text.
 */
export const TASK = `json_build_array(
  id, text, completed, "order", version, ${utc('created_at')}, ${utc('updated_at')},
  ${utc('completed_at')}, ${utc('deleted_at')})`

/** A time in UTC, of which JSON makes a `Timestamp`. A zone's name would be looked up each time. */
export function utc(column: string): string {
  return `${column} at time zone interval '0'`
}

/** A time as the core has it: cut, not rounded, to milliseconds. */
function toInstant(time: Timestamp): Instant {
  return time.length === WITH_MILLISECONDS ? `${time}Z` : withDecimals(time, 3)
}

const WITH_MILLISECONDS = '2026-01-31T09:30:00.123'.length
const SECONDS_END = '2026-01-31T09:30:00'.length

/** The same with a fixed number of decimals. */
export function withDecimals(time: Timestamp, decimals: 3 | 6): string {
  const fraction = time
    .slice(SECONDS_END + 1)
    .padEnd(decimals, '0')
    .slice(0, decimals)
  return `${time.slice(0, SECONDS_END)}.${fraction}Z`
}

export function toTask(row: TaskRow): Task {
  const [id, text, completed, order, version, createdAt, updatedAt, completedAt, deletedAt] = row
  const created_at = toInstant(createdAt)
  const updated_at = toInstant(updatedAt)
  const completed_at = completedAt && toInstant(completedAt)
  const task = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return deletedAt === null ? task : { ...task, deleted_at: toInstant(deletedAt) }
}

/** A feed that nothing was written to yet is as good as none. */
export function toFeed({ epoch, sequence, horizon }: FeedRow): Feed {
  if (epoch === null || sequence === '0') return NO_FEED
  return { epoch, sequence: Number(sequence), horizon: Number(horizon) }
}
