import { revisionOf } from '../../core/feed.ts'
import type { ListPage } from '../../core/list.ts'
import { compareOrder } from '../../core/order.ts'
import {
  compareBy,
  isFiltered,
  type ListQuery,
  positionOf,
  type Sort,
  type TaskPage,
} from '../../core/query.ts'
import type { Search } from '../../core/search.ts'
import { isLive, type Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { conditionOf, searchCondition, type Values } from './filters.ts'
import { readLists } from './list-rows.ts'
import { readOwner, readRecord } from './owner-tasks.ts'
import { createPage, foundAmong, markedPlaceIn, placeIn } from './places.ts'
import { COLUMNS, LIVE, LIVE_BY_KEY, type Row, toTask, VALUE } from './rows.ts'

/** Runs several reads in one transaction, so that they see the same state. */
export function inReadTransaction<Result>(file: OpenFile, read: () => Result): Result {
  file.statement('begin').run()
  try {
    return read()
  } finally {
    if (file.database.inTransaction) file.statement('commit').run()
  }
}

/** What a page needs besides the state of the owner. */
type Found = Pick<TaskPage, 'tasks' | 'count' | 'next'>

/**
 * Implements `TaskRepository.list` within a transaction. If there are several slices of the owner's tasks,
 * yields before each, so that the caller can do something else in between.
 */
export function* readList(
  file: OpenFile,
  owner: string,
  query: ListQuery,
): Generator<void, TaskPage> {
  const { record, tasks, lists } = readOwner(file, owner)
  const { list, parent, limit, after } = query
  const revision = revisionOf(record)
  const unknown: ('list' | 'parent')[] = []
  if (list !== null && list !== 'inbox' && !lists.find(list)) unknown.push('list')
  if (parent !== null && parent !== 'none') {
    const task = tasks.find(parent)
    if (!task || !(isLive(task) || query.deleted)) unknown.push('parent')
  }
  if (unknown.length > 0) return { tasks: [], count: 0, next: null, revision, unknown }

  let found: Found
  if (isAlongIndex(query)) found = pageAlongIndex(file, owner, query, record.live)
  else if (limit === null && after === null) found = yield* readWhole(file, owner, query)
  else found = yield* readPage(file, owner, query)
  return { ...found, revision, unknown }
}

/** Whether the index yields a page without reading the owner's other tasks. */
function isAlongIndex({ limit, sort, ...filters }: ListQuery): boolean {
  return limit !== null && !isFiltered(filters) && sort.endsWith('created_at')
}

function pageAlongIndex(
  file: OpenFile,
  owner: string,
  { sort, limit, after }: ListQuery,
  count: number,
): Found {
  const [direction, comparison] = sort.startsWith('-') ? ['desc', '<'] : ['asc', '>']
  const sql = `
    select ${COLUMNS} from tasks indexed by tasks_created
    where user_id = +$owner and ${LIVE} ${after ? `and (created_at, id) ${comparison} (+$key, +$id)` : ''}
    order by created_at ${direction}, id ${direction} limit +$limit`
  // One more than the page holds shows whether there is another page.
  const most = Number(limit) + 1
  const rows = file.statement<Row, [Values]>(sql).all({ owner, ...after, limit: most })
  const tasks = rows.slice(0, most - 1).map(toTask)
  return { tasks, count, next: rows.length === most ? nextAfter(sort, tasks) : null }
}

function nextAfter(sort: Sort, tasks: readonly Task[]): TaskPage['next'] {
  const last = tasks.at(-1)
  return last ? positionOf(sort, last) : null
}

// How many tasks are read at once: about a millisecond. Owners with fewer are read in one slice.
const SLICE = 2000

const LAST_OF_SLICE = `
  select id from tasks where user_id = ${VALUE} and id > ${VALUE} order by id
  limit 1 offset ${SLICE - 1}`

// Ids are in lower case.
const BEFORE_ALL = ''
const AFTER_ALL = '~'

const IN_SLICE = 'user_id = +$owner and id > +$from and id <= +$to'

/** Calls `read` with each of the owner's slices in the order of the key. Yields before each of several. */
function* forSlices(
  file: OpenFile,
  owner: string,
  read: (slice: Values) => void,
): Generator<void, void> {
  for (let from = BEFORE_ALL; from !== AFTER_ALL; ) {
    const last = file.statement<{ id: string }, [string, string]>(LAST_OF_SLICE).get(owner, from)
    const to = last?.id ?? AFTER_ALL
    if (from !== BEFORE_ALL || to !== AFTER_ALL) yield
    read({ owner, from, to })
    from = to
  }
}

/**
 * Reads what is in a list. With a search, also tasks with a description that it does not find.
 *
 * @param select makes the statement from its source with conditions.
 * @param take called with the rows of each slice, and the ids of tasks with a description that a search finds.
 */
function* readListed<Selected>(
  file: OpenFile,
  owner: string,
  query: ListQuery,
  select: (source: string) => string,
  take: (rows: Selected[], described: readonly string[]) => void,
): Generator<void, void> {
  const { parent, search } = query
  const { sql, values } = conditionOf(query)
  if (parent !== null && parent !== 'none' && search === null) {
    const statement = select(`tasks indexed by tasks_parent where user_id = +$owner and ${sql}`)
    take(file.statement<Selected, [Values]>(statement).all({ ...values, owner }), [])
    return
  }
  const statement = select(`tasks where ${IN_SLICE} and ${sql}`)
  yield* forSlices(file, owner, (slice) => {
    const rows = file.statement<Selected, [Values]>(statement).all({ ...values, ...slice })
    take(rows, search === null ? [] : describedIn(file, slice, search))
  })
}

/** The ids of a slice's tasks with a description that a search finds, ascending. */
function describedIn(file: OpenFile, slice: Values, search: Search): string[] {
  const { sql, values } = searchCondition(search)
  const statement = `
    select group_concat(id, char(10)) as ids from descriptions where ${IN_SLICE} and ${sql}`
  const row = file
    .statement<{ ids: string | null }, [Values]>(statement)
    .get({ ...values, ...slice })
  return row?.ids?.split('\n') ?? []
}

/**
 * All tasks of a list, sorted here, which takes two thirds of the time that SQLite needs. By descending id
 * they are almost in the default order.
 */
function* readWhole(file: OpenFile, owner: string, query: ListQuery): Generator<void, Found> {
  const { search, sort } = query
  const slices: Task[][] = []
  const select = (source: string) => `select ${COLUMNS} from ${source} order by id desc`
  yield* readListed<Row>(file, owner, query, select, (rows, described) => {
    const tasks = rows.map(toTask)
    const ids = new Set(described)
    const isFound = ({ id, description }: Task) => description === null || ids.has(id)
    slices.push(search === null ? tasks : tasks.filter(isFound))
  })
  const tasks = slices.toReversed().flat().sort(compareBy(sort))
  return { tasks, count: tasks.length, next: null }
}

const OF_IDS = `
  select ${COLUMNS} from tasks
  where user_id = ${VALUE} and id in (select value from json_each(${VALUE}))`

/** A page: the places of all tasks in the list, and the tasks of the page. */
function* readPage(file: OpenFile, owner: string, query: ListQuery): Generator<void, Found> {
  const { sort, limit, search } = query
  const page = createPage(query)
  const place = search === null ? placeIn(sort) : markedPlaceIn(sort)
  // One text, because each row that a statement returns takes time.
  const select = (source: string) =>
    `select group_concat(${place}, char(10)) as places from ${source}`
  yield* readListed<{ places: string | null }>(file, owner, query, select, (rows, described) => {
    const places = rows[0]?.places?.split('\n') ?? []
    page.add(search === null ? places : foundAmong(places, described))
  })
  const ids = page.ids()
  const tasks = file
    .statement<Row, [string, string]>(OF_IDS)
    .all(owner, JSON.stringify(ids.slice(0, limit ?? undefined)))
    .map(toTask)
    .sort(compareBy(sort))
  const isCut = limit !== null && ids.length > limit
  return { tasks, count: page.count(), next: isCut ? nextAfter(sort, tasks) : null }
}

const OPEN = `
  select list_id as list, count(*) as open from tasks
  where ${IN_SLICE} and ${LIVE_BY_KEY} and completed = 0 and list_id is not null
  group by list_id`

/** Implements `TaskRepository.lists` as `readList` implements `list`. */
export function* readCountedLists(file: OpenFile, owner: string): Generator<void, ListPage> {
  const revision = revisionOf(readRecord(file, owner))
  const lists = readLists(file, owner).sort(compareOrder)
  if (lists.length === 0) return { lists: [], revision }
  const counts = new Map<string, number>()
  yield* forSlices(file, owner, (slice) => {
    const rows = file.statement<{ list: string; open: number }, [Values]>(OPEN).all(slice)
    for (const { list, open } of rows) counts.set(list, (counts.get(list) ?? 0) + open)
  })
  return { lists: lists.map((list) => ({ ...list, open: counts.get(list.id) ?? 0 })), revision }
}
