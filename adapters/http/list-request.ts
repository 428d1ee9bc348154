import { hash } from 'node:crypto'
import { DEFAULT_SORT, type Position } from '../../core/query.ts'
import { listProblems } from '../../core/requests.ts'
import { invalid } from '../../core/validation.ts'
import { booleanIn, readQueryString } from './query-string.ts'

/** What a caller says of a list; values that break a rule are in it as they came. */
interface ListInput {
  limit?: number | string
  sort?: string
  completed?: boolean | string
  q?: string
  deleted?: string
}

/** A list that is asked for, and where in it the page starts. */
export interface ListRequest {
  readonly input: ListInput
  readonly after: Position | null
}

const PARAMETERS = ['limit', 'sort', 'completed', 'q', 'deleted'] as const
const NAMES = [...PARAMETERS, 'cursor']

const EVERYTHING: ListRequest = { input: {}, after: null }

/**
 * Reads which tasks a URL asks for.
 *
 * @throws TaskportError `invalid` with everything that is wrong.
 */
export function readListRequest(url: string): ListRequest {
  if (!url.includes('?')) return EVERYTHING
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
  const wrong = [...problems, ...listProblems(input)]
  if (cursor !== undefined && after === null)
    wrong.push('cursor: must be the next_cursor of a list with the same sort and filters')
  if (wrong.length > 0) throw invalid(...wrong)
  return { input, after }
}

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
