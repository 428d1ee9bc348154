import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { EVERYTHING, TaskListQuery, taskQuery } from '../../core/query.ts'
import { atPosition, compareBy, isPosition, positionOf, SORTS } from '../../core/sorting.ts'
import { PRIORITIES } from '../../core/task.ts'
import { createReader } from '../../core/validation.ts'
import { idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { problemsOf } from './problems.ts'

const task = fc
  .record({
    n: fc.nat({ max: 3 }),
    order: fc.integer({ min: -2, max: 2 }),
    created: fc.nat({ max: 2 }),
    updated: fc.nat({ max: 2 }),
    due: fc.constantFrom(null, '2026-01-31', '2026-01-31T09:30', '2026-02-01'),
    priority: fc.constantFrom(...PRIORITIES),
  })
  .map(({ n, created, updated, ...fields }) =>
    taskNumber(n, { ...fields, created_at: second(created), updated_at: second(updated) }),
  )

for (const sort of SORTS)
  describe(`compareBy(${sort})`, () => {
    const compare = compareBy(sort)

    test('is a strict total order', () => {
      fc.assert(
        fc.property(task, task, task, (a, b, c) => {
          expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a)) || 0).toBe(0)
          if (a.id !== b.id) expect(compare(a, b)).not.toBe(0)
          if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0)
        }),
      )
    })

    test('compares a position like its task', () => {
      fc.assert(
        fc.property(task, task, (a, b) => {
          const position = positionOf(sort, a)
          expect(isPosition(sort, position)).toBe(true)
          expect(compare(atPosition(sort, position), b) - compare(a, b) || 0).toBe(0)
        }),
      )
    })
  })

test('each sort puts its first task first', () => {
  const tasks = [
    taskNumber(1, { order: 3, updated_at: second(8), priority: 'low' }),
    taskNumber(2, { order: 1, updated_at: second(9), due: '2026-01-31T09:30' }),
    taskNumber(3, { order: 2, updated_at: second(7), due: '2026-01-31', priority: 'high' }),
  ]
  const numbers = SORTS.map((sort) => tasks.toSorted(compareBy(sort)).map(({ id }) => id))
  expect(numbers).toStrictEqual(
    [
      [3, 2, 1],
      [1, 2, 3],
      [2, 1, 3],
      [3, 1, 2],
      [2, 3, 1],
      [3, 2, 1],
      [3, 1, 2],
    ].map((expected) => expected.map(idNumber)),
  )
})

const id = idNumber(1)

test.each([
  ['created_at', '2026-01-31T00:00:00.000Z', true],
  ['-updated_at', '2024-02-29T23:59:59.999999Z', true],
  ['created_at', '0001-01-01T00:00:00.0000Z', true],
  ['created_at', '9999-12-31T23:59:59.999Z', true],
  ['created_at', '2026-02-29T00:00:00.000Z', false],
  ['created_at', '2026-04-31T00:00:00.000Z', false],
  ['created_at', '2026-13-01T00:00:00.000Z', false],
  ['created_at', '2026-01-31T24:00:00.000Z', false],
  ['created_at', '2026-01-31T23:59:60.000Z', false],
  ['created_at', '0000-01-31T00:00:00.000Z', false],
  ['created_at', '2026-01-31T00:00:00Z', false],
  ['created_at', '2026-01-31T00:00:00.0000000Z', false],
  ['created_at', '2026-01-31T00:00:00.000', false],
  ['created_at', '2026-01-31T00:00:00.000+01:00', false],
  ['created_at', '7', false],
  ['order', '0', true],
  ['order', '-2147483648', true],
  ['order', '2147483647', true],
  ['order', '-2147483649', false],
  ['order', '2147483648', false],
  ['order', '9999999999', false],
  ['order', '1.5', false],
  ['order', '', false],
  ['order', '2026-01-31T00:00:00.000Z', false],
] as const)('isPosition(%s) with the key %p is %p', (sort, key, expected) => {
  expect(isPosition(sort, { key, id })).toBe(expected)
})

test.each(['', 'x', id.toUpperCase().replace('7', 'A'), `${id} `, id.replaceAll('-', '')])(
  'isPosition refuses the id %p',
  (invalidId) => {
    expect(isPosition('order', { key: '0', id: invalidId })).toBe(false)
  },
)

test('taskQuery lists every task, newest first, by default', () => {
  expect(taskQuery({}, null)).toStrictEqual(EVERYTHING)
})

test('taskQuery takes over every parameter', () => {
  const after = { key: '0', id }
  const input = {
    limit: 5,
    sort: 'order',
    completed: false,
    q: 'Milk milk',
    deleted: 'only',
    list: id.toUpperCase(),
    tag: ['Home', 'home', 'Straße'],
    priority: ['high', 'none', 'high'],
    parent: 'none',
    due_after: '2026-01-31',
    due_before: '2026-01-31T09:30',
  } satisfies TaskListQuery
  expect(taskQuery(input, after)).toStrictEqual({
    sort: 'order',
    limit: 5,
    after,
    completed: false,
    search: ['milk'],
    deleted: true,
    list: id,
    tags: ['home', 'strasse'],
    priorities: ['high', 'none'],
    parent: 'none',
    due: { after: '2026-01-31', before: '2026-01-31T09:30' },
  })
})

test('names each parameter that breaks a rule', () => {
  const read = createReader('query', TaskListQuery)
  for (const limit of [1, 2, 999, 1000]) expect(problemsOf(read, { limit })).toStrictEqual([])
  for (const limit of [0, -1, 1001, 1.5, '5', null])
    expect(problemsOf(read, { limit })).toStrictEqual([
      'limit: must be a whole number from 1 to 1000',
    ])
  expect(problemsOf(read, { sort: 'text', completed: 1, deleted: 'all' })).toStrictEqual([
    'sort: must be one of -created_at, created_at, -updated_at, updated_at, order, due, priority',
    'completed: must be true or false',
    'deleted: must be only',
  ])
})
