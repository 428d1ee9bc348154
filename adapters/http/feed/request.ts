import Type from 'typebox'
import type { FeedPosition } from '../../../core/feed.ts'
import { isStoredId } from '../../../core/item.ts'
import { MAX_PAGE } from '../../../core/query.ts'
import { createReader, invalid } from '../../../core/validation.ts'
import { cursorOf, readCursor } from '../cursor.ts'
import { numberIn, readQueryString } from '../middleware/query-string.ts'

const DEFAULT_LIMIT = 100
/** Shorter than the time limits of common proxies and clients. */
const MAX_WAIT_SECONDS = 25

const CURSOR = 'must be the next_cursor of an earlier response, or the id of an event'

/** The parameters of a page of changes, apart from its cursor. */
export const ChangesQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      description: `a whole number from 1 to ${MAX_PAGE}`,
      default: DEFAULT_LIMIT,
    }),
  ),
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_SECONDS,
      description: `a whole number of seconds from 0 to ${MAX_WAIT_SECONDS}`,
      default: 0,
    }),
  ),
})

const readPage = createReader('query', ChangesQuery)

/** The changes that a URL requests. */
export interface ChangesRequest {
  /** `null` for every task. */
  readonly after: FeedPosition | null
  readonly limit: number
  /** How long to wait for a change if there is none yet. */
  readonly waitSeconds: number
}

/** @throws TaskportError `invalid`, with everything that is wrong. */
export function readChangesRequest(url: string): ChangesRequest {
  const { values, problems } = readQueryString(url, ['cursor', 'limit', 'wait'])
  const found = [...problems]
  const input = readPage({ ...parameterIn(values, 'limit'), ...parameterIn(values, 'wait') }, found)
  const after = positionIn(values.get('cursor'), 'cursor', found)
  if (!input || found.length > 0) throw invalid(...found)
  return { after, limit: input.limit ?? DEFAULT_LIMIT, waitSeconds: input.wait ?? 0 }
}

/**
 * Reads where a stream starts. `Last-Event-ID` takes precedence, because a client that reconnects sends
 * it together with the URL of its first request.
 *
 * @throws TaskportError `invalid`, with everything that is wrong.
 */
export function readStreamStart({ url, headers }: Request): FeedPosition | null {
  const { values, problems } = readQueryString(url, ['cursor'])
  const found = [...problems]
  const ofQuery = positionIn(values.get('cursor'), 'cursor', found)
  const ofHeader = positionIn(headers.get('last-event-id') || undefined, 'Last-Event-ID', found)
  if (found.length > 0) throw invalid(...found)
  return ofHeader ?? ofQuery
}

function parameterIn(values: ReadonlyMap<string, string>, name: 'limit' | 'wait') {
  const text = values.get(name)
  return text === undefined ? {} : { [name]: numberIn(text) }
}

function positionIn(
  cursor: string | undefined,
  name: 'cursor' | 'Last-Event-ID',
  problems: string[],
): FeedPosition | null {
  if (cursor === undefined) return null
  const position = feedPosition(cursor)
  if (!position) problems.push(`${name}: ${CURSOR}`)
  return position
}

const SCOPE = 'feed'
// A snapshot's lists come before the number 0. A letter marks the id of a list: older cursors have none.
const FORM = /^([0-9a-f]{0,16})\.(-1|\d{1,15})\.(\d{1,15})\.(l?)(.*)$/

/** The cursor of a position in a feed. In another user's feed it has expired. */
export function feedCursor({ epoch, sequence, since, kind, id }: FeedPosition): string {
  return cursorOf(SCOPE, `${epoch}.${sequence}.${since}.${kind === 'list' ? 'l' : ''}${id}`)
}

/** The position that a cursor stands for; `null` if it is not a cursor. */
export function feedPosition(cursor: string): FeedPosition | null {
  const [, epoch, sequence, since, mark, id] = FORM.exec(readCursor(SCOPE, cursor) ?? '') ?? []
  if (epoch === undefined || id === undefined || !isStoredId(id)) return null
  const kind = mark === 'l' ? 'list' : 'task'
  return { epoch, sequence: Number(sequence), since: Number(since), kind, id }
}
