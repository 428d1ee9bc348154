import { hash } from 'node:crypto'
import { DEFAULT_SORT, EVERYTHING, type ListQuery, type Position } from '../../core/query.ts'
import { readList } from '../../core/requests.ts'
import { booleanIn, readQueryString } from './query-string.ts'

/** What a caller says of a list; values that break a rule are in it as they came. */
interface ListInput {
  limit?: number | string
  sort?: string
  completed?: boolean | string
  q?: string
  deleted?: string
}

/** Which tasks a URL asks for. */
export interface ListRequest {
  /** As the URL says it, to make cursors and links. */
  readonly input: ListInput
  readonly query: ListQuery
}

const PARAMETERS = ['limit', 'sort', 'completed', 'q', 'deleted'] as const
const NAMES = [...PARAMETERS, 'cursor']

const WHOLE_LIST: ListRequest = { input: {}, query: EVERYTHING }

/** @throws TaskportError `invalid`, with everything that is wrong. */
export function readListRequest(url: string): ListRequest {
  if (!url.includes('?')) return WHOLE_LIST
  const { values, problems } = readQueryString(url, NAMES)
  const input: ListInput = {}
  for (const name of PARAMETERS) {
    const value = values.get(name)
    if (value === undefined) continue
    if (name === 'limit') input.limit = /^\d{1,9}$/.test(value) ? Number(value) : value
    else if (name === 'completed') input.completed = booleanIn(value)
    else input[name] = value
  }
  const cursor = values.get('cursor')
  const after = cursor === undefined ? null : positionIn(input, cursor)
  const isForeign = cursor !== undefined && after === null
  const found = isForeign ? [...problems, FOREIGN_CURSOR] : problems
  return { input, query: readList(input, after, found) }
}

const FOREIGN_CURSOR = 'cursor: must be the next_cursor of a list with the same sort and filters'

/** The URL of the page that starts at a cursor, of the same list. */
export function nextPage(input: ListInput, cursor: string): string {
  const said = PARAMETERS.flatMap((name) => {
    const value = input[name]
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}&`]
  })
  return `/tasks?${said.join('')}cursor=${cursor}`
}

const CHECK_LENGTH = 16
const ID_LENGTH = 36

/**
 * The text that stands for a position in a list. A digest in it binds it to the list's sort and
 * filters, and shows any change of it. It is no secret: a position says nothing of others' tasks.
 */
export function cursorAt(input: ListInput, { id, key }: Position): string {
  const { sort = DEFAULT_SORT, completed = null, q = null, deleted = null } = input
  const bound = hash('sha256', JSON.stringify([sort, completed, q, deleted, id, key]), 'base64url')
  return Buffer.from(`${bound.slice(0, CHECK_LENGTH)}${id}${key}`, 'latin1').toString('base64url')
}

function positionIn(input: ListInput, cursor: string): Position | null {
  const text = Buffer.from(cursor, 'base64url').toString('latin1').slice(CHECK_LENGTH)
  const position = { id: text.slice(0, ID_LENGTH), key: text.slice(ID_LENGTH) }
  return cursorAt(input, position) === cursor ? position : null
}
