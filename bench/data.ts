import { createHmac, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uuidv7 } from 'uuidv7'

/** The secret of all contestants, and of the server at BENCH_URL. */
export const SECRET =
  process.env['BENCH_SECRET'] ?? 'the secret of the benchmark, 32 bytes and more'

export interface User {
  readonly name: string
  readonly token: string
  /** The token of another user, for creating tasks without changing the lists that are measured. */
  readonly creatorsToken: string
  readonly ids: readonly string[]
}

export interface Size {
  readonly users: number
  readonly tasksPerUser: number
  /** How many of the users send requests. Default: all. */
  readonly active?: number
}

// Makes user names unique, because the database behind BENCH_URL outlives the run.
const run = randomUUID().slice(0, 8)

/** Creates users, with ids for tasks that do not exist yet. */
export function inventUsers({ users, tasksPerUser }: Size): User[] {
  return Array.from({ length: users }, (_, n) => {
    const name = `user-${n}-${run}`
    return {
      name,
      token: signToken(name),
      creatorsToken: signToken(`creator-${n}-${run}`),
      ids: Array.from({ length: tasksPerUser }, () => uuidv7()),
    }
  })
}

export function textOf(task: number, { name }: Pick<User, 'name'>): string {
  return `Task ${task} of ${name}`
}

/** @param serial distinguishes several tokens of one user. */
export function signToken(sub: string, serial = 0): string {
  const exp = Math.floor(Date.now() / 1000) + 36_000
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, exp, jti: `${serial}` })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/**
 * Writes the users' tasks as input of `taskport import`. The users take turns, as they would in
 * production, so that the tasks of one user are not stored side by side.
 */
export async function writeTasks(path: string, users: readonly User[]): Promise<void> {
  await pipeline(Readable.from(taskLines(users)), createWriteStream(path))
}

function* taskLines(users: readonly User[]): Generator<string> {
  const perUser = users[0]?.ids.length ?? 0
  let time = Date.now() - users.length * perUser
  for (let task = 0; task < perUser; task++)
    for (const user of users) {
      const at = new Date(time++).toISOString()
      const times = { created_at: at, updated_at: at, completed_at: null }
      const { name: user_id } = user
      const line = { user_id, id: user.ids[task], text: textOf(task, user), completed: false }
      yield `${JSON.stringify({ ...line, ...times })}\n`
    }
}

/** Writes the users' file for load.lua. */
export async function writeUsers(path: string, users: readonly User[]): Promise<void> {
  const lines = users.map(({ token, creatorsToken, ids }) =>
    [token, creatorsToken, ...ids].join(' '),
  )
  await writeFile(path, lines.join('\n'))
}

/** Creates the users' tasks through the API, for servers whose store cannot be filled directly. */
export async function postTasks(url: string, users: readonly User[]): Promise<User[]> {
  const created: User[] = []
  const waiting = [...users]
  async function work(): Promise<void> {
    for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) {
      const ids: string[] = []
      for (let task = 0; task < user.ids.length; task++)
        ids.push(await post(url, user.token, textOf(task, user)))
      created.push({ ...user, ids })
    }
  }
  await Promise.all(Array.from({ length: 64 }, work))
  return created
}

async function post(url: string, token: string, text: string): Promise<string> {
  const response = await fetch(`${url}/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  if (response.status !== 201)
    throw new Error(`Creating a task at ${url} failed with status ${response.status}`)
  const { id }: { readonly id?: unknown } = Object(await response.json())
  return `${id}`
}
