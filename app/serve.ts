import type { Logger } from 'pino'
import { compose } from './compose.ts'
import type { Config } from './config.ts'
import { migrate } from './migrations.ts'
import { createLogObserver } from './observe.ts'

// Above any MAX_BODY_BYTES: Bun's own refusal has no body and would skip every header of ours.
const RUNTIME_BODY_LIMIT = Number.MAX_SAFE_INTEGER
const IDLE_TIMEOUT_SECONDS = 30
// Bun closes kept-alive connections unread when it stops, also those on which a request has arrived.
const FAREWELL_MS = 100

/** A running service. */
export interface Service {
  readonly port: number
  /**
   * Stops accepting, finishes what is in flight within SHUTDOWN_TIMEOUT_MS, closes the store.
   *
   * @returns whether everything in flight was finished.
   */
  stop(): Promise<boolean>
}

/**
 * Opens the store, brings its schema up to date and serves.
 *
 * @param sharePort whether other processes may listen on the same port.
 */
export async function serve(config: Config, log: Logger, sharePort = false): Promise<Service> {
  const observer = createLogObserver(log)
  const app = await compose(config, observer.observe)
  let stopping = false
  app.http.onRequest(({ set }) => {
    if (stopping) set.headers['connection'] = 'close'
  })
  try {
    if (app.migrations)
      await migrate(app.migrations, (name) => log.info({ migration: name }, 'Migration applied'))
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

  return {
    port: server.port,
    async stop() {
      stopping = true
      await Bun.sleep(FAREWELL_MS)
      const ended = await endsWithin(server.stop(), config.shutdownTimeoutMs)
      // A connection that never got as far as a request holds Bun up, and is no loss.
      const finished = ended || server.pendingRequests === 0
      await server.stop(true)
      await app.close()
      observer.close()
      return finished
    },
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

async function endsWithin(work: Promise<void>, milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const timer = setTimeout(late.resolve, milliseconds, false)
  try {
    return await Promise.race([work.then(() => true), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
