import { TaskportError } from '../errors.ts'
import type { TaskportClient } from '../taskport.ts'
import type { TaskChange } from '../types.ts'
import { takingOver } from './feed.ts'
import type { Replica } from './replica.ts'

const PAGE = 1000
const POLL_SECONDS = 25
// How long the stream of changes may take to bring what a response says.
const STREAM_DELAY_MS = 1000

export interface RequestOptions {
  readonly signal: AbortSignal
  readonly retries?: number | undefined
  /** Seconds to wait for changes if there are none yet. */
  readonly wait?: number
}

export type Reader = ReturnType<typeof createReader>

/** Reads the feed into the copy. */
export function createReader(client: TaskportClient, { data, transact, until }: Replica) {
  /** Whether the stream of changes is connected. */
  let isFollowing = false
  /** Whether a stream is worth trying: the last one brought something, or a long poll came after it. */
  let isStreaming = true

  /** Takes over changes that follow `from`, or a snapshot, unless the copy has moved on. */
  function takeOver(
    from: string | null,
    changes: readonly TaskChange[],
    cursor: string,
    isSnapshot = false,
  ): Promise<boolean> {
    return transact((old) =>
      old.cursor === from ? takingOver(old, changes, cursor, isSnapshot) : null,
    )
  }

  /** Reads the feed to its end. A snapshot replaces the copy, but not the queue. */
  async function pull(call: RequestOptions, isExpired = false): Promise<void> {
    const from = data().cursor
    const isSnapshot = isExpired || from === null
    const changes: TaskChange[] = []
    let cursor = isSnapshot ? undefined : from
    try {
      for (let hasMore = true; hasMore; ) {
        const query = { cursor, limit: PAGE, wait: cursor ? call.wait : undefined }
        const page = await client.listChanges(query, call)
        changes.push(...page.changes)
        cursor = page.next_cursor
        hasMore = page.has_more
      }
    } catch (error) {
      if (!(error instanceof TaskportError) || error.code !== 'CURSOR_EXPIRED') throw error
      return pull(call, true)
    }
    const isNews = isSnapshot || changes.length > 0
    // Another reader may have been faster. Then this one starts again.
    if (isNews && !(await takeOver(from, changes, `${cursor}`, isSnapshot))) return pull(call)
  }

  /** Takes over events as they happen, until the stream ends. */
  async function stream({ signal }: RequestOptions): Promise<void> {
    let from = data().cursor ?? ''
    let group: TaskChange[] = []
    isFollowing = true
    try {
      const events = client.events({ cursor: from, signal, reconnect: false })
      for await (const { cursor, ...event } of events) {
        isStreaming = true
        if (event.type !== 'synced') group.push(event)
        // Of events that belong together, only the last one has a cursor.
        if (cursor === from) continue
        // Another reader may have taken the copy further. Then this stream is behind.
        if (!(await takeOver(from, group, cursor))) break
        from = cursor
        group = []
      }
    } catch {
      // What is wrong shows when the feed is read next.
    } finally {
      isFollowing = false
    }
  }

  return {
    pull,

    /** Waits until the copy shows something. */
    async catchUp(isShown: () => boolean, call: RequestOptions): Promise<void> {
      if (isFollowing) await until(isShown, call.signal, STREAM_DELAY_MS)
      if (!isShown()) await pull(call)
    },

    /** Waits for changes and takes them over: by a stream or, after one that brought nothing, a long poll. */
    async follow(call: RequestOptions): Promise<void> {
      isStreaming = !isStreaming
      return isStreaming ? pull({ ...call, wait: POLL_SECONDS }) : stream(call)
    },
  }
}
