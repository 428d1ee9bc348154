import { TaskportError } from '../errors.ts'
import { backOffMs } from '../timing.ts'
import type { Reader } from './reader.ts'
import type { Replica } from './replica.ts'
import type { createSender } from './sender.ts'
import { StorageFullError } from './storage-full.ts'
import type { createTabs } from './tabs.ts'
import type { OfflineState, OfflineStatus } from './types.ts'

type Status = Pick<OfflineStatus, 'state' | 'error'>

/** Follows the feed and sends the queue, in one tab at a time. */
export function createSync(options: {
  readonly replica: Replica
  readonly reader: Reader
  readonly sendAll: ReturnType<typeof createSender>
  readonly tabs: ReturnType<typeof createTabs>
}) {
  const { reader, sendAll, tabs } = options
  const { data, changed, until, reload } = options.replica
  const errors = new Map<'send' | 'feed', Error>()
  let running: AbortController | null = null
  let busy = 0
  /** What the tab that synchronizes is doing. */
  let remote: Status | null = null
  let isLeading = false
  /** Raised when an attempt may succeed at once. */
  let wakes = 0

  function status(): Status {
    const [error = null] = errors.values()
    if (remote && !error && !busy && !isLeading) return remote
    return { state: error ? stateOf(error) : busy > 0 ? 'syncing' : 'idle', error }
  }

  /** Tells this tab and the others what this one is doing. */
  function announce(): void {
    changed()
    if (isLeading) tabs.post({ status: status() })
  }

  async function whileBusy(
    part: 'send' | 'feed',
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    busy++
    announce()
    try {
      await work()
      errors.delete(part)
    } catch (error) {
      if (!signal.aborted) errors.set(part, error instanceof Error ? error : new Error(`${error}`))
      throw error
    } finally {
      busy--
      announce()
    }
  }

  function wake(): void {
    wakes++
    changed()
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
        await until(() => wakes > before, signal, backOffMs(failures++, retryAfter))
      }
    }
  }

  function send(signal: AbortSignal, retries?: number): Promise<void> {
    return tabs.send(signal, () => whileBusy('send', signal, () => sendAll({ signal, retries })))
  }

  function pull(signal: AbortSignal, retries?: number): Promise<void> {
    return whileBusy('feed', signal, () => reader.pull({ signal, retries }))
  }

  async function lead(signal: AbortSignal): Promise<void> {
    isLeading = true
    // The last leader may have ended before it could tell what it wrote.
    await reload().catch(() => {})
    function hasWork(): boolean {
      const { changes, position } = data()
      return changes.length > 0 && position.cursor !== null
    }
    await Promise.all([
      repeat(signal, async () => {
        await until(hasWork, signal)
        if (hasWork()) await send(signal, 0)
      }),
      repeat(signal, async () => {
        await pull(signal, 0)
        await reader.follow(signal)
      }),
    ])
    isLeading = false
  }

  return {
    status,

    /** Takes note of what the tab that synchronizes is doing. */
    hear(said: Status): void {
      remote = said
      changed()
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
      await send(signal)
      await pull(signal)
    },
  }
}

function stateOf(error: Error): OfflineState {
  if (error instanceof StorageFullError) return 'storage_full'
  if (error instanceof TaskportError) return error.status === 401 ? 'signed_out' : 'offline'
  // The token function has failed, unless there is no connection or the storage does not work.
  return error instanceof TypeError || error instanceof DOMException ? 'offline' : 'signed_out'
}
