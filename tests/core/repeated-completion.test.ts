import { expect, test } from 'bun:test'
import { applyCall, NEW_OWNER, type OwnerState } from '../../core/calls.ts'
import type { Task, TaskPatch } from '../../core/task.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, second, taskNumber } from '../conformance/stores/store.ts'

const DAILY = { rule: 'FREQ=DAILY', from: 'due' } as const
const OTHER = { rule: 'FREQ=WEEKLY', from: 'due' } as const
const COMPLETE: TaskPatch = { completed: true, due: '2026-01-31', recurrence: DAILY }

function patchFirst(tasks: readonly Task[], patch: TaskPatch) {
  const state: OwnerState = { record: NEW_OWNER, ...plainItems(tasks), remembered: () => null }
  const writes = [{ op: 'patch', id: idNumber(1), patch, versions: null }] as const
  const now = second(60)
  const idAt = (index: number) => idNumber(7 + index)
  const call = { writes, atomic: true, now, maxTasks: 100, idAt, retry: null }
  return applyCall(state, call, () => 'a').taskChanges
}

function completed(): Task[] {
  const task = { ...taskNumber(1), due: '2026-01-31', recurrence: DAILY }
  return patchFirst([task], COMPLETE).map(({ after }) => after)
}

test('changes nothing more when a completion with its recurrence is repeated', () => {
  const tasks = completed()
  expect(tasks).toHaveLength(2)
  expect(patchFirst(tasks, COMPLETE)).toEqual([])
  expect(patchFirst(tasks, { ...COMPLETE, text: 'x' })).toMatchObject([
    { after: { text: 'x', recurrence: null, successor_id: idNumber(7), undo: {} } },
  ])
})

test('sets another recurrence of a completed task', () => {
  const tasks = completed()
  for (const patch of [{ completed: true, recurrence: OTHER }, { recurrence: DAILY }])
    expect(patchFirst(tasks, patch)).toMatchObject([{ after: { recurrence: patch.recurrence } }])
})

test('undoes the completion when a stale client replaces the whole task', () => {
  const [successor, task] = completed()
  if (!task || !successor) throw new Error('completing left no successor')
  const patch: TaskPatch = { ...COMPLETE, completed: false }
  expect(patchFirst([task, successor], patch)).toMatchObject([
    { after: { id: successor.id }, isErased: true },
    { after: { id: task.id, completed: false, recurrence: DAILY, successor_id: null } },
  ])
  const touched = { ...successor, version: 2 }
  for (const [stored, wanted] of [
    [touched, patch],
    [successor, { ...patch, recurrence: OTHER }],
  ] as const)
    expect(patchFirst([task, stored], wanted)).toMatchObject([
      { after: { recurrence: wanted.recurrence, successor_id: successor.id } },
    ])
})
