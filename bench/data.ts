import { createHmac, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uuidv7 } from 'uuidv7'

/** What the contestants check tokens with, and whoever listens at BENCH_URL. */
export const SECRET =
  process.env['BENCH_SECRET'] ?? 'the secret of the benchmark, 32 bytes and more'

export interface User {
  readonly name: string
  readonly token: string
  /** Of somebody else, whose tasks are created and never listed: what is listed stays the same. */
  readonly creatorsToken: string
  readonly ids: readonly string[]
}

export interface Size {
  readonly users: number
  readonly tasksPerUser: number
  /** How many of the users, evenly spread, take part in the load: all, unless told. */
  readonly active?: number
}

// Where a database outlives the run, as the one behind BENCH_URL does, users are new all the same.
const run = randomUUID().slice(0, 8)

/** Users with ids for tasks that are not there yet. */
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

/** @param serial makes tokens of one user differ. */
export function signToken(sub: string, serial = 0): string {
  const exp = Math.floor(Date.now() / 1000) + 36_000
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, exp, jti: `${serial}` })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/**
 * Writes the users' tasks as `taskport import` takes them, in the order in which many users would
 * have made them: one of each, then the next of each, so that no one's tasks lie together.
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

/** Writes the file that load.lua reads. */
export async function writeUsers(path: string, users: readonly User[]): Promise<void> {
  const lines = users.map(({ token, creatorsToken, ids }) =>
    [token, creatorsToken, ...ids].join(' '),
  )
  await writeFile(path, lines.join('\n'))
}

/** Makes the users' tasks through the service itself, where nothing else leads to its store. */
export async function postTasks(url: string, users: readonly User[]): Promise<User[]> {
  const made: User[] = []
  const waiting = [...users]
  async function work(): Promise<void> {
    for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) {
      const ids: string[] = []
      for (let task = 0; task < user.ids.length; task++)
        ids.push(await post(url, user.token, textOf(task, user)))
      made.push({ ...user, ids })
    }
  }
  await Promise.all(Array.from({ length: 64 }, work))
  return made
}

async function post(url: string, token: string, text: string): Promise<string> {
  const response = await fetch(`${url}/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
  })
  if (response.status !== 201) throw new Error(`${url} answers ${response.status} to a new task`)
  const { id }: { readonly id?: unknown } = Object(await response.json())
  return `${id}`
}
