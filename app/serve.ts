import type { Logger } from 'pino'
import { createMetrics, type Figures } from '../adapters/prometheus/metrics.ts'
import { TaskportError } from '../core/errors.ts'
import { version } from '../package.json'
import { type App, compose } from './compose.ts'
import type { Config } from './config.ts'
import {
  createLogObserver,
  createMetricsObserver,
  createTracingObserver,
  type Observe,
} from './observe.ts'
import { createUserHash } from './user-hash.ts'

// Above any MAX_BODY_BYTES: Bun's own refusal has no body and would skip every header of ours.
const RUNTIME_BODY_LIMIT = Number.MAX_SAFE_INTEGER
// Cuts off readers of event streams that take nothing: others get a comment every 15 seconds.
const IDLE_TIMEOUT_SECONDS = 30
// Bun closes kept-alive connections unread when it stops, also those on which a request has arrived.
const FAREWELL_MS = 100
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 1000

/** A running service. */
export interface Service {
  readonly port: number
  /** Resolves once requests are answered, rejects where they never will be. Waits for a store that is down. */
  readonly started: Promise<void>
  /** Why requests cannot be answered now; empty where they can. */
  reasonsNotReady(): Promise<string[]>
  /** The figures of each of its processes. */
  figures(): Promise<Figures[]>
  /**
   * Stops accepting, finishes what is in flight within SHUTDOWN_TIMEOUT_MS, closes the store.
   *
   * @returns whether everything in flight was finished.
   */
  stop(): Promise<boolean>
}

/**
 * Listens, and brings the store's schema up to date. Until the store can be reached, requests are
 * answered 503.
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
  const started = migrateWhenPossible(app, log, () => stopping)
  // Whoever waits for it is told; nobody has to.
  started.catch(() => {})

  return {
    port: server.port,
    started,
    reasonsNotReady: async () => (stopping ? ['shutting down'] : app.reasonsNotReady()),
    figures: async () => [await metrics.figures()],
    async stop() {
      stopping = true
      await Bun.sleep(FAREWELL_MS)
      const stopped = server.stop()
      // Nobody listens here any more: who is told to come back comes back elsewhere.
      app.endWaiting()
      const ended = await endsWithin(stopped, config.shutdownTimeoutMs)
      // A connection that never got as far as a request holds Bun up, and is no loss.
      const finished = ended || server.pendingRequests() === 0
      await server.stop(true)
      await app.close()
      logObserver.close()
      await tracing?.close()
      return finished
    },
  }
}

// Loaded only where it is asked for.
async function openTracing(config: Config) {
  const { createTracing } = await import('../adapters/opentelemetry/tracing.ts')
  return createTracing({ version, database: config.database.kind })
}

async function listen(app: App, config: Config, log: Logger, sharePort: boolean) {
  try {
    app.http.listen({
      hostname: config.host,
      port: config.port,
      // Elysia shares ports by default: a second instance would start in silence and take requests.
      reusePort: sharePort,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      maxRequestBodySize: RUNTIME_BODY_LIMIT,
      // What not even the error handler could answer.
      error: (fault) => {
        log.error({ err: fault }, 'The error handler met a fault')
        return Response.json(
          { error: 'INTERNAL_ERROR', message: 'Internal server error' },
          { status: 500 },
        )
      },
    })
  } catch (error) {
    await app.close()
    throw error
  }
  const { server } = app.http
  if (!server?.port) throw new Error('The server did not start')
  const { port } = server
  return {
    port,
    stop: (atOnce?: boolean) => server.stop(atOnce),
    pendingRequests: () => server.pendingRequests,
  }
}

async function migrateWhenPossible(
  app: App,
  log: Logger,
  isStopping: () => boolean,
): Promise<void> {
  for (let wait = FIRST_RETRY_MS; !isStopping(); wait = Math.min(2 * wait, LAST_RETRY_MS)) {
    try {
      await app.migrate((name) => log.info({ migration: name }, 'Migration applied'))
      app.startUpkeep()
      return
    } catch (error) {
      if (!(error instanceof TaskportError && error.code === 'unavailable')) throw error
      log.warn({ err: error, retry_in_ms: wait }, 'The store cannot be reached yet')
      await Bun.sleep(wait)
    }
  }
}

/** Stops the service at SIGTERM or SIGINT and ends the process; at a second one it ends at once. */
export function stopOnSignal(service: Service, log: Logger): void {
  let stopping = false
  async function stop(signal: string): Promise<void> {
    // Whoever asks twice does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'Stopping')
    const finished = await service.stop()
    if (finished) log.info('Stopped')
    else log.warn('Stopped before every request was finished')
    process.exit(finished ? 0 : 1)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** Has what nobody caught logged; the process lives, for others' requests are under way. */
export function surviveFaults(log: Logger): void {
  function report(fault: unknown): void {
    log.error({ err: fault }, 'Nobody caught a fault')
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}

async function endsWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(late.resolve, milliseconds, false)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
