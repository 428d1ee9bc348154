import { revisionOf } from '../../core/feed.ts'
import type { ListPage } from '../../core/list.ts'
import { compareOrder } from '../../core/order.ts'
import { isFiltered, type TaskPage, type TaskQuery, unknownFilters } from '../../core/query.ts'
import { isFound, type Search } from '../../core/search.ts'
import { compareBy, positionOf, type Sort } from '../../core/sorting.ts'
import type { Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { conditionOf, type Values } from './filters.ts'
import { readLists } from './list-rows.ts'
import { readOwner, readRecord } from './owner-state.ts'
import { createPage, foundPlaces, ID_LENGTH, placeIn } from './places.ts'
import { COLUMNS, LIVE, LIVE_BY_KEY, type Row, toTask, VALUE } from './rows.ts'

/** What a page needs besides the state of the owner. */
type Found = Pick<TaskPage, 'tasks' | 'count' | 'next'>

/**
 * Implements `TaskRepository.list` within a transaction. If there are several slices of the owner's tasks,
 * yields before each, so that the caller can do something else in between.
 */
export function* readTaskPage(
  file: OpenFile,
  owner: string,
  query: TaskQuery,
): Generator<void, TaskPage> {
  const state = readOwner(file, owner)
  const { limit, after } = query
  const revision = revisionOf(state.record)
  const unknown = unknownFilters(query, state)
  if (unknown.length > 0) return { tasks: [], count: 0, next: null, revision, unknown }

  let found: Found
  if (isAlongIndex(query)) found = pageAlongIndex(file, owner, query, state.record.live)
  else if (limit === null && after === null) found = yield* readWhole(file, owner, query)
  else found = yield* readPage(file, owner, query)
  return { ...found, revision, unknown }
}

/** Whether the index yields a page without reading the owner's other tasks. */
function isAlongIndex(query: TaskQuery): boolean {
  return query.limit !== null && !isFiltered(query) && query.sort.endsWith('created_at')
}

function pageAlongIndex(
  file: OpenFile,
  owner: string,
  { sort, limit, after }: TaskQuery,
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
// A search reads the texts of these tasks into memory: mostly a few hundred kilobytes.
const SEARCHED_SLICE = 500

const LAST_OF_SLICE = `
  select id from tasks where user_id = ${VALUE} and id > ${VALUE} order by id
  limit 1 offset ${VALUE}`

// Ids are in lower case.
const BEFORE_ALL = ''
const AFTER_ALL = '~'

const IN_SLICE = 'user_id = +$owner and id > +$from and id <= +$to'

/** Calls `read` with each of the owner's slices in the order of the key. Yields before each of several. */
function* forSlices(
  file: OpenFile,
  owner: string,
  size: number,
  read: (slice: Values) => void,
): Generator<void, void> {
  for (let from = BEFORE_ALL; from !== AFTER_ALL; ) {
    const last = file
      .statement<{ id: string }, [string, string, number]>(LAST_OF_SLICE)
      .get(owner, from, size - 1)
    const to = last?.id ?? AFTER_ALL
    if (from !== BEFORE_ALL || to !== AFTER_ALL) yield
    read({ owner, from, to })
    from = to
  }
}

/**
 * Reads what a query selects, apart from its search.
 *
 * @param select makes the statement from its source with conditions.
 * @param take called with the rows of each slice.
 */
function* readListed<Selected>(
  file: OpenFile,
  owner: string,
  query: TaskQuery,
  select: (source: string) => string,
  take: (rows: Selected[], slice: Values) => void,
): Generator<void, void> {
  const { parent, search } = query
  const { sql, values } = conditionOf(query)
  if (parent !== null && parent !== 'none' && search === null) {
    const statement = select(`tasks indexed by tasks_parent where user_id = +$owner and ${sql}`)
    take(file.statement<Selected, [Values]>(statement).all({ ...values, owner }), {})
    return
  }
  const statement = select(`tasks where ${IN_SLICE} and ${sql}`)
  const size = search === null ? SLICE : SEARCHED_SLICE
  yield* forSlices(file, owner, size, (slice) =>
    take(file.statement<Selected, [Values]>(statement).all({ ...values, ...slice }), slice),
  )
}

/**
 * All tasks of a query, sorted here, which takes two thirds of the time that SQLite needs. By descending id
 * they are almost in the default order.
 */
function* readWhole(file: OpenFile, owner: string, query: TaskQuery): Generator<void, Found> {
  const { search, sort } = query
  const slices: Task[][] = []
  const read = search === null ? COLUMNS : `${COLUMNS}, folded`
  const select = (source: string) => `select ${read} from ${source} order by id desc`
  yield* readListed<SearchedRow>(file, owner, query, select, (rows, slice) => {
    const found = search === null ? rows : foundRows(rows, search, describedIn(file, slice, search))
    slices.push(found.map(toTask))
  })
  const tasks = slices.toReversed().flat().sort(compareBy(sort))
  return { tasks, count: tasks.length, next: null }
}

interface SearchedRow extends Row {
  /** Only read for a search; empty for a task with a description. */
  readonly folded?: string
}

function foundRows(rows: SearchedRow[], search: Search, described: string[]): SearchedRow[] {
  const ids = new Set(described)
  return rows.filter(({ id, folded }) => (folded ? isFound(folded, search) : ids.has(id)))
}

const OF_IDS = `
  select ${COLUMNS} from tasks
  where user_id = ${VALUE} and id in (select value from json_each(${VALUE}))`

interface Lines {
  readonly places: string | null
  /** The folded texts; only read for a search. */
  readonly folded?: string | null
}

/** A page: the places of all tasks of a query, and the tasks of the page. */
function* readPage(file: OpenFile, owner: string, query: TaskQuery): Generator<void, Found> {
  const { sort, limit, search } = query
  const page = createPage(query)
  // One text, because each row that a statement returns takes time.
  const folded = search === null ? '' : ', group_concat(folded, char(10)) as folded'
  const select = (source: string) =>
    `select group_concat(${placeIn(sort)}, char(10)) as places ${folded} from ${source}`
  yield* readListed<Lines>(file, owner, query, select, ([row], slice) => {
    const places = linesOf(row?.places)
    if (search === null) page.add(places)
    else {
      const described = describedIn(file, slice, search)
      page.add(foundPlaces(places, linesOf(row?.folded), described, search))
    }
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

const DESCRIBED = `
  select group_concat(id, '') as ids, group_concat(folded, char(10)) as folded
  from descriptions where ${IN_SLICE}`

/**
 * The ids of a slice's tasks with a description that a search finds, ascending. Comparing here takes half of
 * the time that SQLite needs.
 */
function describedIn(file: OpenFile, slice: Values, search: Search): string[] {
  const row = file
    .statement<{ ids: string | null; folded: string | null }, [Values]>(DESCRIBED)
    .get(slice)
  const found: string[] = []
  let start = 0
  for (const folded of linesOf(row?.folded)) {
    if (isFound(folded, search)) found.push(`${row?.ids}`.slice(start, start + ID_LENGTH))
    start += ID_LENGTH
  }
  return found
}

function linesOf(text: string | null | undefined): string[] {
  return text?.split('\n') ?? []
}

const OPEN = `
  select list_id as list, count(*) as open from tasks
  where ${IN_SLICE} and ${LIVE_BY_KEY} and completed = 0 and list_id is not null
  group by list_id`

/** Implements `TaskRepository.lists` as `readTaskPage` implements `list`. */
export function* readCountedLists(file: OpenFile, owner: string): Generator<void, ListPage> {
  const revision = revisionOf(readRecord(file, owner))
  const lists = readLists(file, owner).sort(compareOrder)
  if (lists.length === 0) return { lists: [], revision }
  const counts = new Map<string, number>()
  yield* forSlices(file, owner, SLICE, (slice) => {
    const rows = file.statement<{ list: string; open: number }, [Values]>(OPEN).all(slice)
    for (const { list, open } of rows) counts.set(list, (counts.get(list) ?? 0) + open)
  })
  return { lists: lists.map((list) => ({ ...list, open: counts.get(list.id) ?? 0 })), revision }
}
