import { beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { TaskQuery } from '../../../core/query.ts'
import { compareBy, type PagePosition, SORTS } from '../../../core/sorting.ts'
import type { Task } from '../../../core/task.ts'
import { after, before, type Caller, createCaller, TOP, writing } from './caller.ts'
import { ann, openForEach, ownerNamed, type StoreUnderTest, second } from './store.ts'

/** How a `TaskRepository` lists tasks, all at once and in pages. */
export function describeLists(store: StoreUnderTest): void {
  describe(`lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** All pages of a list. Calls `between` before each page but the first. */
    async function readPages(
      caller: Caller,
      query: Partial<TaskQuery> & { readonly limit: number },
      between: () => Promise<unknown> = async () => {},
    ): Promise<Task[][]> {
      const pages: Task[][] = []
      let next: PagePosition | null = null
      do {
        if (next) await between()
        const page = await caller.list({ ...query, after: next })
        pages.push(page.tasks)
        next = page.next
      } while (next)
      return pages
    }

    // 21 tasks with few different times, so that many are equal; nine are completed.
    async function createMany(): Promise<Task[]> {
      for (const at of [5, 1, 3]) {
        const writes = Array.from({ length: 7 }, (_, n) => writing.create(at * 10 + n))
        await tasks.all(writes, { now: second(at) })
      }
      for (const at of [8, 7, 9]) {
        const writes = [10, 30, 50].flatMap((from) => [
          writing.patch(from + at - 7, { text: `changed at ${at}` }),
          writing.patch(from + at - 4, { completed: true }),
        ])
        await tasks.all(writes, { now: second(at) })
      }
      await tasks.all([writing.move(51, TOP), writing.move(16, after(33))], { now: second(2) })
      return (await tasks.list()).tasks
    }

    test('is empty for an owner without tasks', async () => {
      for (const sort of SORTS)
        expect(await tasks.list({ sort, limit: 1 })).toStrictEqual({
          tasks: [],
          count: 0,
          next: null,
          revision: await tasks.revision(),
          unknown: [],
        })
    })

    test('sorts by creation, the newest first, and then by id', async () => {
      for (const [n, at] of [
        [9, -5],
        [2, 0],
        [3, 0],
        [1, 5],
      ] as const)
        await tasks.create(n, 'x', second(at))
      await tasks.patch(2, { text: 'changed' })
      expect(await tasks.numbers()).toStrictEqual([1, 3, 2, 9])
      expect(await tasks.numbers({ sort: 'created_at' })).toStrictEqual([9, 2, 3, 1])
    })

    test('sorts by the last change in both directions', async () => {
      for (const n of [1, 2, 3, 4]) await tasks.create(n, 'x', second(n))
      await tasks.all([writing.patch(3, { text: 'y' }), writing.patch(1, { text: 'y' })], {
        now: second(9),
      })
      expect(await tasks.numbers({ sort: '-updated_at' })).toStrictEqual([3, 1, 4, 2])
      expect(await tasks.numbers({ sort: 'updated_at' })).toStrictEqual([2, 4, 1, 3])
    })

    for (const sort of SORTS)
      test(`splits the list by ${sort} into pages without gaps or repetitions`, async () => {
        const all = (await createMany()).toSorted(compareBy(sort))
        expect(all).toHaveLength(21)
        for (const completed of [null, true, false]) {
          const expected = all.filter((task) => completed === null || task.completed === completed)
          expect(await tasks.list({ sort, completed })).toMatchObject({
            tasks: expected,
            count: expected.length,
            next: null,
          })
          for (const limit of [1, 2, 7, 20, 21, 22]) {
            const pages = await readPages(tasks, { sort, completed, limit })
            expect(pages.flat()).toStrictEqual(expected)
            expect(pages).toHaveLength(Math.ceil(expected.length / limit))
          }
        }
      })

    test('returns the total count and the revision with every page', async () => {
      await createMany()
      const revision = await tasks.revision()
      let next: PagePosition | null = null
      for (let page = 0; page < 3; page++) {
        const response = await tasks.list({ limit: 7, after: next })
        expect(response).toMatchObject({ count: 21, revision })
        next = response.next
        expect(await tasks.list({ limit: 1, completed: true, after: next })).toMatchObject({
          count: 9,
        })
      }
    })

    test('continues after the last task of a page although that task is gone', async () => {
      for (const n of [1, 2, 3, 4, 5]) await tasks.create(n)
      for (const sort of ['-created_at', '-updated_at', 'order'] as const) {
        const { next } = await tasks.list({ sort, limit: 2 })
        await tasks.remove(4)
        expect(await tasks.numbers({ sort, after: next })).toStrictEqual([3, 2, 1])
        await tasks.all([writing.restore(4)], { now: second(3) })
      }
    })

    test('accepts positions before the first and after the last task', async () => {
      for (const n of [1, 2]) await tasks.create(n)
      const id = 'ffffffff-ffff-4fff-bfff-ffffffffffff'
      const late = { key: '9999-12-31T23:59:59.999Z', id }
      const early = { key: '0001-01-01T00:00:00.000Z', id }
      expect(await tasks.numbers({ sort: 'created_at', after: late })).toStrictEqual([])
      expect(await tasks.numbers({ sort: 'created_at', after: early })).toStrictEqual([1, 2])
      expect(await tasks.numbers({ sort: '-updated_at', after: late })).toStrictEqual([2, 1])
      expect(await tasks.numbers({ sort: '-updated_at', after: early })).toStrictEqual([])
      for (const [key, expected] of [
        ['-2147483648', [2, 1]],
        ['2147483647', []],
      ] as const)
        expect(await tasks.numbers({ sort: 'order', after: { key, id } })).toStrictEqual([
          ...expected,
        ])
      expect(await tasks.list({ sort: 'order', after: { key: '0', id } })).toMatchObject({
        count: 2,
        next: null,
      })
    })

    test('returns a large list completely', async () => {
      for (let from = 0; from < 1500; from += 100)
        await tasks.all(Array.from({ length: 100 }, (_, n) => writing.create(from + n)))
      expect((await tasks.list()).tasks).toHaveLength(1500)
      const page = await tasks.list({ limit: 1000 })
      expect(page.tasks).toHaveLength(1000)
      expect((await tasks.list({ limit: 1000, after: page.next })).tasks).toHaveLength(500)
    })

    describe('the count', () => {
      test('follows each write and ignores calls that were undone', async () => {
        const counts = []
        for (const work of [
          () => tasks.all([writing.create(1), writing.create(2), writing.create(3)]),
          () => tasks.remove(1),
          () => tasks.restore(1),
          () => tasks.restore(1),
          () => tasks.erase(2),
          () => tasks.remove(3),
          () => tasks.erase(3),
          () => tasks.patch(1, { completed: true }),
          () => tasks.all([writing.create(4), writing.remove(9)], { atomic: true }),
          () => tasks.all([writing.create(5), writing.remove(9)]),
          () => tasks.clearCompleted(),
        ]) {
          await work()
          counts.push((await tasks.list({ limit: 1 })).count)
        }
        expect(counts).toStrictEqual([3, 2, 3, 3, 2, 1, 1, 1, 1, 2, 1])
      })
    })

    test('neither skips nor repeats an unchanged task when others change between pages', async () => {
      const n = fc.nat({ max: 15 })
      const write = fc.oneof(
        n.map((one) => writing.patch(one, { text: `patched ${one}` })),
        fc.tuple(n, fc.boolean()).map(([one, completed]) => writing.patch(one, { completed })),
        n.map((one) => writing.remove(one)),
        n.map((one) => writing.erase(one)),
        n.map((one) => writing.restore(one)),
        n.map((one) => writing.move(one, TOP)),
        fc.tuple(n, n).map(([one, other]) => writing.move(one, before(other))),
        fc.tuple(n, n).map(([one, other]) => writing.move(one, after(other))),
        fc.constant('create' as const),
      )
      const queries = fc.record({
        sort: fc.constantFrom(...SORTS),
        limit: fc.integer({ min: 1, max: 6 }),
        completed: fc.constantFrom(null, null, true, false),
        deleted: fc.constantFrom(false, false, true),
      })
      let owners = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(write, { maxLength: 15 }),
          fc.array(fc.array(write, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
          queries,
          async (first, between, query) => {
            const caller = createCaller(opened().repository, ownerNamed(`reader ${owners++}`))
            let made = 0
            const create = () => writing.create(made++)
            const named = (writes: typeof first) =>
              writes.map((one) => (one === 'create' ? create() : one))
            await caller.all(Array.from({ length: 16 }, create))
            await caller.all(named(first))

            const whole = { ...query, limit: null }
            const atStart = (await caller.list(whole)).tasks
            const steps = between.values()
            const pages = await readPages(caller, query, async () => {
              const { value } = steps.next()
              if (value) await caller.all(named(value))
            })
            const atEnd = (await caller.list(whole)).tasks

            const ids = pages.flat().map(({ id }) => id)
            for (const { id, version } of atStart)
              if (atEnd.some((task) => task.id === id && task.version === version))
                expect(ids.filter((one) => one === id)).toHaveLength(1)
          },
        ),
        { numRuns: 40 },
      )
    }, 30_000)
  })
}
