import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, TASK_MEMBERS } from './client.ts'

const SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'order']

/** Pages, sort orders, filters and search. */
export function describeLists({ ann, send, sendJson, create, newUser, expectError }: Client): void {
  type Headers = { readonly authorization: string }

  /** Reads all pages of a list by following its `Link` headers. */
  async function follow(path: string, headers: Headers) {
    const pages: string[][] = []
    let next: string | null = path
    while (next !== null) {
      const response: Response = await send('GET', next, headers)
      const { tasks, count, next_cursor: cursor } = await readList(response)
      pages.push(tasks.map(({ text }) => text))
      const link: string | null = response.headers.get('link')
      expect(link === null).toBe(cursor === null)
      next = link && (/^<(\/tasks\?[^>]+)>; rel="next"$/.exec(link)?.[1] ?? null)
      if (cursor) {
        expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
        expect(new URL(next ?? '', 'http://x').searchParams.get('cursor')).toBe(cursor)
      }
      expect(pages.length).toBeLessThan(count + 2)
    }
    return pages
  }

  async function withTasks(...texts: string[]) {
    const headers = await newUser()
    const tasks = []
    for (const text of texts) tasks.push(await create(text, headers))
    return { headers, tasks }
  }

  describe('pages', () => {
    test.each(SORTS)('contain every task once when sorted by %s', async (sort) => {
      const texts = ['a', 'b', 'c', 'd', 'e']
      const { headers, tasks } = await withTasks(...texts)
      await sendJson('PATCH', `/tasks/${tasks[1]?.id}`, { completed: true }, headers)
      await sendJson('POST', `/tasks/${tasks[3]?.id}/move`, { to: 'bottom' }, headers)
      const [whole] = await follow(`/tasks?sort=${sort}`, headers)
      expect(whole?.toSorted()).toStrictEqual(texts)
      if (sort === 'order') expect(whole).toStrictEqual(['e', 'c', 'b', 'a', 'd'])
      const pages = await follow(`/tasks?sort=${sort}&limit=2`, headers)
      expect(pages.map(({ length }) => length)).toStrictEqual([2, 2, 1])
      expect(pages.flat()).toStrictEqual(whole ?? [])
    })

    test('keep their filters and count the matching tasks', async () => {
      const { headers } = await withTasks('buy milk', 'buy eggs', 'sell milk', 'buy Milk & ¿tea?')
      const path = '/tasks?limit=1&q=MILK+bu&completed=false&unknown=1'
      expect(await follow(path, headers)).toStrictEqual([['buy Milk & ¿tea?'], ['buy milk']])
      const page = await send('GET', path, headers)
      const link = '</tasks?limit=1&completed=false&q=MILK%20bu&cursor='
      expect(page.headers.get('link')).toStartWith(link)
      expect((await readList(page)).count).toBe(2)
    })

    test('end when the last page is full', async () => {
      const { headers } = await withTasks('a', 'b')
      expect(await follow('/tasks?limit=2', headers)).toStrictEqual([['b', 'a']])
    })

    test('contain the other tasks once when tasks are added or deleted meanwhile', async () => {
      const { headers, tasks } = await withTasks('a', 'b', 'c', 'd')
      const response = await send('GET', '/tasks?limit=2', headers)
      const { next_cursor: cursor } = await readList(response)
      await send('DELETE', `/tasks/${tasks[2]?.id}`, headers)
      await create('e', headers)
      const rest = await readList(await send('GET', `/tasks?cursor=${cursor}`, headers))
      expect(rest.tasks.map(({ text }) => text)).toStrictEqual(['b', 'a'])
      expect(rest.count).toBe(4)
    })
  })

  describe('filters', () => {
    test('completed returns only completed or only open tasks', async () => {
      const { headers, tasks } = await withTasks('a', 'b')
      await sendJson('PATCH', `/tasks/${tasks[0]?.id}`, { completed: true }, headers)
      for (const [completed, text] of [
        ['true', 'a'],
        ['false', 'b'],
      ]) {
        const list = await readList(await send('GET', `/tasks?completed=${completed}`, headers))
        expect(list).toMatchObject({ tasks: [{ text }], count: 1, next_cursor: null })
      }
    })

    test.each([
      ['milk', ['Buy MILK']],
      ['buy+mi', ['Buy MILK']],
      ['buy%20mi', ['Buy MILK']],
      ['%73trasse', ['Große Straße']],
      ['gro%C3%9FE', ['Große Straße']],
      ['%F0%9F%98%80', ['😀 smile']],
      ['ilk', ['Buy MILK']],
      ['ilk+uy', ['Buy MILK']],
      ['ilk+ile', []],
      ['buyMilk', []],
      ['%E5%A4%A9%E6%B0%97', ['今日はいい天気です']],
      ['%E0%B8%99%E0%B8%A1', ['ซื้อนมสด']],
    ])('q=%s finds %j', async (q, texts) => {
      const { headers } = await withTasks(
        'Buy MILK',
        'Große Straße',
        '😀 smile',
        '今日はいい天気です',
        'ซื้อนมสด',
      )
      const list = await readList(await send('GET', `/tasks?q=${q}`, headers))
      expect(list.tasks.map(({ text }) => text)).toStrictEqual(texts)
      expect(list.count).toBe(texts.length)
    })

    test.each(['%20', '+', '%00', '...', '%CC%81', '%EF%B8%8F%E2%80%8D', '%EE%80%80'])(
      'q=%s finds nothing because it has no letter, digit or emoji',
      async (q) => {
        const { headers } = await withTasks('...', 'a b')
        const list = await readList(await send('GET', `/tasks?q=${q}`, headers))
        expect(list).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      },
    )

    test('deleted=only returns the trash', async () => {
      const { headers, tasks } = await withTasks('a', 'b')
      await send('DELETE', `/tasks/${tasks[0]?.id}`, headers)
      const { tasks: trash, count } = await readList(
        await send('GET', '/tasks?deleted=only', headers),
      )
      expect(count).toBe(1)
      expect(trash.map((task) => Object.keys(task))).toStrictEqual([
        [...TASK_MEMBERS, 'deleted_at'],
      ])
      expect(trash[0]).toMatchObject({ text: 'a', deleted_at: trash[0]?.updated_at })
    })
  })

  describe('parameters', () => {
    const LIMIT = 'limit: must be a whole number from 1 to 1000'
    const SORT = `sort: must be one of ${SORTS.join(', ')}, due, priority`
    const Q = 'q: must be 1 to 500 characters'
    const CURSOR = 'cursor: must be the next_cursor of a list with the same sort and filters'
    test.each([
      ...['0', '-1', '1001', '1.5', '1e1', '0x1', 'x', '+1', '%201', '1'.repeat(40), 'NaN'].map(
        (limit) => [`limit=${limit}`, LIMIT],
      ),
      ...['created', '-order', 'CREATED_AT', '__proto__', 'order%00'].map((sort) => [
        `sort=${sort}`,
        SORT,
      ]),
      ...['1', 'TRUE', 'null', 'yes'].map((value) => [
        `completed=${value}`,
        'completed: must be true or false',
      ]),
      [`q=${'x'.repeat(501)}`, Q],
      ...['true', 'ONLY', 'no'].map((value) => [`deleted=${value}`, 'deleted: must be only']),
      ...['x', 'null'].map((cursor) => [`cursor=${cursor}`, CURSOR]),
      ['q=%', 'q: must be percent-encoded UTF-8'],
      ['q=%E4%F6', 'q: must be percent-encoded UTF-8'],
      ['q=%ED%A0%80', 'q: must be percent-encoded UTF-8'],
      ['q=a&q=a', 'q: must be given once'],
      ['%71=a&q=b', 'q: must be given once'],
      ['limit=1&limit=%ff&limit=1', 'limit: must be given once'],
    ])('return 422 when they are invalid: ?%s', async (query = '', problem = '') => {
      const response = await send('GET', `/tasks?${query}`, ann)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual([problem])
    })

    test('are all named in one response when they are invalid', async () => {
      const query = `limit=0&sort=x&completed=1&q=${'x'.repeat(501)}&deleted=x&cursor=x&limit=1`
      const response = await send('GET', `/tasks?${query}`, ann)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details.map((detail) => detail.split(':')[0]).toSorted()).toStrictEqual(
        ['limit', 'sort', 'completed', 'q', 'deleted', 'cursor'].toSorted(),
      )
    })

    test.each([
      'limit=',
      'sort=',
      'completed=',
      'q=',
      'deleted=',
      'cursor=',
      'limit',
      'limit&sort=&completed=&q&deleted=&cursor=&q=',
    ])('count as absent when they are empty: ?%s', async (query) => {
      const { headers } = await withTasks('a', 'b', 'c')
      const whole = await (await send('GET', '/tasks', headers)).text()
      expect(await (await send('GET', `/tasks?${query}`, headers)).text()).toBe(whole)
      const page = await send('GET', `/tasks?${query}&limit=2`, headers)
      const { tasks, next_cursor: cursor } = await readList(page)
      expect(tasks.map(({ text }) => text)).toStrictEqual(['c', 'b'])
      expect(page.headers.get('link')).toBe(`</tasks?limit=2&cursor=${cursor}>; rel="next"`)
    })

    test('count when the same parameter is also given without a value', async () => {
      const { headers } = await withTasks('a', 'b')
      for (const query of ['q=&q=a', 'q=a&q'])
        expect((await readList(await send('GET', `/tasks?${query}`, headers))).tasks).toMatchObject(
          [{ text: 'a' }],
        )
    })

    test.each([
      '?',
      '?&&',
      '?=',
      '?x=%ff&x',
      '?Limit=0&%=1&limit%20=0',
      '?limit=1000',
      '?%6cimit=7',
    ])('are ignored when they are unknown: %s', async (query) => {
      expect((await send('GET', `/tasks${query}`, ann)).status).toBe(200)
    })
  })

  describe('a cursor', () => {
    const QUERY = 'limit=1&sort=order&q=a&completed=false'

    async function cursorOf(query: string, headers: Headers): Promise<string> {
      const { next_cursor } = await readList(await send('GET', `/tasks?${query}`, headers))
      return next_cursor ?? ''
    }

    test('works only with its own sort and filters, and with any limit', async () => {
      const { headers } = await withTasks('a 1', 'a 2', 'a 3')
      const cursor = await cursorOf(QUERY, headers)
      const ask = async (query: string) =>
        (await send('GET', `/tasks?${query}&cursor=${cursor}`, headers)).status
      expect(await ask(QUERY)).toBe(200)
      expect(await ask('completed=false&q=a&sort=order')).toBe(200)
      for (const other of [
        'sort=order',
        'sort=created_at&q=a&completed=false',
        'q=a&completed=false',
        'sort=order&q=a',
        'sort=order&q=a&completed=true',
        'sort=order&q=b&completed=false',
        `${QUERY}&deleted=only`,
      ])
        expect(await ask(other)).toBe(422)
    })

    test('returns 422 when any character of it is changed', async () => {
      const { headers } = await withTasks('a', 'b')
      const cursor = await cursorOf('limit=1', headers)
      const changed = [
        ...Array.from(cursor, (letter, at) => {
          const other = letter === 'A' ? 'B' : 'A'
          return `${cursor.slice(0, at)}${other}${cursor.slice(at + 1)}`
        }),
        ...Array.from(cursor, (_, at) => cursor.slice(0, at)).slice(1),
        `${cursor}A`,
        `${cursor}=`,
        `%20${cursor}`,
        cursor.repeat(50),
        cursor.toLowerCase(),
      ]
      for (const other of changed) {
        const response = await send('GET', `/tasks?limit=1&cursor=${other}`, headers)
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toHaveLength(1)
        expect(details[0]).toStartWith('cursor: ')
      }
    })

    test('still works when its task was deleted', async () => {
      const { headers, tasks } = await withTasks('a', 'b', 'c')
      const cursor = await cursorOf('limit=2', headers)
      for (const { id } of tasks.slice(1))
        await send('DELETE', `/tasks/${id}?permanent=true`, headers)
      const rest = await readList(await send('GET', `/tasks?cursor=${cursor}`, headers))
      expect(rest.tasks.map(({ text }) => text)).toStrictEqual(['a'])
    })
  })

  test('new tasks are at the top of the order', async () => {
    const { headers, tasks } = await withTasks('a', 'b', 'c')
    const orders = tasks.map(({ order }) => order)
    expect(orders).toStrictEqual(orders.toSorted((a, b) => b - a))
    const top = await readTask(await send('GET', `/tasks/${tasks[2]?.id}`, headers))
    expect(top.order).toBeLessThan(tasks[1]?.order ?? 0)
  })
}
