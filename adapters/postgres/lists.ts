import { revisionOf } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import { isFiltered, type ListQuery, type Sort, type TaskPage } from '../../core/query.ts'
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
import { type FeedRow, sortKeys, TASK, type TaskRow, toFeed, toTask } from './rows.ts'
import { createSharing, deadlineOf, type Shared } from './sharing.ts'

const sorts = {
  '-created_at': { column: 'created_at', isDescending: true },
  created_at: { column: 'created_at', isDescending: false },
  '-updated_at': { column: 'updated_at', isDescending: true },
  updated_at: { column: 'updated_at', isDescending: false },
  order: { column: 'order', isDescending: false },
} as const satisfies Record<Sort, unknown>

interface ListCall {
  readonly owner: Owner
  readonly query: ListQuery
}

/** The result of one call: the page, the state of the feed at that moment, and the number of tasks. */
interface ListRow extends FeedRow {
  readonly number: string
  /** `null` if the page has all tasks. */
  readonly count: number | null
  /** Whether the list was left out, because it is too long for a shared statement. */
  readonly is_long: boolean
  /** `null` if it is empty. */
  readonly page: readonly TaskRow[] | null
}

/** A parameter of each call. */
interface Parameter {
  readonly name: string
  readonly type: number
  readonly from: (call: ListCall) => string | number | boolean | null
}

/** The statement for queries that differ only in values. */
interface Form {
  readonly statement: Statement
  readonly parameters: readonly Parameter[]
}

// Every call waits for the whole statement that it shares, so long lists run alone.
const LONG = 500

/** Reads lists. Those that arrive together share a statement: see `createSharing`. */
export function createLists(
  pool: Pick<Pool, 'run'>,
  timeoutMs: number,
): (owner: Owner, query: ListQuery) => Promise<TaskPage> {
  // One for each form; there are at most 160.
  const shares = new Map<string, (call: ListCall) => Promise<TaskPage>>()

  function share(query: ListQuery): (call: ListCall) => Promise<TaskPage> {
    const { statement, parameters } = formOf(query)

    async function read(
      group: readonly Shared<ListCall>[],
      longest: number | null,
      isRepeated: boolean,
    ): Promise<ListRow[]> {
      const calls = group.map(({ call }) => call)
      const options = { isRepeated, deadline: deadlineOf(group) }
      const values = parameters.map(({ from }) => arrayOf(calls.map(from)))
      const limits = arrayOf(calls.map(() => longest))
      const rows = await pool.run<ListRow>(statement, [...values, limits], options)
      return rows.toSorted((a, b) => Number(a.number) - Number(b.number))
    }

    async function runAlone(one: Shared<ListCall>): Promise<TaskPage> {
      const [row] = await read([one], null, true)
      if (!row) throw new Error('the list statement returned no row')
      return toPage(row, one.call.query)
    }

    return createSharing({
      async run(group) {
        const rows = await read(group, group.length > 1 ? LONG : null, false)
        return group.map((one, index) => {
          const row = rows[index]
          return row && !row.is_long ? toPage(row, one.call.query) : runAlone(one)
        })
      },
      runAlone,
      // Serialising responses takes so long here that with two statements the server would be idle.
      statements: 3,
      timeoutMs,
    })
  }

  return (owner, query) => {
    const form = keyOf(query)
    const list = shares.get(form) ?? share(query)
    shares.set(form, list)
    return list({ owner, query })
  }
}

function keyOf({ sort, limit, after, completed, search, deleted }: ListQuery): string {
  return [sort, limit === null, after === null, completed === null, search === null, deleted].join()
}

// Folded texts have no control characters.
const MATCHES_NOTHING = '\u0001'

/** Patterns for `like`, separated by spaces. Folded words contain neither wildcards nor spaces. */
function patternsOf({ search }: ListQuery): string {
  return search?.map((word) => `%${word}%`).join(' ') || MATCHES_NOTHING
}

function formOf(query: ListQuery): Form {
  const { sort, limit, after, completed, search, deleted } = query
  const parameters: Parameter[] = []
  function add(name: string, type: number, from: Parameter['from']): string {
    parameters.push({ name, type, from })
    // An adopted table may have a column of any name.
    return `call.${name}`
  }

  const ofOwner = `user_id = ${add('owner', TEXT_ARRAY, ({ owner }) => owner)}`
  const conditions = [
    ofOwner,
    deleted ? 'deleted_at is not null and not erased' : 'deleted_at is null',
  ]
  if (completed !== null)
    conditions.push(`completed = ${add('is_done', BOOLEAN_ARRAY, ({ query }) => query.completed)}`)
  let patterns = ''
  if (search) {
    // Split once per call, not once per task.
    const texts = add('patterns', TEXT_ARRAY, ({ query }) => patternsOf(query))
    patterns = `, lateral (select string_to_array(${texts}, ' ') as patterns offset 0) as search`
    conditions.push('folded like all (search.patterns)')
  }
  // A filtered page needs a count, too. The filter runs once, and keeps only ids and sort keys.
  const isCounted = isFiltered(query) && (limit !== null || after !== null)
  const { column, isDescending } = sorts[sort]
  const source = isCounted ? 'matching' : 'tasks'
  const afterCursor: string[] = []
  if (after) {
    const value = add('key', TEXT_ARRAY, ({ query }) => query.after?.key ?? null)
    const id = add('id', UUID_ARRAY, ({ query }) => query.after?.id ?? null)
    const cast = sort === 'order' ? 'integer' : 'timestamptz'
    const comparison = isDescending ? '<' : '>'
    afterCursor.push(
      `(${source}."${column}", ${source}.id) ${comparison} (${value}::${cast}, ${id})`,
    )
  }
  const direction = isDescending ? 'desc' : 'asc'
  const orderOf = (rows: string) =>
    `order by ${rows}."${column}" ${direction}, ${rows}.id ${direction}`
  // One row more than requested shows whether there is another page.
  const maxRows =
    limit === null
      ? ''
      : `limit ${add('max_rows', INTEGER_ARRAY, ({ query }) => query.limit && query.limit + 1)}`
  const where = (all: readonly string[]) => (all.length > 0 ? `where ${all.join(' and ')}` : '')
  const page = isCounted
    ? `select tasks.*
       from (select * from matching ${where(afterCursor)} ${orderOf('matching')} ${maxRows}) as row,
         lateral (select * from tasks where ${ofOwner} and tasks.id = row.id limit 1) as tasks
       ${orderOf('row')}`
    : `select * from tasks ${where([...conditions, ...afterCursor])} ${orderOf('tasks')} ${maxRows}`
  const matching = isCounted
    ? `with matching as materialized (select id, "${column}" from tasks ${where(conditions)})`
    : ''
  const count = isCounted
    ? '(select count(*)::integer from matching)'
    : isFiltered(query)
      ? 'null'
      : 'live'

  const names = [...parameters.map(({ name }) => name), 'longest']
  // The number of tasks in the trash is not known in advance.
  const mayBeLong = deleted ? 'call.longest is not null' : 'coalesce(live > call.longest, false)'
  const isLong = limit === null ? mayBeLong : 'false'
  const text = `
    select call.number, epoch, sequence, horizon, ${isLong} as is_long, count, page
    from ${callsOf(names)}${patterns}
    left join lateral (select * from owners where ${ofOwner} limit 1) as owner on true
    left join lateral (
      ${matching}
      select ${count} as count, (select json_agg(${TASK}) from (${page}) as task) as page
      where not ${isLong}
    ) as result on true`
  const types = [...parameters.map(({ type }) => type), INTEGER_ARRAY]
  return { statement: { text, types }, parameters }
}

function toPage({ page, count, ...feed }: ListRow, query: ListQuery): TaskPage {
  const { sort, limit } = query
  const rows = page ?? []
  const isCut = limit !== null && rows.length > limit
  const taken = isCut ? rows.slice(0, limit) : rows
  const last = taken.at(-1)
  return {
    tasks: taken.map(toTask),
    count: count ?? (isFiltered(query) ? taken.length : 0),
    next: isCut && last ? { key: sortKeys[sorts[sort].column](last), id: last[0] } : null,
    revision: revisionOf(toFeed(feed)),
  }
}
