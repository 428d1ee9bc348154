import { type Api, AT_ONCE, forEach, type Task } from './api.ts'
import { isCompleted, isFound, textOf, type User } from './data.ts'

const MOST_ROUNDS = 200
const PAGE = 20
// Of whole lists, fewer at once.
const TASKS_AT_ONCE = 40_000
/** How many changes come after the cursors of feeds. */
export const LAST_CHANGES = 10

/**
 * Sends hundreds of concurrent requests of each kind for many users, and checks every response
 * completely. (The load generator only checks a part, because it has to be fast.)
 *
 * @param apiOf the API as that user.
 * @returns how many responses were wrong. Prints the first one to standard error.
 */
export async function verify(
  apiOf: (user: User) => Api,
  users: readonly User[],
  use: 'write' | 'read',
): Promise<number> {
  let wrong = 0

  function expect(what: string, answer: unknown, right: boolean): void {
    if (right) return
    if (wrong++ === 0)
      process.stderr.write(`\nWrong answer to ${what}: ${JSON.stringify(answer).slice(0, 500)}\n`)
  }

  function expectTasks(what: string, answer: readonly Task[], ids: readonly string[]): void {
    expect(what, answer, Bun.deepEquals(idsOf(answer), ids))
  }

  async function check(user: User, round: number): Promise<void> {
    const api = apiOf(user)
    const { ids } = user
    const newest = ids.toReversed()
    const ofNewest = (is: (task: number, tasks: number) => boolean) =>
      newest.filter((_, n) => is(ids.length - 1 - n, ids.length)).slice(0, PAGE)
    const task = round % ids.length
    const id = `${ids[task]}`

    const found = await api.get(id)
    expect('get', found, found.id === id && found.text === textOf(task, user))
    expectTasks('list', await api.list('list'), newest.slice(0, PAGE))
    expectTasks('all', await api.list('all'), newest)
    expectTasks(
      'filter',
      await api.list('filter'),
      ofNewest((n) => !isCompleted(n)),
    )
    expectTasks('search', await api.list('search'), ofNewest(isFound))
    const last = await api.changes(await api.cursorBefore(LAST_CHANGES, ids.length))
    // Completed tasks of a store that was filled by requests come last.
    const isLast = last.tasks.length === LAST_CHANGES && idsOf(last.tasks).every(isIn(ids))
    expect('feed', last, isLast)
    if (use === 'read') return

    const text = textOf(task, { name: `round ${round} of ${user.name}`, ids })
    const patched = await api.patch(id, text)
    expect('patch', patched, patched.id === id && patched.text === text)
    expectTasks('feed after a patch', (await api.changes(last.next)).tasks, [id])
    const moved = await api.moveToTop(id)
    expect('move', moved, moved.id === id && moved.text === text)
    expectTasks('order', await api.list('order'), [id])
    const name = `a batch of ${user.name}`
    const patches = ids.slice(-PAGE).map((one, n) => ({ id: one, text: textOf(n, { name, ids }) }))
    const batch = await api.batch(patches)
    const isBatch = batch.every((one, n) => one.text === patches[n]?.text)
    expectTasks('batch', batch, isBatch ? idsOf(patches) : [])
    const created = await api.create(text)
    expect('create', created, created.text === text)
    const again = await api.get(created.id)
    expect('get of a created task', again, Bun.deepEquals(again, created))
  }

  // One round per user, so that no two rounds change the same task.
  const atOnce = Math.ceil(Math.min(AT_ONCE, TASKS_AT_ONCE / (users[0]?.ids.length ?? 1)))
  await forEach(
    users.slice(0, MOST_ROUNDS),
    (user, round) => check(user, round).catch((error) => expect('a request', String(error), false)),
    atOnce,
  )
  return wrong
}

function idsOf(tasks: readonly Task[]): string[] {
  return tasks.map(({ id }) => id)
}

function isIn(ids: readonly string[]) {
  const known = new Set(ids)
  return (id: string) => known.has(id)
}
