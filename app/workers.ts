import { join } from 'node:path'
import type { Subprocess } from 'bun'
import type { Logger } from 'pino'
import type { MetricsSnapshot } from '../adapters/prometheus/metrics.ts'
import type { Config } from './config.ts'
import { type Service, serve } from './serve.ts'
import { WorkerError } from './worker-error.ts'

const RESTART_AFTER_MS = 1000
const REPORT_TIMEOUT_MS = 1000

/** From the first process to a worker. */
type Command = { readonly type: 'stop' } | { readonly type: 'report' }

/** From a worker to the first process. */
type Message =
  | { readonly type: 'listening' }
  | { readonly type: 'started' }
  | ({ readonly type: 'report' } & Report)

interface Report {
  readonly reasonsNotReady: string[]
  readonly metrics: MetricsSnapshot[]
}

const NO_REPORT: Report = { reasonsNotReady: ['a worker does not answer'], metrics: [] }

interface Worker {
  readonly listening: Promise<void>
  readonly started: Promise<void>
  report(): Promise<Report>
  stop(): Promise<boolean>
}

/**
 * Serves in several processes that share the port, and replaces those that die. The workers end with
 * this process, even if it is killed.
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
      (exitCode, signal) => {
        workers.delete(worker)
        if (stopping) return
        log.error({ exit_code: exitCode, signal }, 'A worker exited and will be replaced')
        setTimeout(() => stopping || start(), RESTART_AFTER_MS)
      },
    )
    workers.add(worker)
    return worker
  }

  async function stop(): Promise<boolean> {
    stopping = true
    const finished = await Promise.all(Array.from(workers, (worker) => worker.stop()))
    return finished.every(Boolean)
  }

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
  onExit: (exitCode: number | null, signal: string | number | null) => void,
): Worker {
  const listening = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  let pendingReport: PromiseWithResolvers<Report> | null = null

  function receive(message: Message): void {
    if (message.type === 'listening') listening.resolve()
    else if (message.type === 'started') started.resolve()
    else pendingReport?.resolve(message)
  }

  const worker: Subprocess = Bun.spawn([...program(), command], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: receive,
    onExit(_, exitCode, signal) {
      const error = new WorkerError(
        `A worker exited with code ${exitCode}. See its log for the reason.`,
      )
      listening.reject(error)
      started.reject(error)
      pendingReport?.resolve(NO_REPORT)
      onExit(exitCode, signal)
    },
  })
  // Only the promises of the first workers are awaited.
  listening.promise.catch(() => {})
  started.promise.catch(() => {})

  function send(command: Command): void {
    worker.send(command)
  }

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
      send({ type: 'stop' })
      return (await worker.exited) === 0
    },
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
export async function serveAsWorker(config: Config, log: Logger): Promise<void> {
  const service = await serve(config, log, true)
  let stopping = false
  async function stop(): Promise<void> {
    if (stopping) return
    stopping = true
    process.exit((await service.stop()) ? 0 : 1)
  }
  async function report(): Promise<void> {
    const [reasonsNotReady, metrics] = await Promise.all([
      service.reasonsNotReady(),
      service.metrics(),
    ])
    send({ type: 'report', reasonsNotReady, metrics })
  }
  function send(message: Message): void {
    process.send?.(message)
  }
  // Terminals and some supervisors signal the whole process group. The first process decides when
  // workers stop.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  process.on('message', ({ type }: Command) => (type === 'stop' ? stop() : report()))
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

/** Checks that the port is free: a shared port would not fail if another program used it. */
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
