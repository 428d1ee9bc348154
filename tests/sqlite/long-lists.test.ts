import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { SlowRead } from '../../adapters/sqlite/fair-reads.ts'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { type ListQuery, SORTS } from '../../core/query.ts'
import { searchFor } from '../../core/search.ts'
import { type Caller, createCaller, TOP, writing } from '../conformance/stores/caller.ts'
import { ann, bob, listId, ownerNamed } from '../conformance/stores/store.ts'
import { openMigrated, temporaryFile } from './files.ts'

const cat = ownerNamed('cat')

// So many slices that reading them takes several turns of the event loop.
const TASKS = 25_500

let file: Awaited<ReturnType<typeof temporaryFile>>
let store: Awaited<ReturnType<typeof openMigrated>>
let tasks: Caller
let same: Caller

async function fill(caller: Caller): Promise<void> {
  const numbers = Array.from({ length: TASKS }, (_, n) => n)
  await caller.createList(1)
  const due = (n: number) => `2026-0${1 + (n % 9)}-1${n % 10}`
  await caller.all(
    numbers.map((n) =>
      writing.create((n * 7919) % TASKS, `task ${n % 11}`, {
        ...(n % 2 === 0 && { list_id: listId(1), due: due(n) }),
        ...(n % 3 === 0 && { tags: n % 6 === 0 ? ['home', 'work'] : ['work'] }),
        ...(n % 5 === 0 && { description: `number ${n % 7}`, priority: 'high' }),
      }),
    ),
  )
  await caller.all(
    numbers.filter((n) => n % 3 === 0).map((n) => writing.patch(n, { completed: true })),
  )
  await caller.all(numbers.filter((n) => n % 5 === 0).map((n) => writing.remove(n)))
  for (const n of [1, 4002, 9001]) await caller.move(n, TOP)
}

beforeAll(async () => {
  file = await temporaryFile()
  store = await openMigrated(file.path)
  tasks = createCaller(store.repository, ann)
  same = createCaller(createMemoryStore(newEpoch), ann)
  await Promise.all([fill(tasks), fill(same)])
}, 30_000)

afterAll(async () => {
  await store.close()
  await file[Symbol.asyncDispose]()
})

function* queries(): Generator<Partial<ListQuery>> {
  for (const deleted of [false, true])
    for (const limit of [null, 50]) {
      for (const sort of SORTS) yield { sort, deleted, limit }
      for (const completed of [null, true])
        yield { completed, search: searchFor('task 7'), deleted, limit }
    }
  yield { search: searchFor('task a s k'), limit: 50 }
  const search = searchFor('number 3')
  for (const filter of [
    { list: listId(1), tags: ['work', 'home'] },
    { list: 'inbox', priorities: ['high', 'low'] },
    { due: { after: '2026-03-01', before: '2026-04-01' }, search },
    { due: 'none', search, deleted: true },
    { parent: 'none', search, completed: false },
  ] as const)
    for (const sort of ['-created_at', 'due', 'priority'] as const)
      for (const limit of [null, 50]) yield { ...filter, sort, limit }
}

test('lists what the memory store lists', async () => {
  for (const query of queries()) {
    const page = await tasks.list(query)
    const expected = await same.list(query)
    expect({ ...page, revision: '' }).toEqual({ ...expected, revision: '' })
    const { next } = page
    if (next === null) continue
    const after = await tasks.list({ ...query, after: next })
    expect({ ...after, revision: '' }).toEqual({
      ...(await same.list({ ...query, after: next })),
      revision: '',
    })
  }
}, 30_000)

test('serves other requests while it reads', async () => {
  const others = createCaller(store.repository, bob)
  const ended: string[] = []
  await others.create(1)
  await Promise.all([
    tasks.list({ sort: 'order' }).then(() => ended.push('list')),
    others
      .patch(1, { text: 'new' })
      .then(() => others.get(1))
      .then(() => others.list())
      .then(() => ended.push('others')),
  ])
  expect(ended).toStrictEqual(['others', 'list'])
})

test('reads everything at one moment while tasks change', async () => {
  const numberOfChanges = (revision: string) => Number(revision.split('.').at(-1))
  const before = numberOfChanges(await tasks.revision())
  let isReading = true
  const reading = tasks.list({ sort: 'order' }).finally(() => {
    isReading = false
  })
  let changes = 0
  // Backwards, so that changes come before the slices that they are in.
  for (; isReading; changes++) await tasks.patch(TASKS - 4 - 5 * changes, { text: 'changed' })
  const { revision, tasks: found } = await reading
  const changed = found.filter(({ text }) => text === 'changed')
  expect(changed).toHaveLength(numberOfChanges(revision) - before)
  expect(changed.length).toBeLessThan(changes)
})

test('counts the open tasks of lists in slices', async () => {
  expect(await tasks.lists()).toStrictEqual(await same.lists())
})

test('lets owners take turns', async () => {
  const others = createCaller(store.repository, cat)
  await others.all(Array.from({ length: 3000 }, (_, n) => writing.create(n)))
  const ended: string[] = []
  const lists = [1, 2, 3, 4].map(() => tasks.list({ sort: 'order' }).then(() => ended.push('ann')))
  await Promise.all([...lists, others.list({ sort: 'order' }).then(() => ended.push('cat'))])
  expect(ended).toStrictEqual(['cat', 'ann', 'ann', 'ann', 'ann'])
})

test('gives up reading at the time limit, which includes waiting for earlier reads', async () => {
  const impatient = openSqlite({ path: file.path, timeoutMs: 1, newEpoch })
  const { repository } = impatient
  const lists = [1, 2, 3].map(() => createCaller(repository, ann).list({ sort: 'order' }))
  const outcomes = await Promise.allSettled(lists)
  for (const outcome of outcomes)
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'unavailable', cause: expect.any(SlowRead) },
    })
  await impatient.close()
})

test('rejects with unavailable when the store is closed meanwhile', async () => {
  const closing = await openMigrated(file.path)
  const reading = createCaller(closing.repository, ann).list({ sort: 'order' })
  await closing.close()
  await expect(reading).rejects.toMatchObject({ code: 'unavailable' })
})
