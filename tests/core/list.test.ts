import { describe, expect, test } from 'bun:test'
import {
  changeList,
  createList,
  eraseList,
  ListCreate,
  ListPatch,
  reorderList,
} from '../../core/list.ts'
import { createReader } from '../../core/validation.ts'
import { problemsOf } from './problems.ts'

const AT = '2026-01-31T09:30:00.000Z'
const LATER = '2026-01-31T10:00:00.000Z'
const EARLIER = '2026-01-31T09:00:00.000Z'
const ID = '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90'

const list = createList(ID, { name: 'Groceries' }, 1024, AT)

test('createList returns a list at its first version', () => {
  expect(list).toStrictEqual({
    id: ID,
    name: 'Groceries',
    color: null,
    order: 1024,
    version: 1,
    created_at: AT,
    updated_at: AT,
  })
  expect(createList(ID, { name: 'x', color: '#1e90ff' }, 0, AT).color).toBe('#1e90ff')
})

describe('changeList', () => {
  test('changes what a patch names, with a new version', () => {
    const named = { ...list, name: 'x', version: 2, updated_at: LATER }
    expect(changeList(list, { name: 'x' }, LATER)).toStrictEqual(named)
    const colored = changeList(list, { color: '#000000' }, LATER)
    expect(colored).toStrictEqual({ ...list, color: '#000000', version: 2, updated_at: LATER })
    expect(changeList(colored, { color: null }, LATER).color).toBeNull()
  })

  test('returns the same list if nothing changes', () => {
    for (const patch of [{}, { name: 'Groceries' }, { color: null }])
      expect(changeList(list, patch, LATER)).toBe(list)
  })

  test('does not move updated_at back', () => {
    expect(changeList(list, { name: 'x' }, EARLIER).updated_at).toBe(AT)
  })
})

test('reorderList changes the order, unless it is the same', () => {
  expect(reorderList(list, 5, LATER)).toStrictEqual({
    ...list,
    order: 5,
    version: 2,
    updated_at: LATER,
  })
  expect(reorderList(list, 1024, LATER)).toBe(list)
})

test('eraseList leaves nothing that the owner wrote', () => {
  const named = changeList(list, { name: 'secret', color: '#123456' }, AT)
  const erased = eraseList(named, LATER)
  expect(erased).toStrictEqual({
    ...list,
    name: '',
    color: null,
    version: 3,
    updated_at: LATER,
    deleted_at: LATER,
  })
})

describe('the input of a list', () => {
  const create = createReader('body', ListCreate)
  const patch = createReader('body', ListPatch)
  const NAME =
    'name: must be 1 to 100 characters (Unicode code points), at least one of them not white space, with neither U+0000 nor a lone surrogate'
  const COLOR = 'color: must be a color such as #1e90ff, or null'

  test.each([
    ['one letter', { name: 'x' }],
    ['100 emoji', { name: '😀'.repeat(100) }],
    ['white space around', { name: ' x\n' }],
    ['a color', { name: 'x', color: '#1e90FF' }],
    ['no color', { name: 'x', color: null }],
    ['members that are read only or unknown', { name: 'x', id: 7, open: 'x', order: null }],
  ])('accepts %s', (_, body) => {
    expect(problemsOf(create, body)).toStrictEqual([])
    expect(problemsOf(patch, body)).toStrictEqual([])
  })

  test.each([
    ['an empty name', { name: '' }, [NAME]],
    ['a name of white space', { name: ' \u2003\n' }, [NAME]],
    ['101 emoji', { name: '😀'.repeat(101) }, [NAME]],
    ['U+0000', { name: 'a\0' }, [NAME]],
    ['a lone surrogate', { name: 'a\ud800' }, [NAME]],
    ['null as a name', { name: null }, ['name: must be a string']],
    ['a color without #', { name: 'x', color: '1e90ff' }, [COLOR]],
    ['a short color', { name: 'x', color: '#fff' }, [COLOR]],
    ['a color with an end of line', { name: 'x', color: '#1e90ff\n' }, [COLOR]],
    ['a number as a color', { name: 'x', color: 255 }, [COLOR]],
    ['several problems', { name: '', color: '' }, [NAME, COLOR]],
  ])('refuses %s', (_, body, problems) => {
    expect(problemsOf(create, body)).toStrictEqual(problems)
    expect(problemsOf(patch, body)).toStrictEqual(problems)
  })

  test('needs a name to create a list, but not to change one', () => {
    expect(problemsOf(create, { color: null })).toStrictEqual(['name: is required'])
    expect(problemsOf(patch, {})).toStrictEqual([])
  })
})
