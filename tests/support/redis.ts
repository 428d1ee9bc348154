import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisClient } from 'bun'
import { cleanUpAfterwards, startInBackground, unprivilegedUser } from './background-process.ts'
import { freePort } from './port.ts'

/** A Redis on this machine that is stopped, and forgets everything, at the end of its scope. */
export interface Redis extends AsyncDisposable {
  readonly url: string
  /** Sends one command on a connection of its own. */
  send(command: string, ...args: string[]): Promise<unknown>
  /** Ends it at once, as a machine that is gone. */
  kill(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
  /** Makes it silent: it takes connections and bytes and answers nothing. */
  pause(): void
  resume(): void
}

export async function startRedis(): Promise<Redis> {
  const identity = await unprivilegedUser()
  const directory = await mkdtemp(join(tmpdir(), 'taskport-redis-'))
  const pidFile = join(directory, 'pid')
  await cleanUpAfterwards(directory, pidFile)
  const { uid, gid } = identity
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const settings = { bind: '127.0.0.1', port, dir: directory, pidfile: pidFile, save: '' }
  const command = [
    // It logs to standard output.
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
      await rm(directory, { recursive: true })
    },
  }
}
