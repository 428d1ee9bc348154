import { expect, test } from 'bun:test'
import { representChange } from '../../adapters/http/feed/events.ts'
import { representCounted, representList } from '../../adapters/http/lists/representation.ts'
import { representResult } from '../../adapters/http/tasks/batch.ts'
import { representTask } from '../../adapters/http/tasks/representation.ts'
import { createList } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
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
function asStored(fields: object): Task {
  const reversed = Object.fromEntries(Object.entries({ ...task, ...fields }).reverse())
  const internal = {
    user_id: 'ann',
    sequence: 1,
    erased: false,
    deleted_with_parent: true as const,
    undo: { recurrence: { rule: 'FREQ=DAILY', from: 'due' as const }, copies: [] },
  }
  return Object.assign(reversed, { ...internal, ...task })
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

test('batches and the feed return only the documented members', () => {
  const list = createList(idNumber(2), { name: 'a' }, 7, second(0))
  const storedList = { user_id: 'ann', sequence: 1, ...list }
  const stored = asStored({})
  expect([
    representResult({ op: 'create', outcome: { task: stored } }),
    representResult({ op: 'move_list', outcome: { list: storedList } }),
    representChange({ type: 'upsert', task: stored }),
    representChange({ type: 'list', list: storedList }),
  ]).toStrictEqual([
    { status: 201, task },
    { status: 200, list },
    { type: 'upsert', task },
    { type: 'list', list },
  ])
})

test('returns a list without internal members, and the number of open tasks at the end', () => {
  const list = createList(idNumber(2), { name: 'a' }, 7, second(0))
  const stored = { deleted_at: second(1), user_id: 'ann', sequence: 1, open: 3, ...list }
  const members = ['id', 'name', 'color', 'order', 'version', 'created_at', 'updated_at']
  expect(representList(stored)).toStrictEqual(list)
  expect(Object.keys(representList(stored))).toStrictEqual(members)
  expect(Object.keys(representCounted(stored))).toStrictEqual([...members, 'open'])
})
