import { beforeEach, describe, expect, test } from 'bun:test'
import type { ListQuery } from '../../../core/query.ts'
import { searchFor } from '../../../core/search.ts'
import { tagKey } from '../../../core/task.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, idNumber, listId, openForEach, type StoreUnderTest } from './store.ts'

type Filter = Partial<Omit<ListQuery, 'sort' | 'limit' | 'after' | 'deleted'>>

/** The numbers of the tasks that a filter finds. */
interface Found {
  readonly query: Filter
  readonly live: readonly number[]
  readonly trash: readonly number[]
}

const LIVE = [1, 2, 3, 4, 5, 6, 9]
const TRASH = [7, 8, 10]

function due(after: string | null, before: string | null): Filter {
  return { due: { after, before } }
}

/** Filters by what they filter by. */
const FILTERS: Readonly<Record<string, readonly Found[]>> = {
  list: [
    { query: { list: listId(1) }, live: [1, 2, 3], trash: [7, 8] },
    { query: { list: listId(2) }, live: [4], trash: [] },
    { query: { list: listId(3) }, live: [], trash: [] },
    { query: { list: 'inbox' }, live: [5, 6, 9], trash: [10] },
  ],
  tags: [
    { query: { tags: ['home'] }, live: [1, 2, 4, 6], trash: [7, 10] },
    { query: { tags: ['work', 'home'] }, live: [6], trash: [10] },
    { query: { tags: [tagKey('STRASSE')] }, live: [1, 4], trash: [] },
    { query: { tags: ['hom'] }, live: [], trash: [] },
    { query: { tags: ['work\nhome'] }, live: [], trash: [] },
  ],
  priorities: [
    { query: { priorities: ['high'] }, live: [1, 4], trash: [7] },
    { query: { priorities: ['low', 'medium'] }, live: [2, 3, 6], trash: [8] },
    { query: { priorities: ['none'] }, live: [5, 9], trash: [10] },
  ],
  parent: [
    { query: { parent: idNumber(1) }, live: [2, 3], trash: [8] },
    { query: { parent: idNumber(5) }, live: [], trash: [] },
    { query: { parent: 'none' }, live: [1, 4, 5, 6, 9], trash: [7, 10] },
  ],
  due: [
    { query: { due: 'none' }, live: [4, 9], trash: [8] },
    { query: due('2026-02-01', null), live: [1, 2, 3, 5], trash: [7, 10] },
    { query: due('2026-02-01T00:00', null), live: [2, 3, 5], trash: [10] },
    { query: due('2026-02-01T09:30', null), live: [2, 3], trash: [10] },
    { query: due('2026-02-01T09:31', null), live: [3], trash: [10] },
    { query: due(null, '2026-02-01'), live: [6], trash: [] },
    { query: due(null, '2026-02-01T00:00'), live: [1, 6], trash: [7] },
    { query: due(null, '2026-02-01T09:30'), live: [1, 5, 6], trash: [7] },
    { query: due('2026-02-01', '2026-02-02'), live: [1, 2, 5], trash: [7] },
    { query: due('2026-02-02', '2026-02-01'), live: [], trash: [] },
    { query: due('2026-02-02', '2026-02-02'), live: [], trash: [] },
  ],
  completed: [
    { query: { completed: true }, live: [3, 4, 9], trash: [8] },
    { query: { completed: false }, live: [1, 2, 5, 6], trash: [7, 10] },
  ],
  search: [
    { query: { search: searchFor('MILK') }, live: [1, 2, 4], trash: [7] },
    { query: { search: searchFor('fresh milk strasse') }, live: [4], trash: [] },
    { query: { search: searchFor('...') }, live: [], trash: [] },
  ],
}

/** How a `TaskRepository` filters tasks by their members. */
export function describeFilters(store: StoreUnderTest): void {
  describe(`filters on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3]) await tasks.createList(n)
      const day = '2026-02-01'
      await tasks.all([
        writing.create(1, 'Buy milk', {
          list_id: listId(1),
          tags: ['Home', 'Straße'],
          priority: 'high',
          due: day,
        }),
        writing.create(2, 'x', {
          parent_id: idNumber(1),
          description: 'Milk is in the fridge',
          tags: ['hOme', 'homework'],
          priority: 'low',
          due: `${day}T09:30`,
        }),
        writing.create(3, 'x', { parent_id: idNumber(1), priority: 'medium', due: '2026-02-02' }),
        writing.create(4, 'Fresh', {
          list_id: listId(2),
          description: 'milk',
          tags: ['strasse', 'HOME'],
          priority: 'high',
        }),
        writing.create(5, 'x', { tags: ['work'], due: `${day}T00:00` }),
        writing.create(6, 'x', {
          tags: ['Work', 'home'],
          priority: 'low',
          due: '2026-01-31T23:59',
        }),
        writing.create(7, 'milk', {
          list_id: listId(1),
          tags: ['home'],
          priority: 'high',
          due: day,
        }),
        writing.create(8, 'x', { parent_id: idNumber(1), priority: 'low' }),
        writing.create(9, 'x'),
        writing.create(10, 'x', { tags: ['work', 'Home'], due: '2026-02-03' }),
        ...[3, 4, 8, 9].map((n) => writing.patch(n, { completed: true })),
        ...TRASH.map((n) => writing.remove(n)),
      ])
    })

    /** Reads a list at once and in pages, and compares both with the numbers of tasks. */
    async function expectFound(filter: Filter, deleted: boolean, numbers: readonly number[]) {
      const query = { ...filter, deleted, sort: 'created_at' } as const
      const page = await tasks.list(query)
      const ids = numbers.map(idNumber)
      expect({ ...filter, ids: page.tasks.map(({ id }) => id) }).toStrictEqual({ ...filter, ids })
      expect(page).toMatchObject({ count: numbers.length, next: null, unknown: [] })
      const first = await tasks.list({ ...query, limit: 2 })
      expect(first.tasks).toStrictEqual(page.tasks.slice(0, 2))
      expect(first.count).toBe(numbers.length)
      expect(first.next === null).toBe(numbers.length <= 2)
      if (!first.next) return
      const rest = await tasks.list({ ...query, limit: 9, after: first.next })
      expect(rest).toMatchObject({ tasks: page.tasks.slice(2), count: numbers.length, next: null })
    }

    function both(numbers: readonly number[], others: readonly number[]): number[] {
      return numbers.filter((n) => others.includes(n))
    }

    test('lists every task without a filter', async () => {
      await expectFound({}, false, LIVE)
      await expectFound({}, true, TRASH)
    })

    test.each(Object.keys(FILTERS))('filters by %s alone', async (kind) => {
      for (const { query, live, trash } of FILTERS[kind] ?? []) {
        await expectFound(query, false, live)
        await expectFound(query, true, trash)
      }
    })

    test.each(Object.keys(FILTERS))('combines %s with every other filter', async (kind) => {
      const others = Object.entries(FILTERS).flatMap(([name, found]) => (name > kind ? found : []))
      for (const one of FILTERS[kind] ?? [])
        for (const other of others) {
          const query = { ...one.query, ...other.query }
          await expectFound(query, false, both(one.live, other.live))
          await expectFound(query, true, both(one.trash, other.trash))
        }
    })

    test('combines all filters', async () => {
      const query: Filter = {
        list: listId(1),
        tags: ['home'],
        priorities: ['low', 'none'],
        parent: idNumber(1),
        due: { after: '2026-02-01', before: '2026-02-02' },
        completed: false,
        search: searchFor('milk'),
      }
      await expectFound(query, false, [2])
      await tasks.remove(2)
      await expectFound(query, false, [])
      await expectFound(query, true, [2])
      await tasks.restore(2)
      await tasks.patch(2, { completed: true })
      await expectFound(query, false, [])
    })

    test.each<[string, Filter, readonly string[]]>([
      ['a list that does not exist', { list: listId(9) }, ['list']],
      ['a parent that does not exist', { parent: idNumber(99) }, ['parent']],
      ['both', { list: listId(9), parent: idNumber(99) }, ['list', 'parent']],
      ['a task in place of a list', { list: idNumber(1) }, ['list']],
      ['a list in place of a parent', { parent: listId(1) }, ['parent']],
    ])('reports %s', async (_, filter, unknown) => {
      const revision = await tasks.revision()
      for (const deleted of [false, true])
        for (const limit of [null, 1])
          expect<unknown>(await tasks.list({ ...filter, deleted, limit })).toStrictEqual({
            tasks: [],
            count: 0,
            next: null,
            revision,
            unknown,
          })
    })

    test('reports a deleted list, and a deleted parent except in the trash', async () => {
      await tasks.removeList(2)
      await tasks.remove(5)
      expect(await tasks.list({ list: listId(2) })).toMatchObject({ unknown: ['list'] })
      expect(await tasks.list({ list: listId(2), deleted: true })).toMatchObject({
        unknown: ['list'],
      })
      expect(await tasks.list({ parent: idNumber(5) })).toMatchObject({ unknown: ['parent'] })
      expect(await tasks.list({ parent: idNumber(5), deleted: true })).toMatchObject({
        unknown: [],
      })
      await tasks.erase(5)
      expect(await tasks.list({ parent: idNumber(5), deleted: true })).toMatchObject({
        unknown: ['parent'],
      })
    })

    test("reports another owner's list and task", async () => {
      const others = createCaller(opened().repository, bob)
      const filter = { list: listId(1), parent: idNumber(1) }
      expect(await others.list(filter)).toMatchObject({ unknown: ['list', 'parent'] })
      await others.create(20)
      expect(await others.list(filter)).toMatchObject({ unknown: ['list', 'parent'] })
      expect(await others.list({ tags: ['home'] })).toMatchObject({ tasks: [], count: 0 })
      expect(await others.list({ list: 'inbox' })).toMatchObject({ count: 1 })
    })

    test.each([
      ['letter case', 'ÄRGER', 'ärger'],
      ['normal forms', 'e\u0301', '\u00e9'],
      ['a sharp s and two letters', 'Maße', 'MASSE'],
      ['forms of sigma', 'ὈΔΌΣ', 'ὀδός'],
    ])('does not distinguish %s in tags', async (_, tag, typed) => {
      await tasks.patch(9, { tags: ['first', tag] })
      await expectFound({ tags: [tagKey(typed)] }, false, [9])
      expect(await tasks.get(9)).toMatchObject({ tags: ['first', tag] })
    })

    test.each([
      ['accents', 'Café', 'cafe'],
      ['width', 'ａ', 'a'],
      ['parts of tags', 'home work', 'home w'],
      ['delimiters', 'a,b', 'a'],
      ['wildcards', 'abc', 'a%'],
      ['quotes', '"q"', 'q'],
    ])('distinguishes %s in tags', async (_, tag, typed) => {
      await tasks.patch(9, { tags: [tag] })
      await expectFound({ tags: [tagKey(typed)] }, false, [])
      await expectFound({ tags: [tagKey(tag)] }, false, [9])
    })

    test('finds what members are now, not what they were', async () => {
      await tasks.patch(1, { tags: ['new'], priority: 'none', due: '2027-01-01', description: 'd' })
      await tasks.patch(1, { list_id: listId(3) })
      await expectFound({ tags: ['home'] }, false, [2, 4, 6])
      await expectFound({ tags: ['new'] }, false, [1])
      await expectFound({ priorities: ['high'] }, false, [4])
      await expectFound(due('2027-01-01', null), false, [1])
      await expectFound({ list: listId(1) }, false, [])
      await expectFound({ list: listId(3) }, false, [1, 2, 3])
      await tasks.patch(1, { tags: [], due: null })
      await expectFound({ tags: ['new'] }, false, [])
      await expectFound({ due: 'none' }, false, [1, 4, 9])
    })

    test('searches texts, descriptions and tags together, as they are now', async () => {
      const find = (typed: string) => tasks.numbers({ search: searchFor(typed) })
      await tasks.patch(9, { text: 'Eggs', description: 'Two dozen', tags: ['Café', 'E-mail'] })
      for (const typed of ['eggs', 'dozen', 'cafe', 'email', 'egg two caf', 'mail dozen eggs'])
        expect(await find(typed)).toStrictEqual([9])
      for (const typed of ['eggstwo', 'dozencafe', 'eggs three'])
        expect(await find(typed)).toEqual([])
      await tasks.patch(9, { description: null })
      expect(await find('dozen')).toStrictEqual([])
      expect(await find('cafe eggs')).toStrictEqual([9])
      await tasks.patch(9, { tags: ['x'], description: '今日はいい天気です' })
      expect(await find('cafe')).toStrictEqual([])
      expect(await find('天気')).toStrictEqual([9])
    })

    test('finds a word near the end of a long description', async () => {
      await tasks.patch(9, { description: `${'word '.repeat(1998)}needle` })
      expect(await tasks.numbers({ search: searchFor('needle word') })).toStrictEqual([9])
    })
  })
}
