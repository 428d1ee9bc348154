import { beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Destination } from '../../../core/moves.ts'
import {
  after,
  BOTTOM,
  before,
  type Caller,
  createCaller,
  NO_NEIGHBOUR,
  NOT_FOUND,
  TOP,
  writing,
} from './caller.ts'
import { destinationOf, moved, movesAmong } from './moves.ts'
import {
  ann,
  bob,
  idNumber,
  numberOf,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
} from './store.ts'

// More moves than there is room for between two tasks.
const MANY_MOVES = 40

/** How a `TaskRepository` keeps the order of an owner's tasks. */
export function describeOrder(store: StoreUnderTest): void {
  describe(`order on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // From the top: 5, 4, 3, 2, 1.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3, 4, 5]) await tasks.create(n)
    })

    async function versions(): Promise<Record<number, number>> {
      const { tasks: all } = await tasks.list({ sort: 'order' })
      return Object.fromEntries(all.map((task) => [numberOf(task), task.version]))
    }

    test('puts new tasks on top, also those of one call', async () => {
      await tasks.all([writing.create(7), writing.create(6)])
      expect(await tasks.inOrder()).toStrictEqual([6, 7, 5, 4, 3, 2, 1])
    })

    test.each<[string, number, Destination, number[]]>([
      ['to the top', 2, TOP, [2, 5, 4, 3, 1]],
      ['to the bottom', 4, BOTTOM, [5, 3, 2, 1, 4]],
      ['before the first', 1, before(5), [1, 5, 4, 3, 2]],
      ['before a task above', 1, before(4), [5, 1, 4, 3, 2]],
      ['before a task below', 5, before(2), [4, 3, 5, 2, 1]],
      ['after the last', 3, after(1), [5, 4, 2, 1, 3]],
      ['after a task above', 1, after(5), [5, 1, 4, 3, 2]],
      ['after a task below', 4, after(2), [5, 3, 2, 4, 1]],
      ['after the next', 4, after(3), [5, 3, 4, 2, 1]],
      ['before the one above', 3, before(4), [5, 3, 4, 2, 1]],
    ])('moves a task %s without writing another', async (_, n, destination, expected) => {
      const task = await tasks.move(n, destination)
      expect(task).toMatchObject({ id: idNumber(n), version: 2 })
      expect(await tasks.get(n)).toStrictEqual(task)
      expect(await tasks.inOrder()).toStrictEqual(expected)
      expect(await versions()).toStrictEqual({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, [n]: 2 })
      expect(await tasks.numbers()).toStrictEqual([5, 4, 3, 2, 1])
    })

    test.each<[string, number, Destination]>([
      ['the first to the top', 5, TOP],
      ['the last to the bottom', 4, BOTTOM],
      ['to before the next', 1, before(2)],
      ['to after the one above', 1, after(5)],
    ])('changes nothing when the task is already there: %s', async (_, n, destination) => {
      // Makes distances that no move to the same position would choose.
      await tasks.move(1, after(5))
      await tasks.move(2, after(1))
      await tasks.move(4, after(3))
      await tasks.move(5, TOP)
      expect(await tasks.inOrder()).toStrictEqual([5, 1, 2, 3, 4])
      const task = await tasks.existing(n)
      const revision = await tasks.revision()
      expect(await tasks.move(n, destination)).toStrictEqual(task)
      expect(await tasks.get(n)).toStrictEqual(task)
      expect(await tasks.revision()).toBe(revision)
    })

    test("refuses a neighbour that is unknown, the task itself, another owner's or in the trash", async () => {
      const others = createCaller(opened().repository, bob)
      await others.create(8)
      await tasks.remove(2)
      const revision = await tasks.revision()
      for (const n of [9, 1, 8, 2])
        for (const destination of [before(n), after(n)])
          expect(await tasks.one(writing.move(1, destination))).toStrictEqual(NO_NEIGHBOUR)
      expect(await tasks.revision()).toBe(revision)
    })

    test('keeps a move next to a missing task from affecting other moves of the call', async () => {
      await tasks.erase(3)
      for (const missing of [9, 3]) {
        const near = (n: number) => [
          writing.move(n, before(missing)),
          writing.move(n, after(missing)),
        ]
        expect(await tasks.all([writing.move(1, TOP), ...near(1)])).toMatchObject([
          { kind: 'done' },
          NO_NEIGHBOUR,
          NO_NEIGHBOUR,
        ])
        expect((await tasks.inOrder())[0]).toBe(1)
        await tasks.all([writing.move(1, BOTTOM), ...near(1)])
        expect((await tasks.inOrder()).at(-1)).toBe(1)
      }
    })

    test('reports a missing task before a missing neighbour', async () => {
      for (const destination of [before(9), after(1), TOP])
        expect(await tasks.one(writing.move(9, destination))).toStrictEqual(NOT_FOUND)
    })

    test('leaves the only task of an owner as it is', async () => {
      const others = createCaller(opened().repository, bob)
      const task = await others.create(1)
      expect(await others.move(1, TOP)).toStrictEqual(task)
      expect(await others.move(1, BOTTOM)).toStrictEqual(task)
    })

    test('makes room between two tasks by moving as few as possible', async () => {
      const position = (await tasks.changes(null))?.next ?? null
      const expected = [5, 4, 3, 2, 1]
      for (let moves = 0; moves < MANY_MOVES; moves++) {
        const n = moves % 2 === 0 ? 1 : 2
        await tasks.move(n, after(5))
        expected.splice(expected.indexOf(n), 1)
        expected.splice(1, 0, n)
        expect(await tasks.inOrder()).toStrictEqual(expected)
      }
      const { tasks: all } = await tasks.list({ sort: 'order' })
      expect(new Set(all.map(({ order }) => order)).size).toBe(5)
      const seen = await versions()
      expect(seen[5]).toBe(1)
      expect(seen[4]).toBeGreaterThan(1)
      expect(seen[4]).toBeLessThan(10)
      const news = (await tasks.changes(position))?.changes ?? []
      expect(news).toHaveLength(all.filter(({ version }) => version > 1).length)
      for (const task of all)
        if (task.version > 1) expect(news).toContainEqual({ type: 'upsert', task })
    })

    test('keeps the position of a task in the trash while others move around it', async () => {
      await tasks.remove(4)
      for (let moves = 0; moves < MANY_MOVES; moves++)
        await tasks.move(moves % 2 === 0 ? 1 : 2, after(5))
      await tasks.restore(4)
      expect(await tasks.inOrder()).toStrictEqual([5, 2, 1, 4, 3])
    })

    test('moves every task to its destination, whatever moved before', async () => {
      let owners = 0
      await fc.assert(
        fc.asyncProperty(fc.array(movesAmong(12), { maxLength: 40 }), async (moves) => {
          const mover = createCaller(opened().repository, ownerNamed(`mover ${owners++}`))
          await mover.all(Array.from({ length: 12 }, (_, n) => writing.create(n)))
          let expected = Array.from({ length: 12 }, (_, n) => 11 - n)
          for (const move of moves) {
            const destination = destinationOf(move)
            if (!destination) continue
            await mover.move(move.n, destination)
            expected = moved(expected, move)
          }
          expect(await mover.inOrder()).toStrictEqual(expected)
        }),
        { numRuns: 30 },
      )
    }, 30_000)
  })
}
