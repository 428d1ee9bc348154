import type { Subprocess } from 'bun'
import type { Logger } from 'pino'
import { openStore } from './compose.ts'
import type { Config } from './config.ts'
import { migrate } from './migrations.ts'
import { type Service, serve } from './serve.ts'

const RESTART_AFTER_MS = 1000

// What the processes say to each other.
const STOP = 'stop'
const READY = 'ready'

/**
 * Serves in several processes that share the port; one that dies is replaced. They end with this
 * process, also where this one is killed.
 */
export async function startWorkers(config: Config, log: Logger): Promise<Service> {
  const store = await openStore(config)
  try {
    if (store.migrations)
      await migrate(store.migrations, (name) => log.info({ migration: name }, 'Migration applied'))
  } finally {
    await store.close()
  }
  const port = await findPort(config)
  const workers = new Set<Subprocess>()
  let stopping = false

  function start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = Bun.spawn(workerCommand(), {
        env: {
          ...process.env,
          PORT: `${port}`,
          // In demo mode only this process knows the secret.
          ...(config.tokens.secrets && { BETTER_AUTH_SECRET: config.tokens.secrets.current }),
        },
        stdio: ['ignore', 'inherit', 'inherit'],
        ipc: resolve,
        onExit(_, exitCode, signal) {
          workers.delete(worker)
          reject(new Error(`A worker ended before it served (exit code ${exitCode})`))
          if (stopping) return
          log.error({ exit_code: exitCode, signal }, 'A worker ended and will be replaced')
          setTimeout(() => {
            // A start that fails comes here again.
            if (!stopping) start().catch(() => {})
          }, RESTART_AFTER_MS)
        },
      })
      workers.add(worker)
    })
  }

  async function stop(): Promise<boolean> {
    stopping = true
    const exits = Array.from(workers, (worker) => {
      worker.send(STOP)
      return worker.exited
    })
    return (await Promise.all(exits)).every((exitCode) => exitCode === 0)
  }

  try {
    await Promise.all(Array.from({ length: config.workers }, start))
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
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
  // A terminal, like some supervisors, signals every process of a group; the first one leads.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', stop)
  process.on('message', stop)
  process.on('disconnect', stop)
  process.send?.(READY)
}

// From source the program is Bun's first argument; an executable is the program itself.
function workerCommand(): string[] {
  const isExecutable = Bun.main.startsWith('/$bunfs/')
  return isExecutable ? [process.execPath, 'worker'] : [process.execPath, Bun.main, 'worker']
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
