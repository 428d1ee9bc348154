import { beforeEach, describe, expect, test } from 'bun:test'
import type { Destination } from '../../../core/moves.ts'
import { ORDER_GAP } from '../../../core/order.ts'
import { BOTTOM, type Caller, createCaller, invalid, listIn, TOP, writing } from './caller.ts'
import { ann, bob, idNumber, listId, openForEach, type StoreUnderTest, second } from './store.ts'

const before = (n: number): Destination => ({ before: listId(n) })
const after = (n: number): Destination => ({ after: listId(n) })

/** How a `TaskRepository` orders lists. */
export function describeTaskListOrder(store: StoreUnderTest): void {
  describe(`order of task lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3, 4]) await tasks.createList(n)
    })

    /** The numbers of the lists, in their order. */
    async function inOrder(): Promise<number[]> {
      const lists = await tasks.lists()
      return lists.map(({ name }) => Number(name.slice('list '.length)))
    }

    test('puts a new list below the others', async () => {
      expect(await inOrder()).toStrictEqual([1, 2, 3, 4])
      expect((await tasks.lists()).map(({ order }) => order)).toStrictEqual(
        [0, 1, 2, 3].map((n) => n * ORDER_GAP),
      )
      await tasks.one(writing.moveList(1, BOTTOM))
      await tasks.createList(5)
      expect(await inOrder()).toStrictEqual([2, 3, 4, 1, 5])
    })

    test.each<[string, number, Destination, number[]]>([
      ['to the top', 3, TOP, [3, 1, 2, 4]],
      ['to the bottom', 2, BOTTOM, [1, 3, 4, 2]],
      ['before the first', 3, before(1), [3, 1, 2, 4]],
      ['before another', 4, before(2), [1, 4, 2, 3]],
      ['after another', 1, after(2), [2, 1, 3, 4]],
      ['after the last', 1, after(4), [2, 3, 4, 1]],
    ])('moves a list %s, and changes no other', async (_, n, destination, order) => {
      const others = (await tasks.lists()).filter(({ id }) => id !== listId(n))
      const outcome = await tasks.one(writing.moveList(n, destination), second(60))
      expect(listIn(outcome)).toMatchObject({ version: 2, updated_at: second(60) })
      expect(await inOrder()).toStrictEqual(order)
      expect((await tasks.lists()).filter(({ id }) => id !== listId(n))).toStrictEqual(others)
    })

    test.each<[string, number, Destination]>([
      ['the top', 1, TOP],
      ['the bottom', 4, BOTTOM],
      ['before the next', 2, before(3)],
      ['after the previous', 2, after(1)],
    ])('changes nothing when a list moves to where it is: %s', async (_, n, destination) => {
      const revision = await tasks.revision()
      const list = await tasks.getList(n)
      expect(await tasks.one(writing.moveList(n, destination))).toStrictEqual({
        kind: 'list_done',
        list,
      })
      expect(await tasks.revision()).toBe(revision)
    })

    test('refuses a neighbour that is not another list of the owner', async () => {
      await tasks.removeList(4)
      await tasks.create(1)
      const others = createCaller(opened().repository, bob)
      await others.createList(5)
      for (const id of [listId(2), listId(4), listId(5), listId(9), idNumber(1)]) {
        expect(await tasks.one(writing.moveList(2, { before: id }))).toStrictEqual(
          invalid('before: must be the id of another of your lists'),
        )
        expect(await tasks.one(writing.moveList(2, { after: id }))).toStrictEqual(
          invalid('after: must be the id of another of your lists'),
        )
      }
      expect(await inOrder()).toStrictEqual([1, 2, 3])
    })

    test('makes room when there is none between two lists', async () => {
      const expected = [1, 2, 3, 4]
      for (let move = 0; move < 40; move++) {
        const n = move % 2 ? 3 : 4
        await tasks.one(writing.moveList(n, after(1)))
        expected.splice(expected.indexOf(n), 1)
        expected.splice(1, 0, n)
        expect(await inOrder()).toStrictEqual(expected)
      }
      const orders = (await tasks.lists()).map(({ order }) => order)
      expect(new Set(orders).size).toBe(4)
      // The lists that made room have new versions.
      expect((await tasks.getList(2))?.version).toBeGreaterThan(1)
    })

    test('makes room within one batch', async () => {
      const moves = Array.from({ length: 60 }, (_, n) => writing.moveList(n % 2 ? 3 : 4, after(1)))
      const outcomes = await tasks.all(moves, { atomic: true })
      expect(outcomes.every(({ kind }) => kind === 'list_done')).toBe(true)
      expect(await inOrder()).toStrictEqual([1, 3, 4, 2])
    })

    test('orders lists apart from tasks', async () => {
      await tasks.create(1)
      await tasks.create(2)
      await tasks.one(writing.moveList(4, TOP))
      expect(await tasks.inOrder()).toStrictEqual([2, 1])
      expect((await tasks.list({ sort: 'order' })).tasks).toMatchObject([
        { order: -ORDER_GAP },
        { order: 0 },
      ])
    })
  })
}
