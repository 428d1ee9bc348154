import { createNewId } from '../adapters/system/ids.ts'
import { readConfig } from '../app/config.ts'
import { openStore } from '../app/store.ts'
import type { FeedPosition } from '../core/feed.ts'
import { isOwner, type Owner } from '../core/owner.ts'
import type { TaskRepository } from '../core/ports.ts'
import { EVERYTHING, type TaskQuery } from '../core/query.ts'
import { searchFor } from '../core/search.ts'
import type { Write } from '../core/writes.ts'
import type { Dataset } from './stores.ts'
import type { Target } from './targets.ts'

const DATABASES = ['postgres', 'sqlite'] as const

// Longest median time of a page of 20, for a user with 10,000 tasks.
const PAGE_MS = { postgres: 15, sqlite: 8 }

const PAGES: readonly [name: string, query: Partial<TaskQuery>][] = [
  ['newest first', {}],
  ['by update', { sort: '-updated_at' }],
  ['by order', { sort: 'order' }],
  ['open', { completed: false }],
  ['open by order', { completed: false, sort: 'order' }],
  ['search that finds all', { search: searchFor('task') }],
  ['search that finds one', { search: searchFor('task 777') }],
  ['search that finds nothing', { search: searchFor('zzzz') }],
]

const REPEATS = 31

/** Measures the store itself, without HTTP, for a user with many tasks and for one with few. */
export async function largeUserTargets(many: Dataset, few: Dataset): Promise<Target[]> {
  const targets: Target[] = []
  for (const store of DATABASES) {
    const ofMany = await measureUser(many, store)
    const ofFew = await measureUser(few, store)
    for (const [name, milliseconds] of ofMany.pages)
      targets.push({
        what: `${store}: page of 20 of 10,000 tasks, ${name}`,
        measured: milliseconds,
        limit: PAGE_MS[store],
        kind: 'most',
        unit: 'ms',
      })
    targets.push({
      what: `${store}: reading a whole feed, time per task relative to ${few.tasks} tasks`,
      measured: ofMany.feed / many.tasks / (ofFew.feed / few.tasks),
      limit: 1.5,
      kind: 'most',
      unit: '×',
    })
    targets.push({
      what: `${store}: creating the 10,001st task, relative to the ${few.tasks + 1}st`,
      measured: ofMany.create / ofFew.create,
      limit: 1.5,
      kind: 'most',
      unit: '×',
    })
  }
  return targets
}

async function measureUser(dataset: Dataset, kind: (typeof DATABASES)[number]) {
  const name = dataset.users[0]?.name
  if (!isOwner(name)) throw new Error('The dataset has no user')
  const opened = await dataset.open({ store: kind, data: 'taskport' }, 'write')
  const store = await openStore(readConfig({ DATABASE_URL: opened.url }, false))
  try {
    const { repository } = store
    const pages: [string, number][] = []
    for (const [label, query] of PAGES)
      pages.push([
        label,
        await median(() => repository.list(name, { ...EVERYTHING, limit: 20, ...query })),
      ])
    const feed = await median(() => readFeed(repository, name), 5)
    const newId = createNewId()
    const create = await median(() => createTask(repository, name, newId()))
    return { pages, feed, create }
  } finally {
    await store.close()
    await opened.remove()
  }
}

function createTask(repository: TaskRepository, owner: Owner, id: string): Promise<unknown> {
  const write: Write = { op: 'create', id, task: { text: 'Buy milk' } }
  const now = new Date().toISOString()
  return repository.write(owner, {
    writes: [write],
    atomic: true,
    now,
    idAt: () => id,
    retry: null,
  })
}

async function readFeed(repository: TaskRepository, owner: Owner): Promise<void> {
  let position: FeedPosition | null = null
  for (;;) {
    const page = await repository.changes(owner, position, 100)
    if (!page?.hasMore) return
    position = page.next
  }
}

async function median(work: () => Promise<unknown>, repeats = REPEATS): Promise<number> {
  await work()
  const times: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now()
    await work()
    times.push(performance.now() - started)
  }
  return times.sort((a, b) => a - b)[repeats >> 1] ?? Number.NaN
}
