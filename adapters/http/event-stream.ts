import { AsyncLocalStorage } from 'node:async_hooks'
import { TaskportError } from '../../core/errors.ts'
import type { ChangePage, FeedPosition } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskService } from '../../core/tasks.ts'
import { feedCursor } from './feed-cursor.ts'
import { changeEvents, type EndReason, endEvent, retryField } from './feed-events.ts'
import type { HeldRequests } from './held-requests.ts'
import type { HttpEvent } from './ports.ts'

const PAGE = 100
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 15_000
// Readers that are cut off together come back one by one.
const RECONNECT_MS = { atLeast: 1000, spread: 4000 }

const encoder = new TextEncoder()
const COMMENT = encoder.encode(':\n\n')

// What a reader reads is no part of the request that made the news.
const outsideOfRequests = AsyncLocalStorage.snapshot()

/** What a reader asks for. */
export interface StreamRequest {
  readonly owner: Owner
  /** When its token expires, in milliseconds since 1970. */
  readonly expiresAt: number
  /** `null` for every task, and then what changes. */
  readonly after: FeedPosition | null
  readonly requestId: string
  /** Closes the connection in a moment, where its other side goes on taking nothing. */
  readonly cut: () => void
}

/** A stream, and when it has ended, in whichever way. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  readonly ended: Promise<void>
}

interface Reader {
  readonly request: StreamRequest
  /** Where there is room on the connection. */
  room: ReadableStreamDefaultController<Uint8Array> | null
  position: FeedPosition | null
  /** What was read and not sent yet. */
  text: string
  /** Whether there may be something to read. */
  hasNews: boolean
  isReading: boolean
  /** Whether it was told that it has everything. */
  isSynced: boolean
  endsFor: EndReason | null
  failures: number
  retryAt: number
  sentAt: number
  leave(): void
}

/**
 * Sends feeds as server-sent events. A reader's next page is read when its connection has room for it
 * and not before, so that a slow one costs a page and no more; it is behind then, and misses nothing.
 *
 * @param deps.commentEveryMs how long a stream is silent. The connection of a reader that takes
 * nothing for longer is closed by the server's time limit for idle ones.
 * @param deps.tickMs how often streams are looked at for what only time brings.
 */
export function createEventStreams(deps: {
  readonly tasks: Pick<TaskService, 'changes' | 'watch'>
  readonly held: HeldRequests
  readonly observe: (event: HttpEvent) => void
  readonly commentEveryMs: number
  readonly tickMs: number
}) {
  const { tasks, held, observe, commentEveryMs, tickMs } = deps
  const readers = new Set<Reader>()
  // One for all: a timer for each reader would cost more than the reader.
  let ticking: ReturnType<typeof setInterval> | null = null

  function tick(): void {
    for (const reader of readers) step(reader)
  }

  function join(reader: Reader): void {
    readers.add(reader)
    ticking ??= setInterval(tick, tickMs)
  }

  /** @returns whether it had not left before. */
  function part(reader: Reader): boolean {
    const isFirst = readers.delete(reader)
    if (readers.size === 0 && ticking !== null) {
      clearInterval(ticking)
      ticking = null
    }
    return isFirst
  }

  /** Does for a reader what can be done now. */
  function step(reader: Reader): void {
    const { room, request } = reader
    if (room === null || reader.isReading) return
    const time = performance.now()
    if (Date.now() >= request.expiresAt) reader.endsFor ??= 'TOKEN_EXPIRED'
    if (reader.endsFor !== null) {
      send(reader, room, encoder.encode(endEvent(reader.endsFor)))
      room.close()
      reader.leave()
    } else if (reader.text !== '') {
      const bytes = encoder.encode(reader.text)
      reader.text = ''
      send(reader, room, bytes)
    } else if (reader.hasNews && time >= reader.retryAt) {
      void read(reader)
    } else if (time - reader.sentAt >= commentEveryMs) {
      send(reader, room, COMMENT)
    }
  }

  function send(
    reader: Reader,
    room: ReadableStreamDefaultController<Uint8Array>,
    bytes: Uint8Array,
  ): void {
    reader.room = null
    reader.sentAt = performance.now()
    room.enqueue(bytes)
  }

  /** Reads on. Where the store is down it is asked again, with more and more patience. */
  async function read(reader: Reader): Promise<void> {
    const { owner, requestId } = reader.request
    reader.isReading = true
    reader.hasNews = false
    try {
      take(reader, await tasks.changes(owner, reader.position, PAGE))
      reader.failures = 0
    } catch (error) {
      const code = error instanceof TaskportError ? error.code : null
      if (code === 'unavailable') {
        const pause = Math.min(FIRST_RETRY_MS * 2 ** reader.failures, LAST_RETRY_MS)
        reader.hasNews = true
        reader.failures += 1
        reader.retryAt = performance.now() + pause
      } else if (code === 'cursor_expired') {
        reader.endsFor ??= 'CURSOR_EXPIRED'
      } else {
        observe({ type: 'fault', fault: error, requestId })
        reader.endsFor ??= 'INTERNAL_ERROR'
      }
    }
    reader.isReading = false
    step(reader)
  }

  function take(reader: Reader, { changes, next, hasMore }: ChangePage): void {
    const isNow = !hasMore && !reader.isSynced
    const synced = isNow ? { snapshot: reader.request.after === null } : null
    reader.text += changeEvents(changes, feedCursor(next), synced)
    reader.position = next
    if (isNow) reader.isSynced = true
    if (hasMore) reader.hasNews = true
  }

  return {
    /** Begins a stream. Rejects where its first page cannot be read, or too many are held open. */
    async open(request: StreamRequest): Promise<EventStream> {
      const { owner, after } = request
      const ended = Promise.withResolvers<void>()
      const reader: Reader = {
        request,
        room: null,
        position: after,
        text: retryField(RECONNECT_MS.atLeast + Math.floor(Math.random() * RECONNECT_MS.spread)),
        hasNews: false,
        isReading: true,
        isSynced: false,
        endsFor: null,
        failures: 0,
        retryAt: 0,
        sentAt: performance.now(),
        leave() {
          if (!part(reader)) return
          reader.room = null
          unwatch()
          release()
          ended.resolve()
        },
      }
      const release = held.hold(owner, () => {
        reader.endsFor ??= 'SHUTTING_DOWN'
        step(reader)
        if (readers.has(reader) && !reader.isReading) request.cut()
      })
      // Listens before it looks: what comes in between is not missed.
      const unwatch = tasks.watch(owner, () => {
        reader.hasNews = true
        outsideOfRequests(step, reader)
      })
      join(reader)
      try {
        take(reader, await tasks.changes(owner, after, PAGE))
      } catch (error) {
        reader.leave()
        throw error
      }
      reader.isReading = false
      const body = new ReadableStream<Uint8Array>(
        {
          pull(room) {
            reader.room = room
            step(reader)
          },
          // Comes also where the reader has left before the stream began.
          cancel: () => reader.leave(),
        },
        { highWaterMark: 0 },
      )
      return { body, ended: ended.promise }
    },
  }
}
