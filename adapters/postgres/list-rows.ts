import type { List } from '../../core/list.ts'
import { type Timestamp, toInstant, utc } from './rows.ts'

/** A list as `LIST` selects it. */
export type ListRow = readonly [
  id: string,
  name: string,
  color: string | null,
  order: number,
  version: number,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  deletedAt: Timestamp | null,
]

/** A list as one JSON value, like `TASK`. */
export const LIST = `json_build_array(
  lists.id, lists.name, lists.color, lists."order", lists.version, ${utc('lists.created_at')},
  ${utc('lists.updated_at')}, ${utc('lists.deleted_at')})`

export function toList(row: ListRow): List {
  const [id, name, color, order, version, createdAt, updatedAt, deletedAt] = row
  const created_at = toInstant(createdAt)
  const updated_at = toInstant(updatedAt)
  const list = { id, name, color, order, version, created_at, updated_at }
  return deletedAt === null ? list : { ...list, deleted_at: toInstant(deletedAt) }
}
