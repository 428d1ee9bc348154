import { TaskportError } from '../errors.ts'
import type { TaskportClient } from '../taskport.ts'
import { backOffMs } from '../timing.ts'
import { createQueue } from './queue.ts'
import { createReader, type RequestOptions } from './reader.ts'
import type { Replica } from './replica.ts'
import { createSender } from './sender.ts'
import { StorageFullError } from './storage-full.ts'
import type { createTabs } from './tabs.ts'
import type { Merge, OfflineState, OfflineStatus, OfflineStorage } from './types.ts'

type Status = Pick<OfflineStatus, 'state' | 'error'>

/** Follows the feed and sends the queue, in one tab at a time. */
export function createSync(options: {
  readonly client: TaskportClient
  readonly storage: OfflineStorage
  readonly replica: Replica
  readonly tabs: ReturnType<typeof createTabs>
  readonly merge: Merge
  readonly now: () => Date
}) {
  const { client, storage, replica, tabs } = options
  const { data, changed, until, reload } = replica
  const reader = createReader(client, replica)
  const sendAll = createSender({ ...options, reader })
  const inOrder = createQueue()
  const ending = new AbortController()
  const errors: { [part in 'change' | 'send' | 'feed']?: Error | null } = {}
  let running: AbortController | null = null
  let isStarted = false
  let isPaused = false
  let isLeading = false
  let busy = 0
  /** What the tab that synchronizes is doing. */
  let remote: Status | null = null
  /** Raised when an attempt may succeed at once. */
  let wakes = 0

  tabs.listen((message) => {
    if ('keys' in message) void replica.refresh(message).catch(() => {})
    else {
      remote = message.status
      changed()
    }
  })

  function status(): Status {
    const { change, send, feed } = errors
    const error = change ?? send ?? feed ?? null
    if (remote && !isPaused && !isLeading && !error && busy === 0) return remote
    const state = error ? stateOf(error) : busy > 0 ? 'syncing' : 'idle'
    return { state: isPaused && !change ? 'offline' : state, error }
  }

  /** Tells this tab and the others what this one is doing. */
  function announce(): void {
    changed()
    if (isLeading) tabs.post({ status: status() })
  }

  async function whileBusy(
    part: 'send' | 'feed',
    call: RequestOptions,
    work: (call: RequestOptions) => Promise<void>,
  ): Promise<void> {
    busy++
    announce()
    try {
      await work(call)
      errors[part] = null
    } catch (error) {
      if (!call.signal.aborted)
        errors[part] = error instanceof Error ? error : new Error(`${error}`)
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

  /** Sends the queue while nothing else does. */
  function send(call: RequestOptions): Promise<void> {
    return inOrder(() => tabs.locked('send', call.signal, () => whileBusy('send', call, sendAll)))
  }

  /** Runs in the only tab that follows the feed. */
  async function lead(signal: AbortSignal): Promise<void> {
    isLeading = true
    // The last leader may have ended before it could tell what it wrote.
    await reload().catch(() => {})
    const call = { signal, retries: 0 }
    const hasWork = () => data().changes.length > 0 && data().cursor !== null
    await Promise.all([
      repeat(signal, async () => {
        await until(hasWork, signal)
        if (hasWork()) await send(call)
      }),
      repeat(signal, async () => {
        await whileBusy('feed', call, reader.pull)
        await reader.follow(call)
        // A proxy may end every stream and every long poll at once.
        await until(() => false, signal, backOffMs(0, null))
      }),
    ])
    isLeading = false
  }

  function run(): void {
    wake()
    if (running || isPaused || !isStarted) return
    running = new AbortController()
    const { signal } = running
    globalThis.addEventListener?.('online', wake, { signal })
    // Rejects if it was not this tab's turn before the end.
    tabs.locked('feed', signal, () => lead(signal)).catch(() => {})
  }

  function stop(): void {
    running?.abort()
    running = null
  }

  return {
    status,

    /** Notes whether the storage had room for the last change. */
    onStored(error: StorageFullError | null): void {
      errors.change = error
      announce()
    },

    controls: {
      /** Follows the feed and sends changes, now and whenever there are any. */
      start(): void {
        isStarted = true
        run()
      },

      /** Sends the queue and reads the feed to its end, once. Rejects if that fails. */
      async sync(): Promise<void> {
        wake()
        await send(ending)
        await whileBusy('feed', ending, reader.pull)
      },

      /** Takes this store offline until `resume`. */
      pause(): void {
        isPaused = true
        stop()
        changed()
      },

      resume(): void {
        isPaused = false
        run()
      },

      /** Ends everything. What waits stays in the storage. */
      close(): void {
        ending.abort()
        stop()
        tabs.close()
        storage.close()
      },
    },
  }
}

function stateOf(error: Error): OfflineState {
  if (error instanceof StorageFullError) return 'storage_full'
  const isOffline =
    error instanceof TaskportError
      ? error.status !== 401
      : // The token function has failed, unless the storage does not work or there is no connection.
        error instanceof TypeError || error instanceof DOMException
  return isOffline ? 'offline' : 'signed_out'
}
