import { beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ArchivedTask } from '../../../core/archive.ts'
import { HIGHEST_ORDER, LOWEST_ORDER } from '../../../core/item.ts'
import { compareOrder } from '../../../core/order.ts'
import type { TaskArchive } from '../../../core/ports.ts'
import { searchFor } from '../../../core/search.ts'
import type { TaskPatch } from '../../../core/task.ts'
import { changeTask, restoreTask } from '../../../core/task-changes.ts'
import { after, BOTTOM, before, type Caller, createCaller, TOP, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import { destinationOf, moved, movesAmong } from './moves.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  numberOf,
  openForEach,
  owned,
  ownerNamed,
  type StoreUnderTest,
  second,
  taskNumber,
} from './store.ts'

/** The behaviour of tasks that were imported into a durable store. */
export function describeImportedTasks(store: StoreUnderTest<DurableStore>): void {
  describe(`imported tasks on ${store.name}`, () => {
    const opened = openForEach(store)
    let archive: TaskArchive
    let tasks: Caller

    beforeEach(() => {
      archive = opened().archive
      tasks = createCaller(opened().repository, ann)
    })

    /** A task without an order and a version, as in a file of an older version. */
    function oldTask(n: number, at: number): ArchivedTask {
      const { order: _, version: __, ...task } = taskNumber(n, { created_at: second(at) })
      return { user_id: ann, ...task }
    }

    describe('tasks without an order', () => {
      test('go on top, the newest first', async () => {
        await tasks.create(1)
        await tasks.create(2)
        const ordered = owned(ann, [taskNumber(3, { order: 5 })])
        expect(
          await archive.add([oldTask(7, 60), ...ordered, oldTask(9, 30), oldTask(8, 60)]),
        ).toBe(4)
        expect(await tasks.inOrder()).toStrictEqual([8, 7, 9, 2, 1, 3])
        expect(await archive.add([oldTask(4, 10), oldTask(5, 5)])).toBe(2)
        expect(await tasks.inOrder()).toStrictEqual([4, 5, 8, 7, 9, 2, 1, 3])
        expect(await tasks.get(9)).toMatchObject({ version: 1, updated_at: second(30) })
        await tasks.create(6)
        expect((await tasks.inOrder())[0]).toBe(6)
      })

      test('are sorted by creation when the owner has no other tasks', async () => {
        const added = Array.from({ length: 50 }, (_, n) => oldTask(n, n % 2 === 0 ? n : 100 - n))
        await archive.add(added)
        expect(await tasks.inOrder()).toStrictEqual(await tasks.numbers())
        const { tasks: all } = await tasks.list()
        expect(new Set(all.map(({ order }) => order)).size).toBe(50)
        await tasks.move(0, after(49))
        expect(await tasks.list()).toMatchObject({ count: 50 })
      })

      test('get an order that is kept', async () => {
        await archive.add([oldTask(1, 1)])
        const task = await tasks.get(1)
        expect(await archive.read('tasks', ann, null)).toStrictEqual(owned(ann, task ? [task] : []))
        expect(task?.order).toBeInteger()
      })
    })

    describe('at the ends of the range of orders', () => {
      async function add(...orders: number[]): Promise<void> {
        await archive.add(
          owned(
            ann,
            orders.map((order, n) => taskNumber(n + 1, { order })),
          ),
        )
      }

      async function expectOrder(expected: number[]): Promise<void> {
        const { tasks: all } = await tasks.list({ sort: 'order' })
        expect(all.map(numberOf)).toStrictEqual(expected)
        expect(new Set(all.map(({ order }) => order)).size).toBe(expected.length)
        for (const { order } of all) {
          expect(order).toBeGreaterThanOrEqual(LOWEST_ORDER)
          expect(order).toBeLessThanOrEqual(HIGHEST_ORDER)
        }
      }

      test('a new task goes above one at the lowest order', async () => {
        await add(LOWEST_ORDER)
        await tasks.create(2)
        await tasks.create(3)
        await expectOrder([3, 2, 1])
      })

      test('many new tasks go on top although few orders are left', async () => {
        await add(LOWEST_ORDER + 5, LOWEST_ORDER + 6, LOWEST_ORDER + 7)
        const expected = [1, 2, 3]
        for (let n = 4; n < 40; n++) {
          await tasks.create(n)
          expected.unshift(n)
        }
        await expectOrder(expected)
      })

      test('a task moves below one at the highest order', async () => {
        await add(0, HIGHEST_ORDER)
        await tasks.move(1, BOTTOM)
        await expectOrder([2, 1])
      })

      test('many tasks move to the bottom although few orders are left', async () => {
        await add(...Array.from({ length: 12 }, (_, n) => HIGHEST_ORDER - 11 + n))
        const expected = Array.from({ length: 12 }, (_, n) => n + 1)
        for (let move = 0; move < 30; move++) {
          const n = expected.splice((move * 5) % 11, 1)[0] ?? 0
          expected.push(n)
          await tasks.move(n, BOTTOM)
        }
        await expectOrder(expected)
      })

      test('tasks at both ends keep their order when one moves between them', async () => {
        await add(LOWEST_ORDER, LOWEST_ORDER + 1, HIGHEST_ORDER - 1, HIGHEST_ORDER)
        await tasks.move(4, TOP)
        await expectOrder([4, 1, 2, 3])
        await tasks.move(1, BOTTOM)
        await expectOrder([4, 2, 3, 1])
        await tasks.move(1, before(2))
        await expectOrder([4, 1, 2, 3])
      })
    })

    test('sorts tasks with equal orders by id, and moves them like others', async () => {
      const order = fc.constantFrom(
        0,
        0,
        1,
        2,
        LOWEST_ORDER,
        LOWEST_ORDER + 1,
        HIGHEST_ORDER - 1,
        HIGHEST_ORDER,
      )
      let owners = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(order, { minLength: 2, maxLength: 21 }),
          fc.array(movesAmong(21), { minLength: 1, maxLength: 15 }),
          async (orders, moves) => {
            const owner = ownerNamed(`mover ${owners++}`)
            const mover = createCaller(opened().repository, owner)
            const added = orders.map((one, n) => taskNumber(n, { order: one }))
            await archive.add(owned(owner, added))
            let expected = added.toSorted(compareOrder).map(numberOf)
            expect(await mover.inOrder()).toStrictEqual(expected)
            for (const { n, neighbour, to } of moves) {
              const count = orders.length
              const move = { n: n % count, neighbour: neighbour % count, to }
              const destination = destinationOf(move)
              if (!destination) continue
              await mover.move(move.n, destination)
              expected = moved(expected, move)
            }
            expect(await mover.inOrder()).toStrictEqual(expected)
          },
        ),
        { numRuns: 40 },
      )
    }, 30_000)

    // Tables of the Python service hold such rows.
    test.each<[string, TaskPatch]>([
      ['a new text', { text: 'new' }],
      ['completion', { completed: true }],
      ['a new text and completion', { text: 'new', completed: true }],
      ['reopening', { completed: false }],
    ])(
      "patches a completed task without a completion time by the core's rule: %s",
      async (_, patch) => {
        const task = taskNumber(1, { completed: true, version: 3 })
        await archive.add(owned(ann, [task]))
        const expected = changeTask(task, patch, second(99))
        expect(await tasks.patch(1, patch, second(99))).toStrictEqual(expected)
        expect(await tasks.get(1)).toStrictEqual(expected)
      },
    )

    test('restores and purges tasks that were imported into the trash', async () => {
      const trashed = taskNumber(1, { deleted_at: second(10), version: 4, updated_at: second(10) })
      await archive.add(owned(ann, [trashed, { ...trashed, id: idNumber(2) }]))
      expect(await tasks.one(writing.restore(1), second(20))).toStrictEqual({
        kind: 'done',
        task: restoreTask(trashed, second(20)),
      })
      await runMaintenance(opened().maintenance, { deleted: second(11) })
      expect(await tasks.trash()).toStrictEqual([])
      expect(await tasks.list()).toMatchObject({ count: 1 })
    })

    test('reports imported tasks in the feed of their owner only', async () => {
      const others = createCaller(opened().repository, bob)
      await tasks.create(1)
      await others.create(1)
      const [next, nextOfOthers] = [
        (await tasks.changes(null))?.next ?? null,
        (await others.changes(null))?.next ?? null,
      ]
      const revisions = [await tasks.revision(), await others.revision()]
      const added = taskNumber(2, { version: 5 })
      const trashed = taskNumber(3, { deleted_at: second(9) })
      await archive.add(owned(ann, [added, trashed]))
      expect((await tasks.changes(next))?.changes).toStrictEqual([
        { type: 'upsert', task: added },
        { type: 'delete', id: idNumber(3), deleted_at: second(9) },
      ])
      expect((await tasks.changes(null))?.changes).toHaveLength(2)
      expect(await tasks.revision()).not.toBe(`${revisions[0]}`)
      expect(await others.revision()).toBe(`${revisions[1]}`)
      expect(await others.changes(nextOfOthers)).toMatchObject({ changes: [] })
    })

    test('brings back a task that was permanently deleted', async () => {
      const task = await tasks.create(1, 'milk')
      await tasks.create(2)
      const read = await archive.read('tasks', ann, null)
      await tasks.erase(1)
      const next = (await tasks.changes(null))?.next ?? null
      expect(await archive.add(read)).toBe(1)
      expect(await tasks.get(1)).toStrictEqual(task)
      expect(await tasks.list()).toMatchObject({ count: 2 })
      expect((await tasks.changes(next))?.changes).toStrictEqual([{ type: 'upsert', task }])
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect(await tasks.numbers({ search: searchFor('milk') })).toStrictEqual([1])
      await tasks.erase(1)
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect(await archive.add(read)).toBe(1)
      expect(await tasks.inOrder()).toStrictEqual([2, 1])
    })

    test('finds imported tasks by their text until it changes', async () => {
      const many = Array.from({ length: 1500 }, (_, n) =>
        taskNumber(n, { text: n % 500 === 0 ? 'Fresh milk' : `task ${n}` }),
      )
      await archive.add(owned(ann, many))
      await archive.add(owned(bob, [taskNumber(0, { text: 'milk' })]))
      await tasks.patch(500, { text: 'bread' })
      await tasks.erase(1000)
      await runMaintenance(opened().maintenance, {})
      expect(await tasks.numbers({ search: searchFor('mil') })).toStrictEqual([0])
      expect(await tasks.numbers({ search: searchFor('bread') })).toStrictEqual([500])
      expect(await tasks.list({ search: searchFor('task') })).toMatchObject({ count: 1497 })
      await tasks.patch(0, { text: 'nothing' })
      expect(await tasks.numbers({ search: searchFor('mil') })).toStrictEqual([])
    }, 30_000)
  })
}
