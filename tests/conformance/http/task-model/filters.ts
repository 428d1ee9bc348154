import { beforeAll, describe, expect, test } from 'bun:test'
import { readList } from '../../../http/answers.ts'
import { type Client, UNKNOWN } from '../client.ts'
import { createUser, DUE, type User } from './user.ts'

const LIST = 'list: must be the id of one of your lists, or inbox'
const PARENT = 'parent: must be the id of one of your tasks, or none'
const CURSOR = 'cursor: must be the next_cursor of a list with the same sort and filters'
const dueAs = (name: string) => DUE.replace('due', name)

/** Filters and sort orders of `GET /tasks`. */
export function describeFilters(client: Client): void {
  describe('filters', () => {
    let user: User
    const ids: Record<string, string> = {}
    const withIds = (query: string) => query.replace(/\{(\w+)\}/g, (_, name) => `${ids[name]}`)
    const texts = async (query: string) => (await user.texts(withIds(query))).toSorted()

    beforeAll(async () => {
      user = await createUser(client)
      ids['L'] = (await user.createList('L')).id
      ids['E'] = (await user.createList('empty')).id
      const inL = { list_id: ids['L'] }
      const made = async (text: string, members: object = {}) => {
        ids[text] = (await user.create({ text, ...members })).id
      }
      await made('a', { tags: ['Home', 'urgent'], priority: 'high', due: '2026-03-01' })
      await made('b', { tags: ['home'], priority: 'low', due: '2026-03-01T09:30', ...inL })
      await made('c', { tags: ['Straße', 'urgent'], priority: 'medium', due: '2026-03-02', ...inL })
      await made('d', { parent_id: ids['c'], description: 'Milk', tags: ['HOME', 'x'] })
      await made('e', { due: '2026-02-28T23:59', description: 'milk' })
      await made('t', { ...inL, tags: ['home'], due: '2026-03-01' })
      await made('u', { parent_id: ids['t'] })
      await user.patch(`${ids['e']}`, { completed: true })
      await user.remove(`${ids['t']}`)
    })

    const FOUND: readonly (readonly [query: string, texts: string])[] = [
      ['list={L}', 'bcd'],
      ['list=inbox', 'ae'],
      ['list={E}', ''],
      ['parent={c}', 'd'],
      ['parent=none', 'abce'],
      ['parent={a}', ''],
      ['tag=home', 'abd'],
      ['tag=HOME', 'abd'],
      ['tag=home&tag=urgent', 'a'],
      ['tag=home&tag=Home', 'abd'],
      ['tag=home&tag=none', ''],
      ['tag=STRASSE', 'c'],
      ['tag=stra%C3%9Fe', 'c'],
      ['tag=hom', ''],
      ['tag=%20home', ''],
      ['priority=high', 'a'],
      ['priority=high&priority=medium', 'ac'],
      ['priority=none', 'de'],
      ['priority=low&priority=low', 'b'],
      ['due=none', 'd'],
      ['due_after=2026-03-01', 'abc'],
      ['due_after=2026-03-01T09:30', 'bc'],
      ['due_after=2026-03-01T09:31', 'c'],
      ['due_before=2026-03-01', 'e'],
      ['due_before=2026-03-01T09:30', 'ae'],
      ['due_before=2026-03-01T09:31', 'abe'],
      ['due_after=2026-03-01&due_before=2026-03-02', 'ab'],
      ['due_after=2026-03-02&due_before=2026-03-01', ''],
      ['due_after=2026-03-02&due_before=2026-03-02', ''],
      ['due=none&due_after=2026-03-01', ''],
      ['due=none&due_before=2026-03-01', ''],
      ['list={L}&parent=none&tag=urgent&priority=medium&due_after=2026-01-01', 'c'],
      ['list={L}&tag=home&due_before=2026-04-01', 'b'],
      ['list={L}&tag=home&q=milk', 'd'],
      ['list=inbox&completed=true&q=milk', 'e'],
      ['list=inbox&completed=false', 'a'],
      ['priority=high&list={L}', ''],
      ['deleted=only', 'tu'],
      ['deleted=only&list={L}', 'tu'],
      ['deleted=only&list=inbox', ''],
      ['deleted=only&parent={t}', 'u'],
      ['deleted=only&parent=none', 't'],
      ['deleted=only&tag=HOME&due_after=2026-03-01', 't'],
      ['deleted=only&due=none', 'u'],
    ]

    test.each(FOUND)('%s finds "%s"', async (query, found) => {
      const whole = await user.tasks(`?${withIds(query)}`)
      expect(await texts(`?${query}`)).toStrictEqual([...found])
      expect([whole.count, whole.next_cursor]).toStrictEqual([found.length, null])
      const upper = query.replace(/\{(\w+)\}/g, (_, name) => `${ids[name]}`.toUpperCase())
      expect(await user.tasks(`?${upper}`)).toStrictEqual(whole)
    })

    test.each(FOUND.filter(([, found]) => found.length > 1))(
      '%s returns pages with the filters in their links, in every order',
      async (query, found) => {
        for (const sort of ['-created_at', 'updated_at', 'order', 'due', 'priority']) {
          const whole = await user.texts(`?${withIds(query)}&sort=${sort}`)
          const paged: string[] = []
          let next: string | null = `/tasks?limit=1&sort=${sort}&${withIds(query)}`
          while (next !== null) {
            const response: Response = await user.ask('GET', next)
            const page = await readList(response)
            expect(page.count).toBe(found.length)
            expect(page.tasks).toHaveLength(1)
            paged.push(...page.tasks.map(({ text }) => text))
            const link: string | null = response.headers.get('link')
            next = link === null ? null : (/^<(.+)>; rel="next"$/.exec(link)?.[1] ?? null)
            expect(link === null).toBe(page.next_cursor === null)
          }
          expect(paged).toStrictEqual(whole)
        }
      },
    )

    test('the link of the next page has every parameter', async () => {
      const query = `limit=1&sort=due&completed=false&list=${ids['L']}&due_after=2026-01-01&due_before=2027-01-01T08:00`
      const path = `/tasks?${query}&tag=urgent&priority=medium&priority=high&priority=low`
      const second = await user.create({
        tags: ['urgent'],
        priority: 'low',
        due: '2026-04-01',
        list_id: ids['L'],
      })
      const response = await user.ask('GET', path)
      const { next_cursor: cursor } = await readList(response)
      expect(response.headers.get('link')).toBe(
        `</tasks?${query.replace('08:00', '08%3A00')}&tag=urgent&priority=high&priority=low&priority=medium&cursor=${cursor}>; rel="next"`,
      )
      await user.remove(second.id, '?permanent=true')
    })

    test.each([
      'sort=due',
      'sort=priority',
      'list=inbox',
      'list={L}',
      'tag=home',
      'tag=home&tag=x',
      'priority=low',
      'priority=low&priority=high',
      'parent=none',
      'parent={c}',
      'due=none',
      'due_after=2026-01-01',
      'due_before=2027-01-01',
    ])('a cursor of the list without %s returns 422 with it', async (query) => {
      const { next_cursor: cursor } = await user.tasks('?limit=1')
      const path = `/tasks?${withIds(query)}&cursor=${cursor}`
      expect(await user.problems('GET', path)).toStrictEqual([CURSOR])
    })

    test('a cursor belongs to the values of its filters, in any order', async () => {
      const other = await user.tasks('?limit=1&tag=home&tag=HOME&priority=high&priority=low')
      const cursor = `cursor=${other.next_cursor}`
      const same = 'priority=low&priority=high&tag=HOME&tag=home'
      expect((await user.tasks(`?${same}&${cursor}`)).tasks).toHaveLength(1)
      for (const foreign of ['tag=home', 'priority=low&priority=high', `${same}&tag=x`, ''])
        expect(await user.problems('GET', `/tasks?${foreign}&${cursor}`)).toStrictEqual([CURSOR])
    })

    test.each([
      ['list=x', LIST],
      ['list=INBOX', LIST],
      ['list=none', LIST],
      [`list=${UNKNOWN}`, LIST],
      ['list={a}', LIST],
      ['parent=x', PARENT],
      ['parent=inbox', PARENT],
      [`parent=${UNKNOWN}`, PARENT],
      ['parent={L}', PARENT],
      ['parent={t}', PARENT],
      [`deleted=only&parent=${UNKNOWN}`, PARENT],
      ['due=2026-01-31', 'due: must be none'],
      ...['today', '2026-02-30', '2026-01-31T09:30Z', '2026-01-31T09%3A30%2B01:00', '2026'].flatMap(
        (due) => [
          [`due_after=${due}`, dueAs('due_after')],
          [`due_before=${due}`, dueAs('due_before')],
        ],
      ),
      ['priority=top', 'priority: must be one of none, low, medium, high'],
      ['priority=high&priority=High', 'priority: must be one of none, low, medium, high'],
      ['sort=-due', SORT],
      ['sort=Priority', SORT],
      [Array.from({ length: 21 }, (_, n) => `tag=${n}`).join('&'), 'tag: must be up to 20 tags'],
      ['priority=top&priority=%ff', 'priority: must be percent-encoded UTF-8'],
      ['tag=%ff', 'tag: must be percent-encoded UTF-8'],
      ['tag=a&tag=%ED%A0%80', 'tag: must be percent-encoded UTF-8'],
      ['list=inbox&list=inbox', 'list: must be given once'],
      ['parent=none&parent=none', 'parent: must be given once'],
      ['due=none&due=none', 'due: must be given once'],
      ['due_after=2026-01-01&due_after=2026-01-01', 'due_after: must be given once'],
      ['due_before=2026-01-01&due_before=x', 'due_before: must be given once'],
      ['sort=due&sort=due', 'sort: must be given once'],
    ])('return 422 when they are wrong: %s', async (query, problem) => {
      const path = `/tasks?${withIds(`${query}`)}`
      expect(await user.problems('GET', path)).toStrictEqual([`${problem}`])
    })

    test('are all named in one response when they are wrong', async () => {
      const wrong = 'list=x&parent=y&due=z&due_after=x&due_before=y&priority=x&sort=z&tag=%ff'
      const details = await user.problems('GET', `/tasks?${wrong}`)
      const names = ['due', 'due_after', 'due_before', 'list', 'parent', 'priority', 'sort', 'tag']
      expect(details.map((detail) => detail.split(':')[0]).toSorted()).toStrictEqual(names)
      const unknown = await user.problems('GET', `/tasks?list=${UNKNOWN}&parent=${UNKNOWN}`)
      expect(unknown).toStrictEqual([LIST, PARENT])
    })

    test.each(['list', 'tag', 'priority', 'parent', 'due', 'due_after', 'due_before', 'sort', 'q'])(
      '%s counts as absent when it is empty',
      async (name) => {
        const whole = await (await user.ask('GET', '/tasks')).text()
        for (const empty of [`${name}=`, name, `${name}=&${name}&${name}=`])
          expect(await (await user.ask('GET', `/tasks?${empty}`)).text()).toBe(whole)
      },
    )

    test('the tag of a filtered list is its own, and changes with any task', async () => {
      const own = await createUser(client)
      await own.create({ tags: ['a'] })
      const tagOf = async (query: string) =>
        `${(await own.ask('GET', `/tasks${query}`)).headers.get('etag')}`
      const queries = ['', '?tag=a', '?tag=b', '?list=inbox', '?due=none', '?sort=due']
      const tags = await Promise.all(queries.map(tagOf))
      expect(new Set(tags).size).toBe(queries.length)
      const known = { 'if-none-match': `${tags[1]}` }
      expect((await own.ask('GET', '/tasks?tag=a', undefined, known)).status).toBe(304)
      await own.createList()
      expect((await own.ask('GET', '/tasks?tag=a', undefined, known)).status).toBe(200)
    })
  })

  describe('sorting', () => {
    test('by due puts days before their minutes, and tasks without a due last', async () => {
      const user = await createUser(client)
      const dues = ['2026-03-01T09:30', null, '2026-03-01', '1900-01-01', '2026-03-02', null]
      for (const [n, due] of dues.entries()) await user.create({ text: `${n}`, due })
      const sorted = ['3', '2', '0', '4', '1', '5']
      expect(await user.texts('?sort=due')).toStrictEqual(sorted)
      let cursor: string | null = ''
      for (const text of sorted) {
        const page = await user.tasks(`?sort=due&limit=1&cursor=${cursor}`)
        expect(page.tasks).toMatchObject([{ text }])
        cursor = page.next_cursor
      }
      expect(cursor).toBeNull()
    })

    test('by priority puts high first, and equals in the order of their creation', async () => {
      const user = await createUser(client)
      const priorities = ['none', 'high', 'low', 'medium', 'high', 'none']
      for (const [n, priority] of priorities.entries())
        await user.create({ text: `${n}`, priority })
      expect(await user.texts('?sort=priority')).toStrictEqual(['1', '4', '3', '2', '0', '5'])
    })
  })
}

const SORT =
  'sort: must be one of -created_at, created_at, -updated_at, updated_at, order, due, priority'
