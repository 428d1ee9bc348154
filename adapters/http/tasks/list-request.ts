import { hash } from 'node:crypto'
import { EVERYTHING, type TaskQuery } from '../../../core/query.ts'
import { readTaskQuery } from '../../../core/requests.ts'
import { DEFAULT_SORT, type PagePosition } from '../../../core/sorting.ts'
import { cursorOf, readCursor } from '../cursor.ts'
import { booleanIn, numberIn, readQueryString } from '../middleware/query-string.ts'

/** The parameters of a list. Invalid values are kept as received. */
interface ListInput {
  limit?: number | string
  sort?: string
  completed?: boolean | string
  q?: string
  deleted?: string
  list?: string
  parent?: string
  due?: string
  due_after?: string
  due_before?: string
  /** Sorted, because their order makes no difference. */
  tag?: readonly string[]
  priority?: readonly string[]
}

/** The list that a URL requests. */
export interface ListRequest {
  /** The parameters of the URL, to make cursors and links from. */
  readonly input: ListInput
  readonly query: TaskQuery
  /**
   * Identifies the parameters, so that lists with different responses have different entity tags; empty
   * for the list without parameters. The order of the parameters does not matter.
   */
  readonly digest: string
}

const PARAMETERS = [
  'limit',
  'sort',
  'completed',
  'q',
  'deleted',
  'list',
  'parent',
  'due',
  'due_after',
  'due_before',
] as const
const NAMES = [...PARAMETERS, 'cursor']
const REPEATABLE = ['tag', 'priority'] as const

const FOREIGN_CURSOR = 'cursor: must be the next_cursor of a list with the same sort and filters'

const WHOLE_LIST: ListRequest = { input: {}, query: EVERYTHING, digest: '' }

/** @throws TaskportError `invalid`, with everything that is wrong. */
export function readListRequest(url: string): ListRequest {
  if (!url.includes('?')) return WHOLE_LIST
  const { values, repeated, problems } = readQueryString(url, NAMES, REPEATABLE)
  const input: ListInput = {}
  for (const name of PARAMETERS) {
    const value = values.get(name)
    if (value === undefined) continue
    if (name === 'limit') input.limit = numberIn(value)
    else if (name === 'completed') input.completed = booleanIn(value)
    else input[name] = value
  }
  for (const name of REPEATABLE) {
    const given = repeated.get(name)
    if (given !== undefined) input[name] = given.toSorted()
  }
  const cursor = values.get('cursor')
  const after = cursor === undefined ? null : positionIn(input, cursor)
  const isForeign = cursor !== undefined && after === null
  const found = isForeign ? [...problems, FOREIGN_CURSOR] : problems
  return {
    input,
    query: readTaskQuery(input, after, found, 'cursor'),
    digest: digestOf(input, cursor),
  }
}

const TAG_DIGITS = 16

// Hexadecimal, because a `-br` at the end would look like the suffix of a proxy.
function digestOf(input: ListInput, cursor: string | undefined): string {
  if (cursor === undefined && Object.keys(input).length === 0) return ''
  const parameters = JSON.stringify([input.limit, cursor, scopeOf(input)])
  return hash('sha256', parameters, 'hex').slice(0, TAG_DIGITS)
}

/** The path and query of the page of the same list that starts at a cursor. */
export function nextPage(input: ListInput, cursor: string): string {
  const parameters = [...PARAMETERS, ...REPEATABLE].flatMap((name) =>
    [input[name] ?? []].flat().map((value) => `${name}=${encodeURIComponent(value)}&`),
  )
  return `/tasks?${parameters.join('')}cursor=${cursor}`
}

const ID_LENGTH = 36

/** The cursor of a position in a list, valid for the same sort and filters. */
export function cursorAt(input: ListInput, { id, key }: PagePosition): string {
  return cursorOf(scopeOf(input), `${id}${key}`)
}

function positionIn(input: ListInput, cursor: string): PagePosition | null {
  const text = readCursor(scopeOf(input), cursor)
  return text === null ? null : { id: text.slice(0, ID_LENGTH), key: text.slice(ID_LENGTH) }
}

/** Identifies the sort and the filters. */
function scopeOf({ sort = DEFAULT_SORT, completed, q, deleted, ...others }: ListInput): string {
  const { list, parent, due, due_after, due_before, tag, priority } = others
  const newer = [list, parent, due, due_after, due_before, tag, priority]
  const hasNewer = newer.some((value) => value !== undefined)
  // Lists without the newer filters keep the cursors that they had before there were any.
  return JSON.stringify([sort, completed, q, deleted, ...(hasNewer ? newer : [])])
}
