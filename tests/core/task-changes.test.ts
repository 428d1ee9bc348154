import { describe, expect, test } from 'bun:test'
import { isLive, type Task } from '../../core/task.ts'
import {
  changeTask,
  createTask,
  reorderTask,
  restoreTask,
  trashTask,
} from '../../core/task-changes.ts'

const AT = '2026-01-31T09:30:00.000Z'
const LATER = '2026-01-31T10:00:00.000Z'
const EARLIER = '2026-01-31T09:00:00.000Z'

const open = createTask('019c1325-8e40-7c3d-9a54-1f0e6b2d7a90', { text: 'x' }, -1024, AT)
const done = changeTask(open, { completed: true }, AT)

test('createTask returns an open task at its first version', () => {
  expect(open).toStrictEqual({
    id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90',
    text: 'x',
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
    order: -1024,
    version: 1,
    created_at: AT,
    updated_at: AT,
    completed_at: null,
  })
})

describe('changeTask', () => {
  test('sets the members of the patch and the time of the change', () => {
    expect(changeTask(open, { text: 'y' }, LATER)).toStrictEqual({
      ...open,
      text: 'y',
      version: 2,
      updated_at: LATER,
    })
  })

  test('sets the time of completion when the task is completed', () => {
    expect(changeTask(open, { completed: true }, LATER)).toStrictEqual({
      ...open,
      completed: true,
      version: 2,
      updated_at: LATER,
      completed_at: LATER,
    })
  })

  test('keeps the time of completion while the task stays completed', () => {
    expect(changeTask(done, { text: 'y', completed: true }, LATER).completed_at).toBe(AT)
  })

  test('clears the time of completion when the task is reopened', () => {
    expect(changeTask(done, { completed: false }, LATER).completed_at).toBeNull()
  })

  test.each([[{}], [{ text: 'x' }], [{ completed: false }], [{ text: 'x', completed: false }]])(
    'returns the same task when %j changes nothing',
    (patch) => {
      expect(changeTask(open, patch, LATER)).toBe(open)
    },
  )

  test('never moves a time back', () => {
    expect(changeTask(open, { completed: true }, EARLIER)).toMatchObject({
      updated_at: AT,
      completed_at: AT,
    })
  })
})

describe('reorderTask', () => {
  test('sets the order', () => {
    expect(reorderTask(done, 5, LATER)).toStrictEqual({
      ...done,
      order: 5,
      version: 3,
      updated_at: LATER,
    })
  })

  test('returns the same task when the order is the same', () => {
    expect(reorderTask(done, done.order, LATER)).toBe(done)
  })
})

describe('trashTask and restoreTask', () => {
  test('keep everything but version and time', () => {
    const trashed = trashTask(done, LATER)
    expect(trashed).toStrictEqual({ ...done, version: 3, updated_at: LATER, deleted_at: LATER })
    expect(isLive(trashed)).toBe(false)
    const restored = restoreTask(trashed, LATER)
    expect(restored).toStrictEqual({ ...done, version: 4, updated_at: LATER })
    expect(isLive(restored)).toBe(true)
  })

  test('never move a time back', () => {
    const trashed = trashTask({ ...done, updated_at: LATER }, EARLIER)
    expect(trashed).toMatchObject({ updated_at: LATER, deleted_at: LATER })
    expect(restoreTask(trashed, EARLIER).updated_at).toBe(LATER)
  })
})

test.each<[string, (task: Task) => Task]>([
  ['change', (task) => changeTask(task, { text: 'y', completed: false }, LATER)],
  ['reorder', (task) => reorderTask(task, 7, LATER)],
  ['trash', (task) => trashTask(task, LATER)],
  ['restore', (task) => restoreTask(task, LATER)],
])('%s does not modify its argument', (_, write) => {
  const task = Object.freeze({ ...done, deleted_at: AT })
  expect(write(task)).not.toBe(task)
})
