import { closeSync, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../tests/support/port.ts'
import { type Api, forEach, tasksApi } from './api.ts'
import { type Contestant, TASKPORT } from './contestants.ts'
import { isCompleted, SECRET, textOf, type User, writeUsers } from './data.ts'
import type { Dialect } from './load.ts'
import { pocketBaseApi } from './pocketbase.ts'
import type { Dataset } from './stores.ts'
import { LAST_CHANGES, verify } from './verify.ts'

export interface Running {
  readonly url: string
  /** `null` for a server at BENCH_URL. */
  readonly pid: number | null
  readonly dialect: Dialect
  /** The users' file for load.lua. */
  readonly users: string
  /** Time from start to first response. */
  readonly startMilliseconds: number
  /** Wrong responses that `verify` found. */
  readonly wrong: number
  /** Writes each user's cursor before the last changes to the users' file. */
  writeCursors(): Promise<void>
  stop(): Promise<void>
}

/** What a server is started for. An idle one gets no requests. */
type Use = 'write' | 'read' | 'idle'

/**
 * Starts a contestant with the dataset and verifies its responses.
 *
 * @param use for reading, the dataset is used directly; otherwise a copy of it.
 * @param sending replaces the users in the users' file, for other tokens.
 */
export async function start(
  contestant: Contestant,
  dataset: Dataset,
  use: Use = 'write',
  sending?: readonly User[],
): Promise<Running> {
  const { program, data } = contestant
  const opened = await dataset.open(contestant, use === 'write' ? 'write' : 'read')
  const server =
    program instanceof URL ? atUrl(program) : await spawn(program, contestant, opened.url)
  const { url } = server
  const dialect = data === 'pocketbase' ? 'pocketbase' : 'tasks'
  const apiOf = (user: User): Api =>
    dialect === 'pocketbase' ? pocketBaseApi(url, user) : tasksApi(url, user.token)
  let { users } = opened
  if (use !== 'idle' && data === 'requests')
    users = await forEach(users, (user) => createTasks(apiOf(user), user))
  const wrong = use === 'idle' || data === 'none' ? 0 : await verify(apiOf, users, use)
  const file = join(tmpdir(), `taskport-bench-${new URL(url).port}.users`)
  await writeUsers(file, sending ?? users)
  return {
    ...server,
    dialect,
    users: file,
    wrong,
    async writeCursors() {
      const cursors = await forEach(users, (user) =>
        apiOf(user).cursorBefore(LAST_CHANGES, user.ids.length),
      )
      await writeUsers(file, users, cursors)
    },
    async stop() {
      await server.stop()
      await opened.remove()
      await rm(file)
    },
  }
}

/** Creates a user's tasks, for servers whose store cannot be filled directly. */
async function createTasks(api: Api, user: User): Promise<User> {
  const ids: string[] = []
  for (let task = 0; task < user.ids.length; task++) {
    const { id } = await api.create(textOf(task, user))
    if (isCompleted(task)) await api.complete(id)
    ids.push(id)
  }
  return { ...user, ids }
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
