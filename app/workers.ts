import { join } from 'node:path'
import type { Subprocess } from 'bun'
import type { Logger } from 'pino'
import type { MetricsSnapshot } from '../adapters/prometheus/metrics.ts'
import { OperatorError } from '../core/errors.ts'
import type { Config } from './config.ts'
import { type Service, serve } from './serve.ts'
import { createShutdown, within } from './shutdown.ts'
import type { Terminal } from './terminal.ts'

const RESTART_AFTER_MS = 1000
// A worker that does not answer this many pings in a row hangs. Pings are counted instead of time, because
// every worker would seem to hang after the machine was suspended.
const PING_INTERVAL_MS = 1000
const UNANSWERED_PINGS = 5
// Loading the program and applying migrations may take longer.
const UNANSWERED_PINGS_AT_START = 60
const REPORT_TIMEOUT_MS = 1000

/** From the first process to a worker. */
interface Command {
  readonly type: 'stop' | 'report' | 'ping'
}

/** From a worker to the first process. */
type Message =
  | { readonly type: 'listening' }
  | { readonly type: 'started' }
  | { readonly type: 'pong' }
  | ({ readonly type: 'report' } & Report)

interface Report {
  readonly reasonsNotReady: string[]
  readonly metrics: MetricsSnapshot[]
}

const NO_REPORT: Report = { reasonsNotReady: ['a worker does not respond'], metrics: [] }

interface Worker {
  readonly listening: Promise<void>
  readonly started: Promise<void>
  report(): Promise<Report>
  /** Resolves when the worker has ended, or was killed after SHUTDOWN_TIMEOUT_MS. */
  stop(): Promise<boolean>
  kill(): void
}

/**
 * Serves in several processes that share the port, and replaces those that die or hang. The workers
 * end with this process, even if it is killed.
 *
 * @param variables the environment that `config` was read from. Workers inherit it.
 */
export async function startWorkers(
  config: Config,
  log: Logger,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Service> {
  const port = await findPort(config)
  const workers = new Set<Worker>()
  let stopping = false

  function start(): Worker {
    const worker = startWorker(
      config.demo ? 'demo-worker' : 'worker',
      { ...variables, ...environmentOf(config, port) },
      config.shutdownTimeoutMs,
      {
        onKill: (pid) => log.error({ pid }, 'Killing a worker that does not respond'),
        onExit(exitCode, signal) {
          workers.delete(worker)
          if (stopping) return
          log.error({ exit_code: exitCode, signal }, 'A worker exited and will be replaced')
          replace()
        },
      },
    )
    workers.add(worker)
    return worker
  }

  function replace(): void {
    setTimeout(() => {
      if (stopping) return
      try {
        start()
      } catch (error) {
        // The machine may lack memory or file descriptors for a moment.
        log.error({ err: error }, 'A worker cannot be started')
        replace()
      }
    }, RESTART_AFTER_MS)
  }

  async function stop(): Promise<boolean> {
    stopping = true
    const finished = await Promise.all(Array.from(workers, (worker) => worker.stop()))
    return finished.every(Boolean)
  }

  process.on('exit', () => {
    for (const worker of workers) worker.kill()
  })
  const first = Array.from({ length: config.workers }, start)
  try {
    await Promise.all(first.map(({ listening }) => listening))
  } catch (error) {
    await stop()
    throw error
  }
  const started = Promise.all(first.map((worker) => worker.started)).then(() => {})
  // Not every caller awaits it, and an unhandled rejection would be logged.
  started.catch(() => {})

  const reports = () => Promise.all(Array.from(workers, (worker) => worker.report()))
  return {
    port,
    started,
    async reasonsNotReady() {
      if (stopping) return ['shutting down']
      if (workers.size < config.workers) return ['a worker is being replaced']
      return [...new Set((await reports()).flatMap(({ reasonsNotReady }) => reasonsNotReady))]
    },
    metrics: async () => (await reports()).flatMap(({ metrics }) => metrics),
    stop,
  }
}

function startWorker(
  command: 'worker' | 'demo-worker',
  env: Record<string, string | undefined>,
  shutdownTimeoutMs: number,
  listener: {
    /** The worker hangs and is killed. */
    onKill(pid: number): void
    onExit(exitCode: number | null, signal: string | number | null): void
  },
): Worker {
  const listening = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  let pendingReport: PromiseWithResolvers<Report> | null = null
  let hasStarted = false
  let unanswered = 0

  function receive(message: Message): void {
    unanswered = 0
    switch (message.type) {
      case 'listening':
        listening.resolve()
        break
      case 'started':
        hasStarted = true
        started.resolve()
        break
      case 'report':
        pendingReport?.resolve(message)
        break
    }
  }

  const worker: Subprocess = Bun.spawn([...program(), command], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: receive,
    onExit(_, exitCode, signal) {
      clearInterval(pings)
      const error = new OperatorError(
        `A worker exited with code ${exitCode}. See its log for the reason.`,
      )
      listening.reject(error)
      started.reject(error)
      pendingReport?.resolve(NO_REPORT)
      listener.onExit(exitCode, signal)
    },
  })
  // Only the promises of the first workers are awaited.
  listening.promise.catch(() => {})
  started.promise.catch(() => {})

  function send(command: Command): void {
    try {
      worker.send(command)
    } catch {
      // The worker has died, and `onExit` is about to be called.
      pendingReport?.resolve(NO_REPORT)
    }
  }

  function kill(): void {
    worker.kill('SIGKILL')
  }

  function killHanging(): void {
    clearInterval(pings)
    listener.onKill(worker.pid)
    kill()
  }

  const pings = setInterval(() => {
    if (unanswered >= (hasStarted ? UNANSWERED_PINGS : UNANSWERED_PINGS_AT_START)) {
      killHanging()
      return
    }
    unanswered += 1
    send({ type: 'ping' })
  }, PING_INTERVAL_MS)

  return {
    listening: listening.promise,
    started: started.promise,
    // Concurrent calls share one report.
    async report() {
      if (pendingReport) return pendingReport.promise
      pendingReport = Promise.withResolvers()
      const timer = setTimeout(pendingReport.resolve, REPORT_TIMEOUT_MS, NO_REPORT)
      send({ type: 'report' })
      const report = await pendingReport.promise
      clearTimeout(timer)
      pendingReport = null
      return report
    },
    async stop() {
      clearInterval(pings)
      send({ type: 'stop' })
      const exitCode = await within(shutdownTimeoutMs, worker.exited)
      if (exitCode === undefined) killHanging()
      return exitCode === 0
    },
    kill,
  }
}

function environmentOf(config: Config, port: number): Record<string, string> {
  return {
    PORT: `${port}`,
    // In demo mode, only this process knows the secret.
    ...(config.tokens.secrets && { BETTER_AUTH_SECRET: config.tokens.secrets.current }),
  }
}

/** Serves on a shared port until the first process stops this one or ends. */
export async function serveAsWorker(
  config: Config,
  log: Logger,
  onStopSignal: Terminal['onStopSignal'],
): Promise<void> {
  const starting = serve(config, log, true)
  const { stop } = createShutdown(starting, log, config.shutdownTimeoutMs)

  async function report(): Promise<void> {
    const service = await starting
    const [reasonsNotReady, metrics] = await Promise.all([
      service.reasonsNotReady(),
      service.metrics(),
    ])
    send({ type: 'report', reasonsNotReady, metrics })
  }
  function send(message: Message): void {
    // Once the first process has ended, `disconnect` is about to be emitted.
    if (process.connected) process.send?.(message)
  }

  // Terminals send SIGINT and SIGHUP to the whole process group. The first process decides when workers
  // stop then.
  onStopSignal((signal) => {
    if (signal === 'SIGTERM') stop()
  })
  process.on('disconnect', stop)
  process.on('message', ({ type }: Command) => {
    if (type === 'stop') stop()
    else if (type === 'ping') send({ type: 'pong' })
    else report()
  })
  // The first process may have ended before.
  if (!process.connected) stop()

  const service = await starting
  send({ type: 'listening' })
  await service.started
  send({ type: 'started' })
}

// A compiled executable starts itself; its main module is in Bun's embedded file system.
function program(): string[] {
  const isExecutable = Bun.main.startsWith('/$bunfs/')
  if (isExecutable) return [process.execPath]
  return [process.execPath, '--no-env-file', join(import.meta.dir, 'main.ts')]
}

/**
 * Checks that the port is free, because listening on a shared port succeeds even if another program uses
 * it.
 */
async function findPort(config: Config): Promise<number> {
  const probe = Bun.serve({
    hostname: config.host,
    port: config.port,
    fetch: () => new Response(null, { status: 503 }),
  })
  const { port } = probe
  await probe.stop(true)
  if (port === undefined) throw new Error('Bun did not report a port')
  return port
}
