import { describe, expect, test } from 'bun:test'
import { createOperationReader, readBatch } from '../../core/batch.ts'
import { TaskportError } from '../../core/errors.ts'
import {
  type ChangeRequest,
  type ExpectedVersions,
  readChange,
  readCreate,
  readId,
  readTaskQuery,
} from '../../core/requests.ts'
import type { ItemWrite } from '../../core/writes.ts'
import { idNumber } from '../conformance/stores/store.ts'

const id = idNumber(0xa)
const other = idNumber(0xb)

function failure(read: () => unknown): TaskportError {
  try {
    read()
  } catch (error) {
    if (error instanceof TaskportError) return error
    throw error
  }
  throw new Error('did not fail')
}

/** The code of an error, and the fields that its details name. */
function fieldsOf({ code, details }: TaskportError): unknown[] {
  return [code, ...details.map((detail) => detail.split(': ')[0])]
}

function change(
  request: Partial<ChangeRequest> & Pick<ChangeRequest, 'op'>,
  requireVersion = false,
) {
  return readChange({ id, versions: null, ...request }, requireVersion)
}

describe('readChange', () => {
  test.each<[string, Parameters<typeof change>[0], ItemWrite]>([
    [
      'replace',
      { op: 'replace', body: { text: 'x', completed: true } },
      { op: 'patch', id, versions: null, patch: { text: 'x', completed: true } },
    ],
    ['patch', { op: 'patch', body: {} }, { op: 'patch', id, versions: null, patch: {} }],
    ['delete', { op: 'delete' }, { op: 'delete', id, versions: null, permanent: false }],
    [
      'permanent delete',
      { op: 'delete', permanent: true },
      { op: 'delete', id, versions: null, permanent: true },
    ],
    ['restore', { op: 'restore' }, { op: 'restore', id, versions: null }],
    [
      'move to the top',
      { op: 'move', body: { to: 'top' } },
      { op: 'move', id, versions: null, destination: { to: 'top' } },
    ],
    [
      'move to the bottom',
      { op: 'move', body: { to: 'bottom' } },
      { op: 'move', id, versions: null, destination: { to: 'bottom' } },
    ],
    [
      'ids in any letter case',
      { op: 'move', id: id.toUpperCase(), body: { before: other.toUpperCase() } },
      { op: 'move', id, versions: null, destination: { before: other } },
    ],
    [
      'move after another task',
      { op: 'move', body: { after: other.toUpperCase() } },
      { op: 'move', id, versions: null, destination: { after: other } },
    ],
    [
      'expected versions',
      { op: 'restore', versions: [1, 7] },
      { op: 'restore', id, versions: [1, 7] },
    ],
    ['no acceptable version', { op: 'restore', versions: [] }, { op: 'restore', id, versions: [] }],
    ['any version', { op: 'restore', versions: 'any' }, { op: 'restore', id, versions: null }],
    [
      'refused versions',
      { op: 'restore', except: [1, 2] },
      { op: 'restore', id, versions: { except: [1, 2] } },
    ],
    [
      'any version except some',
      { op: 'restore', versions: 'any', except: [1] },
      { op: 'restore', id, versions: { except: [1] } },
    ],
    [
      'expected versions except some',
      { op: 'restore', versions: [1, 7], except: [1] },
      { op: 'restore', id, versions: [7] },
    ],
    [
      'no version at all',
      { op: 'restore', versions: [1], except: 'any' },
      { op: 'restore', id, versions: [] },
    ],
  ])('reads %s', (_, request, expected) => {
    expect(change(request)).toStrictEqual(expected)
  })

  test.each<[string, Parameters<typeof change>[0], string[]]>([
    [
      'everything at once',
      { op: 'patch', id: 'x', problems: ['version: is odd'], body: { text: 5 } },
      ['id', 'version', 'text'],
    ],
    ["the caller's problems alone", { op: 'restore', problems: ['version: is odd'] }, ['version']],
    ['missing members', { op: 'replace', body: {} }, ['text', 'completed']],
    ['a missing body', { op: 'move' }, ['body']],
    ['a missing destination', { op: 'move', body: {} }, ['body']],
    ['two destinations', { op: 'move', body: { to: 'top', before: other } }, ['body']],
    ['an unknown destination', { op: 'move', body: { to: 'left' } }, ['to']],
    ['an invalid id of a neighbour', { op: 'move', body: { after: 'x' } }, ['after']],
    ['a neighbour that is null', { op: 'move', body: { before: null } }, ['before']],
    ['an unknown member', { op: 'move', body: { to: 'top', x: 1 } }, ['body', 'x']],
    ['an invalid permanent', { op: 'delete', permanent: 'yes' }, ['permanent']],
  ])('names %s', (_, request, fields) => {
    const found = fieldsOf(failure(() => change(request)))
    expect(found[0]).toBe('invalid')
    expect(found.slice(1).toSorted()).toStrictEqual(fields.toSorted())
  })

  test('refuses a change without versions when they are required', () => {
    for (const op of ['patch', 'delete', 'move'] as const) {
      const body = op === 'move' ? { to: 'top' } : {}
      expect(failure(() => change({ op, body }, true)).code).toBe('version_required')
      expect(change({ op, body, versions: 'any' }, true)).toMatchObject({ versions: null })
      expect(change({ op, body, versions: [3] }, true)).toMatchObject({ versions: [3] })
      expect(change({ op, body, versions: [] }, true)).toMatchObject({ versions: [] })
    }
    expect(change({ op: 'restore' }, true)).toMatchObject({ op: 'restore' })
    expect(fieldsOf(failure(() => change({ op: 'patch', body: { text: 1 } }, true)))).toStrictEqual(
      ['invalid', 'text'],
    )
  })
})

describe('createOperationReader', () => {
  const options = { newId: () => id, requireVersion: false, permanent: false }

  function read(
    operation: unknown,
    request: { versions?: ExpectedVersions; problems?: string[] } = {},
    changed: Partial<typeof options> = {},
  ): ItemWrite {
    const { versions = null, problems = [] } = request
    const reader = createOperationReader({ ...options, ...changed })
    return reader.next({ operation, versions, problems })
  }

  test.each<[object, ExpectedVersions, ItemWrite]>([
    [{ op: 'create', body: { text: 'x' } }, null, { op: 'create', id, task: { text: 'x' } }],
    [
      { op: 'create', id: other, body: { text: 'x' } },
      'any',
      { op: 'create', id, task: { text: 'x' } },
    ],
    [
      { op: 'patch', id: other.toUpperCase(), body: { text: 'x' } },
      [2],
      { op: 'patch', id: other, versions: [2], patch: { text: 'x' } },
    ],
    [
      { op: 'delete', id: other },
      null,
      { op: 'delete', id: other, versions: null, permanent: false },
    ],
    [
      { op: 'restore', id: other, body: 'ignored' },
      null,
      { op: 'restore', id: other, versions: null },
    ],
    [
      { op: 'move', id: other, body: { to: 'top' } },
      null,
      { op: 'move', id: other, versions: null, destination: { to: 'top' } },
    ],
  ])('reads %j with the versions %j', (operation, versions, expected) => {
    expect(read(operation, { versions })).toStrictEqual(expected)
  })

  test('makes deletions permanent when there is no trash', () => {
    const operation = { op: 'delete', id: other }
    expect(read(operation, {}, { permanent: true })).toMatchObject({ permanent: true })
  })

  test.each<[unknown, string[], string[]]>([
    [null, [], ['operation']],
    [{}, [], ['op']],
    [{ op: 'replace', id }, [], ['op']],
    [{ op: 'patch', id: 5 }, ['version: is odd'], ['id', 'version']],
    [{ op: 'create' }, [], ['body']],
    [{ op: 'create', body: { text: '' } }, [], ['text']],
    [{ op: 'create', body: { text: '' } }, ['version: is odd'], ['version', 'text']],
    [{ op: 'delete' }, [], ['id']],
    [{ op: 'patch', body: { text: '' } }, [], ['id', 'text']],
    [{ op: 'delete', id }, ['version: is odd'], ['version']],
    [{ op: 'move', id }, [], ['body']],
  ])('names what is wrong with %j and the problems %j', (operation, problems, fields) => {
    expect(fieldsOf(failure(() => read(operation, { problems })))).toStrictEqual([
      'invalid',
      ...fields,
    ])
  })

  test('refuses a change without versions when they are required', () => {
    const strict = { requireVersion: true }
    const remove = { op: 'delete', id }
    expect(failure(() => read(remove, {}, strict)).code).toBe('version_required')
    expect(read(remove, { versions: 'any' }, strict)).toMatchObject({ versions: null })
    expect(read({ op: 'create', body: { text: 'x' } }, {}, strict)).toMatchObject({ id })
  })
})

test('readBatch accepts 1 to 100 operations', () => {
  const operations = (count: number) => ({ atomic: true, operations: Array(count).fill({}) })
  for (const count of [1, 100]) expect(readBatch(operations(count)).operations).toHaveLength(count)
  for (const count of [0, 101])
    expect(failure(() => readBatch(operations(count))).details).toStrictEqual([
      'operations: must be an array of 1 to 100 operations',
    ])
  expect(fieldsOf(failure(() => readBatch({ operations: {} }))).toSorted()).toStrictEqual([
    'atomic',
    'invalid',
    'operations',
  ])
})

describe('the schedule in a body', () => {
  const daily = { rule: 'FREQ=DAILY' }

  test.each<[object, string[]]>([
    [{ text: '', due: 'x', recurrence: { rule: 'FREQ=HOURLY' } }, ['text', 'due', 'recurrence']],
    [
      { text: '', time_zone: 'Europe/Paris', recurrence: daily },
      ['text', 'time_zone', 'recurrence'],
    ],
    [{ text: 'x', due: '2026-01-31', time_zone: 'Europe/Paris' }, ['time_zone']],
    [{ text: 'x', due: 'x', time_zone: 'Europe/Paris' }, ['due']],
    [{ text: 'x', due: '2026-01-31', recurrence: { rule: 'FREQ=DAILY;COUNT=0' } }, ['recurrence']],
  ])('of a new task is checked with its other members: %j', (body, fields) => {
    expect(fieldsOf(failure(() => readCreate(id, body)))).toStrictEqual(['invalid', ...fields])
  })

  test.each<[object, string[]]>([
    [{ due: '2026-01-31', time_zone: 'Europe/Paris' }, ['time_zone']],
    [{ due: null, recurrence: daily }, ['recurrence']],
    [{ recurrence: { rule: 'FREQ=HOURLY' } }, ['recurrence']],
    [
      { due: '2026-01-30', recurrence: { rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' } },
      ['recurrence'],
    ],
  ])('of a change is checked before the task is known: %j', (body, fields) => {
    const found = fieldsOf(failure(() => change({ op: 'patch', body })))
    expect(found).toStrictEqual(['invalid', ...fields])
  })

  test.each([
    { time_zone: 'Europe/Paris' },
    { recurrence: daily },
    { due: '2026-01-31T09:30', time_zone: 'Europe/Paris', recurrence: daily },
    { due: null, time_zone: null, recurrence: null },
  ])('of a change may depend on the task: %j', (body) => {
    expect(change({ op: 'patch', body })).toMatchObject({ op: 'patch' })
  })
})

test("every reader reports the caller's problems with its own", () => {
  const problems = ['key: is too long']
  const readers: [(body: unknown) => unknown, string, unknown][] = [
    [(body) => readCreate(id, body, problems), 'text', { text: 'x' }],
    [(body) => readBatch(body, problems), 'atomic', { atomic: true, operations: [{}] }],
    [(body) => readTaskQuery(body, null, problems), 'limit', { limit: 1 }],
  ]
  for (const [read, field, valid] of readers) {
    const invalid = { text: '', limit: 0 }
    expect(fieldsOf(failure(() => read(invalid)))).toEqual(
      expect.arrayContaining(['invalid', 'key', field]),
    )
    expect(fieldsOf(failure(() => read(valid)))).toStrictEqual(['invalid', 'key'])
  }
})

test('readId accepts a UUID in any letter case', () => {
  expect(readId(id.toUpperCase())).toBe(id)
  expect(fieldsOf(failure(() => readId('x')))).toStrictEqual(['invalid', 'id'])
})

describe('readTaskQuery', () => {
  test('refuses a position of another list', () => {
    const byTime = { key: '2026-01-31T00:00:00.000Z', id }
    expect(readTaskQuery({}, byTime)).toMatchObject({ after: byTime })
    expect(failure(() => readTaskQuery({ sort: 'order' }, byTime)).details).toStrictEqual([
      'position: belongs to a different list',
    ])
  })

  test('names every wrong parameter', () => {
    const read = () => readTaskQuery({ limit: 0, sort: 'x', q: '' }, null)
    expect(fieldsOf(failure(read))).toStrictEqual(['invalid', 'limit', 'sort', 'q'])
  })
})
