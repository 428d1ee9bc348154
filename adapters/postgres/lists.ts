import { revisionOf } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { ListQuery, Sort, TaskPage } from '../../core/query.ts'
import type { Pool } from './connection/pool.ts'
import {
  arrayOf,
  BOOLEAN_ARRAY,
  callsOf,
  INTEGER_ARRAY,
  type Statement,
  TEXT_ARRAY,
  UUID_ARRAY,
} from './connection/statement.ts'
import { type FeedRow, TASK, type TaskRow, toFeed, toTask, withDecimals } from './rows.ts'
import { createSharing } from './sharing.ts'

const sorts = {
  '-created_at': { column: 'created_at', isDown: true, keyOf: byCreation },
  created_at: { column: 'created_at', isDown: false, keyOf: byCreation },
  '-updated_at': { column: 'updated_at', isDown: true, keyOf: byUpdate },
  updated_at: { column: 'updated_at', isDown: false, keyOf: byUpdate },
  order: { column: 'order', isDown: false, keyOf: byOrder },
} as const satisfies Record<Sort, unknown>

interface ListCall {
  readonly owner: Owner
  readonly query: ListQuery
}

/** The answer to one call: the page, what it was read from, and how many tasks there are. */
interface ListRow extends FeedRow {
  readonly place: string
  readonly count: number | null
  /** Whether there are too many for a statement that others wait for: they were left out. */
  readonly is_long: boolean
  /** `null` for none. */
  readonly page: readonly TaskRow[] | null
}

/** A parameter of each call. */
interface Parameter {
  readonly name: string
  readonly type: number
  readonly from: (call: ListCall) => string | number | boolean | null
}

/** What answers queries of one form, which differ in values and nothing else. */
interface Form {
  readonly statement: Statement
  readonly parameters: readonly Parameter[]
}

// Those who share a statement wait for all of it: a list that takes its time is none of theirs.
const LONG = 500

/** Reads lists, those that arrive together by one statement: see `createSharing`. */
export function createLists(
  pool: Pick<Pool, 'run'>,
  timeoutMs: number,
): (owner: Owner, query: ListQuery) => Promise<TaskPage> {
  // As many as there are forms: some hundreds.
  const shares = new Map<string, (call: ListCall) => Promise<TaskPage>>()

  function share(query: ListQuery): (call: ListCall) => Promise<TaskPage> {
    const { statement, parameters } = formOf(query)

    async function read(
      calls: readonly ListCall[],
      longest: number | null,
      isRepeated: boolean,
    ): Promise<ListRow[]> {
      const values = parameters.map(({ from }) => arrayOf(calls.map(from)))
      const limits = arrayOf(calls.map(() => longest))
      const rows = await pool.run<ListRow>(statement, [...values, limits], { isRepeated })
      return rows.toSorted((a, b) => Number(a.place) - Number(b.place))
    }

    async function runAlone(call: ListCall): Promise<TaskPage> {
      const [row] = await read([call], null, true)
      if (!row) throw new Error('a list gave no row')
      return toPage(row, call.query)
    }

    return createSharing({
      async run(calls) {
        const rows = await read(calls, calls.length > 1 ? LONG : null, false)
        return calls.map((call, index) => {
          const row = rows[index]
          return row && !row.is_long ? toPage(row, call.query) : runAlone(call)
        })
      },
      runAlone,
      // An answer takes so long to make that the server would be done with two.
      statements: 3,
      timeoutMs,
    })
  }

  return (owner, query) => {
    const form = nameOf(query)
    const list = shares.get(form) ?? share(query)
    shares.set(form, list)
    return list({ owner, query })
  }
}

/** Says of which form a query is. */
function nameOf({ sort, limit, after, completed, search, deleted }: ListQuery): string {
  const words = search && (search.words.length > 0 ? 'words' : 'prefix')
  return [sort, limit === null, after === null, completed === null, words, deleted].join()
}

function formOf({ sort, limit, after, completed, search, deleted }: ListQuery): Form {
  const parameters: Parameter[] = []
  function add(name: string, type: number, from: Parameter['from']): string {
    parameters.push({ name, type, from })
    // An adopted table may have a column of any name.
    return `call.${name}`
  }

  const whose = `user_id = ${add('whose', TEXT_ARRAY, ({ owner }) => owner)}`
  const asked = [whose, deleted ? 'deleted_at is not null and not erased' : 'deleted_at is null']
  if (completed !== null)
    asked.push(`completed = ${add('is_done', BOOLEAN_ARRAY, ({ query }) => query.completed)}`)
  // Of these two one is empty: owners with few tasks are read whole, see migration 0009.
  const many = ['tasks.indexed', 'feed.indexed is not false']
  const few = ['feed.indexed is false']

  const found: string[] = []
  if (search) {
    const prefix = add('prefix', TEXT_ARRAY, ({ query }) => query.search?.prefix ?? null)
    const begins = (word: string) => `${word} >= ${prefix} and ${word} < ${prefix} || U&'\\+10FFFF'`
    found.push(`select id from task_words where ${whose} and ${begins('word')}`)
    few.push(`exists (
      select from unnest(tasks.words) as word where ${begins('word collate "C"')})`)
    if (search.words.length > 0) {
      const words = add('words', TEXT_ARRAY, ({ query }) => query.search?.words.join(' ') ?? null)
      const list = `string_to_array(${words}, ' ')`
      found.push(`select id from task_words where ${whose}
        and word = any(${list}) group by id having count(*) = cardinality(${list})`)
      few.push(`tasks.words @> ${list}`)
    }
    many.push('id in (select id from found)')
  }

  const { column, isDown } = sorts[sort]
  const place = `tasks."${column}"`
  const following: string[] = []
  if (after) {
    const key = add('key', TEXT_ARRAY, ({ query }) => query.after?.key ?? null)
    const id = add('which', UUID_ARRAY, ({ query }) => query.after?.id ?? null)
    const cast = sort === 'order' ? 'integer' : 'timestamptz'
    following.push(`(${place}, tasks.id) ${isDown ? '<' : '>'} (${key}::${cast}, ${id})`)
  }
  const direction = isDown ? 'desc' : 'asc'
  // One more than asked for tells whether there are more.
  const most =
    limit === null
      ? ''
      : `limit ${add('most', INTEGER_ARRAY, ({ query }) => query.limit && query.limit + 1)}`

  const parts = search || (!deleted && column !== 'created_at') ? [many, few] : [[]]
  const pages = parts.map(
    (part) => `(
      select * from tasks where ${[...asked, ...part, ...following].join(' and ')}
      order by ${place} ${direction}, tasks.id ${direction} ${most})`,
  )
  const counts = parts.map(
    (part) => `(select count(*) from tasks where ${[...asked, ...part].join(' and ')})`,
  )
  const isCounted = deleted || completed !== null || search !== null

  const names = [...parameters.map(({ name }) => name), 'longest']
  // How many are in the trash is not known beforehand.
  const isMore = deleted ? 'call.longest is not null' : 'coalesce(live > call.longest, false)'
  const isLong = limit === null ? isMore : 'false'
  const text = `
    select place, epoch, sequence, horizon, ${isLong} as is_long, count, page
    from ${callsOf(names)}
    left join lateral (select * from feeds where ${whose} limit 1) as feed on true
    left join lateral (
      ${found.length > 0 ? `with found as materialized (${found.join(' intersect ')})` : ''}
      select
        ${isCounted ? `(${counts.join(' + ')})::integer` : 'live'} as count,
        (select json_agg(${TASK}) from (${pages.join(' union all ')}) as task) as page
      where not ${isLong}
    ) as answer on true`
  const types = [...parameters.map(({ type }) => type), INTEGER_ARRAY]
  return { statement: { text, types }, parameters }
}

/** The page that a row is. */
function toPage({ page, count, ...feed }: ListRow, { sort, limit }: ListQuery): TaskPage {
  const found = page ?? []
  const isCut = limit !== null && found.length > limit
  const taken = isCut ? found.slice(0, limit) : found
  const last = taken.at(-1)
  return {
    tasks: taken.map(toTask),
    count: count ?? 0,
    next: isCut && last ? { key: sorts[sort].keyOf(last), id: last[0] } : null,
    revision: revisionOf(toFeed(feed)),
  }
}

// Adopted rows have microseconds, by which they are sorted too.
function byCreation([, , , , , createdAt]: TaskRow): string {
  return withDecimals(createdAt, 6)
}

function byUpdate([, , , , , , updatedAt]: TaskRow): string {
  return withDecimals(updatedAt, 6)
}

function byOrder([, , , order]: TaskRow): string {
  return `${order}`
}
