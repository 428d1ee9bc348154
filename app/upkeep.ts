import { TaskportError } from '../core/errors.ts'
import type { TaskMaintenance } from '../core/ports.ts'

const EVERY_MS = 60_000
// Requests come first: what is due waits a little between two small parts of it.
const BETWEEN_PARTS_MS = 20

const DAY_MS = 86_400_000
const RETRY_DAYS = 1
// Where nothing goes to the trash, readers of the feed are told of deletions for this long.
const TOMBSTONE_DAYS = 30

/** What is told of upkeep that failed. It is tried again at the next time. */
export interface UpkeepEvent {
  readonly type: 'upkeep_failed'
  readonly error: unknown
}

/** Has the store do what is due, at once and then every minute, until it is stopped. */
export function startUpkeep(options: {
  readonly sweep: TaskMaintenance['run']
  /** How long deleted tasks can be restored; 0 for not at all. */
  readonly trashRetentionDays: number
  readonly observe: (event: UpkeepEvent) => void
}): { stop(): Promise<void> } {
  const { sweep, trashRetentionDays, observe } = options
  const stopped = Promise.withResolvers<void>()
  let isStopped = false

  async function sweepAll(): Promise<void> {
    try {
      while (!isStopped && (await sweep(limits(trashRetentionDays)))) await pause(BETWEEN_PARTS_MS)
    } catch (error) {
      // An outage is known from the requests that meet it.
      if (!(error instanceof TaskportError && error.code === 'unavailable'))
        observe({ type: 'upkeep_failed', error })
    }
  }

  async function pause(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const passed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds)
    })
    await Promise.race([passed, stopped.promise])
    clearTimeout(timer)
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      await sweepAll()
      await pause(EVERY_MS)
    }
  }

  const running = run()
  return {
    async stop() {
      isStopped = true
      stopped.resolve()
      await running
    },
  }
}

function limits(trashRetentionDays: number) {
  return {
    deleted: daysAgo(trashRetentionDays || TOMBSTONE_DAYS),
    retries: daysAgo(RETRY_DAYS),
  }
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString()
}
