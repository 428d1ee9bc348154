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
  /** Oldest first. */
  readonly ids: readonly string[]
}

export interface Size {
  readonly users: number
  readonly tasksPerUser: number
  /** How many of the users send requests. Default: all. */
  readonly active?: number
}

// Makes user names unique, because the database behind BENCH_URL outlives the run.
const run = randomUUID().slice(0, 5)

/** Creates users, with ids for tasks that do not exist yet. Their names are valid ids of PocketBase. */
export function inventUsers({ users, tasksPerUser }: Size): User[] {
  return Array.from({ length: users }, (_, n) => {
    const name = `user${`${n}`.padStart(6, '0')}${run}`
    return { name, token: signToken(name), ids: Array.from({ length: tasksPerUser }, uuidv7) }
  })
}

export function textOf(task: number, { name, ids }: Pick<User, 'name' | 'ids'>): string {
  return `${isFound(task, ids.length) ? 'milk' : 'bread'}: Task ${task} of ${name}`
}

/** Whether searches find the task: 2 of 20, otherwise 10, so that they must read all but fill no page. */
export function isFound(task: number, tasks: number): boolean {
  return task % Math.max(10, tasks / 10) === 0
}

export function isCompleted(task: number): boolean {
  return task % 4 === 3
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

/** A task as a line of `taskport import`. */
export interface TaskLine {
  readonly user_id: string
  readonly id: string
  readonly text: string
  readonly completed: boolean
  readonly created_at: string
  readonly updated_at: string
  readonly completed_at: string | null
}

/**
 * The users' tasks. The users take turns, as they would in production, so that the tasks of one user are
 * not stored side by side.
 */
export function* taskLines(users: readonly User[]): Generator<TaskLine> {
  const perUser = users[0]?.ids.length ?? 0
  let time = Date.now() - users.length * perUser
  for (let task = 0; task < perUser; task++)
    for (const user of users) {
      const at = new Date(time++).toISOString()
      const completed = isCompleted(task)
      yield {
        user_id: user.name,
        id: `${user.ids[task]}`,
        text: textOf(task, user),
        completed,
        created_at: at,
        updated_at: at,
        completed_at: completed ? at : null,
      }
    }
}

/** Writes the users' tasks as input of `taskport import`. */
export async function writeTasks(path: string, users: readonly User[]): Promise<void> {
  await pipeline(Readable.from(lines(users)), createWriteStream(path))
}

function* lines(users: readonly User[]): Generator<string> {
  for (const task of taskLines(users)) yield `${JSON.stringify(task)}\n`
}

/**
 * Writes the users' file for load.lua.
 *
 * @param cursors for each user a cursor of the feed, if feeds are read.
 */
export async function writeUsers(
  path: string,
  users: readonly User[],
  cursors: readonly string[] = [],
): Promise<void> {
  const lines = users.map(({ token, name, ids }, n) =>
    [token, name, cursors[n] ?? '-', ...ids].join(' '),
  )
  await writeFile(path, lines.join('\n'))
}
