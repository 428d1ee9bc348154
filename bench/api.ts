/** How many requests the preparations and the verification send at once. */
export const AT_ONCE = 64

export interface Task {
  readonly id: string
  readonly text: string
}

/** Which tasks to list: see `OPERATIONS`, and `order` for the first task of the manual order. */
export type Listing = 'list' | 'all' | 'filter' | 'search' | 'order'

type Patches = readonly Task[]

/** One user's requests, as the contestants' different APIs offer them. Rejects on errors. */
export interface Api {
  get(id: string): Promise<Task>
  list(which: Listing): Promise<readonly Task[]>
  /** The cursor of the feed before the last changes, ready for a URL. */
  cursorBefore(changes: number, tasks: number): Promise<string>
  /** The changes since a cursor, and the cursor after them. */
  changes(cursor: string): Promise<{ tasks: readonly Task[]; next: string }>
  create(text: string): Promise<Task>
  patch(id: string, text: string): Promise<Task>
  complete(id: string): Promise<unknown>
  moveToTop(id: string): Promise<Task>
  batch(patches: Patches): Promise<readonly Task[]>
}

const LISTINGS: Readonly<Record<Listing, string>> = {
  list: '?limit=20',
  all: '',
  filter: '?sort=-updated_at&completed=false&limit=20',
  search: '?q=milk&limit=20',
  order: '?sort=order&limit=1',
}

/** The API of taskport, and of all contestants but PocketBase. */
export function tasksApi(url: string, token: string): Api {
  const send = <T>(method: string, path: string, body?: object) =>
    ask<T>(`${url}/tasks${path}`, token, method, body)
  return {
    get: (id) => send('GET', `/${id}`),
    async list(which) {
      const { tasks, count } = await send<{ tasks: Task[]; count: number }>('GET', LISTINGS[which])
      // Taskport counts the tasks of all pages, the others those of the response.
      if (count < tasks.length) throw new Error(`${count} is not the number of tasks`)
      return tasks
    },
    async cursorBefore(last, tasks) {
      let page = { changes: [], next_cursor: '' }
      for (let left = tasks - last; left > 0; left -= page.changes.length) {
        const from = page.next_cursor && `&cursor=${page.next_cursor}`
        page = await send('GET', `/changes?limit=${Math.min(left, 1000)}${from}`)
        if (page.changes.length === 0) throw new Error('The feed ended too early')
      }
      return page.next_cursor
    },
    async changes(cursor) {
      const page = await send<{ changes: { task: Task }[]; next_cursor: string }>(
        'GET',
        `/changes?cursor=${cursor}`,
      )
      return { tasks: page.changes.map(({ task }) => task), next: page.next_cursor }
    },
    create: (text) => send('POST', '', { text }),
    patch: (id, text) => send('PATCH', `/${id}`, { text }),
    complete: (id) => send('PATCH', `/${id}`, { completed: true }),
    moveToTop: (id) => send('POST', `/${id}/move`, { to: 'top' }),
    async batch(patches) {
      const operations = patches.map(({ id, text }) => ({ op: 'patch', id, body: { text } }))
      const body = { atomic: true, operations }
      const { results } = await send<{ results: { task: Task }[] }>('POST', '/batch', body)
      return results.map(({ task }) => task)
    },
  }
}

/** @returns the response as `T`, unchecked. `verify` checks it. */
export async function ask<T>(
  url: string,
  token: string,
  method: string,
  body?: object,
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`)
  return JSON.parse(text)
}

/** Runs the work for all items, some of them at once. The results have the order of the items. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item, n: number) => Promise<Result>,
  atOnce = AT_ONCE,
): Promise<Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  async function next(): Promise<void> {
    for (const [n, item] of waiting) results[n] = await work(item, n)
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return results
}
