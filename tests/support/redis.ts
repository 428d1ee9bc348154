import { RedisClient } from 'bun'
import { createServerDirectory, startInBackground } from './background-process.ts'
import { freePort } from './port.ts'

/** A local Redis server without persistence, which is killed at the end of its scope. */
export interface Redis extends AsyncDisposable {
  readonly url: string
  /** Sends one command on a separate connection. */
  send(command: string, ...args: string[]): Promise<unknown>
  /** Sends SIGKILL. */
  kill(): Promise<void>
  /** Starts it again on the same port. */
  start(): Promise<void>
  /** Suspends it: it accepts connections and bytes but does not reply. */
  pause(): void
  resume(): void
}

export async function startRedis(): Promise<Redis> {
  const { path: directory, pidFile, identity, remove } = await createServerDirectory('redis')
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const settings = { bind: '127.0.0.1', port, dir: directory, pidfile: pidFile, save: '' }
  const command = [
    // Redis logs to standard output, but the log is read from standard error.
    ...['sh', '-c', 'exec "$0" "$@" >&2', 'redis-server'],
    ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]),
  ]
  const start = () => startInBackground(command, 'Ready to accept connections', identity)
  let server = await start()
  let isRunning = true

  async function kill(): Promise<void> {
    if (!isRunning) return
    isRunning = false
    await server.end('SIGKILL')
  }

  return {
    url,
    async send(name, ...args) {
      const client = new RedisClient(url)
      try {
        return await client.send(name, args)
      } finally {
        client.close()
      }
    },
    kill,
    async start() {
      server = await start()
      isRunning = true
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await kill()
      await remove()
    },
  }
}
