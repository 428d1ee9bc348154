import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../tests/support/port.ts'
import { type Contestant, TASKPORT } from './contestants.ts'
import { postTasks, SECRET, writeUsers } from './data.ts'
import type { Dataset } from './stores.ts'
import { verify } from './verify.ts'

export interface Running {
  readonly url: string
  /** `null` for a server at BENCH_URL. */
  readonly pid: number | null
  /** The users' file for load.lua. */
  readonly users: string
  /** Time from start to first response. */
  readonly startMilliseconds: number
  /** Wrong responses that `verify` found. */
  readonly wrong: number
  stop(): Promise<void>
}

/** What a server is started for. An idle one gets no requests. */
type Use = 'write' | 'read' | 'idle'

/**
 * Starts a contestant with the dataset and verifies its responses.
 *
 * @param use for reading, the dataset is used directly; otherwise a copy of it.
 */
export async function start(
  contestant: Contestant,
  dataset: Dataset,
  use: Use = 'write',
): Promise<Running> {
  const opened = await dataset.open(
    contestant.store,
    use === 'write' ? 'write' : 'read',
    contestant.program !== TASKPORT,
  )
  const { program } = contestant
  const server =
    program instanceof URL ? atUrl(program) : await spawn(program, contestant, opened.url)
  const { url } = server
  let { users, file } = dataset
  const { constant } = contestant
  if (
    use !== 'idle' &&
    !constant &&
    (contestant.store === 'memory' || contestant.store === 'address')
  ) {
    users = await postTasks(url, users)
    file = `${dataset.file}.posted`
    await writeUsers(file, users)
  }
  const wrong = use === 'idle' || constant ? 0 : await verify(url, users, use)
  return {
    ...server,
    users: file,
    wrong,
    async stop() {
      await server.stop()
      await opened.remove()
    },
  }
}

function atUrl(program: URL) {
  const url = program.href.replace(/\/+$/, '')
  return { url, pid: null, startMilliseconds: Number.NaN, stop: async () => {} }
}

async function spawn(program: readonly string[], { variables }: Contestant, databaseUrl: string) {
  const [port, adminPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  // Logs to a file on disk, as most services do in the end.
  const logFile = join(tmpdir(), `taskport-bench-${port}.log`)
  const log = openSync(logFile, 'a')
  const began = performance.now()
  const child = Bun.spawn([...program], {
    env: {
      PATH: `${process.env['PATH']}`,
      DATABASE_URL: databaseUrl,
      BETTER_AUTH_SECRET: SECRET,
      NODE_ENV: 'production',
      PORT: `${port}`,
      ADMIN_PORT: `${adminPort}`,
      RATE_LIMIT_PER_MINUTE: '0',
      ...variables,
    },
    stdout: log,
    stderr: 'inherit',
  })
  closeSync(log)
  async function answersAt(address: string): Promise<void> {
    while (!(await answers(address))) {
      if (child.exitCode !== null)
        throw new Error(`${program.join(' ')} exited with code ${child.exitCode}`)
      await Bun.sleep(2)
    }
  }
  await answersAt(`${url}/health`)
  const startMilliseconds = performance.now() - began
  // With several workers, waits for all of them.
  if (program === TASKPORT) await answersAt(`http://127.0.0.1:${adminPort}/readyz`)
  return {
    url,
    pid: child.pid,
    startMilliseconds,
    async stop() {
      child.kill()
      await child.exited
      await rm(logFile)
    },
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).status < 500
  } catch {
    return false
  }
}
