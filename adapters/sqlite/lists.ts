import { type Feed, NO_FEED, revisionOf } from '../../core/feed.ts'
import {
  atPosition,
  compareBy,
  isAskedFor,
  type ListQuery,
  positionOf,
  type Sort,
  type TaskPage,
} from '../../core/query.ts'
import type { Task } from '../../core/task.ts'
import type { OpenFile } from './connection.ts'
import { COLUMNS, IN_TRASH, LIVE, type Row, tasksBy, toTask, VALUE } from './rows.ts'
import { matchOf } from './words.ts'

const FEED = 'select epoch, sequence, horizon, live, added, indexed from feeds where user_id = ?'

interface FeedRow extends Feed {
  /** How many tasks are not in the trash. */
  readonly live: number
  /** How many tasks were ever added. */
  readonly added: number
  /** Whether the owner's tasks are in the indexes. */
  readonly indexed: number
}

const NO_TASKS = { live: 0, added: 0, indexed: 0 }

/** The row behind an owner's feed. */
export function readFeed(file: OpenFile, owner: string): FeedRow {
  return file.statement<FeedRow, [string]>(FEED).get(owner) ?? { ...NO_FEED, ...NO_TASKS }
}

/** Reads what belongs together, so that nothing can change in between. */
export function atOneMoment<Result>(file: OpenFile, read: () => Result): Result {
  file.statement('begin').run()
  try {
    return read()
  } finally {
    if (file.database.inTransaction) file.statement('commit').run()
  }
}

const sorts: Readonly<Record<Sort, { column: string; direction: 'asc' | 'desc'; index: string }>> =
  {
    '-created_at': { column: 'created_at', direction: 'desc', index: 'by_creation' },
    created_at: { column: 'created_at', direction: 'asc', index: 'by_creation' },
    '-updated_at': { column: 'updated_at', direction: 'desc', index: 'by_update' },
    updated_at: { column: 'updated_at', direction: 'asc', index: 'by_update' },
    order: { column: '"order"', direction: 'asc', index: 'by_order' },
  }

// What is looked for is found first, and sorted then.
const FOUND = 'task_words join tasks on tasks.words = task_words.rowid and tasks.words > 0'

function conditionOf({ deleted, completed, search }: ListQuery): string {
  const conditions = ['user_id = +$owner', deleted ? IN_TRASH : LIVE]
  if (completed !== null) conditions.push('completed = +$completed')
  if (search) conditions.push('task_words match $match')
  return conditions.join(' and ')
}

/** The statement behind a list, of some tens; for its parameters see `VALUE`. */
function listStatement(query: ListQuery, isIndexed: boolean): string {
  const { column, direction, index } = sorts[query.sort]
  const from = query.search
    ? `${FOUND} where`
    : tasksBy(`${query.deleted ? 'trash' : 'tasks'}_${index}`, isIndexed)
  const after = query.after
    ? `and (${column}, id) ${direction === 'asc' ? '>' : '<'} (+$key, +$id)`
    : ''
  return `select ${COLUMNS} from ${from} ${conditionOf(query)} ${after}
    order by ${column} ${direction}, id ${direction} limit +$limit`
}

/** The statement behind all tasks of an owner, in the trash or outside. */
function allStatement(isDeleted: boolean): string {
  return `select ${COLUMNS} from ${tasksBy('', false)} user_id = ${VALUE} and ${isDeleted ? IN_TRASH : LIVE}
    order by id desc`
}

/**
 * Whether a list is made by us, of all tasks. Where it is whole, that takes half of what an index does, as
 * long as it is most of them; a search of few tasks takes less than keeping words would.
 */
function isMadeHere({ limit, after, search, deleted }: ListQuery, feed: FeedRow): boolean {
  const isWhole = limit === null && after === null
  if (feed.indexed === 0) return isWhole || search !== null
  return isWhole && search === null && !deleted && feed.live * 2 > feed.added
}

function countStatement(query: ListQuery): string {
  const from = query.search ? FOUND : 'tasks'
  return `select count(*) as count from ${from} where ${conditionOf(query)}`
}

type Values = Record<string, string | number>

function valuesOf(owner: string, { completed, search }: ListQuery): Values {
  return {
    owner,
    ...(completed === null ? {} : { completed: Number(completed) }),
    ...(search ? { match: matchOf(owner, search) } : {}),
  }
}

/** Some tasks of a list in its order, one more than a page holds, and how many the list has. */
interface Found {
  readonly tasks: Task[]
  count(): number
}

/** What `TaskRepository.list` does. */
export function readList(file: OpenFile, owner: string, query: ListQuery): TaskPage {
  return atOneMoment(file, () => {
    const feed = readFeed(file, owner)
    const { limit, sort, after } = query
    const found = isMadeHere(query, feed)
      ? findAmongAll(file, owner, query)
      : findByStatement(file, owner, query, feed.indexed === 1)
    const isCut = limit !== null && found.tasks.length > limit
    const tasks = isCut ? found.tasks.slice(0, limit) : found.tasks
    const last = tasks.at(-1)
    return {
      tasks,
      count: countOf(),
      next: isCut && last ? positionOf(sort, last) : null,
      revision: revisionOf(feed),
    }

    function countOf(): number {
      const isFiltered = query.completed !== null || query.search !== null || query.deleted
      if (!isFiltered) return feed.live
      return after || isCut ? found.count() : tasks.length
    }
  })
}

function findAmongAll(file: OpenFile, owner: string, query: ListQuery): Found {
  const { limit, sort, after, deleted } = query
  const all = file.statement<Row, [string]>(allStatement(deleted)).all(owner).map(toTask)
  const compare = compareBy(sort)
  const isFiltered = query.completed !== null || query.search !== null
  const asked = isFiltered ? all.filter((task) => isAskedFor(task, query)) : all
  asked.sort(compare)
  const position = after && atPosition(sort, after)
  const following = position ? asked.filter((task) => compare(position, task) < 0) : asked
  return {
    tasks: limit === null ? following : following.slice(0, limit + 1),
    count: () => asked.length,
  }
}

function findByStatement(
  file: OpenFile,
  owner: string,
  query: ListQuery,
  isIndexed: boolean,
): Found {
  const { limit, sort, after } = query
  const values = valuesOf(owner, query)
  // One more than the page holds tells that there is another; -1 is no limit.
  const page: Values = { ...values, limit: limit === null ? -1 : limit + 1 }
  if (after) {
    page['key'] = sort === 'order' ? Number(after.key) : after.key
    page['id'] = after.id
  }
  const rows = file.statement<Row, [Values]>(listStatement(query, isIndexed)).all(page)
  return {
    tasks: rows.map(toTask),
    count() {
      const statement = file.statement<{ count: number }, [Values]>(countStatement(query))
      return statement.get(values)?.count ?? 0
    },
  }
}
