import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { ArchivedTask, applyImport } from '../../core/archive.ts'
import { NEW_OWNER, type OwnerRecord } from '../../core/calls.ts'
import { HIGHEST_ORDER, LOWEST_ORDER } from '../../core/item.ts'
import { compareOrder, ORDER_GAP } from '../../core/order.ts'
import { isLive, type Task } from '../../core/task.ts'
import { createReader } from '../../core/validation.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { ann, idNumber, numberOf, owned, second, taskNumber } from '../conformance/stores/store.ts'
import { problemsOf } from './problems.ts'

const EPOCH = 'new epoch'

/** A task as a file of an older version has it, without an order and a version. */
function oldTask(n: number, at: number, fields: Partial<Task> = {}): ArchivedTask {
  const { order: _, version: __, ...task } = taskNumber(n, { created_at: second(at), ...fields })
  return { user_id: ann, ...task, tags: [...task.tags] }
}

function importInto(
  tasks: readonly Task[],
  record: OwnerRecord,
  archived: readonly ArchivedTask[],
) {
  return applyImport({ record, ...plainItems(tasks) }, archived, () => EPOCH)
}

/** The tasks after an import, in their order. */
function after(tasks: readonly Task[], effect: ReturnType<typeof importInto>): Task[] {
  const ids = new Set(effect.taskChanges.map(({ after }) => after.id))
  const changed = effect.taskChanges.map(({ after }) => after)
  return [...tasks.filter(({ id }) => !ids.has(id)), ...changed].sort(compareOrder)
}

const stored = [taskNumber(1, { order: -7 }), taskNumber(2, { order: 9 })]
const record: OwnerRecord = { epoch: 'a', sequence: 7, horizon: 2, live: 2, top: -7 }

describe('applyImport', () => {
  test('adds tasks as they are', () => {
    const added = [
      taskNumber(3, { order: 4, version: 9, completed: true, completed_at: second(5) }),
      taskNumber(4, { order: -50, deleted_at: second(8) }),
    ]
    expect(importInto(stored, record, owned(ann, added))).toStrictEqual({
      record: { ...record, sequence: 8, live: 3, top: -50 },
      taskChanges: added.map((after) => ({ before: null, after, isErased: false })),
      listChanges: [],
      added: 2,
    })
  })

  test('gives a new owner an epoch and a top', () => {
    const { record: next } = importInto([], NEW_OWNER, owned(ann, [taskNumber(1, { order: 3 })]))
    expect(next).toStrictEqual({ epoch: EPOCH, sequence: 1, horizon: 0, live: 1, top: 3 })
  })

  test('skips tasks that are there, in the trash too, and all but the first with one id', () => {
    const trashed = taskNumber(5, { deleted_at: second(9) })
    const archived = owned(ann, [
      taskNumber(1, { text: 'other' }),
      taskNumber(5, { text: 'other' }),
      taskNumber(6, { text: 'first' }),
      taskNumber(6, { text: 'second' }),
    ])
    const { taskChanges, added } = importInto([...stored, trashed], record, archived)
    expect(added).toBe(1)
    expect(taskChanges).toMatchObject([{ before: null, after: { id: idNumber(6), text: 'first' } }])
  })

  test.each<[string, ArchivedTask[]]>([
    ['nothing', []],
    ['tasks that are all there', [...owned(ann, stored), oldTask(1, 0)]],
  ])('keeps the record when it is given %s', (_, archived) => {
    const effect = importInto(stored, record, archived)
    expect(effect).toStrictEqual({ record, taskChanges: [], listChanges: [], added: 0 })
    expect(effect.record).toBe(record)
  })

  test('puts tasks without an order on top, the newest first', () => {
    const archived = [
      oldTask(7, 60),
      ...owned(ann, [taskNumber(3, { order: -9 })]),
      oldTask(9, 30),
      oldTask(8, 60),
    ]
    const effect = importInto(stored, record, archived)
    expect(effect.added).toBe(4)
    expect(after(stored, effect).map(numberOf)).toStrictEqual([8, 7, 9, 3, 1, 2])
    const unplaced = effect.taskChanges.filter(({ after }) => after.id !== idNumber(3))
    expect(unplaced.map(({ after }) => after.order)).toStrictEqual(
      [1, 2, 3].map((n) => -9 - n * ORDER_GAP),
    )
    expect(effect.taskChanges.every(({ after }) => after.version === 1)).toBe(true)
  })

  test('keeps the version of a task without an order', () => {
    const archived = { ...oldTask(3, 5), version: 4 }
    expect(importInto(stored, record, [archived]).taskChanges).toMatchObject([
      { after: { version: 4 } },
    ])
  })

  test('does not sort or change its argument', () => {
    const archived = [oldTask(4, 60), oldTask(3, 30)].map((task) => Object.freeze(task))
    importInto(stored, record, Object.freeze(archived))
    expect(archived.map(numberOf)).toStrictEqual([4, 3])
  })

  test('keeps every order in its range, and the order of what is there', () => {
    const order = fc.constantFrom(
      undefined,
      0,
      LOWEST_ORDER,
      LOWEST_ORDER + 1,
      LOWEST_ORDER + 5,
      HIGHEST_ORDER,
    )
    fc.assert(
      fc.property(fc.array(order, { maxLength: 20 }), (orders) => {
        const archived = orders.map((given, n): ArchivedTask => {
          const task = oldTask(10 + n, n)
          return given === undefined ? task : { ...task, order: given }
        })
        const effect = importInto(stored, record, archived)
        const tasks = after(stored, effect)
        expect(effect.added).toBe(orders.length)
        expect(effect.record.live).toBe(tasks.filter(isLive).length)
        for (const task of tasks) {
          expect(task.order).toBeGreaterThanOrEqual(Math.max(LOWEST_ORDER, effect.record.top ?? 0))
          expect(task.order).toBeLessThanOrEqual(HIGHEST_ORDER)
        }
        // On top are the tasks without an order, the newest first. Below them nothing has moved.
        const placed = archived.flatMap((task) =>
          task.order === undefined ? [] : [{ id: task.id, order: task.order }],
        )
        const below = [...stored, ...placed].sort(compareOrder).map(numberOf)
        const onTop = archived.filter((task) => task.order === undefined).map(numberOf)
        expect(tasks.map(numberOf)).toStrictEqual([...onTop.toReversed(), ...below])
      }),
      { numRuns: 300 },
    )
  })
})

describe('ArchivedTask', () => {
  const read = createReader('task', ArchivedTask)
  const valid = { user_id: ann, ...taskNumber(1) }

  test('accepts a task with and without the optional members', () => {
    for (const task of [
      valid,
      oldTask(1, 5),
      { ...valid, deleted_at: second(3) },
      { ...valid, completed: true, completed_at: second(3) },
      { ...valid, created_at: '0001-01-01T00:00:00.000Z' },
    ])
      expect(problemsOf(read, task)).toStrictEqual([])
  })

  test.each([
    ['user_id', { user_id: '' }],
    ['id', { id: idNumber(0xa).toUpperCase() }],
    ['text', { text: '' }],
    ['created_at', { created_at: '2026-01-31T09:30:00Z' }],
    ['created_at', { created_at: '0000-01-31T09:30:00.000Z' }],
    ['updated_at', { updated_at: '2026-01-31T23:59:60.000Z' }],
    ['completed_at', { completed_at: '2026-02-30T00:00:00.000Z' }],
    ['deleted_at', { deleted_at: null }],
    ['order', { order: 0.5 }],
    ['version', { version: 0 }],
    ['unknown', { unknown: 1 }],
  ])('names a wrong %s', (field, fields) => {
    const problems = problemsOf(read, { ...valid, ...fields })
    expect(problems.some((problem) => problem.startsWith(`${field}: `))).toBe(true)
  })
})
