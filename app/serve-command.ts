import { createAdminApp } from '../adapters/http/admin.ts'
import { createLogger } from '../adapters/pino/logger.ts'
import { METRICS_TYPE, renderMetrics } from '../adapters/prometheus/metrics.ts'
import { OperatorError } from '../core/errors.ts'
import { addressOf, listenProblem } from './address.ts'
import type { Config } from './config.ts'
import { demoGreeting, demoSecret, withSecret } from './demo.ts'
import { type Service, serve } from './serve.ts'
import { flushed, logUncaughtErrors, stopOnSignal } from './shutdown.ts'
import type { Terminal } from './terminal.ts'
import { serveAsWorker, startWorkers } from './workers.ts'

/** Serves until a signal stops the process. */
export async function serveCommand(config: Config, terminal: Terminal): Promise<null> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat })
  logUncaughtErrors(log)
  const secret = config.demo ? await demoSecret(config.database) : undefined
  const complete = secret === undefined ? config : withSecret(config, secret)
  const starting =
    config.workers === 1 ? serve(complete, log) : startWorkers(complete, log, terminal.variables)
  const { isStopping } = stopOnSignal(
    starting,
    log,
    config.shutdownTimeoutMs,
    terminal.onStopSignal,
  )
  try {
    const service = await starting
    const { host, adminPort, workers } = config
    const admin = adminPort === null ? null : listenForAdmin(service, host, adminPort)
    log.info({ host, port: service.port, admin_port: admin ?? undefined }, 'Listening')
    await service.started
    if (isStopping()) return null
    log.info({ host, port: service.port, store: config.database.kind, workers }, 'Serving')
    if (secret === undefined) return null
    await flushed(log)
    terminal.print(await demoGreeting(addressOf(host, service.port), secret))
  } catch (error) {
    // If a signal interrupts the start, that is no failure.
    if (!isStopping()) throw error
  }
  return null
}

/** Serves probes and metrics. @returns the port. */
function listenForAdmin(service: Service, hostname: string, port: number): number {
  const admin = createAdminApp({
    reasonsNotReady: service.reasonsNotReady,
    metrics: async () => renderMetrics(await service.metrics()),
    metricsType: METRICS_TYPE,
  })
  try {
    admin.listen({ hostname, port, reusePort: false })
  } catch (error) {
    const problem = listenProblem(error, 'ADMIN_PORT')
    throw problem === null ? error : new OperatorError(problem)
  }
  if (!admin.server?.port) throw new Error('The admin server did not start')
  return admin.server.port
}

/** Runs one of the worker processes that `serve` starts if WORKERS is more than 1. Internal. */
export async function workerCommand(config: Config, terminal: Terminal): Promise<null> {
  const log = createLogger({ level: config.logLevel, format: config.logFormat })
  logUncaughtErrors(log)
  await serveAsWorker(config, log, terminal.onStopSignal)
  return null
}
