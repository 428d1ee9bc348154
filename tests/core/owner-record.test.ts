import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { NEW_OWNER, savedChanges } from '../../core/calls.ts'
import { createDraft } from '../../core/draft.ts'
import { LOWEST_ORDER } from '../../core/item.ts'
import { isLive, type Task } from '../../core/task.ts'
import { trashTask } from '../../core/task-changes.ts'
import type { Write } from '../../core/writes.ts'
import { after, BOTTOM, before, TOP, writing } from '../conformance/stores/caller.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { second, taskNumber } from '../conformance/stores/store.ts'
import { applied, apply, EPOCH, recordOf, stateOf } from './applied-calls.ts'

const one = taskNumber(1)

describe('the record of an owner', () => {
  const number = fc.nat({ max: 6 })
  const destination = fc.oneof(
    fc.constant(TOP),
    fc.constant(BOTTOM),
    number.map(before),
    number.map(after),
  )
  const write = fc.oneof(
    fc.constant('create' as const),
    fc.tuple(number, fc.boolean()).map(([n, completed]) => writing.patch(n, { completed })),
    number.map((n) => writing.remove(n)),
    number.map((n) => writing.erase(n)),
    number.map((n) => writing.restore(n)),
    fc.tuple(number, destination).map(([n, to]) => writing.move(n, to)),
    fc.boolean().map((permanent): Write => ({ op: 'clear_completed', permanent, limit: 3 })),
  )
  const call = fc.record({ writes: fc.array(write, { maxLength: 6 }), atomic: fc.boolean() })
  // Near the end of the range, where creating a task moves others.
  const lowest = fc.constantFrom(0, LOWEST_ORDER, LOWEST_ORDER + 3)

  test('counts live tasks and has a lower bound of all orders after any calls', () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 12 }), lowest, (calls, order) => {
        let made = 1
        let tasks: Task[] = [taskNumber(0, { order })]
        let record = recordOf(tasks)
        for (const { writes, atomic } of calls) {
          const named = writes.map((given) => (given === 'create' ? writing.create(made++) : given))
          const effect = apply(stateOf(tasks, record), named, { atomic })
          const isChanged = effect.taskChanges.length > 0
          expect(effect.record.sequence).toBe(record.sequence + (isChanged ? 1 : 0))
          tasks = applied(tasks, effect.taskChanges)
          record = effect.record
          expect(record.live).toBe(tasks.filter(isLive).length)
          for (const task of tasks) expect(record.top).toBeLessThanOrEqual(task.order)
          expect(record).toMatchObject({ epoch: 'a', horizon: 2 })
        }
      }),
      { numRuns: 500 },
    )
  })

  test.each<[string, Task | null, Task, boolean, number]>([
    ['a created task', null, one, false, 1],
    ['a task created in the trash', null, trashTask(one, second(1)), false, 0],
    ['a changed task', one, { ...one, text: 'x' }, false, 0],
    ['a trashed task', one, trashTask(one, second(1)), false, -1],
    ['a restored task', trashTask(one, second(1)), one, false, 1],
    ['an erased task', one, trashTask(one, second(1)), true, -1],
    ['an erased task that was not trashed', one, one, true, -1],
    ['a task erased from the trash', trashTask(one, second(1)), trashTask(one, second(2)), true, 0],
    ['a task created and erased', null, trashTask(one, second(1)), true, 0],
  ])('counts %s', (_, stored, task, isErased, difference) => {
    const record = { ...NEW_OWNER, live: 5 }
    const draft = createDraft(plainItems(stored ? [stored] : []), { top: -3, live: 5 })
    if (isErased) draft.tasks.erase(stored, task)
    else draft.tasks.put(stored, task)
    expect(savedChanges(record, draft, () => EPOCH).record).toStrictEqual({
      epoch: EPOCH,
      sequence: 1,
      horizon: 0,
      live: 5 + difference,
      top: -3,
    })
  })
})
