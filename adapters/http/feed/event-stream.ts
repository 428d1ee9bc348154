import { AsyncLocalStorage } from 'node:async_hooks'
import { TaskportError } from '../../../core/errors.ts'
import type { ChangePage, FeedPosition } from '../../../core/feed.ts'
import type { Owner } from '../../../core/owner.ts'
import type { TaskService } from '../../../core/tasks.ts'
import type { HttpEvent, VerifiedToken } from '../ports.ts'
import { changeEvents, type EndReason, endEvent, retryField } from './events.ts'
import type { HeldRequests } from './held-requests.ts'
import { feedCursor } from './request.ts'

const PAGE = 100
const FIRST_RETRY_MS = 1000
const LAST_RETRY_MS = 15_000
// Spreads the reconnections of readers that were disconnected together.
const RECONNECT_MS = { atLeast: 1000, spread: 4000 }

const encoder = new TextEncoder()
const COMMENT = encoder.encode(':\n\n')

// A reader's work does not belong to the trace of the request that notified it.
const outsideOfRequests = AsyncLocalStorage.snapshot()

/** What a reader asks for. */
export interface StreamRequest {
  readonly owner: Owner
  /** When its token expires, in milliseconds since 1970. */
  readonly expiresAt: number
  readonly watchToken: VerifiedToken['watch']
  /** `null` to start with every task. */
  readonly after: FeedPosition | null
  readonly requestId: string
  /** Closes the connection soon unless the client reads. */
  readonly closeSoon: () => void
  /** Called before the service ends the stream. The connection stays open for the next request. */
  readonly end: () => void
}

/** A stream, and a promise that resolves when it has ended for any reason. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>
  readonly ended: Promise<void>
}

interface Reader {
  readonly request: StreamRequest
  /** Whether the token is known to be valid still. */
  isConfirmed(): boolean
  /** The stream's controller while the connection has room for more; otherwise `null`. */
  controller: ReadableStreamDefaultController<Uint8Array> | null
  position: FeedPosition | null
  /** Text that is not sent yet. */
  text: string
  /** Whether there may be something to read. */
  hasNews: boolean
  isReading: boolean
  /** Whether the reader got `synced`. */
  isSynced: boolean
  /** Why to end the stream; `null` to go on. */
  endsFor: EndReason | null
  failures: number
  retryAt: number
  sentAt: number
  disconnect(): void
}

/**
 * Sends feeds as server-sent events. Reads the next page only when the connection has room for it, so a
 * slow reader costs no more than one page of memory. It falls behind but misses nothing.
 *
 * @param deps.commentEveryMs how long a stream may be silent. If a reader takes nothing for longer, the
 * server's time limit for idle connections closes its connection.
 * @param deps.tickMs how often streams are checked for conditions that depend on time.
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
  // One timer for all: a timer for each reader would cost more than the reader.
  let ticking: ReturnType<typeof setInterval> | null = null

  function tick(): void {
    for (const reader of readers) step(reader)
  }

  function add(reader: Reader): void {
    readers.add(reader)
    ticking ??= setInterval(tick, tickMs)
  }

  /** @returns whether the reader was still there. */
  function remove(reader: Reader): boolean {
    const wasThere = readers.delete(reader)
    if (readers.size === 0 && ticking !== null) {
      clearInterval(ticking)
      ticking = null
    }
    return wasThere
  }

  /** Sends or reads what is possible now. */
  function step(reader: Reader): void {
    const { controller, request } = reader
    if (controller === null || reader.isReading) return
    const time = performance.now()
    if (Date.now() >= request.expiresAt) reader.endsFor ??= 'TOKEN_EXPIRED'
    if (reader.endsFor !== null) {
      send(reader, controller, encoder.encode(endEvent(reader.endsFor)))
      request.end()
      controller.close()
      reader.disconnect()
    } else if (reader.text !== '') {
      const bytes = encoder.encode(reader.text)
      reader.text = ''
      send(reader, controller, bytes)
    } else if (reader.hasNews && time >= reader.retryAt && reader.isConfirmed()) {
      void read(reader)
    } else if (time - reader.sentAt >= commentEveryMs) {
      send(reader, controller, COMMENT)
    }
  }

  function send(
    reader: Reader,
    controller: ReadableStreamDefaultController<Uint8Array>,
    bytes: Uint8Array,
  ): void {
    reader.controller = null
    reader.sentAt = performance.now()
    controller.enqueue(bytes)
  }

  /** Reads the next page. Retries after growing pauses while the store is down. */
  async function read(reader: Reader): Promise<void> {
    const { owner, requestId } = reader.request
    reader.isReading = true
    reader.hasNews = false
    try {
      receive(reader, await tasks.changes(owner, reader.position, PAGE))
      reader.failures = 0
    } catch (error) {
      const code = error instanceof TaskportError ? error.code : null
      if (code === 'unavailable') {
        const pause = Math.min(FIRST_RETRY_MS * 2 ** reader.failures, LAST_RETRY_MS)
        reader.hasNews = true
        reader.failures += 1
        reader.retryAt = performance.now() + pause
      } else if (code === 'position_expired') {
        reader.endsFor ??= 'CURSOR_EXPIRED'
      } else {
        observe({ type: 'unexpected_error', error, requestId })
        reader.endsFor ??= 'INTERNAL_ERROR'
      }
    }
    reader.isReading = false
    step(reader)
  }

  function receive(reader: Reader, { changes, next, hasMore }: ChangePage): void {
    const isNow = !hasMore && !reader.isSynced
    const synced = isNow ? { snapshot: reader.request.after === null } : null
    reader.text += changeEvents(changes, feedCursor(next), synced)
    reader.position = next
    if (isNow) reader.isSynced = true
    if (hasMore) reader.hasNews = true
  }

  return {
    /** Starts a stream. Rejects if its first page cannot be read, or if too many are held open. */
    async open(request: StreamRequest): Promise<EventStream> {
      const { owner, after } = request
      const ended = Promise.withResolvers<void>()
      const reader: Reader = {
        request,
        controller: null,
        position: after,
        text: retryField(RECONNECT_MS.atLeast + Math.floor(Math.random() * RECONNECT_MS.spread)),
        hasNews: false,
        isReading: true,
        isSynced: false,
        endsFor: null,
        failures: 0,
        retryAt: 0,
        sentAt: performance.now(),
        isConfirmed: () => token.isConfirmed(),
        disconnect() {
          if (!remove(reader)) return
          reader.controller = null
          unwatch()
          token.stop()
          release()
          ended.resolve()
        },
      }
      const release = held.hold(owner, () => {
        reader.endsFor ??= 'SHUTTING_DOWN'
        step(reader)
        if (readers.has(reader) && !reader.isReading) request.closeSoon()
      })
      const token = request.watchToken(() => {
        reader.endsFor ??= 'TOKEN_EXPIRED'
        step(reader)
      })
      // Watches before it reads, so that no change in between is missed.
      const unwatch = tasks.watch(owner, () => {
        reader.hasNews = true
        outsideOfRequests(step, reader)
      })
      add(reader)
      try {
        receive(reader, await tasks.changes(owner, after, PAGE))
      } catch (error) {
        reader.disconnect()
        throw error
      }
      reader.isReading = false
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            reader.controller = controller
            step(reader)
          },
          // Also called if the client disconnects before the stream starts.
          cancel: () => reader.disconnect(),
        },
        { highWaterMark: 0 },
      )
      return { body, ended: ended.promise }
    },
  }
}
