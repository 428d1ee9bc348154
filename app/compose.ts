import { createTokenVerifier } from '../adapters/auth/verifier.ts'
import { createHttpApp } from '../adapters/http/app.ts'
import { answersInTime } from '../adapters/http/health.ts'
import type { RateLimit } from '../adapters/http/ports.ts'
import { createMemoryRateLimit } from '../adapters/memory/rate-limit.ts'
import type { PoolUse } from '../adapters/prometheus/metrics.ts'
import { createClock } from '../adapters/system/clock.ts'
import { createNewId } from '../adapters/system/ids.ts'
import { TaskportError } from '../core/errors.ts'
import { createTaskService } from '../core/tasks.ts'
import { version } from '../package.json'
import type { Config } from './config.ts'
import { demoTokenSource } from './demo.ts'
import { migrate } from './migrations.ts'
import type { Observe } from './observe.ts'
import { openStore } from './store.ts'
import { startUpkeep } from './upkeep.ts'
import { type StoreEvent, watchRepository } from './watched-repository.ts'

export interface App {
  readonly http: ReturnType<typeof createHttpApp>
  /**
   * Brings the store's schema up to date. Until that is done, requests are answered 503.
   *
   * @param onApplied called with the name of each migration that this call applied.
   */
  migrate(onApplied: (name: string) => void): Promise<void>
  /** Why requests cannot be answered now, in words for operators; empty where they can. */
  reasonsNotReady(): Promise<string[]>
  poolUse(): PoolUse | null
  /** Has the store do, from now on, what is due now and then. Its schema has to be up to date. */
  startUpkeep(): void
  /** Ends what waits for changes: event streams and requests that are held open. */
  endWaiting(): void
  /** Closes what was opened. No request may be under way. */
  close(): Promise<void>
}

const RATE_WINDOW_SECONDS = 60
const RECENT_FAILURE_MS = 1000

/** The limit that the configuration sets, and how to let go of it. */
async function openRateLimit(
  config: Config,
  observe: Observe,
): Promise<{ readonly limit: RateLimit | null; close(): void }> {
  const { rateLimitPerMinute: requests, redisUrl: url } = config
  if (requests === 0) return { limit: null, close() {} }
  const windowSeconds = RATE_WINDOW_SECONDS
  // Not the time of day, which can be set back.
  const now = () => performance.now()
  const memory = createMemoryRateLimit({ requests, windowSeconds, now })
  if (url === null) return { limit: memory, close() {} }
  // Loaded only where it is used: its library takes longer than everything else at the start.
  const { openRedisRateLimit } = await import('../adapters/redis/rate-limit.ts')
  const fallback = memory
  const shared = await openRedisRateLimit({ url, requests, windowSeconds, fallback, observe })
  return { limit: shared, close: shared.close }
}

/**
 * Makes the service's parts from its configuration and puts them together. Opens the store; binds no
 * port and applies no migration.
 *
 * @param observe told of what happens.
 * @param onArrival called with each request; what it sets in the asynchronous context reaches
 * `observe` with all that follows from the request.
 */
export async function compose(
  config: Config,
  observe: Observe,
  onArrival: (request: Request) => void = () => {},
): Promise<App> {
  const store = await openStore(config)
  const rateLimit = await openRateLimit(config, observe)
  const newId = createNewId()
  const tokens = createTokenVerifier({ ...config.tokens, now: Date.now, observe })
  const stopping = new AbortController()
  let isMigrated = store.migrations === null
  let upkeep: ReturnType<typeof startUpkeep> | null = null
  let failedAt = Number.NEGATIVE_INFINITY

  function observeStore(event: StoreEvent): void {
    if (event.outcome === 'unavailable') failedAt = performance.now()
    observe(event)
  }

  // A store may answer and still fail requests: read-only, full or locked. They know best.
  async function checkHealth(): Promise<void> {
    if (!isMigrated) throw new TaskportError('unavailable', 'Migrations are not applied yet')
    if (performance.now() - failedAt < RECENT_FAILURE_MS)
      throw new TaskportError('unavailable', 'The store has failed a request just now')
    await store.ping()
  }

  return {
    http: createHttpApp({
      tasks: createTaskService({
        repository: watchRepository(store.repository, () => isMigrated, observeStore),
        watch: store.watch.watch,
        now: createClock(),
        newId,
        keepsTrash: config.trashRetentionDays > 0,
        requireVersion: config.requireIfMatch,
      }),
      verifyToken: tokens.verify,
      ping: checkHealth,
      // Ids of requests need not rise: these take a quarter of the time, in each of them.
      newId: () => Bun.randomUUIDv7(),
      onArrival,
      observe,
      version,
      corsOrigins: config.corsOrigins,
      maxBodyBytes: config.maxBodyBytes,
      rateLimit: rateLimit.limit,
      trustedProxies: config.trustedProxies,
      demoToken: demoTokenSource(config),
      stopping: stopping.signal,
    }),

    async migrate(onApplied) {
      if (store.migrations) await migrate(store.migrations, onApplied)
      isMigrated = true
    },

    async reasonsNotReady() {
      const [answers, hasKeys] = await Promise.all([answersInTime(store.ping), tokens.ready()])
      return [
        ...(answers ? [] : ['the store does not answer']),
        ...(isMigrated ? [] : ['migrations are not applied yet']),
        ...(hasKeys ? [] : ['the key set is not known yet']),
      ]
    },

    poolUse: store.poolUse,

    startUpkeep() {
      const sweep = store.maintenance.run
      const { trashRetentionDays } = config
      upkeep ??= startUpkeep({ sweep, trashRetentionDays, observe })
    },

    endWaiting: () => stopping.abort(),

    async close() {
      await upkeep?.stop()
      rateLimit.close()
      await store.close()
    },
  }
}
