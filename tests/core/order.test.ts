import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { applyWrite } from '../../core/apply-write.ts'
import { createDraft } from '../../core/draft.ts'
import { HIGHEST_ORDER, LOWEST_ORDER } from '../../core/item.ts'
import { compareOrder, ORDER_GAP, orderBetween, spacing } from '../../core/order.ts'
import type { Task } from '../../core/task.ts'
import { createTask } from '../../core/task-changes.ts'
import type { TaskWrite } from '../../core/writes.ts'
import { after, BOTTOM, taskIn, writing } from '../conformance/stores/caller.ts'
import { destinationOf, moved, movesAmong } from '../conformance/stores/moves.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { idNumber, numberOf, second } from '../conformance/stores/store.ts'

const order = fc.oneof(
  fc.integer({ min: LOWEST_ORDER, max: HIGHEST_ORDER }),
  fc.integer({ min: LOWEST_ORDER, max: LOWEST_ORDER + 3 * ORDER_GAP }),
  fc.integer({ min: HIGHEST_ORDER - 3 * ORDER_GAP, max: HIGHEST_ORDER }),
  fc.integer({ min: HIGHEST_ORDER - 9, max: HIGHEST_ORDER }),
  fc.integer({ min: LOWEST_ORDER, max: LOWEST_ORDER + 9 }),
  fc.integer({ min: -9, max: 9 }),
)

describe('orderBetween', () => {
  test.each([
    [null, null, 0],
    [null, 0, -ORDER_GAP],
    [0, null, ORDER_GAP],
    [0, 2, 1],
    [0, 1, null],
    [5, 5, null],
    [-1, 2, 0],
    [null, LOWEST_ORDER, null],
    [null, LOWEST_ORDER + 1, LOWEST_ORDER],
    [null, LOWEST_ORDER + ORDER_GAP, LOWEST_ORDER],
    [HIGHEST_ORDER, null, null],
    [HIGHEST_ORDER - 1, null, HIGHEST_ORDER],
    [HIGHEST_ORDER - ORDER_GAP, null, HIGHEST_ORDER],
  ])('%p and %p → %p', (above, below, expected) => {
    expect(orderBetween(above, below)).toBe(expected)
  })

  test('returns an order between the two and within the range when there is room', () => {
    fc.assert(
      fc.property(fc.option(order), fc.option(order), (one, other) => {
        const [above, below] =
          one !== null && other !== null && one > other ? [other, one] : [one, other]
        const between = orderBetween(above, below)
        const from = above ?? LOWEST_ORDER - 1
        const to = below ?? HIGHEST_ORDER + 1
        if (between === null) return expect(to - from).toBeLessThanOrEqual(1)
        expect(between).toBeGreaterThan(from)
        expect(between).toBeLessThan(to)
      }),
    )
  })
})

test('spacing fits as evenly as whole numbers allow', () => {
  fc.assert(
    fc.property(
      fc.option(order),
      fc.option(order),
      fc.integer({ min: 1, max: 50 }),
      (one, other, count) => {
        const [above, below] =
          one !== null && other !== null && one > other ? [other, one] : [one, other]
        const step = spacing(above, below, count)
        const from = above ?? LOWEST_ORDER - 1
        const to = below ?? HIGHEST_ORDER + 1
        if (step < 1) return expect(to - from).toBeLessThanOrEqual(count)
        expect(from + step * count).toBeLessThan(to)
        if (below !== null) expect(from + (step + 1) * (count + 1)).toBeGreaterThan(to)
        else expect(step).toBeLessThanOrEqual(ORDER_GAP)
      },
    ),
  )
})

describe('applyWrite', () => {
  /** Tasks of one owner with these orders, numbered from 0. */
  function createTasks(orders: readonly number[]) {
    let all: Task[] = orders.map((one, n) => createTask(idNumber(n), { text: 'x' }, one, second(0)))
    let top: number | null = Math.min(...orders)
    const written: string[] = []
    return {
      write(write: TaskWrite): void {
        const draft = createDraft(plainItems(all), { top, live: all.length })
        taskIn(applyWrite(draft, write, { now: second(1), newId: () => idNumber(0) }))
        const changes = draft.tasks.changes()
        // A task that is written twice rises by two versions.
        for (const { before, after: task } of changes)
          expect(task.version - (before?.version ?? 0)).toBe(1)
        const ids = new Set(changes.map(({ after }) => after.id))
        all = [...all.filter(({ id }) => !ids.has(id)), ...changes.map(({ after }) => after)]
        top = draft.top
        written.push(...ids)
      },
      numbers: () => all.toSorted(compareOrder).map(numberOf),
      orders: () => all.map((task) => task.order),
      /** Which tasks were written, each as often as it was. */
      written,
    }
  }

  const step = fc.oneof(
    { weight: 4, arbitrary: movesAmong(31) },
    { weight: 1, arbitrary: fc.constant('create' as const) },
  )

  test('moves every task to its destination, whatever the orders of the others', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(order, { minLength: 1, maxLength: 30 }),
          fc
            .tuple(order, fc.integer({ min: 12, max: 30 }))
            .map(([from, count]) => Array.from({ length: count }, (_, n) => within(from + n))),
        ),
        fc.array(step, { maxLength: 30 }),
        (orders, steps) => {
          const tasks = createTasks(orders)
          let expected = tasks.numbers()
          for (const given of steps) {
            const count = expected.length
            if (given === 'create') {
              tasks.write(writing.create(count))
              expected.unshift(count)
              continue
            }
            const move = { ...given, n: given.n % count, neighbour: given.neighbour % count }
            const destination = destinationOf(move)
            if (!destination) continue
            tasks.write(writing.move(move.n, destination))
            expected = moved(expected, move)
          }
          expect(tasks.numbers()).toStrictEqual(expected)
          for (const one of tasks.orders()) {
            expect(one).toBeGreaterThanOrEqual(LOWEST_ORDER)
            expect(one).toBeLessThanOrEqual(HIGHEST_ORDER)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test.each<[string, number[], TaskWrite, number]>([
    ['one task when there is room', [0, 10, 20], writing.move(2, after(0)), 1],
    ['no task when nothing moves', [0, 10, 20], writing.move(1, after(0)), 0],
    ['a few tasks when two are too close', [0, 1, ...spaced(20)], writing.move(21, after(0)), 9],
    ['no task twice', [0, 1, 2, 3, ...spaced(20)], writing.move(3, after(0)), 9],
    [
      'as many tasks as are too close',
      [...Array.from({ length: 20 }, (_, n) => n), ...spaced(200)],
      writing.move(219, after(0)),
      33,
    ],
    ['a few tasks at the lowest order', [LOWEST_ORDER, ...spaced(20)], writing.create(99), 9],
    [
      'all tasks when the end of the range is full',
      ascendingTo(HIGHEST_ORDER, 20),
      writing.move(0, BOTTOM),
      20,
    ],
  ])('writes %s', (_, orders, write, count) => {
    const tasks = createTasks(orders)
    tasks.write(write)
    expect(tasks.written).toHaveLength(count)
  })

  test('leaves room for later moves when it makes room', () => {
    const tasks = createTasks(Array.from({ length: 100 }, (_, n) => n))
    const moves = 1000
    for (let n = 0; n < moves; n++) tasks.write(writing.move((n * 37) % 50, after(50 + (n % 7))))
    expect(tasks.written.length).toBeLessThan(moves * 3)
  })
})

function within(order: number): number {
  return Math.min(order, HIGHEST_ORDER)
}

function spaced(count: number): number[] {
  return Array.from({ length: count }, (_, n) => (n + 1) * ORDER_GAP)
}

function ascendingTo(highest: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => highest - count + 1 + n)
}
