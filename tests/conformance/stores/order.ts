import { beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Destination } from '../../../core/writes.ts'
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
import {
  ann,
  bob,
  idNumber,
  numberOf,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
} from './store.ts'

// More than there is room for between any two tasks.
const MANY_MOVES = 40

/** How every `TaskRepository` keeps the order of an owner's tasks. */
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

    test('new tasks come on top, those of one call too', async () => {
      await tasks.all([writing.create(7), writing.create(6)])
      expect(await tasks.inOrder()).toStrictEqual([6, 7, 5, 4, 3, 2, 1])
    })

    test.each<[string, number, Destination, number[]]>([
      ['to the top', 2, TOP, [2, 5, 4, 3, 1]],
      ['to the bottom', 4, BOTTOM, [5, 3, 2, 1, 4]],
      ['before the first', 1, before(5), [1, 5, 4, 3, 2]],
      ['before another above', 1, before(4), [5, 1, 4, 3, 2]],
      ['before another below', 5, before(2), [4, 3, 5, 2, 1]],
      ['after the last', 3, after(1), [5, 4, 2, 1, 3]],
      ['after another above', 1, after(5), [5, 1, 4, 3, 2]],
      ['after another below', 4, after(2), [5, 3, 2, 4, 1]],
      ['after the next', 4, after(3), [5, 3, 4, 2, 1]],
      ['before the one above', 3, before(4), [5, 3, 4, 2, 1]],
    ])('a task moves %s, and no other task is written', async (_, n, place, expected) => {
      const task = await tasks.move(n, place)
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
    ])('a move to where the task is changes nothing: %s', async (_, n, place) => {
      // At distances that no move to where it is would come upon.
      await tasks.move(1, after(5))
      await tasks.move(2, after(1))
      await tasks.move(4, after(3))
      await tasks.move(5, TOP)
      expect(await tasks.inOrder()).toStrictEqual([5, 1, 2, 3, 4])
      const task = await tasks.existing(n)
      const revision = await tasks.revision()
      expect(await tasks.move(n, place)).toStrictEqual(task)
      expect(await tasks.get(n)).toStrictEqual(task)
      expect(await tasks.revision()).toBe(revision)
    })

    test("a neighbour that is unknown, the task itself, another owner's or in the trash is none", async () => {
      const others = createCaller(opened().repository, bob)
      await others.create(8)
      await tasks.remove(2)
      const revision = await tasks.revision()
      for (const n of [9, 1, 8, 2])
        for (const place of [before(n), after(n)])
          expect(await tasks.one(writing.move(1, place))).toStrictEqual(NO_NEIGHBOUR)
      expect(await tasks.revision()).toBe(revision)
    })

    test('a task that is not there is missed before its neighbour is', async () => {
      for (const place of [before(9), after(1), TOP])
        expect(await tasks.one(writing.move(9, place))).toStrictEqual(NOT_FOUND)
    })

    test('the only task of an owner is at the top and at the bottom', async () => {
      const others = createCaller(opened().repository, bob)
      const task = await others.create(1)
      expect(await others.move(1, TOP)).toStrictEqual(task)
      expect(await others.move(1, BOTTOM)).toStrictEqual(task)
    })

    test('where there is no room between two tasks, as few as will do make it', async () => {
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

    test('a task in the trash keeps its place, whatever moves around it', async () => {
      await tasks.remove(4)
      for (let moves = 0; moves < MANY_MOVES; moves++)
        await tasks.move(moves % 2 === 0 ? 1 : 2, after(5))
      await tasks.restore(4)
      expect(await tasks.inOrder()).toStrictEqual([5, 2, 1, 4, 3])
    })

    test('whatever is moved stands where it was told to', async () => {
      const move = fc.record({
        n: fc.nat({ max: 11 }),
        to: fc.nat({ max: 11 }),
        where: fc.constantFrom('before', 'after', 'top', 'bottom'),
      })
      let owners = 0
      await fc.assert(
        fc.asyncProperty(fc.array(move, { maxLength: 40 }), async (moves) => {
          const mover = createCaller(opened().repository, ownerNamed(`mover ${owners++}`))
          await mover.all(Array.from({ length: 12 }, (_, n) => writing.create(n)))
          const expected = Array.from({ length: 12 }, (_, n) => 11 - n)
          for (const { n, to, where } of moves) {
            if (where === 'top' || where === 'bottom') await mover.move(n, { to: where })
            else if (n !== to) await mover.move(n, where === 'before' ? before(to) : after(to))
            else continue
            expected.splice(expected.indexOf(n), 1)
            const place = {
              top: 0,
              bottom: 11,
              before: expected.indexOf(to),
              after: expected.indexOf(to) + 1,
            }
            expected.splice(place[where], 0, n)
          }
          expect(await mover.inOrder()).toStrictEqual(expected)
        }),
        { numRuns: 30 },
      )
    }, 30_000)
  })
}
