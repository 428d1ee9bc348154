import { describe, expect, test } from 'bun:test'
import { createOperationReader, readBatch } from '../../core/batch.ts'
import { TaskportError } from '../../core/errors.ts'
import type { ItemWrite } from '../../core/writes.ts'
import { idNumber, listId } from '../conformance/stores/store.ts'

const FIRST_ID = 100

/** A reader of the operations of a batch. New ids are numbered. */
function createReading({ requireVersion = false, permanent = false } = {}) {
  let next = FIRST_ID
  const newId = () => idNumber(next++)
  const reader = createOperationReader({ newId, requireVersion, permanent })

  /** Reads the next operation: the write, or what is wrong with it. */
  return (operation: unknown, problems: readonly string[] = []): ItemWrite | readonly string[] => {
    try {
      return reader.next({ operation, versions: null, problems })
    } catch (error) {
      if (!(error instanceof TaskportError)) throw error
      return error.code === 'invalid' ? error.details : [error.code]
    }
  }
}

const createTask = (body: object = {}) => ({ op: 'create', body: { text: 'x', ...body } })
const createList = { op: 'create_list', body: { name: 'x' } }

/** The problem with a reference. */
const unresolved = (member: string, index: number, kind: 'task' | 'list') =>
  `${member}: $${index} must be the number of an earlier operation that creates a ${kind}`

describe('an operation', () => {
  test.each<[string, object, object]>([
    ['create', createTask(), { op: 'create', task: { text: 'x' } }],
    [
      'patch',
      { op: 'patch', id: idNumber(1), body: { text: 'y' } },
      {
        id: idNumber(1),
        patch: { text: 'y' },
      },
    ],
    ['delete', { op: 'delete', id: idNumber(1) }, { permanent: false }],
    ['restore', { op: 'restore', id: idNumber(1) }, { op: 'restore' }],
    ['move', { op: 'move', id: idNumber(1), body: { to: 'top' } }, { destination: { to: 'top' } }],
    ['create_list', createList, { op: 'create_list', list: { name: 'x' } }],
    [
      'patch_list',
      { op: 'patch_list', id: listId(1), body: { color: null } },
      {
        patch: { color: null },
      },
    ],
    ['delete_list', { op: 'delete_list', id: listId(1) }, { permanent: false }],
    [
      'move_list',
      { op: 'move_list', id: listId(1), body: { before: listId(2) } },
      {
        destination: { before: listId(2) },
      },
    ],
  ])('is read: %s', (_, operation, write) => {
    expect(createReading()(operation)).toMatchObject(write)
  })

  test('deletes for good if there is no trash', () => {
    const read = createReading({ permanent: true })
    expect(read({ op: 'delete', id: idNumber(1) })).toMatchObject({ permanent: true })
    expect(read({ op: 'delete_list', id: listId(1) })).toMatchObject({ permanent: true })
  })

  test('names the version that it expects, if that is required', () => {
    const read = createReading({ requireVersion: true })
    expect(read({ op: 'patch_list', id: listId(1), body: {} })).toStrictEqual(['version_required'])
    expect(read(createList)).toMatchObject({ op: 'create_list' })
  })

  test.each([
    ['is no object', 7, ['operation: must be a JSON object']],
    [
      'has an unknown op',
      { op: 'replace', id: idNumber(1) },
      [
        'op: must be one of create, patch, delete, restore, move, create_list, patch_list, delete_list, move_list',
      ],
    ],
    [
      'has no id',
      { op: 'patch', body: {} },
      ['id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits'],
    ],
    ['has no body', { op: 'create' }, ['body: must be a JSON object']],
  ])('is refused if it %s', (_, operation, problems) => {
    expect(createReading()(operation)).toStrictEqual(problems)
  })
})

describe('a reference', () => {
  test('stands for the list and the task that earlier operations create', () => {
    const read = createReading()
    read(createList)
    expect(read(createTask({ list_id: '$0' }))).toMatchObject({
      task: { list_id: idNumber(FIRST_ID) },
      references: [{ id: idNumber(FIRST_ID), member: 'list_id' }],
    })
    expect(read(createTask({ parent_id: '$1', list_id: '$0' }))).toMatchObject({
      task: { list_id: idNumber(FIRST_ID), parent_id: idNumber(FIRST_ID + 1) },
      references: [
        { id: idNumber(FIRST_ID), member: 'list_id' },
        { id: idNumber(FIRST_ID + 1), member: 'parent_id' },
      ],
    })
  })

  test.each([
    ['id of a task', { op: 'patch', id: '$0', body: {} }, 'id', { id: idNumber(FIRST_ID) }],
    [
      'id of a list',
      { op: 'patch_list', id: '$1', body: {} },
      'id',
      {
        id: idNumber(FIRST_ID + 1),
      },
    ],
    ['id of a task to delete', { op: 'delete', id: '$0' }, 'id', { id: idNumber(FIRST_ID) }],
    [
      'id of a list to delete',
      { op: 'delete_list', id: '$1' },
      'id',
      {
        id: idNumber(FIRST_ID + 1),
      },
    ],
    ['id of a task to restore', { op: 'restore', id: '$0' }, 'id', { id: idNumber(FIRST_ID) }],
    [
      'list of a patch',
      { op: 'patch', id: idNumber(1), body: { list_id: '$1' } },
      'list_id',
      {
        patch: { list_id: idNumber(FIRST_ID + 1) },
      },
    ],
    [
      'parent of a patch',
      { op: 'patch', id: idNumber(1), body: { parent_id: '$0' } },
      'parent_id',
      {
        patch: { parent_id: idNumber(FIRST_ID) },
      },
    ],
    [
      'task before which to move',
      { op: 'move', id: idNumber(1), body: { before: '$0' } },
      'before',
      { destination: { before: idNumber(FIRST_ID) } },
    ],
    [
      'task after which to move',
      { op: 'move', id: idNumber(1), body: { after: '$0' } },
      'after',
      {
        destination: { after: idNumber(FIRST_ID) },
      },
    ],
    [
      'list before which to move',
      { op: 'move_list', id: listId(1), body: { before: '$1' } },
      'before',
      { destination: { before: idNumber(FIRST_ID + 1) } },
    ],
  ])('may be the %s', (_, operation, member, write) => {
    const read = createReading()
    read(createTask())
    read(createList)
    const made = read(operation)
    expect(made).toMatchObject(write)
    expect(made).toHaveProperty('references.0.member', member)
    expect(made).toHaveProperty('references.length', 1)
  })

  test('may be two of one operation', () => {
    const read = createReading()
    read(createTask())
    read(createTask())
    expect(read({ op: 'move', id: '$1', body: { before: '$0' } })).toMatchObject({
      id: idNumber(FIRST_ID + 1),
      destination: { before: idNumber(FIRST_ID) },
      references: [{ member: 'before' }, { member: 'id' }],
    })
  })

  test('may name an operation with two digits', () => {
    const read = createReading()
    for (let n = 0; n < 99; n++) read(createTask())
    expect(read({ op: 'delete', id: '$98' })).toMatchObject({ id: idNumber(FIRST_ID + 98) })
  })

  test('is absent from an operation without one', () => {
    const read = createReading()
    expect(read(createTask({ list_id: listId(1) }))).not.toHaveProperty('references')
  })

  // Operations 0 to 3 create a task, create a list, fail to be read, and patch a task.
  test.each<[string, object, string[]]>([
    [
      'a list in place of a task',
      { op: 'patch', id: '$1', body: {} },
      [unresolved('id', 1, 'task')],
    ],
    [
      'a task in place of a list',
      { op: 'patch_list', id: '$0', body: {} },
      [unresolved('id', 0, 'list')],
    ],
    ['a task as a list', createTask({ list_id: '$0' }), [unresolved('list_id', 0, 'list')]],
    ['a list as a parent', createTask({ parent_id: '$1' }), [unresolved('parent_id', 1, 'task')]],
    [
      'a list as the neighbour of a task',
      { op: 'move', id: idNumber(1), body: { after: '$1' } },
      [unresolved('after', 1, 'task')],
    ],
    [
      'a task as the neighbour of a list',
      { op: 'move_list', id: listId(1), body: { after: '$0' } },
      [unresolved('after', 0, 'list')],
    ],
    [
      'an operation that could not be read',
      { op: 'delete', id: '$2' },
      [unresolved('id', 2, 'task')],
    ],
    ['an operation that is no create', { op: 'delete', id: '$3' }, [unresolved('id', 3, 'task')]],
    ['itself', createTask({ parent_id: '$4' }), [unresolved('parent_id', 4, 'task')]],
    ['a later operation', { op: 'delete', id: '$5' }, [unresolved('id', 5, 'task')]],
    [
      'an operation that there cannot be',
      { op: 'delete', id: '$99' },
      [unresolved('id', 99, 'task')],
    ],
    [
      'two wrong ones',
      createTask({ list_id: '$0', parent_id: '$1' }),
      [unresolved('list_id', 0, 'list'), unresolved('parent_id', 1, 'task')],
    ],
  ])('is refused if it names %s', (_, operation, problems) => {
    const read = createReading()
    read(createTask())
    read(createList)
    expect(read({ op: 'create', body: {} })).toStrictEqual(['text: is required'])
    read({ op: 'patch', id: '$0', body: {} })
    expect(read(operation)).toStrictEqual(problems)
  })

  test('is refused together with everything else that is wrong', () => {
    const read = createReading()
    expect(
      read({ op: 'create', body: { list_id: '$7', priority: 1 } }, ['if_match: wrong']),
    ).toEqual([
      unresolved('list_id', 7, 'list'),
      'if_match: wrong',
      'text: is required',
      'priority: must be one of none, low, medium, high',
    ])
  })

  test('is refused together with an operation that is not known', () => {
    expect(createReading()({ op: 'nothing', id: '$7' })).toEqual([
      unresolved('id', 7, 'task'),
      expect.stringContaining('op: must be one of'),
    ])
  })

  test('can be named again after an operation that was refused', () => {
    const read = createReading()
    read(createTask())
    read({ op: 'delete', id: '$1' })
    expect(read({ op: 'delete', id: '$0' })).toMatchObject({ id: idNumber(FIRST_ID) })
  })

  test.each(['$', '$-1', '$00', '$01', '$100', '$0 ', ' $0', '$a', '0', '$0\n'])(
    'is not read from %p, which is no id',
    (id) => {
      const read = createReading()
      read(createTask())
      read(createTask())
      expect(read({ op: 'delete', id })).toStrictEqual([
        'id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits',
      ])
      expect(read(createTask({ list_id: id }))).toStrictEqual([
        'list_id: must be the id of one of your lists',
      ])
    },
  )

  test('is not read from members that the operation ignores', () => {
    const read = createReading()
    const list = { op: 'create_list', body: { name: 'x', list_id: '$7', before: '$7' } }
    expect(read(list)).toMatchObject({ op: 'create_list', list: { name: 'x' } })
    expect(read(createTask({ before: '$7' }))).toMatchObject({ op: 'create' })
  })

  test('is not read from other members', () => {
    const read = createReading()
    read(createTask())
    expect(read(createTask({ text: '$0', description: '$0', tags: ['$0'] }))).toMatchObject({
      task: { text: '$0', description: '$0', tags: ['$0'] },
    })
  })
})

test('readBatch takes 1 to 100 operations', () => {
  const batch = (length: number) => ({ atomic: true, operations: Array(length).fill(createTask()) })
  for (const length of [1, 100]) expect(readBatch(batch(length))).toEqual(batch(length))
  for (const length of [0, 101]) expect(() => readBatch(batch(length))).toThrow(TaskportError)
  expect(() => readBatch({ operations: [1] })).toThrow(TaskportError)
})
