import { join } from 'node:path'
import type { Subprocess } from 'bun'
import type { Logger } from 'pino'
import type { Figures } from '../adapters/prometheus/metrics.ts'
import type { Config } from './config.ts'
import { type Service, serve } from './serve.ts'

const RESTART_AFTER_MS = 1000
const REPORT_WITHIN_MS = 1000

/** What the first process asks of a worker. */
type Order = { readonly type: 'stop' } | { readonly type: 'report' }

/** What a worker says: that it listens, that it serves, and how it is. */
type Message =
  | { readonly type: 'listening' }
  | { readonly type: 'started' }
  | ({ readonly type: 'report' } & Report)

interface Report {
  readonly reasonsNotReady: string[]
  readonly figures: Figures[]
}

const SILENT: Report = { reasonsNotReady: ['a worker does not answer'], figures: [] }

interface Worker {
  readonly listening: Promise<void>
  readonly started: Promise<void>
  report(): Promise<Report>
  stop(): Promise<boolean>
}

/**
 * Serves in several processes that share the port; one that dies is replaced. They end with this
 * process, also where this one is killed.
 *
 * @param variables the environment that `config` was read from; theirs is made of it.
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
        log.error({ exit_code: exitCode, signal }, 'A worker ended and will be replaced')
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
  // Whoever waits for it is told; nobody has to.
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
    figures: async () => (await reports()).flatMap(({ figures }) => figures),
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
  let asked: PromiseWithResolvers<Report> | null = null

  function receive(message: Message): void {
    if (message.type === 'listening') listening.resolve()
    else if (message.type === 'started') started.resolve()
    else asked?.resolve(message)
  }

  const worker: Subprocess = Bun.spawn([...program(), command], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    ipc: receive,
    onExit(_, exitCode, signal) {
      const error = new Error(`A worker ended (exit code ${exitCode}); its log says why`)
      listening.reject(error)
      started.reject(error)
      asked?.resolve(SILENT)
      onExit(exitCode, signal)
    },
  })
  // Only those of the first workers are waited for.
  listening.promise.catch(() => {})
  started.promise.catch(() => {})

  function tell(order: Order): void {
    worker.send(order)
  }

  return {
    listening: listening.promise,
    started: started.promise,
    // Those who ask while a report is on its way get that one.
    async report() {
      if (asked) return asked.promise
      asked = Promise.withResolvers()
      const timer = setTimeout(asked.resolve, REPORT_WITHIN_MS, SILENT)
      tell({ type: 'report' })
      const report = await asked.promise
      clearTimeout(timer)
      asked = null
      return report
    },
    async stop() {
      tell({ type: 'stop' })
      return (await worker.exited) === 0
    },
  }
}

function environmentOf(config: Config, port: number): Record<string, string> {
  return {
    PORT: `${port}`,
    // In demo mode only this process knows the secret.
    ...(config.tokens.secrets && { BETTER_AUTH_SECRET: config.tokens.secrets.current }),
  }
}

/** Serves on a port that others share, until the process that started this one says so or is gone. */
export async function serveAsWorker(config: Config, log: Logger): Promise<void> {
  const service = await serve(config, log, true)
  let stopping = false
  async function stop(): Promise<void> {
    if (stopping) return
    stopping = true
    process.exit((await service.stop()) ? 0 : 1)
  }
  async function report(): Promise<void> {
    const [reasonsNotReady, figures] = await Promise.all([
      service.reasonsNotReady(),
      service.figures(),
    ])
    tell({ type: 'report', reasonsNotReady, figures })
  }
  function tell(message: Message): void {
    process.send?.(message)
  }
  // A terminal, like some supervisors, signals every process of a group; the first one leads.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stop)
  process.on('disconnect', stop)
  process.on('message', ({ type }: Order) => (type === 'stop' ? stop() : report()))
  tell({ type: 'listening' })
  await service.started
  tell({ type: 'started' })
}

// An executable is the program itself, and its main module is in a file system of its own.
function program(): string[] {
  const isExecutable = Bun.main.startsWith('/$bunfs/')
  return isExecutable ? [process.execPath] : [process.execPath, join(import.meta.dir, 'main.ts')]
}

/** A port that is free now: sharing would start in silence beside a stranger. */
async function findPort(config: Config): Promise<number> {
  const probe = Bun.serve({
    hostname: config.host,
    port: config.port,
    fetch: () => new Response(null, { status: 503 }),
  })
  const { port } = probe
  await probe.stop(true)
  if (port === undefined) throw new Error('There is no port to listen on')
  return port
}
