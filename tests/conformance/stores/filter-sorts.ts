import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskQuery } from '../../../core/query.ts'
import { searchFor } from '../../../core/search.ts'
import { compareBy, type PagePosition, SORTS, type Sort } from '../../../core/sorting.ts'
import { PRIORITIES } from '../../../core/task.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, listId, numberOf, openForEach, type StoreUnderTest } from './store.ts'

const DUES = [
  '2026-02-01T09:30',
  null,
  '2026-02-01',
  '2026-01-31T23:59',
  '2026-02-01T00:00',
  null,
  '2026-02-01',
  '9999-12-31',
  '1900-01-01',
  '2026-02-01T09:30',
]

/** The numbers of the tasks by `due`, those without one last. */
const BY_DUE = [8, 3, 2, 6, 4, 0, 9, 7, 1, 5]

/** Tasks 3 and 7 are high, 2 and 6 medium, 1, 5 and 9 low. */
const BY_PRIORITY = [3, 7, 2, 6, 1, 5, 9, 0, 4, 8]

const SORTED: readonly (readonly [Sort, number[]])[] = [
  ['due', BY_DUE],
  ['priority', BY_PRIORITY],
]

/** How a `TaskRepository` sorts by due date and by priority. */
export function describeFilterSorts(store: StoreUnderTest): void {
  describe(`sorts by due and priority on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // Even numbers are in list 1.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      await tasks.createList(1)
      const writes = DUES.map((due, n) =>
        writing.create(n, `task ${n}`, {
          due,
          priority: PRIORITIES[n % PRIORITIES.length] ?? 'none',
          list_id: n % 2 ? null : listId(1),
        }),
      )
      // Not in the order of their ids.
      await tasks.all(writes.slice(5))
      await tasks.all(writes.slice(0, 5))
    })

    /** The numbers of all pages. Calls `between` before each page but the first. */
    async function readPages(
      query: Partial<TaskQuery> & { readonly limit: number },
      between: () => Promise<unknown> = async () => {},
    ): Promise<number[]> {
      const numbers: number[] = []
      let after: PagePosition | null = null
      do {
        if (after) await between()
        const page = await tasks.list({ ...query, after })
        expect(page.tasks.length).toBeLessThanOrEqual(query.limit)
        numbers.push(...page.tasks.map(numberOf))
        after = page.next
      } while (after)
      return numbers
    }

    test.each(SORTED)('sorts by %s, then by id', async (sort, expected) => {
      expect(await tasks.numbers({ sort })).toStrictEqual([...expected])
    })

    test.each(SORTED)('pages by %s without gaps or repetitions', async (sort, expected) => {
      for (const limit of [1, 2, 3, 4, 5, 9, 10, 11])
        expect(await readPages({ sort, limit })).toStrictEqual([...expected])
    })

    test.each(SORTED)('pages by %s with filters', async (sort, expected) => {
      await tasks.all([0, 3, 5].map((n) => writing.patch(n, { completed: true })))
      const filters: [Partial<TaskQuery>, (n: number) => boolean][] = [
        [{ completed: true }, (n) => [0, 3, 5].includes(n)],
        [{ list: listId(1) }, (n) => n % 2 === 0],
        [{ list: 'inbox', completed: false }, (n) => [1, 7, 9].includes(n)],
        [{ due: 'none' }, (n) => DUES[n] === null],
        [{ due: { after: '2026-02-01', before: null } }, (n) => [0, 2, 4, 6, 7, 9].includes(n)],
        [{ priorities: ['low', 'high'] }, (n) => n % 2 === 1],
      ]
      for (const [filter, isIn] of filters)
        for (const limit of [1, 2, 3, 10])
          expect(await readPages({ ...filter, sort, limit })).toStrictEqual(expected.filter(isIn))
    })

    test.each(SORTS)(
      'pages by %s what a search finds in texts, descriptions and tags',
      async (sort) => {
        await tasks.all([
          ...[0, 1].map((n) => writing.patch(n, { text: 'needle' })),
          ...[3, 4, 8].map((n) => writing.patch(n, { description: 'A needle' })),
          ...[5, 9].map((n) => writing.patch(n, { tags: ['Needle'] })),
          writing.patch(6, { description: 'hay', tags: ['needle'] }),
          writing.patch(7, { description: 'hay' }),
        ])
        const search = searchFor('needle')
        const { tasks: all } = await tasks.list()
        const found = all.filter((task) => ![2, 7].includes(numberOf(task)))
        const expected = found.sort(compareBy(sort)).map(numberOf)
        for (const limit of [1, 3, 8, 9])
          expect(await readPages({ sort, search, limit })).toStrictEqual(expected)
        expect(await tasks.numbers({ sort, search })).toStrictEqual(expected)
        expect(await tasks.list({ sort, search, limit: 3 })).toMatchObject({ count: 8 })
        const inList = { sort, search, list: listId(1) }
        expect(await readPages({ ...inList, limit: 2 })).toStrictEqual(
          expected.filter((n) => n % 2 === 0),
        )
      },
    )

    test.each(SORTED)('pages the trash by %s', async (sort, expected) => {
      await tasks.all(DUES.map((_, n) => writing.remove(n)))
      for (const limit of [1, 3, 10])
        expect(await readPages({ sort, limit, deleted: true })).toStrictEqual([...expected])
      expect(await readPages({ sort, limit: 3 })).toStrictEqual([])
    })

    test.each(SORTED)('counts all pages by %s', async (sort) => {
      const first = await tasks.list({ sort, limit: 4 })
      expect(first.count).toBe(10)
      expect(await tasks.list({ sort, limit: 4, after: first.next })).toMatchObject({ count: 10 })
    })

    test('sorts by the due and the priority that tasks have now', async () => {
      await tasks.patch(8, { due: null })
      await tasks.patch(5, { due: '1950-01-01', priority: 'high' })
      expect(await tasks.numbers({ sort: 'due' })).toStrictEqual([5, 3, 2, 6, 4, 0, 9, 7, 1, 8])
      expect(await tasks.numbers({ sort: 'priority' })).toStrictEqual([
        3, 5, 7, 2, 6, 1, 9, 0, 4, 8,
      ])
    })

    test.each(SORTED)('repeats no task by %s when earlier ones change', async (sort, expected) => {
      let removed = 0
      const pages = await readPages({ sort, limit: 3 }, async () => {
        await tasks.remove(expected[removed++] ?? 0)
      })
      expect(pages).toStrictEqual([...expected])
    })

    test.each(SORTED)('continues by %s after a task that is gone', async (sort, expected) => {
      const first = await tasks.list({ sort, limit: 9 })
      await tasks.erase(expected[8] ?? 0)
      expect(await tasks.numbers({ sort, limit: 9, after: first.next })).toStrictEqual(
        expected.slice(9),
      )
    })
  })
}
