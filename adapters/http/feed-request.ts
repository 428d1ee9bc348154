import Type from 'typebox'
import type { FeedPosition } from '../../core/feed.ts'
import { MAX_PAGE } from '../../core/query.ts'
import { createRule, invalid } from '../../core/validation.ts'
import { feedPosition } from './feed-cursor.ts'
import { readQueryString } from './query-string.ts'

const DEFAULT_LIMIT = 100
/** What proxies and clients of all kinds have the patience for. */
const MAX_WAIT_SECONDS = 25

const CURSOR = 'must be the next_cursor of an earlier answer, or the id of an event'

/** What a caller may say of the changes that it wants, besides where they start. */
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

const rule = createRule('query', ChangesQuery)

/** Changes that are asked for. */
export interface ChangesRequest {
  /** `null` for every task. */
  readonly after: FeedPosition | null
  readonly limit: number
  /** How long the caller waits where there is nothing yet. */
  readonly waitSeconds: number
}

/**
 * Reads which changes a URL asks for.
 *
 * @throws TaskportError `invalid` with everything that is wrong.
 */
export function readChangesRequest(url: string): ChangesRequest {
  const { values, problems } = readQueryString(url, ['cursor', 'limit', 'wait'])
  const input = { ...numberIn(values, 'limit'), ...numberIn(values, 'wait') }
  const cursor = values.get('cursor')
  const after = cursor === undefined ? null : feedPosition(cursor)
  const wrong = [...problems, ...rule.problems(input)]
  if (cursor !== undefined && after === null) wrong.push(`cursor: ${CURSOR}`)
  if (wrong.length > 0 || !rule.accepts(input)) throw invalid(...wrong)
  return { after, limit: input.limit ?? DEFAULT_LIMIT, waitSeconds: input.wait ?? 0 }
}

/**
 * Reads after which event a stream starts: `Last-Event-ID`, which a reader that comes back sends, has
 * the last word, for its URL is still the one of its first request.
 *
 * @throws TaskportError `invalid` with everything that is wrong.
 */
export function readStreamStart({ url, headers }: Request): FeedPosition | null {
  const { values, problems } = readQueryString(url, ['cursor'])
  const cursor = values.get('cursor')
  const lastEvent = headers.get('last-event-id') || undefined
  const wrong = [...problems]
  const [ofQuery, ofHeader] = [cursor, lastEvent].map((text) =>
    text === undefined ? null : feedPosition(text),
  )
  if (cursor !== undefined && !ofQuery) wrong.push(`cursor: ${CURSOR}`)
  if (lastEvent !== undefined && !ofHeader) wrong.push(`Last-Event-ID: ${CURSOR}`)
  if (wrong.length > 0) throw invalid(...wrong)
  return ofHeader ?? ofQuery ?? null
}

/** A parameter as a number where it is one, and else as it came, for the rule to refuse. */
function numberIn<Name extends string>(values: ReadonlyMap<string, string>, name: Name) {
  const text = values.get(name)
  if (text === undefined) return {}
  return { [name]: /^\d{1,9}$/.test(text) ? Number(text) : text }
}
