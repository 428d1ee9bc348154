import { Database } from 'bun:sqlite'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../tests/support/port.ts'
import { type Api, ask, forEach, type Listing, type Task } from './api.ts'
import { taskLines, type User } from './data.ts'

/** Starts PocketBase. Like the other contestants, it gets its port and database by variables. */
export const SERVE_POCKETBASE = [
  'sh',
  '-c',
  'exec pocketbase serve --dev=false --http="127.0.0.1:$PORT" --dir="$DATABASE_URL"',
]

const SUPERUSER = { identity: 'bench@example.org', password: 'a password for the benchmark' }

const OWN = 'user = @request.auth.id'

/** A collection of the same tasks, which their users may read and change. */
const TASKS = {
  name: 'tasks',
  type: 'base',
  listRule: OWN,
  viewRule: OWN,
  createRule: OWN,
  updateRule: OWN,
  fields: [
    { name: 'user', type: 'relation', collectionId: '_pb_users_auth_', required: true },
    { name: 'text', type: 'text', required: true, max: 500 },
    { name: 'completed', type: 'bool' },
    { name: 'position', type: 'number' },
    { name: 'completed_at', type: 'date' },
    { name: 'created', type: 'autodate', onCreate: true },
    { name: 'updated', type: 'autodate', onCreate: true, onUpdate: true },
  ],
  indexes: ['create index tasks_created on tasks (user, created)'],
}

/**
 * Creates a data directory of PocketBase with the users and their tasks.
 *
 * @returns the users with PocketBase's tokens and ids, which have 15 characters.
 */
export async function createPocketBase(
  directory: string,
  usersElsewhere: readonly User[],
): Promise<readonly User[]> {
  let tasks = 0
  const users = usersElsewhere.map((user) => {
    return { ...user, ids: user.ids.map(() => `${tasks++}`.padStart(15, '0')) }
  })
  const { identity, password } = SUPERUSER
  await Bun.$`pocketbase --dev=false superuser create ${identity} ${password} --dir=${directory}`.quiet()
  const port = await freePort()
  const child = Bun.spawn(SERVE_POCKETBASE, {
    env: { PATH: `${process.env['PATH']}`, PORT: `${port}`, DATABASE_URL: directory },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  try {
    const url = `http://127.0.0.1:${port}/api`
    while (!(await fetch(`${url}/health`).catch(() => null))?.ok) await Bun.sleep(10)
    const signIn = `${url}/collections/_superusers/auth-with-password`
    const { token } = await ask<{ token: string }>(signIn, '', 'POST', SUPERUSER)
    // Like the other contestants, it does not log requests.
    const settings = { batch: { enabled: true, maxRequests: 50 }, logs: { maxDays: 0 } }
    await ask(`${url}/settings`, token, 'PATCH', settings)
    await ask(`${url}/collections`, token, 'POST', TASKS)
    insertRows(join(directory, 'data.db'), users)
    return await forEach(users, async (user) => {
      const path = `${url}/collections/users/impersonate/${user.name}`
      const signedIn = await ask<{ token: string }>(path, token, 'POST', { duration: 36_000 })
      return { ...user, token: signedIn.token }
    })
  } finally {
    child.kill()
    await child.exited
    // Not needed, and written at each change of a collection.
    await rm(join(directory, '../pb_migrations'), { recursive: true, force: true })
  }
}

function insertRows(path: string, users: readonly User[]): void {
  using database = new Database(path)
  database.run('pragma busy_timeout = 10000')
  const insertUser = database.query<unknown, [string, string]>(
    'insert into users (id, tokenKey) values (?, ?)',
  )
  const insertTask = database.query<
    unknown,
    [string, string, string, boolean, number, string, string, string]
  >(
    `insert into tasks (id, user, text, completed, position, created, updated, completed_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  database.transaction(() => {
    for (const { name } of users) insertUser.run(name, `the token key of ${name} in the benchmark`)
    for (const task of taskLines(users)) {
      const { id, user_id, text, completed, created_at, completed_at } = task
      const at = timeOf(created_at)
      const completedAt = completed_at === null ? '' : timeOf(completed_at)
      insertTask.run(id, user_id, text, completed, -Date.parse(created_at), at, at, completedAt)
    }
  })()
  database.run('analyze')
}

/** PocketBase writes a space instead of the T. */
function timeOf(at: string): string {
  return at.replace('T', ' ')
}

const LISTINGS: Readonly<Record<Listing, string>> = {
  list: 'perPage=20&sort=-created',
  all: 'perPage=1000&sort=-created',
  filter: 'perPage=20&sort=-updated&filter=completed=false',
  search: "perPage=20&sort=-created&filter=text~'milk'",
  order: 'perPage=1&sort=position',
}

/** A filter for the records that come later in the order of updates. */
function cursorAfter(last: Page['items'][number] | undefined): string {
  if (last === undefined) throw new Error('There are no records')
  const { updated, id } = last
  return encodeURIComponent(`updated>'${updated}'||(updated='${updated}'&&id>'${id}')`)
}

interface Page {
  readonly items: readonly (Task & { readonly updated: string })[]
}

/** The same requests to the records of the collection. */
export function pocketBaseApi(url: string, user: User): Api {
  const path = '/api/collections/tasks/records'
  const send = <T>(method: string, rest: string, body?: object) =>
    ask<T>(`${url}${path}${rest}`, user.token, method, body)
  const list = async (query: string) => (await send<Page>('GET', `?skipTotal=1&${query}`)).items
  return {
    get: (id) => send('GET', `/${id}`),
    async list(which) {
      const tasks = [...(await list(LISTINGS[which]))]
      // A response has at most 1,000 records.
      for (let page = 2; which === 'all' && tasks.length === (page - 1) * 1000; page++)
        tasks.push(...(await list(`${LISTINGS.all}&page=${page}`)))
      return tasks
    },
    async cursorBefore(last) {
      const newest = await list(`perPage=${last + 1}&sort=-updated,-id`)
      return cursorAfter(newest.at(-1))
    },
    async changes(cursor) {
      const tasks = await list(`perPage=100&sort=updated,id&filter=${cursor}`)
      return { tasks, next: cursorAfter(tasks.at(-1)) }
    },
    create: (text) => send('POST', '', { user: user.name, text }),
    patch: (id, text) => send('PATCH', `/${id}`, { text }),
    complete: (id) => send('PATCH', `/${id}`, { completed: true }),
    moveToTop: (id) => send('PATCH', `/${id}`, { position: -Date.now() }),
    async batch(patches) {
      const requests = patches.map(({ id, text }) => {
        return { method: 'PATCH', url: `${path}/${id}`, body: { text } }
      })
      const answers = await ask<{ body: Task }[]>(`${url}/api/batch`, user.token, 'POST', {
        requests,
      })
      return answers.map(({ body }) => body)
    },
  }
}
