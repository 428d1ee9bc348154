import { NO_FEED, revisionOf } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { ListQuery, Sort, TaskPage } from '../../core/query.ts'
import { COLUMNS, type FeedRow, type TaskRow, toFeed, toTask, withDecimals } from './rows.ts'
import {
  arrayOf,
  BOOLEAN,
  INTEGER,
  type Statement,
  TEXT,
  TEXT_ARRAY,
  type Value,
} from './statement.ts'

const sorts = {
  '-created_at': { column: 'created_at', isDown: true },
  created_at: { column: 'created_at', isDown: false },
  '-updated_at': { column: 'updated_at', isDown: true },
  updated_at: { column: 'updated_at', isDown: false },
  order: { column: 'order', isDown: false },
} as const satisfies Record<Sort, unknown>

/** A task of a list, what the list was read from, and how many there are. */
export interface ListRow extends Omit<TaskRow, 'id'>, FeedRow {
  readonly count: number
  /** `null` in the only row of an empty page. */
  readonly id: string | null
}

/** The statement that answers a query, and its values. */
export function listStatement(owner: Owner, query: ListQuery): readonly [Statement, Value[]] {
  const { sort, limit, after, completed, search, deleted } = query
  const { column, isDown } = sorts[sort]
  const types: number[] = []
  const values: Value[] = []
  const add = (value: Value, type: number) => {
    values.push(value)
    return `$${types.push(type)}`
  }

  const whose = `user_id = ${add(owner, TEXT)}`
  const asked = [whose, deleted ? 'deleted_at is not null and not erased' : 'deleted_at is null']
  if (completed !== null) asked.push(`completed = ${add(completed, BOOLEAN)}`)
  if (search) asked.push('id in (select id from found)')
  const isFiltered = deleted || asked.length > 2

  const found: string[] = []
  if (search) {
    const from = add(search.prefix, TEXT)
    found.push(`select id from task_words where ${whose}
      and word >= ${from} and word < ${from} || U&'\\+10FFFF'`)
    if (search.words.length > 0)
      found.push(`select id from task_words where ${whose}
        and word = any(${add(arrayOf(search.words), TEXT_ARRAY)})
        group by id having count(*) = ${add(`${search.words.length}`, INTEGER)}`)
  }

  const place = `tasks."${column}"`
  const page = [...asked]
  if (after) {
    const key = add(after.key, TEXT)
    const cast = sort === 'order' ? 'integer' : 'timestamptz'
    page.push(
      `(${place}, tasks.id) ${isDown ? '<' : '>'} (${key}::${cast}, ${add(after.id, TEXT)}::uuid)`,
    )
  }
  const direction = isDown ? 'desc' : 'asc'
  // One more than asked for tells whether there are more.
  const most = limit === null ? '' : `limit ${add(`${limit + 1}`, INTEGER)}`
  // The joins with a single row keep the order of the page.
  const text = `
    ${found.length > 0 ? `with found as materialized (${found.join(' intersect ')})` : ''}
    select epoch, sequence, horizon, page.*,
      ${isFiltered ? `(select count(*)::integer from tasks where ${asked.join(' and ')})` : 'live'} as count
    from (select) as always
    left join feeds on ${whose}
    left join lateral (
      select ${COLUMNS} from tasks where ${page.join(' and ')}
      order by ${place} ${direction}, tasks.id ${direction} ${most}
    ) as page on true`
  return [{ text, types }, values]
}

/** The page that the statement's rows are. */
export function toPage(rows: readonly ListRow[], { sort, limit }: ListQuery): TaskPage {
  const [first] = rows
  const { column } = sorts[sort]
  const found = rows.flatMap(({ id, ...row }) => (id === null ? [] : [{ ...row, id }]))
  const taken = limit === null ? found : found.slice(0, limit)
  const last = taken.at(-1)
  const isCut = found.length > taken.length
  return {
    tasks: taken.map(toTask),
    count: first?.count ?? 0,
    next: isCut && last ? { key: keyOf(last[column]), id: last.id } : null,
    revision: revisionOf(first ? toFeed(first) : NO_FEED),
  }
}

// Adopted rows have microseconds, by which they are sorted too.
function keyOf(value: string | number): string {
  return typeof value === 'string' ? withDecimals(value, 6) : `${value}`
}
