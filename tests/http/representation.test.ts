import { expect, test } from 'bun:test'
import { representTask } from '../../adapters/http/tasks/representation.ts'
import { createTask } from '../../core/task-changes.ts'
import { idNumber, second } from '../conformance/stores/store.ts'

const task = createTask(idNumber(1), { text: 'x' }, 7, second(0))
const MEMBERS = [
  'id',
  'text',
  'description',
  'completed',
  'due',
  'time_zone',
  'priority',
  'tags',
  'list_id',
  'parent_id',
  'recurrence',
  'successor_id',
  'order',
  'version',
  'created_at',
  'updated_at',
  'completed_at',
]

/** The same task as a store may return it: in another order, and with internal members. */
function asStored(fields: object) {
  const reversed = Object.fromEntries(Object.entries({ ...task, ...fields }).reverse())
  return Object.assign(reversed, { user_id: 'ann', sequence: 1, erased: false, ...task })
}

test('returns only the documented members, in their order', () => {
  const shown = representTask(asStored({}))
  expect(shown).toStrictEqual(task)
  expect(Object.keys(shown)).toStrictEqual(MEMBERS)
})

test('adds deleted_at at the end when the task is in the trash', () => {
  const shown = representTask(asStored({ deleted_at: second(1) }))
  expect(Object.keys(shown)).toStrictEqual([...MEMBERS, 'deleted_at'])
  expect(shown.deleted_at).toBe(second(1))
})
