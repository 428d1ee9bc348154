import { revisionOf } from '../../core/feed.ts'
import {
  compareBy,
  type ListQuery,
  positionOf,
  type Sort,
  type TaskPage,
} from '../../core/query.ts'
import type { OpenFile } from './connection.ts'
import { readRecord } from './owner-tasks.ts'
import { COLUMNS, IN_TRASH, LIVE, LIVE_BY_KEY, type Row, toTask } from './rows.ts'

/** Reads what belongs together, so that nothing can change in between. */
export function atOneMoment<Result>(file: OpenFile, read: () => Result): Result {
  file.statement('begin').run()
  try {
    return read()
  } finally {
    if (file.database.inTransaction) file.statement('commit').run()
  }
}

const sorts: Readonly<Record<Sort, { column: string; direction: 'asc' | 'desc' }>> = {
  '-created_at': { column: 'created_at', direction: 'desc' },
  created_at: { column: 'created_at', direction: 'asc' },
  '-updated_at': { column: 'updated_at', direction: 'desc' },
  updated_at: { column: 'updated_at', direction: 'asc' },
  order: { column: '"order"', direction: 'asc' },
}

// The `+` before parameters: see `VALUE` in rows.ts.
function conditionOf({ deleted, completed, search }: ListQuery): string {
  const conditions = ['user_id = +$owner', deleted ? IN_TRASH : LIVE_BY_KEY]
  if (completed !== null) conditions.push('completed = +$completed')
  if (search?.length === 0) conditions.push('false')
  for (const index of search?.keys() ?? []) conditions.push(`instr(folded, +$word${index}) > 0`)
  return conditions.join(' and ')
}

function pageStatement(query: ListQuery): string {
  const { column, direction } = sorts[query.sort]
  const after = query.after
    ? `and (${column}, id) ${direction === 'asc' ? '>' : '<'} (+$key, +$id)`
    : ''
  const source = isAlongIndex(query)
    ? `tasks indexed by tasks_by_creation where user_id = +$owner and ${LIVE}`
    : `tasks where ${conditionOf(query)}`
  return `select ${COLUMNS} from ${source} ${after}
    order by ${column} ${direction}, id ${direction} limit +$limit`
}

/** Whether the index yields a page without reading the owner's other tasks. */
function isAlongIndex({ sort, limit, completed, search, deleted }: ListQuery): boolean {
  const isFiltered = completed !== null || search !== null || deleted
  return limit !== null && !isFiltered && sorts[sort].column === 'created_at'
}

/**
 * All tasks of a list, not yet sorted: sorting them here takes two thirds of the time. Ids rise with
 * creation, so in this order there is little to do for the default sort.
 */
function wholeStatement(query: ListQuery): string {
  return `select ${COLUMNS} from tasks where ${conditionOf(query)} order by id desc`
}

function countStatement(query: ListQuery): string {
  return `select count(*) as count from tasks where ${conditionOf(query)}`
}

type Values = Record<string, string | number>

function valuesOf(owner: string, { completed, search }: ListQuery): Values {
  const values: Values = { owner }
  if (completed !== null) values['completed'] = Number(completed)
  for (const [index, word] of search?.entries() ?? []) values[`word${index}`] = word
  return values
}

/** Implements `TaskRepository.list`. */
export function readList(file: OpenFile, owner: string, query: ListQuery): TaskPage {
  return atOneMoment(file, () => {
    const record = readRecord(file, owner)
    const { limit, sort, after, completed, search, deleted } = query
    const values = valuesOf(owner, query)
    const revision = revisionOf(record)
    if (limit === null && !after) {
      const rows = statementFor<Row>(file, query, wholeStatement(query)).all(values)
      const tasks = rows.map(toTask).sort(compareBy(sort))
      return { tasks, count: tasks.length, next: null, revision }
    }
    // One more than the page holds shows whether there is another page; -1 means no limit.
    const page: Values = { ...values, limit: limit === null ? -1 : limit + 1 }
    if (after) {
      page['key'] = sort === 'order' ? Number(after.key) : after.key
      page['id'] = after.id
    }
    const rows = statementFor<Row>(file, query, pageStatement(query)).all(page)
    const isCut = limit !== null && rows.length > limit
    if (isCut) rows.pop()
    const tasks = rows.map(toTask)
    const last = tasks.at(-1)

    function count(): number {
      if (completed === null && search === null && !deleted) return record.live
      if (!after && !isCut) return tasks.length
      const statement = statementFor<{ count: number }>(file, query, countStatement(query))
      return statement.get(values)?.count ?? 0
    }

    return {
      tasks,
      count: count(),
      next: isCut && last ? positionOf(sort, last) : null,
      revision,
    }
  })
}

// Statements are kept for good, so only those with few words may be: their number is unbounded.
const FEW_WORDS = 3

function statementFor<Result>(file: OpenFile, { search }: ListQuery, sql: string) {
  return search && search.length > FEW_WORDS
    ? file.database.prepare<Result, [Values]>(sql)
    : file.statement<Result, [Values]>(sql)
}
