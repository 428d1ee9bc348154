import { type Feed, NO_FEED } from '../../core/feed.ts'
import type { Instant, Task } from '../../core/task.ts'

/** A task as a statement with `COLUMNS` gives it. Its times are as `instant` has them. */
export interface TaskRow extends Omit<Task, 'deleted_at'> {
  readonly deleted_at: string | null
}

/** An owner's feed; nothing but `null` where there is none. */
export interface FeedRow {
  readonly epoch: string | null
  // Numbers of 64 bits come as texts.
  readonly sequence: string | null
  readonly horizon: string | null
}

const TIMES = ['created_at', 'updated_at', 'completed_at', 'deleted_at']

export const COLUMNS = `id, text, completed, "order", version, ${TIMES.map((name) => instant(name)).join(', ')}`

/**
 * A time as the text of a JSON string, which is ISO 8601 whatever the session's TimeZone and DateStyle,
 * for a third of what `to_char` takes: "2026-01-31T09:30:00.123456", with as many decimals as it has.
 */
export function instant(column: string, name = column): string {
  return `to_json(${column} at time zone 'UTC')::text as ${name}`
}

/** The same as the core has it: cut, not rounded, to milliseconds. */
export function toInstant(json: string): Instant {
  return json.length === WITH_MILLISECONDS ? `${json.slice(1, -1)}Z` : withDecimals(json, 3)
}

const WITH_MILLISECONDS = '"2026-01-31T09:30:00.123"'.length
const SECONDS_END = '"2026-01-31T09:30:00'.length

/** The same with a fixed number of decimals. */
export function withDecimals(json: string, decimals: 3 | 6): string {
  const fraction = json
    .slice(SECONDS_END + 1, -1)
    .padEnd(decimals, '0')
    .slice(0, decimals)
  return `${json.slice(1, SECONDS_END)}.${fraction}Z`
}

export function toTask(row: TaskRow): Task {
  const { id, text, completed, order, version } = row
  const created_at = toInstant(row.created_at)
  const updated_at = toInstant(row.updated_at)
  const completed_at = row.completed_at && toInstant(row.completed_at)
  const task = { id, text, completed, order, version, created_at, updated_at, completed_at }
  return row.deleted_at === null ? task : { ...task, deleted_at: toInstant(row.deleted_at) }
}

/** A feed that nothing was written to yet is as good as none. */
export function toFeed({ epoch, sequence, horizon }: FeedRow): Feed {
  if (epoch === null || sequence === '0') return NO_FEED
  return { epoch, sequence: Number(sequence), horizon: Number(horizon) }
}
