import type { Logger } from 'pino'
import { createMetrics, type MetricsSnapshot } from '../adapters/prometheus/metrics.ts'
import { watchDescriptors } from '../adapters/system/descriptors.ts'
import { TaskportError } from '../core/errors.ts'
import { version } from '../package.json'
import { type App, compose } from './compose.ts'
import type { Config } from './config.ts'
import { listen } from './listener.ts'
import {
  createLogObserver,
  createMetricsObserver,
  createTracingObserver,
  type Observe,
  outageReason,
} from './observe.ts'
import { within } from './shutdown.ts'
import { createUserHash } from './user-hash.ts'

// When Bun stops, it closes idle connections without reading a request that may have just arrived. So
// responses ask clients to close their connections for this long first.
const DRAIN_MS = 100
// The part of the shutdown time that is reserved for closing the store and sending the last spans.
const CLOSE_MS = 1000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 1000

/** A running service. */
export interface Service {
  readonly port: number
  /**
   * Resolves once the service serves requests. Waits while the store is down; rejects if it cannot be
   * migrated.
   */
  readonly started: Promise<void>
  /** Why the service is not ready. Empty if it is. */
  reasonsNotReady(): Promise<string[]>
  /** The metrics of each process. */
  metrics(): Promise<MetricsSnapshot[]>
  /**
   * Stops accepting requests, finishes those in flight, closes the store: all of it within
   * SHUTDOWN_TIMEOUT_MS.
   *
   * @returns whether all requests in flight were finished.
   */
  stop(): Promise<boolean>
}

/**
 * Listens, and brings the store's schema up to date. Until then, requests are answered with 503.
 *
 * @param sharePort whether other processes may listen on the same port.
 */
export async function serve(config: Config, log: Logger, sharePort = false): Promise<Service> {
  const logObserver = createLogObserver(log, createUserHash(config.tokens.secrets?.current))
  const metrics = createMetrics(() => app.poolUse())
  const tracing = config.tracing ? await openTracing(config) : null
  const observers: Observe[] = [
    logObserver.observe,
    ...(config.adminPort === null ? [] : [createMetricsObserver(metrics)]),
    ...(tracing ? [createTracingObserver(tracing)] : []),
  ]
  const app = await compose(
    config,
    (event) => {
      for (const observe of observers) observe(event)
    },
    tracing?.begin,
  )
  let stopping = false
  app.http.onRequest(({ set }) => {
    if (stopping) set.headers['connection'] = 'close'
  })

  const server = await listen(app, config, log, sharePort)
  const unwatch = watchDescriptors((areScarce, limit) => {
    if (stopping) return
    if (areScarce) {
      log.warn({ limit }, 'Almost no file descriptors are left: new connections are refused')
      server.pause()
    } else {
      server.resume()
      log.info('File descriptors are free again: new connections are accepted')
    }
  })
  const started = migrateWhenPossible(app, log, () => stopping)
  // Not every caller awaits it, and an unhandled rejection would be logged.
  started.catch(() => {})

  return {
    port: server.port,
    started,
    async reasonsNotReady() {
      if (stopping) return ['shutting down']
      return [
        ...(server.isPaused() ? ['almost no file descriptors are left'] : []),
        ...(await app.reasonsNotReady()),
      ]
    },
    metrics: async () => [await metrics.snapshot()],
    async stop() {
      stopping = true
      unwatch()
      const { shutdownTimeoutMs } = config
      const closeMs = Math.min(CLOSE_MS, shutdownTimeoutMs / 4)
      const drainMs = Math.min(DRAIN_MS, shutdownTimeoutMs / 4)
      await Bun.sleep(drainMs)
      const stopped = server.stop()
      // After the port is closed, so that clients reconnect to another process.
      app.endWaiting()
      const ended = await within(
        shutdownTimeoutMs - drainMs - closeMs,
        stopped.then(() => true),
      )
      // Bun also waits for connections that have not sent a request yet. Those need not be finished.
      const finished = ended ?? server.pendingRequests() === 0
      const closed = await within(
        closeMs,
        close().then(
          () => true,
          (error) => {
            // The collector of traces may be down, which does not matter to requests.
            log.warn({ err: error }, 'Closing failed')
            return true
          },
        ),
      )
      if (!closed) log.warn('Connections were not closed in time')
      return finished
    },
  }

  async function close(): Promise<void> {
    await server.stop(true)
    await app.close()
    logObserver.close()
    await tracing?.close()
  }
}

// Loaded only if tracing is on.
async function openTracing(config: Config) {
  const { createTracing } = await import('../adapters/opentelemetry/tracing.ts')
  return createTracing({ version, database: config.database.kind })
}

async function migrateWhenPossible(
  app: App,
  log: Logger,
  isStopping: () => boolean,
): Promise<void> {
  let lastReason: string | undefined
  for (let wait = FIRST_RETRY_MS; !isStopping(); wait = Math.min(2 * wait, LAST_RETRY_MS)) {
    try {
      await app.migrate((name) => log.info({ migration: name }, 'Migration applied'))
      app.startMaintenance()
      return
    } catch (error) {
      if (!(error instanceof TaskportError && error.code === 'unavailable')) throw error
      const reason = outageReason(error)
      const level = reason === lastReason ? 'debug' : 'warn'
      log[level]({ reason, retry_in_ms: wait }, 'The store cannot be reached yet')
      lastReason = reason
      await Bun.sleep(wait)
    }
  }
  // Never resolves, because it never serves: `stop` ends the process.
  return new Promise(() => {})
}
