import { revisionOf } from '../../core/feed.ts'
import {
  compareBy,
  isFiltered,
  type ListQuery,
  positionOf,
  type Sort,
  type TaskPage,
} from '../../core/query.ts'
import type { Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { readRecord } from './owner-tasks.ts'
import { COLUMNS, IN_TRASH, LIVE, LIVE_BY_KEY, type Row, toTask, VALUE } from './rows.ts'

/** Runs several reads in one transaction, so that they see the same state. */
export function inReadTransaction<Result>(file: OpenFile, read: () => Result): Result {
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
  const conditions = [
    'user_id = +$owner',
    'id > +$from',
    'id <= +$to',
    deleted ? IN_TRASH : LIVE_BY_KEY,
  ]
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
    ? `tasks indexed by tasks_created where user_id = +$owner and ${LIVE}`
    : `tasks where ${conditionOf(query)}`
  return `select ${COLUMNS} from ${source} ${after}
    order by ${column} ${direction}, id ${direction} limit +$limit`
}

/** Whether the index yields a page without reading the owner's other tasks. */
function isAlongIndex(query: ListQuery): boolean {
  return query.limit !== null && !isFiltered(query) && sorts[query.sort].column === 'created_at'
}

/**
 * All tasks of a slice, to be sorted here, which takes two thirds of the time that SQLite needs. By
 * descending id they are almost in the default order.
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

// How many tasks are read at once: about a millisecond. Owners with fewer are read in one slice.
const SLICE = 2000

const LAST_OF_SLICE = `
  select id from tasks where user_id = ${VALUE} and id > ${VALUE} order by id
  limit 1 offset ${SLICE - 1}`

// Ids are in lower case.
const BEFORE_ALL = ''
const AFTER_ALL = '~'

/** Where the owner's slices end, in the order of the key. */
function* slicesOf(file: OpenFile, owner: string): Generator<{ from: string; to: string }> {
  for (let from = BEFORE_ALL; from !== AFTER_ALL; ) {
    const last = file.statement<{ id: string }, [string, string]>(LAST_OF_SLICE).get(owner, from)
    const to = last?.id ?? AFTER_ALL
    yield { from, to }
    from = to
  }
}

/**
 * Implements `TaskRepository.list` within a transaction. If there are several slices of the owner's tasks,
 * yields before each, so that the caller can do something else in between.
 */
export function* readList(
  file: OpenFile,
  owner: string,
  query: ListQuery,
): Generator<void, TaskPage> {
  const record = readRecord(file, owner)
  const { limit, sort, after } = query
  const values = valuesOf(owner, query)
  // One more than the page holds shows whether there is another page; -1 means no limit.
  const length = limit === null ? -1 : limit + 1
  const position = after && { key: sort === 'order' ? Number(after.key) : after.key, id: after.id }
  const isWhole = limit === null && after === null
  const alongIndex = isAlongIndex(query)
  const slices = alongIndex ? [null] : slicesOf(file, owner)

  let tasks: Task[] = []
  let count = 0
  for (const slice of slices) {
    if (slice && (slice.from !== BEFORE_ALL || slice.to !== AFTER_ALL)) yield
    const found = isWhole
      ? selectFrom<Row>(file, query, wholeStatement(query), { ...values, ...slice })
          .map(toTask)
          .sort(compareBy(sort))
      : selectFrom<Row>(file, query, pageStatement(query), {
          ...values,
          ...slice,
          ...position,
          limit: length,
        }).map(toTask)
    tasks = merge(tasks, found, compareBy(sort))
    if (limit !== null) tasks = tasks.slice(0, length)
    if (!after && (limit === null || found.length <= limit)) count += found.length
    else if (isFiltered(query)) count += countIn(file, query, { ...values, ...slice })
  }

  const isCut = limit !== null && tasks.length > limit
  if (isCut) tasks.pop()
  const last = tasks.at(-1)
  return {
    tasks,
    count: isWhole || isFiltered(query) ? count : record.live,
    next: isCut && last ? positionOf(sort, last) : null,
    revision: revisionOf(record),
  }
}

function countIn(file: OpenFile, query: ListQuery, values: Values): number {
  const [row] = selectFrom<{ count: number }>(file, query, countStatement(query), values)
  return row?.count ?? 0
}

/** Merges two sorted arrays. */
function merge(a: Task[], b: Task[], compare: (a: Task, b: Task) => number): Task[] {
  const merged: Task[] = []
  let rest = 0
  for (const task of b) {
    for (let next = a[rest]; next && compare(next, task) < 0; next = a[++rest]) merged.push(next)
    merged.push(task)
  }
  return merged.concat(a.slice(rest))
}

// Cached statements are never dropped, and the number of words is unbounded, so only statements with few
// words are cached.
const FEW_WORDS = 3

function selectFrom<Result>(
  file: OpenFile,
  { search }: ListQuery,
  sql: string,
  values: Values,
): Result[] {
  if (!search || search.length <= FEW_WORDS)
    return file.statement<Result, [Values]>(sql).all(values)
  using statement = file.database.prepare<Result, [Values]>(sql)
  return statement.all(values)
}
