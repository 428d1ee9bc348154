import { rememberedSince } from '../core/calls.ts'
import { TaskportError } from '../core/errors.ts'
import type { ApiTokenStore, TaskMaintenance } from '../core/ports.ts'

const INTERVAL_MS = 60_000
// Gives requests priority over a long run of batches.
const PAUSE_BETWEEN_BATCHES_MS = 20

const DAY_MS = 86_400_000
// Without a trash, tombstones still have to reach the readers of the feed.
const TOMBSTONE_DAYS = 30
// Until then, their users see in the list why a program is refused.
const EXPIRED_TOKEN_DAYS = 30

/** Maintenance failed. It runs again after the usual interval. */
export interface MaintenanceEvent {
  readonly type: 'maintenance_failed'
  readonly error: unknown
}

/** Runs one batch of everything; resolves to whether there is more to do. */
type RunBatch = (before: ReturnType<typeof limits>) => Promise<boolean>

/** The maintenance of a store's tasks and API tokens. */
export function maintenanceOf(store: {
  readonly maintenance: TaskMaintenance
  readonly tokens: Pick<ApiTokenStore, 'purge'>
}): RunBatch {
  return async (before) => {
    const { maintenance, tokens } = store
    const more = await Promise.all([maintenance.run(before), tokens.purge(before.expired)])
    return more.includes(true)
  }
}

/**
 * Runs the store's maintenance immediately and then every minute, in small batches, until it is
 * stopped.
 */
export function startMaintenance(options: {
  readonly runBatch: RunBatch
  /** How long deleted tasks can be restored. 0 disables the trash. */
  readonly trashRetentionDays: number
  readonly observe: (event: MaintenanceEvent) => void
}): { stop(): Promise<void> } {
  const { runBatch, trashRetentionDays, observe } = options
  const stopped = Promise.withResolvers<void>()
  let isStopped = false

  async function runBatches(): Promise<void> {
    try {
      while (!isStopped && (await runBatch(limits(trashRetentionDays))))
        await pause(PAUSE_BETWEEN_BATCHES_MS)
    } catch (error) {
      // Outages are already reported by the requests that they affect.
      if (!(error instanceof TaskportError && error.code === 'unavailable'))
        observe({ type: 'maintenance_failed', error })
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
      await runBatches()
      await pause(INTERVAL_MS)
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
    retries: rememberedSince(new Date().toISOString()),
    expired: daysAgo(EXPIRED_TOKEN_DAYS),
  }
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString()
}
