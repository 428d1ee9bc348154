import type { List } from '../../../core/list.ts'
import type { Task } from '../../../core/task.ts'

/** The task of the examples. */
export const exampleTask: Task = {
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
  order: -1024,
  version: 1,
  created_at: '2026-01-31T09:30:00.000Z',
  updated_at: '2026-01-31T09:30:00.000Z',
  completed_at: null,
}

/** The id of another task. */
export const EXAMPLE_OTHER_TASK = '019c1325-8e40-7c3d-9a54-1f0e6b2d7a92'

/** The list of the examples. */
export const exampleList: List = {
  id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a95',
  name: 'Groceries',
  color: '#1e90ff',
  order: 1024,
  version: 1,
  created_at: '2026-01-31T09:30:00.000Z',
  updated_at: '2026-01-31T09:30:00.000Z',
}

/** The id of another list. */
export const EXAMPLE_OTHER_LIST = '019c1325-8e40-7c3d-9a54-1f0e6b2d7a96'

/** When the changes of the examples were made. */
export const EXAMPLE_CHANGED_AT = '2026-01-31T10:00:00.000Z'
