import { TaskportError } from './errors.ts'
import { readEvents, type ServerEvent } from './events.ts'
import { type Http, isPassing } from './http.ts'
import { backOffMs, pause, TIME_IS_UP } from './timing.ts'
import type { ChangeList, TaskChange } from './types.ts'

export interface FeedOptions {
  /** Where the reader stands: a `next_cursor` or the `cursor` of an event. Without it, a snapshot. */
  readonly cursor?: string | undefined
  /** Ends the feed, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * What happened, and where the reader stands: with that cursor nothing is missed, and some of it comes
 * again. `synced` says that the reader now has everything, after a `snapshot` or after changes.
 */
export type FeedEvent = (TaskChange | { readonly type: 'synced'; readonly snapshot: boolean }) & {
  readonly cursor: string
}

// The service sends something every 15 s.
const SILENCE_MS = 40_000
const LONGEST_WAIT_SECONDS = 25

/** The feed of changes, kept up for as long as somebody reads it. */
export function createFeed(http: Http) {
  /**
   * Pages of changes, each as soon as there is one (long polls). Whatever passes is waited out; the
   * rest is thrown, `CURSOR_EXPIRED` among it, after which a snapshot has to be read.
   */
  async function* pages(
    options: FeedOptions & { readonly limit?: number | undefined } = {},
  ): AsyncGenerator<ChangeList> {
    const { signal, limit } = options
    let { cursor } = options
    for (let failures = 0; ; ) {
      // Without a cursor there is nothing to wait for: the snapshot is there.
      const wait = cursor === undefined ? 0 : LONGEST_WAIT_SECONDS
      try {
        const answer = await http.send({
          method: 'GET',
          path: '/tasks/changes',
          query: { cursor, limit, wait },
          waitMs: wait * 1000,
          signal,
        })
        // The document says what this answer is.
        const page = answer.body as ChangeList
        failures = 0
        cursor = page.next_cursor
        if (page.changes.length > 0) yield page
      } catch (error) {
        await pause(pauseAfter(error, failures++), signal)
      }
    }
  }

  /** Changes as they happen (server-sent events), read on where a stream broke off. */
  async function* events(options: FeedOptions = {}): AsyncGenerator<FeedEvent> {
    const { signal } = options
    let { cursor = '' } = options
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

  /** One stream, to its end. */
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
      limit.renew(SILENCE_MS)
      if (response.body === null) return
      for await (const event of readEvents(response.body, () => limit.renew(SILENCE_MS))) {
        // Of changes that belong together only the last one has an id.
        const found = eventIn(event, event.id || start)
        if (found) yield found
      }
    } catch (error) {
      throw breakOf(error, limit.signal)
    } finally {
      limit.release()
    }
  }

  return { pages, events }
}

/** How long to wait after what passes. Throws the rest. */
function pauseAfter(error: unknown, failures: number): number {
  if (!(error instanceof TaskportError) || !isPassing(error)) throw error
  return backOffMs(failures, error.retryAfter)
}

/** A stream that breaks, or falls silent, is a connection that was lost. */
function breakOf(cause: unknown, signal: AbortSignal): unknown {
  if (cause instanceof TaskportError) return cause
  const code = signal.reason === TIME_IS_UP ? 'TIMEOUT' : 'NETWORK_ERROR'
  return new TaskportError(code, 'The stream of events broke off', { cause })
}

/** What an event says to the reader. Throws where there is no reading on from its cursor. */
function eventIn({ type, data }: ServerEvent, cursor: string): FeedEvent | null {
  if (type === 'end' && memberOf(data, 'reason') === 'CURSOR_EXPIRED')
    throw new TaskportError('CURSOR_EXPIRED', 'Start again without a cursor')
  if (type === 'synced') return { type, snapshot: memberOf(data, 'snapshot') === true, cursor }
  if (type !== 'upsert' && type !== 'delete') return null
  // The document says what a change is.
  return { ...(JSON.parse(data) as TaskChange), cursor }
}

function memberOf(data: string, name: string): unknown {
  return Object(JSON.parse(data))[name]
}
