import { describe, expect, test } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import {
  type ChangeRequest,
  readBatch,
  readChange,
  readCreate,
  readList,
  readOperation,
} from '../../core/requests.ts'
import type { TaskWrite } from '../../core/writes.ts'
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
  throw new Error('was accepted')
}

function fieldsOf({ code, details }: TaskportError): unknown[] {
  return [code, ...details.map((detail) => detail.split(': ')[0])]
}

function change(
  request: Partial<ChangeRequest> & Pick<ChangeRequest, 'op'>,
  requireVersion = false,
) {
  return readChange({ id, ifMatch: null, ...request }, 'If-Match', requireVersion)
}

describe('a change', () => {
  test.each<[string, Parameters<typeof change>[0], TaskWrite]>([
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
      { op: 'move', id, versions: null, place: { to: 'top' } },
    ],
    [
      'move to the bottom',
      { op: 'move', body: { to: 'bottom' } },
      { op: 'move', id, versions: null, place: { to: 'bottom' } },
    ],
    [
      'ids in any letter case',
      { op: 'move', id: id.toUpperCase(), body: { before: other.toUpperCase() } },
      { op: 'move', id, versions: null, place: { before: other } },
    ],
    [
      'move after another',
      { op: 'move', body: { after: other.toUpperCase() } },
      { op: 'move', id, versions: null, place: { after: other } },
    ],
    [
      'expected versions',
      { op: 'restore', ifMatch: '"v1", "v7"' },
      { op: 'restore', id, versions: [1, 7] },
    ],
    ['any version', { op: 'restore', ifMatch: '*' }, { op: 'restore', id, versions: null }],
  ])('is read: %s', (_, request, expected) => {
    expect(change(request)).toStrictEqual(expected)
  })

  test.each<[string, Parameters<typeof change>[0], string[]]>([
    [
      'everything',
      { op: 'patch', id: 'x', ifMatch: 'v1', body: { text: 5 } },
      ['id', 'If-Match', 'text'],
    ],
    ['members that are missing', { op: 'replace', body: {} }, ['text', 'completed']],
    ['no body', { op: 'move' }, ['body']],
    ['no place', { op: 'move', body: {} }, ['body']],
    ['two places', { op: 'move', body: { to: 'top', before: other } }, ['body']],
    ['no such place', { op: 'move', body: { to: 'left' } }, ['to']],
    ['no id of a neighbour', { op: 'move', body: { after: 'x' } }, ['after']],
    ['no neighbour at all', { op: 'move', body: { before: null } }, ['before']],
    ['another member', { op: 'move', body: { to: 'top', x: 1 } }, ['body', 'x']],
    ['permanence', { op: 'delete', permanent: 'yes' }, ['permanent']],
  ])('names what is wrong: %s', (_, request, fields) => {
    const found = fieldsOf(failure(() => change(request)))
    expect(found[0]).toBe('invalid')
    expect(found.slice(1).toSorted()).toStrictEqual(fields.toSorted())
  })

  test('has to say which version it expects, where that is required', () => {
    for (const op of ['patch', 'delete', 'move'] as const) {
      const body = op === 'move' ? { to: 'top' } : {}
      expect(failure(() => change({ op, body }, true)).code).toBe('version_required')
      expect(change({ op, body, ifMatch: '*' }, true)).toMatchObject({ versions: null })
      expect(change({ op, body, ifMatch: '"v3"' }, true)).toMatchObject({ versions: [3] })
    }
    expect(change({ op: 'restore' }, true)).toMatchObject({ op: 'restore' })
    expect(fieldsOf(failure(() => change({ op: 'patch', body: { text: 1 } }, true)))).toStrictEqual(
      ['invalid', 'text'],
    )
  })
})

describe('an operation of a batch', () => {
  const options = { newId: () => id, requireVersion: false, permanent: false }

  test.each<[object, TaskWrite]>([
    [
      { op: 'create', body: { text: 'x' } },
      { op: 'create', id, text: 'x' },
    ],
    [
      { op: 'create', id: other, if_match: '*', body: { text: 'x' } },
      { op: 'create', id, text: 'x' },
    ],
    [
      { op: 'patch', id: other.toUpperCase(), if_match: '"v2"', body: { text: 'x' } },
      { op: 'patch', id: other, versions: [2], patch: { text: 'x' } },
    ],
    [
      { op: 'delete', id: other },
      { op: 'delete', id: other, versions: null, permanent: false },
    ],
    [
      { op: 'restore', id: other, body: 'ignored' },
      { op: 'restore', id: other, versions: null },
    ],
    [
      { op: 'move', id: other, body: { to: 'top' } },
      { op: 'move', id: other, versions: null, place: { to: 'top' } },
    ],
  ])('is read: %j', (input, expected) => {
    expect(readOperation(input, options)).toStrictEqual(expected)
  })

  test('deletes for good where there is no trash', () => {
    const input = { op: 'delete', id: other }
    expect(readOperation(input, { ...options, permanent: true })).toMatchObject({ permanent: true })
  })

  test.each([
    [null, ['operation']],
    [{}, ['op']],
    [{ op: 'replace', id }, ['op']],
    [{ op: 'patch', id: 5, if_match: 5 }, ['id', 'if_match']],
    [{ op: 'create' }, ['body']],
    [{ op: 'create', body: { text: '' } }, ['text']],
    [{ op: 'delete' }, ['id']],
    [{ op: 'patch', body: { text: '' } }, ['id', 'text']],
    [{ op: 'delete', id, if_match: 'v1' }, ['if_match']],
    [{ op: 'move', id }, ['body']],
  ])('names what is wrong: %j', (input, fields) => {
    expect(fieldsOf(failure(() => readOperation(input, options)))).toStrictEqual([
      'invalid',
      ...fields,
    ])
  })

  test('has to say which version it expects, where that is required', () => {
    const strict = { ...options, requireVersion: true }
    expect(failure(() => readOperation({ op: 'delete', id }, strict)).code).toBe('version_required')
    expect(readOperation({ op: 'delete', id, if_match: '*' }, strict)).toMatchObject({
      versions: null,
    })
    expect(readOperation({ op: 'create', body: { text: 'x' } }, strict)).toMatchObject({ id })
  })
})

test('a batch has 1 to 100 operations', () => {
  const operations = (count: number) => ({ atomic: true, operations: Array(count).fill({}) })
  for (const count of [1, 100])
    expect(readBatch(operations(count), null).operations).toHaveLength(count)
  for (const count of [0, 101])
    expect(failure(() => readBatch(operations(count), null)).details).toStrictEqual([
      'operations: must be an array of 1 to 100 operations',
    ])
  expect(fieldsOf(failure(() => readBatch({ operations: {} }, null))).toSorted()).toStrictEqual([
    'atomic',
    'invalid',
    'operations',
  ])
})

test('a key is 1 to 255 visible characters, and is told with the rest', () => {
  const visible = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n)).join('')
  for (const key of ['k', visible, 'k'.repeat(255)])
    expect(readCreate(id, { text: 'x' }, key)).toMatchObject({ id })
  for (const key of ['', ' ', 'a b', 'é', 'a\n', 'k'.repeat(256)])
    expect(fieldsOf(failure(() => readCreate(id, { text: '' }, key)))).toStrictEqual([
      'invalid',
      'Idempotency-Key',
      'text',
    ])
  expect(fieldsOf(failure(() => readBatch({}, '')))).toContain('Idempotency-Key')
})

test('a position has to be of the list', () => {
  const byTime = { key: '2026-01-31T00:00:00.000Z', id }
  expect(readList({}, byTime)).toMatchObject({ after: byTime })
  expect(failure(() => readList({ sort: 'order' }, byTime)).details).toStrictEqual([
    'cursor: is not of this list',
  ])
  expect(fieldsOf(failure(() => readList({ limit: 0, sort: 'x' }, null)))).toStrictEqual([
    'invalid',
    'limit',
    'sort',
  ])
})
