import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, expect, test } from 'bun:test'
import { createCaller, writing } from '../conformance/stores/caller.ts'
import { ownerNamed, second } from '../conformance/stores/store.ts'
import { damagePage } from './damage.ts'
import { openMigrated, temporaryFile } from './files.ts'

const VICTIM = ownerNamed('victim')
const OTHERS = Array.from({ length: 40 }, (_, n) => ownerNamed(`other ${n}`))
// More than a batch of maintenance, on several pages.
const TASKS = 300
const LONG = 'of the victim '.repeat(8)

let file: Awaited<ReturnType<typeof temporaryFile>>

beforeEach(async () => {
  file = await temporaryFile()
})

afterEach(() => file[Symbol.asyncDispose]())

/** Fills the file, and damages a page with some of the victim's tasks. */
async function prepare(areDeleted: boolean): Promise<void> {
  {
    await using store = await openMigrated(file.path)
    for (const owner of [VICTIM, ...OTHERS]) {
      const tasks = createCaller(store.repository, owner)
      const count = owner === VICTIM ? TASKS : 3
      const numbers = Array.from({ length: count }, (_, n) => n)
      const text = owner === VICTIM ? LONG : owner
      await tasks.all(numbers.map((n) => writing.create(n, text)))
      if (areDeleted) await tasks.all(numbers.map((n) => writing.remove(n)))
    }
  }
  await damagePage(file.path, LONG, OTHERS)
}

/** The numbers of the victim's tasks that cannot be read. */
async function unreadable(store: Awaited<ReturnType<typeof openMigrated>>): Promise<number[]> {
  const tasks = createCaller(store.repository, VICTIM)
  const numbers = Array.from({ length: TASKS }, (_, n) => n)
  const results = await Promise.allSettled(numbers.map((n) => tasks.get(n)))
  return numbers.filter((n) => results[n]?.status === 'rejected')
}

const UNAVAILABLE = { name: 'TaskportError', code: 'unavailable' }

test('rejects only the writes that need a damaged page when others share their transaction', async () => {
  await prepare(false)
  await using store = await openMigrated(file.path)
  const [damaged = -1] = await unreadable(store)
  const victim = createCaller(store.repository, VICTIM)
  const others = OTHERS.map((owner) => createCaller(store.repository, owner))
  const writes = [
    ...others.slice(0, 20).map((tasks) => tasks.create(100)),
    victim.patch(damaged, { text: 'new' }),
    victim.patch(damaged, { completed: true }),
    ...others.slice(20).map((tasks) => tasks.patch(1, { completed: true })),
  ]
  const results = await Promise.allSettled(writes)
  const rejected = results.filter((result) => result.status === 'rejected')
  expect(rejected.map(({ reason }) => reason)).toMatchObject([UNAVAILABLE, UNAVAILABLE])
  expect(`${rejected[0]?.reason.message} ${rejected[0]?.reason.cause}`).toMatch(
    `The SQLite file ${file.path} cannot be used SQLiteError: database disk image is malformed`,
  )
  for (const [n, tasks] of others.entries())
    expect(await tasks.numbers()).toStrictEqual(n < 20 ? [100, 2, 1, 0] : [2, 1, 0])
  // The victim's other tasks are not affected, either.
  expect(await victim.patch(TASKS - 1, { completed: true })).toMatchObject({ completed: true })
})

test('purges everything else when rows to purge are in a damaged page', async () => {
  await prepare(true)
  await using store = await openMigrated(file.path)
  async function maintain(): Promise<void> {
    while (await store.maintenance.run({ deleted: second(1_000_000), retries: second(0) }));
  }
  const message = `Maintenance of ${file.path} skipped damaged pages`
  await expect(maintain()).rejects.toThrow(message)
  using reader = new Database(file.path, { readonly: true })
  const left = reader.query<{ owner: string; count: number }, []>(`
    select user_id as owner, count(*) as count from tasks indexed by tasks_deleted
    where deleted_at is not null group by user_id`)
  expect(left.all()).toMatchObject([{ owner: VICTIM }])
  expect(left.get()?.count).toBeLessThan(TASKS)
  // The next run tries again.
  await expect(maintain()).rejects.toThrow(message)
})
