import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { changeTask, createTask, newestFirst, type Task } from '../../core/task.ts'

const AT = '2026-01-31T09:30:00.000Z'
const LATER = '2026-01-31T10:00:00.000Z'
const EARLIER = '2026-01-31T09:00:00.000Z'

const open = createTask('019c1325-8e40-7c3d-9a54-1f0e6b2d7a90', { text: 'x' }, AT)
const done = changeTask(open, { completed: true }, AT)

test('a new task is open, and all of its times are the same', () => {
  expect(open).toStrictEqual({
    id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90',
    text: 'x',
    completed: false,
    created_at: AT,
    updated_at: AT,
    completed_at: null,
  })
})

describe('changeTask', () => {
  test('sets what is present and the time of the change', () => {
    expect(changeTask(open, { text: 'y' }, LATER)).toStrictEqual({
      ...open,
      text: 'y',
      updated_at: LATER,
    })
  })

  test('sets the time of completion when the task becomes completed', () => {
    expect(changeTask(open, { completed: true }, LATER)).toStrictEqual({
      ...open,
      completed: true,
      updated_at: LATER,
      completed_at: LATER,
    })
  })

  test('keeps the time of completion while the task stays completed', () => {
    expect(changeTask(done, { text: 'y', completed: true }, LATER).completed_at).toBe(AT)
  })

  test('takes the time of completion away when the task is reopened', () => {
    expect(changeTask(done, { completed: false }, LATER).completed_at).toBeNull()
  })

  test.each([[{}], [{ text: 'x' }], [{ completed: false }], [{ text: 'x', completed: false }]])(
    'changes nothing at all by %j',
    (patch) => {
      expect(changeTask(open, patch, LATER)).toBe(open)
    },
  )

  test('never sets a time back', () => {
    expect(changeTask(open, { completed: true }, EARLIER)).toMatchObject({
      updated_at: AT,
      completed_at: AT,
    })
  })

  test('does not touch the task that it is given', () => {
    const copy = { ...open }
    changeTask(open, { text: 'y', completed: true }, LATER)
    expect(open).toStrictEqual(copy)
  })
})

test('newestFirst is a strict order by creation and id', () => {
  const task = fc.record({
    ...Object.fromEntries(Object.entries(open).map(([name, value]) => [name, fc.constant(value)])),
    id: fc.constantFrom('a', 'b', 'c'),
    created_at: fc.constantFrom(EARLIER, AT, LATER),
  })
  fc.assert(
    fc.property(task, task, (one, other) => {
      const [a, b]: Task[] = [
        { ...open, ...one },
        { ...open, ...other },
      ]
      if (!a || !b) throw new Error('unreachable')
      const isSame = a.id === b.id && a.created_at === b.created_at
      expect(Math.sign(newestFirst(a, b))).toBe(-Math.sign(newestFirst(b, a)) || 0)
      expect(newestFirst(a, b) === 0).toBe(isSame)
      if (a.created_at > b.created_at) expect(newestFirst(a, b)).toBeLessThan(0)
    }),
  )
})
