import { TaskportError } from '../errors.ts'
import type { TaskportClient } from '../taskport.ts'
import { backOffMs } from '../timing.ts'
import type { TaskChange } from '../types.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import { StorageFullError } from './storage-full.ts'
import type { createTabs } from './tabs.ts'
import type { OfflineState } from './types.ts'

const POLL_SECONDS = 25

/** Follows the feed and sends the queue, in one tab at a time. */
export function createSync(options: {
  readonly client: TaskportClient
  readonly replica: Replica
  readonly requests: Requests
  readonly tabs: ReturnType<typeof createTabs>
  /** Called when the state may have changed. */
  readonly onState: () => void
}) {
  const { client, replica, requests, tabs, onState } = options
  const errors = new Map<'send' | 'feed', Error>()
  let running: AbortController | null = null
  let busy = 0
  let isLeading = false
  let isFollowing = false
  /** Raised when an attempt may succeed at once. */
  let wakes = 0

  async function whileBusy(
    part: 'send' | 'feed',
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    busy++
    onState()
    try {
      await work()
      errors.delete(part)
    } catch (error) {
      if (!signal.aborted) errors.set(part, error instanceof Error ? error : new Error(`${error}`))
      throw error
    } finally {
      busy--
      onState()
    }
  }

  function wake(): void {
    wakes++
    replica.notify()
  }

  /** Repeats a task until the signal aborts. Waits longer and longer while it fails. */
  async function repeat(signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const before = wakes
      try {
        await task()
        failures = 0
      } catch (error) {
        const retryAfter = error instanceof TaskportError ? error.retryAfter : null
        await replica.until(() => wakes > before, signal, backOffMs(failures++, retryAfter))
      }
    }
  }

  function sendAll(signal: AbortSignal, retries?: number): Promise<void> {
    return tabs.send(signal, () =>
      whileBusy('send', signal, () => requests.sendAll({ signal, retries })),
    )
  }

  async function lead(signal: AbortSignal): Promise<void> {
    isLeading = true
    // The last leader may have ended before it could tell what it wrote.
    await replica.reload().catch(() => {})
    let isStreaming = true
    await Promise.all([
      repeat(signal, async () => {
        const hasWork = () => {
          const { changes, position } = replica.data()
          return changes.length > 0 && position.cursor !== null
        }
        await replica.until(hasWork, signal)
        if (hasWork()) await sendAll(signal, 0)
      }),
      repeat(signal, async () => {
        await whileBusy('feed', signal, () => requests.pull({ signal, retries: 0 }))
        // After a stream that brought nothing, one long poll.
        if (isStreaming) isStreaming = await stream(signal)
        else {
          isStreaming = true
          await poll(signal)
        }
      }),
    ])
    isLeading = false
  }

  /** Takes over events as they happen. Returns whether there were any before the stream ended. */
  async function stream(signal: AbortSignal): Promise<boolean> {
    let from = replica.data().position.cursor ?? ''
    let group: TaskChange[] = []
    let hasEvents = false
    isFollowing = true
    try {
      const events = client.events({ cursor: from, signal, reconnect: false })
      for await (const { cursor, ...event } of events) {
        hasEvents = true
        if (event.type !== 'synced') group.push(event)
        // Of events that belong together, only the last one has a cursor.
        if (cursor === from) continue
        // Another reader may have taken the copy further. Then this stream is behind.
        if (!(await requests.takeOver(from, group, cursor))) break
        from = cursor
        group = []
      }
    } catch (error) {
      // What is wrong shows when the feed is read next.
      if (!(error instanceof TaskportError)) throw error
    } finally {
      isFollowing = false
    }
    return hasEvents
  }

  /** Waits for changes with one request. */
  async function poll(signal: AbortSignal): Promise<void> {
    const cursor = replica.data().position.cursor ?? ''
    const query = { cursor, wait: POLL_SECONDS }
    const { changes, next_cursor } = await client.listChanges(query, { signal, retries: 0 })
    if (changes.length > 0) await requests.takeOver(cursor, changes, next_cursor)
  }

  return {
    isFollowing: () => isFollowing,
    isLeading: () => isLeading,

    status(): { readonly state: OfflineState; readonly error: Error | null } {
      const [error = null] = errors.values()
      const state = error ? stateOf(error) : busy > 0 ? 'syncing' : 'idle'
      return { state, error }
    },

    start(): void {
      if (running) {
        wake()
        return
      }
      running = new AbortController()
      const { signal } = running
      globalThis.addEventListener?.('online', wake, { signal })
      // Rejects if it was not this tab's turn before the end.
      tabs.lead(signal, () => lead(signal)).catch(() => {})
    },

    stop(): void {
      running?.abort()
      running = null
    },

    /** Sends the queue and reads the feed to its end, once. */
    async sync(signal: AbortSignal): Promise<void> {
      wake()
      await sendAll(signal)
      await whileBusy('feed', signal, () => requests.pull({ signal }))
    },
  }
}

function stateOf(error: Error): OfflineState {
  if (error instanceof StorageFullError) return 'storage_full'
  if (error instanceof TaskportError) return error.status === 401 ? 'signed_out' : 'offline'
  // The token function has failed, unless there is no connection or the storage does not work.
  return error instanceof TypeError || error instanceof DOMException ? 'offline' : 'signed_out'
}
