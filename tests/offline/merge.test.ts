import { describe, expect, test } from 'bun:test'
import { mergeMembers, rebase } from '../../client/offline/merge.ts'
import { mergeText } from '../../client/offline/merge-text.ts'
import type { Members } from '../../client/offline/types.ts'
import type { Task } from '../../client/types.ts'

const TASK: Task = {
  id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90',
  text: 'Buy milk',
  description: null,
  completed: false,
  due: null,
  time_zone: null,
  priority: 'none',
  tags: [],
  list_id: null,
  parent_id: null,
  recurrence: null,
  successor_id: null,
  order: 0,
  version: 2,
  created_at: '2026-01-31T09:30:00.000Z',
  updated_at: '2026-01-31T09:30:00.000Z',
  completed_at: null,
}

function patch(base: Members, members: Members, theirs: Partial<Task>) {
  const edit = { op: 'patch', id: TASK.id, base, members } as const
  return rebase(edit, { ...TASK, ...theirs }, mergeMembers)
}

describe('texts', () => {
  test.each([
    ['both ends', 'Buy milk', 'Buy milk and eggs', 'Buy oat milk', 'Buy oat milk and eggs'],
    ['two words', 'one two three', 'ONE two three', 'one two THREE', 'ONE two THREE'],
    ['two additions at the end', 'a', 'a mine', 'a theirs', 'a theirs mine'],
    ['an addition to a removal', 'a b c', 'a b c d', 'b c', 'b c d'],
    ['the same word', 'Buy milk', 'Buy tea', 'Buy juice', null],
    ['numbers', '10 eggs', '12 eggs', '20 eggs', null],
    ['an empty text', '', 'mine', 'theirs', null],
  ])('are merged when both sides change %s', (_, base, mine, theirs, merged) => {
    expect(mergeText(base, mine, theirs)).toBe(merged)
  })
})

describe('a change', () => {
  test('is sent as it is when the other side changed other members', () => {
    expect(patch({ text: 'Buy milk' }, { text: 'Buy tea' }, { completed: true })).toEqual({
      members: { text: 'Buy tea' },
      lost: [],
    })
  })

  test('is not sent when the other side made the same one', () => {
    const same = patch({ text: 'Buy milk' }, { text: 'Buy tea' }, { text: 'Buy tea' })
    expect(same).toEqual({ members: {}, lost: [] })
  })

  test.each<[string, Members, Members, Partial<Task>, Members]>([
    [
      'both texts',
      { text: 'Buy milk' },
      { text: 'Buy tea' },
      { text: 'Buy juice' },
      { text: 'Buy juice / Buy tea' },
    ],
    [
      'both descriptions',
      { description: null },
      { description: 'Mine' },
      { description: 'Theirs' },
      { description: 'Theirs\n\nMine' },
    ],
    [
      'a changed description rather than none',
      { description: 'Old' },
      { description: null },
      { description: 'New' },
      {},
    ],
    [
      'the tags of both',
      { tags: ['a', 'b'] },
      { tags: ['a', 'mine'] },
      { tags: ['A', 'b', 'theirs'] },
      { tags: ['A', 'theirs', 'mine'] },
    ],
    [
      'my priority',
      { priority: 'none' },
      { priority: 'high' },
      { priority: 'low' },
      { priority: 'high' },
    ],
  ])('keeps %s when both sides changed them', (_, base, members, theirs, sent) => {
    expect(patch(base, members, theirs)).toEqual({ members: sent, lost: [] })
  })

  test('is reported when both versions of a text do not fit', () => {
    const theirs = { text: `x ${'a'.repeat(300)}` }
    const lost = patch({ text: 'x' }, { text: 'b'.repeat(300) }, theirs)
    expect(lost).toEqual({ members: {}, lost: ['text'] })
  })

  test('of a recurrence is reported when the task was completed meanwhile', () => {
    const base = { due: null, recurrence: null, completed: false, successor_id: null }
    const members = { due: '2026-02-01', recurrence: { rule: 'FREQ=DAILY', from: 'due' } }
    expect(patch(base, members, { completed: true })).toEqual({
      members: { due: '2026-02-01' },
      lost: ['recurrence'],
    })
  })
})

describe('a deletion', () => {
  const { text, completed, description, due, time_zone, priority, tags } = TASK
  const { list_id, parent_id, recurrence } = TASK
  const places = { list_id, parent_id, recurrence }
  const base = { text, completed, description, due, time_zone, priority, tags, ...places }
  const edit = { op: 'delete', id: TASK.id, base, members: {} } as const

  test('is sent when the other side only moved the task', () => {
    expect(rebase(edit, { ...TASK, order: 7 }, mergeMembers)).toEqual({ members: {}, lost: [] })
  })

  test('is dropped and reported when the other side changed the task', () => {
    expect(rebase(edit, { ...TASK, text: 'Buy tea' }, mergeMembers)).toEqual({
      members: null,
      lost: ['text'],
    })
  })

  test('is sent when the application decides so', () => {
    expect(rebase(edit, { ...TASK, text: 'Buy tea' }, () => null).members).toEqual({})
  })
})
