import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskMaintenance } from '../../../core/ports.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, idNumber, openForEach, type StoreUnderTest, second } from './store.ts'

const NEVER = second(-1_000_000)

// More than a store purges in one run.
const MANY = 1200

/** Runs maintenance until there is nothing left to do. */
export async function runMaintenance(
  maintenance: TaskMaintenance,
  before: { readonly deleted?: string; readonly retries?: string },
): Promise<void> {
  const all = { deleted: NEVER, retries: NEVER, ...before }
  for (let runs = 0; await maintenance.run(all); runs++)
    if (runs > MANY) throw new Error('maintenance does not end')
}

/** The behaviour of every `TaskMaintenance`. */
export function describeMaintenance(store: StoreUnderTest): void {
  describe(`maintenance on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller
    let maintenance: TaskMaintenance

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
      maintenance = opened().maintenance
    })

    test('changes nothing when there is nothing to purge', async () => {
      await tasks.create(1)
      await tasks.create(2)
      await tasks.remove(2)
      const earlier = [await tasks.list(), await tasks.trash(), await tasks.changes(null)]
      await runMaintenance(maintenance, {})
      expect([await tasks.list(), await tasks.trash(), await tasks.changes(null)]).toStrictEqual(
        earlier,
      )
    })

    test('purges tasks that were deleted before a time, and no others', async () => {
      for (const n of [1, 2, 3, 4]) await tasks.create(n, 'x', second(0))
      await tasks.remove(1, second(10))
      await tasks.remove(2, second(11))
      await tasks.erase(3, second(10))
      await runMaintenance(maintenance, { deleted: second(11) })
      expect((await tasks.trash()).map(({ id }) => id)).toStrictEqual([idNumber(2)])
      expect(await tasks.numbers()).toStrictEqual([4])
      expect(await tasks.list()).toMatchObject({ count: 1 })
      expect(await tasks.one(writing.restore(1))).toMatchObject({ kind: 'not_found' })
      expect(await tasks.restore(2)).toMatchObject({ text: 'x' })
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.numbers()).toStrictEqual([4, 2])
      expect(await tasks.get(2)).toMatchObject({ version: 3 })
    })

    test('keeps the feed for readers who saw the deletion, and ends it for others', async () => {
      await tasks.create(1)
      const first = await tasks.changes(null)
      await tasks.create(2)
      await tasks.remove(1, second(10))
      const seen = await tasks.changes(first?.next ?? null)
      expect(seen?.changes).toMatchObject([{ type: 'upsert' }, { type: 'delete' }])
      await tasks.create(3)
      const revision = await tasks.revision()
      await runMaintenance(maintenance, { deleted: second(11) })
      expect(await tasks.revision()).not.toBe(revision)
      expect(await tasks.changes(first?.next ?? null)).toBeNull()
      expect((await tasks.changes(seen?.next ?? null))?.changes).toMatchObject([
        { type: 'upsert', task: { id: idNumber(3) } },
      ])
      const snapshot = await tasks.changes(null)
      expect(snapshot?.changes).toHaveLength(2)
      expect(await tasks.changes(snapshot?.next ?? null)).toMatchObject({
        changes: [],
        hasMore: false,
      })
    })

    test('ends the feed for a reader who began before the first change', async () => {
      const empty = await tasks.changes(null)
      await tasks.create(1)
      await tasks.erase(1, second(10))
      expect((await tasks.changes(empty?.next ?? null))?.changes).toMatchObject([
        { type: 'delete' },
      ])
      await runMaintenance(maintenance, { deleted: second(11) })
      expect(await tasks.changes(empty?.next ?? null)).toBeNull()
    })

    test('ends the feed for a reader within a number that was partly purged', async () => {
      await tasks.all([writing.create(1), writing.create(2), writing.create(3)])
      const whole = await tasks.changes(null)
      await tasks.all([writing.remove(1), writing.patch(2, { text: 'x' }), writing.remove(3)])
      const part = await tasks.changes(whole?.next ?? null, 1)
      expect(part).toMatchObject({ changes: [{ type: 'delete', id: idNumber(1) }], hasMore: true })
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.changes(part?.next ?? null)).toBeNull()
    })

    test('keeps a snapshot that began after the purged deletions', async () => {
      for (const n of [1, 2, 3]) await tasks.create(n)
      await tasks.remove(2, second(10))
      const part = await tasks.changes(null, 1)
      expect(part).toMatchObject({ changes: [{ task: { id: idNumber(1) } }], hasMore: true })
      await runMaintenance(maintenance, { deleted: second(11) })
      const rest = await tasks.changes(part?.next ?? null, 1)
      expect(rest?.changes).toMatchObject([{ task: { id: idNumber(3) } }])
    })

    test('forgets calls that were made before a time, and no others', async () => {
      const call = (key: string, n: number, now = second(100)) =>
        tasks.send([writing.create(n)], {
          now,
          retry: { key, fingerprint: 'same', rememberedSince: second(0) },
        })
      await call('old', 1, second(10))
      await call('new', 2, second(11))
      await runMaintenance(maintenance, { retries: second(11) })
      expect(await call('new', 3)).toMatchObject({ replayed: true })
      expect(await call('old', 4)).toMatchObject({ replayed: false })
      expect(await tasks.numbers({ sort: 'created_at' })).toStrictEqual([1, 2, 4])
    })

    test('ends when several processes purge many tasks at once', async () => {
      const others = createCaller(opened().repository, bob)
      for (let from = 0; from < MANY; from += 100) {
        const numbers = Array.from({ length: 100 }, (_, n) => from + n)
        await tasks.all(numbers.map((n) => writing.create(n)))
        await tasks.all(numbers.map((n) => (n % 2 ? writing.remove(n) : writing.erase(n))))
      }
      for (const caller of [tasks, others]) await caller.create(MANY)
      await others.remove(MANY)
      const again = await opened().openAgain()
      const racers = [maintenance, again.maintenance, maintenance, again.maintenance, maintenance]
      const running = Promise.all(
        racers.map((one) => runMaintenance(one, { deleted: second(1000) })),
      )
      await tasks.create(MANY + 1)
      await running
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.numbers()).toStrictEqual([MANY + 1, MANY])
      expect(await tasks.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
      expect(await others.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
      expect((await tasks.changes(null))?.changes).toHaveLength(2)
      expect(await tasks.list()).toMatchObject({ count: 2 })
    }, 30_000)
  })
}
