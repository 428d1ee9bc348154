import { expect, test } from 'bun:test'
import { cursorAt, nextPage, readListRequest } from '../../adapters/http/tasks/list-request.ts'
import { TaskportError } from '../../core/errors.ts'
import { EVERYTHING } from '../../core/query.ts'

const ID = '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90'
const POSITION = { key: '2026-01-31T09:30:00.000Z', id: ID }

const read = (query: string) => readListRequest(`http://localhost/tasks?${query}`)

function problemsOf(query: string): readonly string[] {
  try {
    read(query)
  } catch (error) {
    if (error instanceof TaskportError) return error.details
  }
  throw new Error(`${query} was accepted`)
}

test('reads every filter', () => {
  const list = `list=${ID}&parent=none&due_after=2026-01-31&due_before=2026-02-01T08:00`
  const several = 'tag=Home&priority=high&tag=a%26b&priority=low&sort=due'
  expect(read(`${list}&${several}`).query).toStrictEqual({
    ...EVERYTHING,
    sort: 'due',
    list: ID,
    parent: 'none',
    due: { after: '2026-01-31', before: '2026-02-01T08:00' },
    tags: ['home', 'a&b'],
    priorities: ['high', 'low'],
  })
  expect(read('due=none&list=inbox').query).toMatchObject({ due: 'none', list: 'inbox' })
})

const SINGLE = [
  'limit=1',
  'sort=due',
  'completed=true',
  'q=a',
  'deleted=only',
  'list=inbox',
  'parent=none',
  'due=none',
  'due_after=2026-01-31',
  'due_before=2026-01-31',
]

test.each(SINGLE)('refuses %s twice', (parameter) => {
  const [name] = parameter.split('=')
  expect(problemsOf(`${parameter}&${parameter}`)).toStrictEqual([`${name}: must be given once`])
})

test.each([...SINGLE, 'tag=a', 'priority=low'])('ignores an empty parameter before %s', (one) => {
  const [name] = one.split('=')
  expect(read(`${name}=&${one}&${name}`)).toStrictEqual(read(one))
  expect(read(`${name}=&${name}`)).toStrictEqual(read(''))
})

test('names each parameter that is wrong', () => {
  const wrong = 'list=x&parent=y&due=z&due_after=today&due_before=now&priority=low&priority=top'
  expect(problemsOf(`${wrong}&tag=%ff&tag=a`)).toStrictEqual([
    'list: must be the id of one of your lists, or inbox',
    'priority: must be one of none, low, medium, high',
    'parent: must be the id of one of your tasks, or none',
    'due: must be none',
    'due_after: must be a day such as 2026-01-31 or a local time such as 2026-01-31T09:30, without seconds or offset',
    'due_before: must be a day such as 2026-01-31 or a local time such as 2026-01-31T09:30, without seconds or offset',
    'tag: must be percent-encoded UTF-8',
  ])
})

test('the order of parameters and of repeated values changes neither the tag nor the cursor', () => {
  const one = read('tag=a&priority=low&tag=b&limit=1&priority=high&due=none')
  const other = read('due=none&priority=high&limit=1&tag=b&priority=low&tag=a')
  expect(other).toStrictEqual(one)
  expect(cursorAt(other.input, POSITION)).toBe(cursorAt(one.input, POSITION))
})

test.each([...SINGLE.slice(1), 'tag=a', 'tag=b', 'tag=a&tag=b', 'priority=low', `list=${ID}`])(
  'the tag and the cursor of %s belong to no other list',
  (query) => {
    const { input, digest } = read(query)
    const cursor = cursorAt(input, POSITION)
    const others = [...SINGLE, 'tag=a', 'tag=b', 'tag=a&tag=b', 'priority=low', `list=${ID}`, '']
    for (const other of others.filter((one) => one !== query)) {
      expect(read(other).digest).not.toBe(digest)
      expect(problemsOf(`${other}&cursor=${cursor}`)).toStrictEqual([
        'cursor: must be the next_cursor of a list with the same sort and filters',
      ])
    }
  },
)

test('a cursor from before there were these filters stays valid', () => {
  const cursor =
    'ZkdoMmRVVi1wN3JlMDE5YzEzMjUtOGU0MC03YzNkLTlhNTQtMWYwZTZiMmQ3YTkwMjAyNi0wMS0zMVQwOTozMDowMC4wMDBa'
  expect(cursorAt({}, POSITION)).toBe(cursor)
  expect(read(`cursor=${cursor}`).query.after).toStrictEqual(POSITION)
})

test('the URL of the next page has every parameter, and reads as the same list', () => {
  const query = `limit=1&sort=priority&q=a+b&list=${ID}&parent=${ID}&due_after=2026-01-31T08:00`
  const { input } = read(`${query}&tag=b%26c&tag=a&priority=low&priority=high`)
  const cursor = cursorAt(input, { key: '1', id: ID })
  const path = nextPage(input, cursor)
  expect(path).toBe(
    `/tasks?limit=1&sort=priority&q=a%20b&list=${ID}&parent=${ID}&due_after=2026-01-31T08%3A00&tag=a&tag=b%26c&priority=high&priority=low&cursor=${cursor}`,
  )
  const next = readListRequest(path)
  expect(next.input).toStrictEqual(input)
  expect(next.query.after).toStrictEqual({ key: '1', id: ID })
})
