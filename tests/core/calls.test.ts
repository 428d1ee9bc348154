import { describe, expect, test } from 'bun:test'
import {
  applyCall,
  NEW_OWNER,
  type OwnerRecord,
  type OwnerState,
  type RememberedCall,
  type Retry,
} from '../../core/calls.ts'
import { LOWEST_ORDER } from '../../core/item.ts'
import { ORDER_GAP } from '../../core/order.ts'
import { createTask, eraseTask } from '../../core/task-changes.ts'
import type { Write } from '../../core/writes.ts'
import { NOT_FOUND, TOP, writing } from '../conformance/stores/caller.ts'
import { idNumber, second, taskNumber } from '../conformance/stores/store.ts'
import { apply, EPOCH, idAt, recordOf, stateOf } from './applied-calls.ts'

const [one, two] = [taskNumber(1), taskNumber(2, { completed: true, order: 5 })]

describe('applyCall', () => {
  test('returns an outcome and at most one change for each write, and the next record', () => {
    const state = stateOf([one, two])
    const writes = [
      writing.create(3),
      writing.patch(1, { text: 'x' }),
      writing.patch(9, {}),
      writing.patch(1, { text: 'y' }),
      writing.erase(2),
    ]
    const { result, taskChanges, record, remember } = apply(state, writes)
    const created = createTask(idNumber(3), { text: 'task 3' }, -ORDER_GAP, second(60))
    const patched = (text: string, version: number) =>
      taskNumber(1, { text, version, updated_at: second(60) })
    expect(result).toStrictEqual({
      kind: 'applied',
      outcomes: [
        { kind: 'done', task: created },
        { kind: 'done', task: patched('x', 2) },
        NOT_FOUND,
        { kind: 'done', task: patched('y', 3) },
        { kind: 'done', task: null },
      ],
      replayed: false,
    })
    expect(taskChanges).toStrictEqual([
      { before: null, after: created, isErased: false },
      { before: one, after: patched('y', 3), isErased: false },
      { before: two, after: eraseTask(two, second(60)), isErased: true },
    ])
    expect(record).toStrictEqual({ ...state.record, sequence: 8, live: 2, top: -ORDER_GAP })
    expect(remember).toBeNull()
  })

  test.each<[string, Write[]]>([
    ['no write', []],
    ['a missing task', [writing.remove(9)]],
    ['a patch without effect', [writing.patch(1, { text: 'task 1' })]],
    ['a stale version', [writing.patch(1, { text: 'x' }, [2])]],
    ['nothing to clear', [{ op: 'clear_completed', permanent: false, limit: 3 }]],
  ])('keeps the record when nothing changes: %s', (_, writes) => {
    for (const atomic of [true, false]) {
      const state = stateOf([one])
      const effect = apply(state, writes, { atomic })
      expect(effect.record).toBe(state.record)
      expect(effect.taskChanges).toStrictEqual([])
    }
  })

  describe('when the call is atomic', () => {
    test('changes nothing after a failure, and ends with the failed outcome', () => {
      const retry = { key: 'k', fingerprint: 'same', rememberedSince: second(0) }
      const state = stateOf([one, two])
      const writes = [writing.erase(1), writing.create(3), writing.patch(1, {}), writing.remove(2)]
      const effect = apply(state, writes, { atomic: true, retry })
      expect(effect).toStrictEqual({
        result: {
          kind: 'applied',
          outcomes: [
            { kind: 'done', task: null },
            {
              kind: 'done',
              task: createTask(idNumber(3), { text: 'task 3' }, -ORDER_GAP, second(60)),
            },
            NOT_FOUND,
          ],
          replayed: false,
        },
        record: state.record,
        taskChanges: [],
        listChanges: [],
        remember: null,
      })
      expect(effect.record).toBe(state.record)
    })

    test('has the same effect as a call that is not, when nothing fails', () => {
      const state = stateOf([one, two])
      const writes = [writing.move(2, TOP), writing.create(3), writing.remove(1)]
      expect(apply(state, writes, { atomic: true })).toStrictEqual(apply(state, writes))
    })
  })

  describe('with a retry key', () => {
    const retry: Retry = { key: 'k', fingerprint: 'same', rememberedSince: second(10) }
    const earlier: RememberedCall = {
      key: 'k',
      fingerprint: 'same',
      madeAt: second(10),
      outcomes: [{ kind: 'done', task: one }],
    }

    test.each([true, false])('remembers the call and its outcomes (atomic: %p)', (atomic) => {
      const { result, remember } = apply(stateOf([]), [writing.create(1)], { atomic, retry })
      expect(remember).toStrictEqual({
        key: 'k',
        fingerprint: 'same',
        madeAt: second(60),
        outcomes: result.kind === 'applied' ? result.outcomes : [],
      })
    })

    test('remembers failures of a call that is not atomic, and calls without effect', () => {
      const { remember, taskChanges } = apply(stateOf([]), [writing.remove(9)], { retry })
      expect(remember?.outcomes).toStrictEqual([NOT_FOUND])
      expect(taskChanges).toStrictEqual([])
    })

    test('returns the first outcomes again and changes nothing', () => {
      const state = stateOf([two], recordOf([two]), [earlier])
      const effect = apply(state, [writing.create(3)], { retry })
      expect(effect).toStrictEqual({
        result: { kind: 'applied', outcomes: earlier.outcomes, replayed: true },
        record: state.record,
        taskChanges: [],
        listChanges: [],
        remember: null,
      })
    })

    test('refuses another call with the same key and changes nothing', () => {
      const state = stateOf([], NEW_OWNER, [earlier])
      const other = { ...retry, fingerprint: 'other' }
      expect(apply(state, [writing.create(3)], { retry: other })).toStrictEqual({
        result: { kind: 'key_reused' },
        record: NEW_OWNER,
        taskChanges: [],
        listChanges: [],
        remember: null,
      })
    })

    test.each(['same', 'other'])(
      'applies the call again when the first one is too old (fingerprint: %s)',
      (fingerprint) => {
        const state = stateOf([], NEW_OWNER, [earlier])
        const later = { ...retry, fingerprint, rememberedSince: second(11) }
        const { result, remember, taskChanges } = apply(state, [writing.create(3)], {
          retry: later,
        })
        expect(result).toMatchObject({ kind: 'applied', replayed: false })
        expect(remember).toMatchObject({ key: 'k', fingerprint, madeAt: second(60) })
        expect(taskChanges).toHaveLength(1)
      },
    )

    test('does not look for a call without a key', () => {
      const state: OwnerState = {
        ...stateOf([]),
        remembered: () => {
          throw new Error('remembered was called')
        },
      }
      expect(apply(state, [writing.create(3)]).taskChanges).toHaveLength(1)
    })
  })

  describe('the epoch', () => {
    test('is new with the first change of an owner, and stays', () => {
      const first = apply(stateOf([], NEW_OWNER), [writing.create(1)])
      expect(first.record).toMatchObject({ epoch: EPOCH, sequence: 1, horizon: 0, live: 1 })
      const tasks = first.taskChanges.map(({ after }) => after)
      const next = applyCall(
        stateOf(tasks, first.record),
        { writes: [writing.create(2)], atomic: true, now: second(61), idAt, retry: null },
        () => 'another epoch',
      )
      expect(next.record).toMatchObject({ epoch: EPOCH, sequence: 2 })
    })

    test('is not made when nothing changes', () => {
      const call = {
        writes: [writing.remove(1)],
        atomic: false,
        now: second(60),
        idAt,
        retry: null,
      }
      const effect = applyCall(stateOf([], NEW_OWNER), call, () => {
        throw new Error('newEpoch was called')
      })
      expect(effect.record).toBe(NEW_OWNER)
    })
  })

  describe('creating tasks', () => {
    const unreadable: OwnerState['tasks'] = {
      find: () => fail('find'),
      following: () => fail('following'),
      preceding: () => fail('preceding'),
      completed: () => fail('completed'),
      subtasks: () => fail('subtasks'),
      inList: () => fail('inList'),
    }

    function fail(method: string): never {
      throw new Error(`${method} was called`)
    }

    test.each<[string, OwnerRecord]>([
      ['a new owner', NEW_OWNER],
      ['an owner with tasks', recordOf([one, two])],
      [
        'an owner whose tasks are at the top of the range',
        recordOf([], { top: LOWEST_ORDER + 90 }),
      ],
    ])('reads none of the tasks of %s', (_, record) => {
      const state = { ...stateOf([]), record, tasks: unreadable }
      const writes = [3, 4, 5].map((n) => writing.create(n))
      const { result, taskChanges } = apply(state, writes, { atomic: true })
      expect(result).toMatchObject({ outcomes: writes.map(() => ({ kind: 'done' })) })
      const orders = taskChanges.map(({ after }) => after.order)
      expect(orders).toStrictEqual(orders.toSorted((a, b) => b - a))
      expect(new Set(orders).size).toBe(writes.length)
      for (const order of orders) {
        expect(order).toBeLessThan(record.top ?? 1)
        expect(order).toBeGreaterThanOrEqual(LOWEST_ORDER)
      }
    })

    test('reads them once to make room at the top of the range, and not again', () => {
      const tasks = [taskNumber(1, { order: LOWEST_ORDER })]
      const { record, taskChanges } = apply(stateOf(tasks), [writing.create(2)])
      const created = taskChanges.find(({ after }) => after.id === idNumber(2))?.after
      expect(taskChanges).toHaveLength(2)
      expect(record.top).toBe(created?.order ?? null)
      const state = { ...stateOf([]), record, tasks: unreadable }
      expect(apply(state, [writing.create(3)]).taskChanges).toHaveLength(1)
    })
  })
})
