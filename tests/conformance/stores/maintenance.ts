import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskMaintenance } from '../../../core/ports.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, idNumber, openForEach, type StoreUnderTest, second } from './store.ts'

const NEVER = second(-1_000_000)

// More than a store does in one go.
const MANY = 1200

/** Sweeps until nothing is due. */
export async function runMaintenance(
  maintenance: TaskMaintenance,
  before: { readonly deleted?: string; readonly retries?: string },
): Promise<void> {
  const all = { deleted: NEVER, retries: NEVER, ...before }
  for (let runs = 0; await maintenance.run(all); runs++)
    if (runs > MANY) throw new Error('maintenance does not end')
}

/** What every `TaskMaintenance` does. */
export function describeMaintenance(store: StoreUnderTest): void {
  describe(`maintenance on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller
    let maintenance: TaskMaintenance

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
      maintenance = opened().maintenance
    })

    test('has nothing to do where nothing is due', async () => {
      await tasks.create(1)
      await tasks.create(2)
      await tasks.remove(2)
      const seen = [await tasks.list(), await tasks.trash(), await tasks.changes(null)]
      await runMaintenance(maintenance, {})
      expect([await tasks.list(), await tasks.trash(), await tasks.changes(null)]).toStrictEqual(
        seen,
      )
    })

    test('forgets what was deleted before a time, and nothing else', async () => {
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
    })

    test('a task that was restored is not forgotten', async () => {
      await tasks.create(1)
      await tasks.remove(1)
      await tasks.restore(1)
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.get(1)).toMatchObject({ version: 3 })
    })

    test('the feed goes on for readers who saw the deletion, and ends for others', async () => {
      await tasks.create(1)
      const first = await tasks.changes(null)
      await tasks.create(2)
      await tasks.remove(1, second(10))
      const told = await tasks.changes(first?.next ?? null)
      expect(told?.changes).toMatchObject([{ type: 'upsert' }, { type: 'delete' }])
      await tasks.create(3)
      const revision = await tasks.revision()
      await runMaintenance(maintenance, { deleted: second(11) })
      expect(await tasks.revision()).not.toBe(revision)
      expect(await tasks.changes(first?.next ?? null)).toBeNull()
      expect((await tasks.changes(told?.next ?? null))?.changes).toMatchObject([
        { type: 'upsert', task: { id: idNumber(3) } },
      ])
      const anew = await tasks.changes(null)
      expect(anew?.changes).toHaveLength(2)
      expect(await tasks.changes(anew?.next ?? null)).toMatchObject({ changes: [], hasMore: false })
    })

    test('a reader who began when nothing had been written starts again after the purge', async () => {
      const empty = await tasks.changes(null)
      await tasks.create(1)
      await tasks.erase(1, second(10))
      expect((await tasks.changes(empty?.next ?? null))?.changes).toMatchObject([
        { type: 'delete' },
      ])
      await runMaintenance(maintenance, { deleted: second(11) })
      expect(await tasks.changes(empty?.next ?? null)).toBeNull()
    })

    test('a reader in the middle of a number that was purged in part starts again', async () => {
      await tasks.all([writing.create(1), writing.create(2), writing.create(3)])
      const whole = await tasks.changes(null)
      await tasks.all([writing.remove(1), writing.patch(2, { text: 'x' }), writing.remove(3)])
      const part = await tasks.changes(whole?.next ?? null, 1)
      expect(part).toMatchObject({ changes: [{ type: 'delete', id: idNumber(1) }], hasMore: true })
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.changes(part?.next ?? null)).toBeNull()
    })

    test('a snapshot that began before a purge of what it never showed goes on', async () => {
      for (const n of [1, 2, 3]) await tasks.create(n)
      await tasks.remove(2, second(10))
      const part = await tasks.changes(null, 1)
      expect(part).toMatchObject({ changes: [{ task: { id: idNumber(1) } }], hasMore: true })
      await runMaintenance(maintenance, { deleted: second(11) })
      const rest = await tasks.changes(part?.next ?? null, 1)
      expect(rest?.changes).toMatchObject([{ task: { id: idNumber(3) } }])
    })

    test('forgets calls that were made before a time, and nothing else', async () => {
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

    test('comes to an end with much to do, however many do it', async () => {
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
      const sweeping = Promise.all(
        racers.map((one) => runMaintenance(one, { deleted: second(1000) })),
      )
      await tasks.create(MANY + 1)
      await sweeping
      await runMaintenance(maintenance, { deleted: second(1000) })
      expect(await tasks.numbers()).toStrictEqual([MANY + 1, MANY])
      expect(await tasks.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
      expect(await others.list({ deleted: true })).toMatchObject({ tasks: [], count: 0 })
      expect((await tasks.changes(null))?.changes).toHaveLength(2)
      expect(await tasks.list()).toMatchObject({ count: 2 })
    }, 30_000)
  })
}
