import { TaskportError } from './errors.ts'
import { readEvents, type ServerEvent } from './events.ts'
import { type CallOptions, type Http, isTemporary } from './http.ts'
import { backOffMs, pause, TIME_IS_UP } from './timing.ts'
import type { ChangeList, TaskChange } from './types.ts'

export interface FeedOptions {
  /** Where to continue: the `next_cursor` of a page or the `cursor` of an event. Without it, a snapshot. */
  readonly cursor?: string | undefined
  /** Ends the feed, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Which changes a page has. */
export interface ChangeQuery {
  readonly cursor?: string | undefined
  /** The maximum number of changes. */
  readonly limit?: number | undefined
  /** Seconds to wait for a change if there is none yet; only with a cursor. */
  readonly wait?: number | undefined
}

/**
 * A change, and the cursor to continue from. Continuing from it misses nothing, but may repeat some
 * changes. `synced` means that the reader is up to date, after a `snapshot` or after changes.
 */
export type FeedEvent = (TaskChange | { readonly type: 'synced'; readonly snapshot: boolean }) & {
  readonly cursor: string
}

// The service sends at least a comment every 15 s.
const MAX_SILENCE_MS = 40_000
const LONG_POLL_SECONDS = 25
const CHANGE_TYPES = ['upsert', 'delete', 'list', 'list_deleted']

/** Reads the feed of changes and reconnects for as long as it is read. */
export function createFeed(http: Http) {
  /** Returns one page of changes. Without a cursor, the first pages are a snapshot. */
  async function page(query: ChangeQuery = {}, options: CallOptions = {}): Promise<ChangeList> {
    const waitMs = (query.wait ?? 0) * 1000
    const call = { method: 'GET', path: '/tasks/changes', query: { ...query }, waitMs }
    // The OpenAPI document defines this body.
    return (await http.send({ ...options, ...call })).body as ChangeList
  }

  /**
   * Yields pages of changes as soon as there are any (long polling). Retries temporary errors and throws
   * all others. After `CURSOR_EXPIRED`, start again without a cursor.
   */
  async function* pages(
    options: FeedOptions & { readonly limit?: number | undefined } = {},
  ): AsyncGenerator<ChangeList> {
    const { signal, limit } = options
    let { cursor } = options
    for (let failures = 0; ; ) {
      // A snapshot is available immediately.
      const wait = cursor === undefined ? 0 : LONG_POLL_SECONDS
      try {
        const next = await page({ cursor, limit, wait }, { signal })
        failures = 0
        cursor = next.next_cursor
        if (next.changes.length > 0) yield next
      } catch (error) {
        await pause(pauseAfter(error, failures++), signal)
      }
    }
  }

  /**
   * Yields changes as they happen (server-sent events), and continues after a lost connection.
   *
   * @param options.reconnect `false` to end with the stream instead, or to throw if it breaks.
   */
  async function* events(
    options: FeedOptions & { readonly reconnect?: boolean | undefined } = {},
  ): AsyncGenerator<FeedEvent> {
    const { signal, reconnect = true } = options
    let { cursor = '' } = options
    if (!reconnect) return yield* stream(cursor, signal)
    for (let failures = 0; ; ) {
      try {
        for await (const event of stream(cursor, signal)) {
          failures = 0
          cursor = event.cursor
          yield event
        }
        await pause(backOffMs(failures++, null), signal)
      } catch (error) {
        signal?.throwIfAborted()
        await pause(pauseAfter(error, failures++), signal)
      }
    }
  }

  /** Reads one stream to its end. */
  async function* stream(start: string, signal: AbortSignal | undefined) {
    const { response, limit } = await http.open({
      method: 'GET',
      path: '/tasks/events',
      headers: {
        accept: 'text/event-stream',
        ...(start === '' ? {} : { 'last-event-id': start }),
      },
      signal,
    })
    try {
      limit.renew(MAX_SILENCE_MS)
      if (response.body === null) return
      for await (const event of readEvents(response.body, () => limit.renew(MAX_SILENCE_MS))) {
        // Of changes that belong together, only the last one has an id.
        const parsed = parseEvent(event, event.id || start)
        if (parsed) yield parsed
      }
    } catch (error) {
      throw connectionError(error, limit.signal)
    } finally {
      limit.release()
    }
  }

  return { page, pages, events }
}

/** How long to wait after a temporary error. Throws all others. */
function pauseAfter(error: unknown, failures: number): number {
  if (!(error instanceof TaskportError) || !isTemporary(error)) throw error
  return backOffMs(failures, error.retryAfter)
}

/** The error of a stream that broke or fell silent. */
function connectionError(cause: unknown, signal: AbortSignal): unknown {
  if (cause instanceof TaskportError) return cause
  const code = signal.reason === TIME_IS_UP ? 'TIMEOUT' : 'NETWORK_ERROR'
  return new TaskportError(code, 'The event stream was interrupted', { cause })
}

/** Parses an event; `null` if its type is unknown. Throws if the cursor has expired. */
function parseEvent({ type, data }: ServerEvent, cursor: string): FeedEvent | null {
  if (type === 'end' && memberOf(data, 'reason') === 'CURSOR_EXPIRED')
    throw new TaskportError(
      'CURSOR_EXPIRED',
      'The cursor has expired; start again without a cursor',
    )
  if (type === 'synced') return { type, snapshot: memberOf(data, 'snapshot') === true, cursor }
  if (!CHANGE_TYPES.includes(type)) return null
  // The OpenAPI document defines a change.
  return { ...(JSON.parse(data) as TaskChange), cursor }
}

function memberOf(data: string, name: string): unknown {
  return Object(JSON.parse(data))[name]
}
