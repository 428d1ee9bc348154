import { revisionOf } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import { isFiltered, type TaskPage, type TaskQuery } from '../../core/query.ts'
import type { Pool } from './connection/pool.ts'
import { arrayOf } from './connection/statement.ts'
import { createFilteredForm, needsFilteredForm } from './filtered-form.ts'
import { type PageCall, sorts } from './page-form.ts'
import { createPlainForm } from './plain-form.ts'
import { type FeedRow, sortKeys, type TaskRow, toFeed, toTask } from './rows.ts'
import { createSharing, deadlineOf, type Shared } from './sharing.ts'

/** The result of one call: the page, the state of the feed at that moment, and the number of tasks. */
interface PageRow extends FeedRow {
  readonly number: string
  /** `null` if the page has all tasks. */
  readonly count: number | null
  /** Whether the page was left out, because it is too long for a shared statement. */
  readonly is_long: boolean
  /** `null` if it is empty. */
  readonly page: readonly TaskRow[] | null
  // Only of `createFilteredForm`.
  readonly unknown_list?: boolean
  readonly unknown_parent?: boolean
}

// Every call waits for the whole statement that it shares, so long pages run alone.
const LONG = 500

/** Reads pages of tasks. Those that arrive together share a statement: see `createSharing`. */
export function createPages(
  pool: Pick<Pool, 'run'>,
  timeoutMs: number,
): (owner: Owner, query: TaskQuery) => Promise<TaskPage> {
  // One for each form; there are at most 167.
  const shares = new Map<string, (call: PageCall) => Promise<TaskPage>>()

  function share(query: TaskQuery): (call: PageCall) => Promise<TaskPage> {
    const { statement, parameters } = needsFilteredForm(query)
      ? createFilteredForm(query.sort)
      : createPlainForm(query)

    async function read(
      group: readonly Shared<PageCall>[],
      longest: number | null,
      isRepeated: boolean,
    ): Promise<PageRow[]> {
      const calls = group.map(({ call }) => call)
      const options = { isRepeated, deadline: deadlineOf(group) }
      const values = parameters.map(({ from }) => arrayOf(calls.map(from)))
      const limits = arrayOf(calls.map(() => longest))
      const rows = await pool.run<PageRow>(statement, [...values, limits], options)
      return rows.toSorted((a, b) => Number(a.number) - Number(b.number))
    }

    async function runAlone(one: Shared<PageCall>): Promise<TaskPage> {
      const [row] = await read([one], null, true)
      if (!row) throw new Error('the statement of a page returned no row')
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
    const read = shares.get(form) ?? share(query)
    shares.set(form, read)
    return read({ owner, query })
  }
}

function keyOf(query: TaskQuery): string {
  const { sort, limit, after, completed, search, deleted } = query
  if (needsFilteredForm(query)) return sort
  return [sort, limit === null, after === null, completed === null, search === null, deleted].join()
}

function toPage(row: PageRow, query: TaskQuery): TaskPage {
  const { page, count, unknown_list: isListUnknown, unknown_parent: isParentUnknown } = row
  const revision = revisionOf(toFeed(row))
  const unknown: ('list' | 'parent')[] = []
  if (isListUnknown) unknown.push('list')
  if (isParentUnknown) unknown.push('parent')
  if (unknown.length > 0) return { tasks: [], count: 0, next: null, revision, unknown }
  const { sort, limit } = query
  const rows = page ?? []
  const isCut = limit !== null && rows.length > limit
  const taken = isCut ? rows.slice(0, limit) : rows
  const last = taken.at(-1)
  return {
    tasks: taken.map(toTask),
    count: count ?? (isFiltered(query) ? taken.length : 0),
    next: isCut && last ? { key: sortKeys[sorts[sort].name](last), id: last[0] } : null,
    revision,
    unknown,
  }
}
