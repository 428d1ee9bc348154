import { describe, expect, test } from 'bun:test'
import { type Client, INSTANT, UNKNOWN, UUID_V7 } from '../client.ts'
import { createUser, LIST_MEMBERS, NO_ID, readOneList } from './user.ts'

const NAME =
  'name: must be 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate'
const COLOR = 'color: must be a color such as #1e90ff, or null'
const NO_NEIGHBOUR = 'must be the id of another of your lists'
const MOVE = 'body: must be a JSON object with exactly one of before, after and to'

const IGNORED = {
  id: UNKNOWN,
  order: 7,
  version: 9,
  created_at: '2020-01-01T00:00:00.000Z',
  updated_at: '2020-01-01T00:00:00.000Z',
  open: 5,
  user_id: 'bob',
  unknown: [null],
}

const names = ({ lists }: { readonly lists: readonly { readonly name: string }[] }) =>
  lists.map(({ name }) => name)

/** The routes of lists, and the members of a list. */
export function describeLists(client: Client): void {
  const { send } = client
  const newUser = () => createUser(client)

  describe('POST /lists', () => {
    test.each([
      { name: ' Groceries ' },
      { name: 'x', color: null },
      { name: 'x', color: '#1E90ff' },
    ])('returns the new list with its URL and its tag: %j', async (members) => {
      const user = await newUser()
      const response = await user.ask('POST', '/lists', { ...IGNORED, ...members })
      expect(response.status).toBe(201)
      expect(response.headers.get('etag')).toBe('"v1"')
      expect(response.headers.get('cache-control')).toBe('private, no-cache')
      const location = `${response.headers.get('location')}`
      const list = Object(await response.json())
      expect(Object.keys(list)).toStrictEqual(LIST_MEMBERS)
      expect(list).toStrictEqual({
        id: expect.stringMatching(UUID_V7),
        color: null,
        ...members,
        order: expect.any(Number),
        version: 1,
        created_at: expect.stringMatching(INSTANT),
        updated_at: list.created_at,
      })
      expect(location).toBe(`/lists/${list.id}`)
      expect(await user.getList(list.id)).toStrictEqual(list)
      const [counted] = (await user.lists()).lists
      expect(counted).toStrictEqual({ ...list, open: 0 })
    })

    test.each(['👍'.repeat(100), 'x', '\u200b', 'a\tb\n', 'e\u0301'])(
      'takes the name %j and returns it unchanged',
      async (name) => {
        const user = await newUser()
        const { id } = await user.createList(name)
        expect((await user.getList(id)).name).toBe(name)
      },
    )

    test.each<[object, string[]]>([
      [{}, ['name: is required']],
      [{ name: null }, ['name: must be a string']],
      [{ name: 1 }, ['name: must be a string']],
      [{ name: '' }, [NAME]],
      [{ name: ' \u3000\u0085' }, [NAME]],
      [{ name: '👍'.repeat(101) }, [NAME]],
      [{ name: 'a\u0000' }, [NAME]],
      [{ name: 'a\ud800' }, [NAME]],
      ...['', 'red', '#fff', '#1e90fg', '1e90ff', '#1e90ff00', '#1e90ff ', 1, true, []].map(
        (color): [object, string[]] => [{ name: 'x', color }, [COLOR]],
      ),
      [{ name: '', color: 'red' }, [NAME, COLOR]],
      [[], ['body: must be a JSON object']],
    ])('refuses %j', async (body, problems) => {
      const user = await newUser()
      expect(await user.problems('POST', '/lists', body)).toStrictEqual(problems)
      const [result] = await user.batch([{ op: 'create_list', body }])
      expect(result?.error?.details).toStrictEqual(problems)
      expect((await user.lists()).count).toBe(0)
    })

    test('puts new lists last', async () => {
      const user = await newUser()
      for (const name of ['a', 'b', 'c']) await user.createList(name)
      const all = await user.lists()
      expect(names(all)).toStrictEqual(['a', 'b', 'c'])
      await user.moveList(`${all.lists[0]?.id}`, { to: 'bottom' })
      await user.createList('d')
      expect(names(await user.lists())).toStrictEqual(['b', 'c', 'a', 'd'])
    })

    test('makes one list when it is retried with its key', async () => {
      const user = await newUser()
      const key = { 'idempotency-key': 'k' }
      const body = { name: 'a', text: 'a' }
      const first = await user.ask('POST', '/lists', body, key)
      const list = await readOneList(first)
      await user.patchList(list.id, { name: 'b' })
      const again = await user.ask('POST', '/lists', body, key)
      expect(again.status).toBe(201)
      expect(first.headers.get('idempotency-replayed')).toBeNull()
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      expect(again.headers.get('location')).toBe(`/lists/${list.id}`)
      expect(await readOneList(again)).toStrictEqual(list)
      expect((await user.lists()).count).toBe(1)
      for (const [path, other] of [
        ['/lists', { name: 'c' }],
        ['/tasks', body],
      ] as const)
        expect(await user.problems('POST', path, other, key)).toStrictEqual([
          'Idempotency-Key: was already used for a different request',
        ])
      expect(
        await user.problems('POST', '/lists', { name: '' }, { 'idempotency-key': '' }),
      ).toEqual(expect.arrayContaining([NAME, expect.stringMatching(/^Idempotency-Key: /)]))
    })

    test('makes up to 500 lists, and one more when one is deleted', async () => {
      const user = await newUser()
      const full = 'lists: you have the maximum of 500 lists; delete some first'
      const create = { op: 'create_list', body: { name: 'x' } }
      for (let made = 0; made < 500; made += 100)
        expect(await user.batch(Array(100).fill(create), true)).toHaveLength(100)
      expect(await user.problems('POST', '/lists', { name: 'x' })).toStrictEqual([full])
      const { lists, count } = await user.lists()
      expect([lists.length, count]).toStrictEqual([500, 500])
      const results = await user.batch([
        create,
        { op: 'create', body: { text: 'x', list_id: '$0' } },
        { op: 'delete_list', id: lists[0]?.id },
        create,
        create,
      ])
      expect(results.map(({ status }) => status)).toStrictEqual([422, 422, 204, 201, 422])
      expect(results[1]?.error?.details).toStrictEqual([
        'list_id: must name an operation that succeeded',
      ])
      expect(results[4]?.error?.details).toStrictEqual([full])
    })
  })

  describe('GET /lists and GET /lists/{id}', () => {
    test('return an empty list of lists to a new user', async () => {
      const response = await (await newUser()).ask('GET', '/lists')
      expect(await response.text()).toBe('{"lists":[],"count":0}')
    })

    test('count the tasks that are neither completed nor deleted', async () => {
      const user = await newUser()
      const [a, b] = [await user.createList('a'), await user.createList('b')]
      const counts = async () => (await user.lists()).lists.map(({ open }) => open)
      const one = await user.create({ list_id: a.id })
      await user.create({ parent_id: one.id })
      const other = await user.create({ list_id: b.id })
      await user.create()
      expect(await counts()).toStrictEqual([2, 1])
      await user.patch(one.id, { completed: true })
      expect(await counts()).toStrictEqual([1, 1])
      await user.patch(one.id, { completed: false, list_id: b.id })
      expect(await counts()).toStrictEqual([0, 3])
      await user.remove(other.id)
      expect(await counts()).toStrictEqual([0, 2])
      await user.remove(one.id, '?permanent=true')
      expect(await counts()).toStrictEqual([0, 0])
      await user.restore(other.id)
      expect(await counts()).toStrictEqual([0, 1])
      for (const { id, version } of [await user.getList(a.id), await user.getList(b.id)])
        expect([id === a.id || id === b.id, version]).toStrictEqual([true, 1])
      for (const list of (await user.lists()).lists)
        expect(Object.keys(list)).toStrictEqual([...LIST_MEMBERS, 'open'])
    })

    test('answer HEAD, and take an id in any letter case', async () => {
      const user = await newUser()
      const list = await user.createList()
      for (const path of ['/lists', `/lists/${list.id}`]) {
        const [get, head] = [await user.ask('GET', path), await user.ask('HEAD', path)]
        expect(head.status).toBe(200)
        expect(head.headers.get('etag')).toBe(`${get.headers.get('etag')}`)
        expect(await head.text()).toBe('')
      }
      expect(await user.getList(list.id.toUpperCase())).toStrictEqual(list)
    })

    test.each(['GET', 'HEAD'])('%s returns 304 while nothing has changed', async (method) => {
      const user = await newUser()
      const { id } = await user.createList()
      const task = await user.create({ list_id: id })
      const changes: readonly (() => Promise<unknown>)[] = [
        () => user.patch(task.id, { text: 'y' }),
        () => user.create(),
        () => user.remove(task.id),
        () => user.createList('b'),
        () => user.moveList(id, { to: 'bottom' }),
        () => user.patchList(id, { color: '#000000' }),
      ]
      const seen = new Set<string>()
      for (const change of changes) {
        const tag = `${(await user.ask('GET', '/lists')).headers.get('etag')}`
        seen.add(tag)
        const same = await user.ask(method, '/lists', undefined, { 'if-none-match': tag })
        expect([same.status, same.headers.get('etag'), await same.text()]).toStrictEqual([
          304,
          tag,
          '',
        ])
        await change()
        const after = await user.ask(method, '/lists', undefined, { 'if-none-match': tag })
        expect(after.status).toBe(200)
      }
      expect(seen.size).toBe(changes.length)

      const path = `/lists/${id}`
      const { version } = await user.getList(id)
      const known = { 'if-none-match': `W/"v${version}"` }
      expect((await user.ask(method, path, undefined, known)).status).toBe(304)
      await user.create({ list_id: id })
      expect((await user.ask(method, path, undefined, known)).status).toBe(304)
      await user.patchList(id, { name: 'other' })
      expect((await user.ask(method, path, undefined, known)).status).toBe(200)
    })

    test('the tag of the lists is another than that of the tasks', async () => {
      const user = await newUser()
      await user.createList()
      const tag = `${(await user.ask('GET', '/tasks')).headers.get('etag')}`
      const response = await user.ask('GET', '/lists', undefined, { 'if-none-match': tag })
      expect(response.status).toBe(200)
    })
  })

  describe('PATCH /lists/{id}', () => {
    test('sets what is present, and keeps the rest', async () => {
      const user = await newUser()
      const list = await user.createList('a', { color: '#1e90ff' })
      const renamed = await user.patchList(list.id, { ...IGNORED, name: 'b' })
      expect(renamed).toStrictEqual({
        ...list,
        name: 'b',
        version: 2,
        updated_at: renamed.updated_at,
      })
      for (const same of [{}, { name: 'b' }, { color: '#1e90ff' }, IGNORED])
        expect(await user.patchList(list.id, same)).toStrictEqual(renamed)
      expect(await user.patchList(list.id, { color: null })).toMatchObject({
        name: 'b',
        color: null,
        version: 3,
      })
      const body = JSON.stringify({ color: '#00ff00' })
      const type = { 'content-type': 'application/merge-patch+json' }
      const merged = await send('PATCH', `/lists/${list.id}`, { ...user.headers, ...type }, body)
      expect(await readOneList(merged)).toMatchObject({ name: 'b', color: '#00ff00', version: 4 })
    })

    test('names all members that are wrong', async () => {
      const user = await newUser()
      const list = await user.createList()
      const wrong = { name: null, color: 'red' }
      const problems = ['name: must be a string', COLOR]
      expect(await user.problems('PATCH', `/lists/${list.id}`, wrong)).toStrictEqual(problems)
      expect(await user.problems('PATCH', '/lists/x', wrong)).toStrictEqual([
        `id: ${NO_ID}`,
        ...problems,
      ])
      expect(await user.getList(list.id)).toStrictEqual(list)
    })
  })

  describe('POST /lists/{id}/move', () => {
    test.each([
      [{ to: 'top' }, 'cabd'],
      [{ to: 'bottom' }, 'abdc'],
      [{ before: 'b' }, 'acbd'],
      [{ after: 'd' }, 'abdc'],
      [{ after: 'b' }, 'abcd'],
    ])('moves the third of four: %j', async (to, order) => {
      const user = await newUser()
      const ids: Record<string, string> = {}
      for (const name of 'abcd') ids[name] = (await user.createList(name)).id
      const [[where, whereTo = '']] = Object.entries(to) as [[string, string]]
      const moved = await user.moveList(`${ids['c']}`, {
        [where]: where === 'to' ? whereTo : ids[whereTo]?.toUpperCase(),
      })
      expect(names(await user.lists()).join('')).toBe(order)
      expect(moved.version).toBe(order === 'abcd' ? 1 : 2)
    })

    test('refuses what is no place among the lists', async () => {
      const user = await newUser()
      const list = await user.createList()
      const task = await user.create()
      const path = `/lists/${list.id}/move`
      for (const where of ['before', 'after']) {
        for (const id of [UNKNOWN, list.id, task.id])
          expect(await user.problems('POST', path, { [where]: id })).toStrictEqual([
            `${where}: ${NO_NEIGHBOUR}`,
          ])
        expect(await user.problems('POST', path, { [where]: 'x' })).toStrictEqual([
          `${where}: ${NO_NEIGHBOUR}, written as 8-4-4-4-12 hexadecimal digits`,
        ])
      }
      expect(await user.problems('POST', path, { to: 'up' })).toStrictEqual([
        'to: must be top or bottom',
      ])
      for (const body of [{}, { to: 'top', before: UNKNOWN }])
        expect(await user.problems('POST', path, body)).toStrictEqual([MOVE])
    })
  })
}
