import { describe, expect, test } from 'bun:test'
import {
  changeTask,
  createTask,
  isLive,
  placeTask,
  restoreTask,
  type Task,
  trashTask,
} from '../../core/task.ts'

const AT = '2026-01-31T09:30:00.000Z'
const LATER = '2026-01-31T10:00:00.000Z'
const EARLIER = '2026-01-31T09:00:00.000Z'

const open = createTask('019c1325-8e40-7c3d-9a54-1f0e6b2d7a90', 'x', -1024, AT)
const done = changeTask(open, { completed: true }, AT)

test('a new task is open, at its first version, and all of its times are the same', () => {
  expect(open).toStrictEqual({
    id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90',
    text: 'x',
    completed: false,
    order: -1024,
    version: 1,
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
      version: 2,
      updated_at: LATER,
    })
  })

  test('sets the time of completion when the task becomes completed', () => {
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
})

describe('placeTask', () => {
  test('sets the place', () => {
    expect(placeTask(done, 5, LATER)).toStrictEqual({
      ...done,
      order: 5,
      version: 3,
      updated_at: LATER,
    })
  })

  test('changes nothing where the place is the same', () => {
    expect(placeTask(done, done.order, LATER)).toBe(done)
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

  test('never set a time back', () => {
    const trashed = trashTask({ ...done, updated_at: LATER }, EARLIER)
    expect(trashed).toMatchObject({ updated_at: LATER, deleted_at: LATER })
    expect(restoreTask(trashed, EARLIER).updated_at).toBe(LATER)
  })

  test('a task that is not in the trash is restored to what it is', () => {
    expect(restoreTask(open, LATER)).toBe(open)
  })
})

test.each<[string, (task: Task) => Task]>([
  ['change', (task) => changeTask(task, { text: 'y', completed: false }, LATER)],
  ['place', (task) => placeTask(task, 7, LATER)],
  ['trash', (task) => trashTask(task, LATER)],
  ['restore', (task) => restoreTask(task, LATER)],
])('%s does not touch the task that it is given', (_, write) => {
  const task = Object.freeze({ ...done, deleted_at: AT })
  expect(write(task)).not.toBe(task)
})
