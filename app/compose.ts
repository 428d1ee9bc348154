import { newApiToken } from '../adapters/auth/api-token-format.ts'
import { createApiTokenVerifier } from '../adapters/auth/api-tokens.ts'
import { createTokenVerifier } from '../adapters/auth/verifier.ts'
import { createHttpApp } from '../adapters/http/app.ts'
import { answersInTime } from '../adapters/http/health.ts'
import type { RateLimit } from '../adapters/http/ports.ts'
import { createMemoryRateLimit } from '../adapters/memory/rate-limit.ts'
import type { PoolUse } from '../adapters/prometheus/metrics.ts'
import { createClock } from '../adapters/system/clock.ts'
import { createNewId } from '../adapters/system/ids.ts'
import { createSend } from '../core/calling.ts'
import { TaskportError } from '../core/errors.ts'
import { createListService, type ListService } from '../core/lists.ts'
import { createTaskService, type TaskService } from '../core/tasks.ts'
import { createTokenService } from '../core/tokens.ts'
import { version } from '../package.json'
import type { Config } from './config.ts'
import { createDemoSignIn } from './demo.ts'
import { maintenanceOf, startMaintenance } from './maintenance.ts'
import { createMcp } from './mcp.ts'
import { migrate } from './migrations.ts'
import type { Observe } from './observe.ts'
import { observeRepository, observeTokens, type StoreEvent } from './observed-repository.ts'
import { within } from './shutdown.ts'
import { openStore } from './store.ts'

export interface App {
  readonly http: ReturnType<typeof createHttpApp>
  readonly tasks: TaskService
  readonly lists: ListService
  /**
   * Applies pending migrations. Until then, requests get 503.
   *
   * @param onApplied called with the name of each migration that this call applied.
   */
  migrate(onApplied: (name: string) => void): Promise<void>
  /** Why the service is not ready, in words for operators. Empty if it is. */
  reasonsNotReady(): Promise<string[]>
  poolUse(): PoolUse | null
  /** Starts the store's regular maintenance. The schema must be up to date. */
  startMaintenance(): void
  /** Ends event streams and long polls. */
  endWaiting(): void
  /** Closes the store and other connections. No request may be in progress. */
  close(): Promise<void>
}

const RATE_WINDOW_SECONDS = 60
const RECENT_FAILURE_MS = 1000
// A fetch may take longer. It goes on, so that a later probe finds the keys.
const KEY_SET_WAIT_MS = 800

/** The configured rate limit; `null` if it is off. */
async function openRateLimit(
  config: Config,
  observe: Observe,
): Promise<{ readonly limit: RateLimit | null; close(): void }> {
  const { rateLimitPerMinute: requests, redisUrl: url } = config
  if (requests === 0) return { limit: null, close() {} }
  const windowSeconds = RATE_WINDOW_SECONDS
  // Unlike the time of day, this clock is never set back.
  const now = () => performance.now()
  const memory = createMemoryRateLimit({ requests, windowSeconds, now })
  if (url === null) return { limit: memory, close() {} }
  // Loaded only if used: its library takes longer to load than everything else.
  const { openRedisRateLimit } = await import('../adapters/redis/rate-limit.ts')
  const fallback = memory
  const shared = await openRedisRateLimit({ url, requests, windowSeconds, fallback, observe })
  return { limit: shared, close: shared.close }
}

/**
 * Creates the parts of the service from its configuration and connects them. Opens the store, but does
 * not listen on a port or apply migrations.
 *
 * @param observe called with each event.
 * @param onArrival called when a request arrives. Asynchronous context that it sets is visible to
 *   `observe` for all events of that request.
 */
export async function compose(
  config: Config,
  observe: Observe,
  onArrival: (request: Request) => void = () => {},
): Promise<App> {
  const store = await openStore(config)
  const rateLimit = await openRateLimit(config, observe)
  const newId = createNewId()
  const stopping = new AbortController()
  let isMigrated = store.migrations === null
  let maintenance: ReturnType<typeof startMaintenance> | null = null
  let failedAt = Number.NEGATIVE_INFINITY

  function observeStore(event: StoreEvent): void {
    if (event.outcome === 'unavailable') failedAt = performance.now()
    observe(event)
  }

  // A store may answer pings and still fail requests, because it is read-only, full or locked.
  async function checkHealth(): Promise<void> {
    if (!isMigrated) throw new TaskportError('unavailable', 'Migrations are not applied yet')
    if (performance.now() - failedAt < RECENT_FAILURE_MS)
      throw new TaskportError('unavailable', 'The store has just failed a request')
    const startedAt = performance.now()
    try {
      await store.ping()
    } catch (error) {
      // Without requests, only health checks notice an outage.
      const durationMs = performance.now() - startedAt
      observeStore({ type: 'store', operation: 'ping', outcome: 'unavailable', durationMs, error })
      throw error
    }
  }

  const repository = observeRepository(store.repository, () => isMigrated, observeStore)
  const apiTokens = observeTokens(store.tokens, () => isMigrated, observeStore)
  const verifier = createApiTokenVerifier({
    signIn: createTokenVerifier({
      ...config.tokens,
      // Such a token is for `/mcp` only.
      refusedAudience: config.publicUrl === null ? null : `${config.publicUrl}/mcp`,
      now: Date.now,
      observe,
    }),
    store: apiTokens,
    now: Date.now,
    observe,
  })
  const { maxTasks } = config
  const now = createClock()
  const useCases = {
    repository,
    send: createSend({ repository, now, newId, maxTasks }),
    newId,
    keepsTrash: config.trashRetentionDays > 0,
    requireVersion: config.requireIfMatch,
  }
  const tasks = createTaskService({ ...useCases, watch: store.watch.watch })
  const lists = createListService(useCases)

  return {
    tasks,
    lists,

    http: createHttpApp({
      tasks,
      lists,
      tokens: createTokenService({
        store: apiTokens,
        newSecret: newApiToken,
        newId,
        now,
        onRemoved: verifier.forget,
      }),
      verifyToken: verifier.verify,
      ping: checkHealth,
      // Request ids need not increase, and this generator is four times as fast.
      newId: () => Bun.randomUUIDv7(),
      onArrival,
      observe,
      version,
      corsOrigins: config.corsOrigins,
      maxBodyBytes: config.maxBodyBytes,
      publicUrl: config.publicUrl,
      keepAliveSeconds: config.keepAliveSeconds,
      rateLimit: rateLimit.limit,
      trustedProxies: config.trustedProxies,
      demoSignIn: createDemoSignIn(config),
      mcp: createMcp(config, { tasks, lists, verifier, observe }),
      stopping: stopping.signal,
    }),

    async migrate(onApplied) {
      if (store.migrations) await migrate(store.migrations, onApplied)
      isMigrated = true
    },

    async reasonsNotReady() {
      const [answers, hasKeys] = await Promise.all([
        answersInTime(store.ping),
        within(KEY_SET_WAIT_MS, verifier.ready()),
      ])
      return [
        ...(answers ? [] : ['the store does not respond']),
        ...(isMigrated ? [] : ['migrations are not applied yet']),
        ...(hasKeys ? [] : ['the key set has not been fetched yet']),
      ]
    },

    poolUse: store.poolUse,

    startMaintenance() {
      const { trashRetentionDays } = config
      const runBatch = maintenanceOf(store)
      maintenance ??= startMaintenance({ runBatch, trashRetentionDays, observe })
    },

    endWaiting: () => stopping.abort(),

    async close() {
      await maintenance?.stop()
      rateLimit.close()
      // A store that is closed would lose when API tokens were last used.
      await verifier.settled()
      await store.close()
    },
  }
}
