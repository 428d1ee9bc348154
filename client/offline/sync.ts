import { TaskportError } from '../errors.ts'
import type { TaskportClient } from '../taskport.ts'
import { backOffMs } from '../timing.ts'
import type { TaskChange } from '../types.ts'
import { pauseOrEnd } from './pause.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'
import { StorageFullError } from './storage-full.ts'
import type { createTabs } from './tabs.ts'
import type { OfflineState } from './types.ts'

// After this many streams in a row that brought nothing, long polls are used instead.
const MAX_STREAM_FAILURES = 2
const POLLS_BEFORE_STREAM = 10
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
  const resting = new Set<AbortController>()

  async function whileBusy<Value>(part: 'send' | 'feed', work: () => Promise<Value>) {
    busy++
    onState()
    try {
      const value = await work()
      errors.delete(part)
      return value
    } catch (error) {
      errors.set(part, error instanceof Error ? error : new Error(`${error}`))
      throw error
    } finally {
      busy--
      onState()
    }
  }

  /** Repeats a task until the signal aborts. Waits longer and longer while it fails. */
  async function repeat(signal: AbortSignal, task: () => Promise<void>): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        await task()
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        const retryAfter = error instanceof TaskportError ? error.retryAfter : null
        await rest(backOffMs(failures++, retryAfter), signal)
      }
    }
  }

  /** Waits, but only until something suggests that the next attempt will succeed. */
  async function rest(ms: number, signal: AbortSignal): Promise<void> {
    const waking = new AbortController()
    resting.add(waking)
    await pauseOrEnd(ms, waking, signal)
    resting.delete(waking)
  }

  function wake(): void {
    for (const one of resting) one.abort()
  }

  /** Resolves when something waits to be sent. */
  async function work(signal: AbortSignal): Promise<void> {
    const hasWork = () => {
      const { changes, position } = replica.data()
      return changes.length > 0 && position.cursor !== null
    }
    if (hasWork()) return
    await new Promise<void>((resolve) => {
      const end = () => {
        unsubscribe()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const unsubscribe = replica.subscribe(() => {
        if (hasWork()) end()
      })
      signal.addEventListener('abort', end)
    })
  }

  function sendAll(signal: AbortSignal, retries?: number): Promise<void> {
    return tabs.send(signal, () => whileBusy('send', () => requests.sendAll({ signal, retries })))
  }

  async function sendForever(signal: AbortSignal): Promise<void> {
    await repeat(signal, async () => {
      await work(signal)
      if (!signal.aborted) await sendAll(signal, 0)
    })
  }

  async function followForever(signal: AbortSignal): Promise<void> {
    let streamFailures = 0
    let polls = 0
    await repeat(signal, async () => {
      await whileBusy('feed', () => requests.pull({ signal, retries: 0 }))
      if (streamFailures < MAX_STREAM_FAILURES) {
        let hasEvents = false
        try {
          hasEvents = await stream(signal)
          streamFailures = 0
          if (!hasEvents) await rest(backOffMs(0, null), signal)
        } catch (error) {
          streamFailures++
          throw error
        }
      } else if (await poll(signal)) polls = 0
      else if (++polls >= POLLS_BEFORE_STREAM) streamFailures = polls = 0
    })
  }

  /** Takes over events as they happen. Returns whether there were any, once the stream has ended. */
  async function stream(signal: AbortSignal): Promise<boolean> {
    let from = replica.data().position.cursor ?? ''
    let group: TaskChange[] = []
    let hasEvents = false
    const ending = new AbortController()
    const end = () => ending.abort()
    signal.addEventListener('abort', end)
    isFollowing = true
    try {
      const events = client.events({ cursor: from, signal: ending.signal, reconnect: false })
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
      return hasEvents
    } catch (error) {
      if (hasEvents || isExpired(error)) return true
      throw error
    } finally {
      isFollowing = false
      signal.removeEventListener('abort', end)
      ending.abort()
    }
  }

  /** Waits for changes with one request. Returns whether there were any. */
  async function poll(signal: AbortSignal): Promise<boolean> {
    const cursor = replica.data().position.cursor ?? undefined
    const page = await client.listChanges({ cursor, wait: POLL_SECONDS }, { signal, retries: 0 })
    if (cursor === undefined || page.changes.length === 0) return false
    await requests.takeOver(cursor, page.changes, page.next_cursor)
    return true
  }

  function stateOf(): OfflineState {
    const [error] = errors.values()
    if (error) return stateOfError(error)
    return busy > 0 ? 'syncing' : 'idle'
  }

  return {
    isFollowing: () => isFollowing,
    isLeading: () => isLeading,
    status: () => {
      const [error = null] = errors.values()
      return { state: stateOf(), error }
    },

    start(): void {
      if (running) {
        wake()
        return
      }
      running = new AbortController()
      const { signal } = running
      globalThis.addEventListener?.('online', () => wake(), { signal })
      tabs
        .lead(signal, async () => {
          isLeading = true
          // The last leader may have ended before it could tell what it wrote.
          await replica.reload()
          await Promise.all([sendForever(signal), followForever(signal)])
          isLeading = false
        })
        // Aborted before it was this tab's turn.
        .catch(() => {})
    },

    stop(): void {
      running?.abort()
      running = null
    },

    /** Sends the queue and reads the feed to its end, once. */
    async sync(signal: AbortSignal): Promise<void> {
      wake()
      await sendAll(signal)
      await whileBusy('feed', () => requests.pull({ signal }))
    },
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof TaskportError && error.code === 'CURSOR_EXPIRED'
}

function stateOfError(error: Error): OfflineState {
  if (error instanceof StorageFullError) return 'storage_full'
  if (error instanceof TaskportError) return error.status === 401 ? 'signed_out' : 'offline'
  // The token function has failed: because there is no connection, or because nobody is signed in.
  return error instanceof TypeError ? 'offline' : 'signed_out'
}
