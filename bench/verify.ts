import { textOf, type User } from './data.ts'

const MOST_ROUNDS = 500
const AT_ONCE = 64

interface Task {
  readonly id: string
  readonly text: string
  readonly completed: boolean
  readonly created_at: string
}

/**
 * Sends hundreds of concurrent requests of each kind for many users, and checks every response
 * completely. (The load generator only checks a part, because it has to be fast.)
 *
 * @returns how many responses were wrong. Prints the first one to standard error.
 */
export async function verify(
  url: string,
  users: readonly User[],
  use: 'write' | 'read',
): Promise<number> {
  // One round per user, so that no two rounds change the same task.
  const rounds = Math.min(MOST_ROUNDS, users.length)
  let wrong = 0
  let next = 0

  async function check(n: number): Promise<void> {
    const user = users[n]
    const task = n % (user?.ids.length ?? 1)
    const id = user?.ids[task]
    if (!user || id === undefined) throw new Error('There are no users')
    const found = await ask<Task>(url, user.token, 'GET', `/tasks/${id}`)
    expect('get', found, found.id === id && found.text.endsWith(user.name))
    const list = await ask<{ tasks: Task[]; count: number }>(url, user.token, 'GET', '/tasks')
    const listed = new Set(list.tasks.map((one) => one.id))
    const whole = user.ids.every((one) => listed.has(one)) && listed.size === user.ids.length
    expect('list', list, whole && list.count === listed.size && isNewestFirst(list.tasks))
    if (use === 'read') return
    const text = `${textOf(task, { name: `${n}` })} of ${user.name}`
    const patched = await ask<Task>(url, user.token, 'PATCH', `/tasks/${id}`, { text })
    expect('patch', patched, patched.id === id && patched.text === text)
    const created = await ask<Task>(url, user.creatorsToken, 'POST', '/tasks', { text })
    expect('create', created, created.text === text && created.completed === false)
    const again = await ask<Task>(url, user.creatorsToken, 'GET', `/tasks/${created.id}`)
    expect('get of a created task', again, Bun.deepEquals(again, created))
  }

  function expect(what: string, answer: unknown, right: boolean): void {
    if (right) return
    if (wrong++ === 0)
      process.stderr.write(`\nWrong answer to ${what}: ${JSON.stringify(answer).slice(0, 500)}\n`)
  }

  async function work(): Promise<void> {
    while (next < rounds)
      await check(next++).catch((error) => expect('a request', String(error), false))
  }

  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return wrong
}

function isNewestFirst(tasks: readonly Task[]): boolean {
  return tasks.every((task, n) => n === 0 || task.created_at <= (tasks[n - 1]?.created_at ?? ''))
}

/** @returns the response as `T`, unchecked. The caller checks it. */
async function ask<T>(
  url: string,
  token: string,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}
