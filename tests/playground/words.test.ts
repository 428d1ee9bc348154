import { describe, expect, test } from 'bun:test'
import { TaskportError } from '../../client/taskport.ts'
import { describeChange } from '../../playground/page/device/describe.ts'
import { indexAt, moveInRow } from '../../playground/page/device/reorder.ts'
import {
  dayFromNow,
  dueLabel,
  plural,
  RECURRENCES,
  recurrenceLabel,
  tagsOf,
} from '../../playground/page/format.ts'
import { messageOf, nameProblem, reasonOf, textProblem } from '../../playground/page/messages.ts'
import { areEqual, compareCopies } from '../../playground/page/proof/comparison.ts'

const NOW = new Date(2026, 0, 30, 22, 30)

test.each([
  ['2026-01-30', 'Today'],
  ['2026-01-31', 'Tomorrow'],
  ['2026-01-29', 'Yesterday'],
  ['2026-02-01T09:30', 'Sunday, 09:30'],
  ['2026-02-05', 'Thursday'],
  ['2026-02-06', 'Feb 6'],
  ['2026-01-28', 'Jan 28'],
  ['2027-01-30', 'Jan 30, 2027'],
])('calls %s %s', (due, label) => {
  expect(dueLabel(due, NOW)).toBe(label)
})

test('counts days over the end of a month', () => {
  expect([0, 1, 2].map((days) => dayFromNow(NOW, days))).toStrictEqual([
    '2026-01-30',
    '2026-01-31',
    '2026-02-01',
  ])
})

test('names the recurrences that it offers, and shows any other rule', () => {
  for (const [rule, label] of RECURRENCES)
    expect(recurrenceLabel({ rule, from: 'due' })).toBe(label)
  expect(recurrenceLabel({ rule: 'FREQ=DAILY;COUNT=3', from: 'due' })).toBe('FREQ=DAILY;COUNT=3')
})

test('counts in words', () => {
  expect([plural(0, 'task'), plural(1, 'task'), plural(2, 'copy', 'copies')]).toStrictEqual([
    '0 tasks',
    '1 task',
    '2 copies',
  ])
})

test('reads tags with and without #, each once', () => {
  expect(tagsOf(' #home, garden  home,,#')).toStrictEqual(['home', 'garden'])
})

test.each([
  ['', 'Write something first'],
  [' \n', 'Write something first'],
  ['x', null],
  ['🎉'.repeat(500), null],
  ['🎉'.repeat(502), 'That is 2 characters too long'],
])('says what is wrong with a text', (text, problem) => {
  expect(textProblem(text)).toBe(problem)
})

test('says what is wrong with the name of a list', () => {
  expect([nameProblem(' '), nameProblem('x'.repeat(101)), nameProblem('Food')]).toStrictEqual([
    'Write a name first',
    'That is 1 character too long',
    null,
  ])
})

test('says why a change was refused', () => {
  const problem = ['tags: must be up to 20 tags of 1 to 50 characters, no two alike']
  expect(reasonOf('VALIDATION_ERROR', problem)).toStartWith('A task has at most 20 tags')
  expect(reasonOf('CONFLICT', ['text'])).toBe('Another device has changed the same')
  expect(reasonOf('NOT_FOUND', [])).toBe('It is no longer there')
  expect(reasonOf('OTHER', [])).toBeNull()
  expect(messageOf(new TaskportError('FORBIDDEN', 'the message'))).toBe('the message')
  expect(messageOf(new TaskportError('TIMEOUT', 'Too late'))).toBe('The service does not answer')
  expect(messageOf(new Error('The disk is full'))).toBe('The disk is full')
  expect(messageOf('something else')).toBe('something else')
})

test.each([
  ['create', {}, 'Create “Buy milk”'],
  ['patch', { text: 'Buy oat milk' }, 'Rename to “Buy oat milk”'],
  ['patch', { completed: true }, 'Complete “Buy milk”'],
  ['patch', { completed: false }, 'Reopen “Buy milk”'],
  ['patch', { due: '2026-01-31' }, 'Set “Buy milk” to tomorrow'],
  ['patch', { due: null }, 'Change due date of “Buy milk”'],
  ['patch', { tags: [], priority: 'low' }, 'Change tags, priority of “Buy milk”'],
  ['move', { after: 'x' }, 'Move “Buy milk”'],
  ['delete', {}, 'Delete “Buy milk”'],
  ['restore', {}, 'Restore “Buy milk”'],
  ['erase', {}, 'Delete “Buy milk” for good'],
  ['create_list', {}, 'Create “Buy milk”'],
  ['patch_list', { name: 'Food' }, 'Rename to “Food”'],
  ['move_list', {}, 'Move “Buy milk”'],
  ['delete_list', {}, 'Delete “Buy milk”'],
] as const)('calls the change %s of %j “%s”', (op, members, words) => {
  expect(describeChange({ op, members }, 'Buy milk', NOW)).toBe(words)
})

test('describes a change of something that this device no longer has', () => {
  const change = { op: 'patch', members: { completed: true } } as const
  expect(describeChange(change, null, NOW)).toBe('Complete something that is gone')
})

describe('moving in a row', () => {
  test.each([
    [0, 2, { after: 'c' }],
    [3, 1, { before: 'b' }],
    [1, 0, { before: 'a' }],
    [2, 99, { after: 'd' }],
    [1, -1, { before: 'a' }],
    [1, 1, null],
    [0, -1, null],
    [3, 4, null],
    [-1, 2, null],
  ])('from %d to %d', (from, to, place) => {
    expect(moveInRow(['a', 'b', 'c', 'd'], from, to)).toStrictEqual(place)
  })

  test('finds the index at a height', () => {
    expect([0, 15, 25, 99].map((y) => indexAt([10, 20, 30], y))).toStrictEqual([0, 1, 2, 2])
  })
})

describe('comparing the copies with the service', () => {
  const service = [
    { id: 'a', version: 1 },
    { id: 'b', version: 2 },
  ]

  test('finds equal copies equal, in any order', () => {
    const comparison = compareCopies(service, [service, service.toReversed()])
    expect(comparison).toStrictEqual({ tasks: 2, missing: 0, extra: 0, different: 0 })
    expect(areEqual(comparison)).toBe(true)
  })

  test.each([
    ['missing', [{ id: 'a', version: 1 }]],
    ['extra', [...service, { id: 'c', version: 1 }]],
    [
      'different',
      [
        { id: 'a', version: 1 },
        { id: 'b', version: 1 },
      ],
    ],
  ] as const)('finds a task %s', (kind, copy) => {
    const comparison = compareCopies(service, [copy, service])
    expect(comparison[kind]).toBe(1)
    expect(areEqual(comparison)).toBe(false)
  })
})
