import { beforeEach, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ArchivedTask } from '../../../core/archive.ts'
import { compareOrder } from '../../../core/order.ts'
import type { TaskArchive } from '../../../core/ports.ts'
import { searchFor } from '../../../core/search.ts'
import {
  changeTask,
  HIGHEST_ORDER,
  LOWEST_ORDER,
  restoreTask,
  type TaskPatch,
} from '../../../core/task.ts'
import { after, BOTTOM, before, type Caller, createCaller, TOP, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
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

/** What every durable store does with tasks that were added to it as they were. */
export function describeArchivedTasks(store: StoreUnderTest<DurableStore>): void {
  describe(`archived tasks on ${store.name}`, () => {
    const opened = openForEach(store)
    let archive: TaskArchive
    let tasks: Caller

    beforeEach(() => {
      archive = opened().archive
      tasks = createCaller(opened().repository, ann)
    })

    /** A task as a file of an older version has it. */
    function old(n: number, at: number): ArchivedTask {
      const { order: _, version: __, ...task } = taskNumber(n, { created_at: second(at) })
      return { user_id: ann, ...task }
    }

    describe('those without an order', () => {
      test('come to stand on top, in the order of their creation', async () => {
        await tasks.create(1)
        await tasks.create(2)
        const given = owned(ann, [taskNumber(3, { order: 5 })])
        expect(await archive.add([old(7, 60), ...given, old(9, 30), old(8, 60)])).toBe(4)
        expect(await tasks.inOrder()).toStrictEqual([8, 7, 9, 2, 1, 3])
        expect(await archive.add([old(4, 10), old(5, 5)])).toBe(2)
        expect(await tasks.inOrder()).toStrictEqual([4, 5, 8, 7, 9, 2, 1, 3])
        expect(await tasks.get(9)).toMatchObject({ version: 1, updated_at: second(30) })
        await tasks.create(6)
        expect((await tasks.inOrder())[0]).toBe(6)
      })

      test('make the first order of an owner without tasks', async () => {
        const added = Array.from({ length: 50 }, (_, n) => old(n, n % 2 === 0 ? n : 100 - n))
        await archive.add(added)
        expect(await tasks.inOrder()).toStrictEqual(await tasks.numbers())
        const { tasks: all } = await tasks.list()
        expect(new Set(all.map(({ order }) => order)).size).toBe(50)
        await tasks.move(0, after(49))
        expect(await tasks.list()).toMatchObject({ count: 50 })
      })

      test('have an order from then on', async () => {
        await archive.add([old(1, 1)])
        const task = await tasks.get(1)
        expect(await archive.read(ann, null)).toStrictEqual(owned(ann, task ? [task] : []))
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

      test('a new task finds a place above the lowest', async () => {
        await add(LOWEST_ORDER)
        await tasks.create(2)
        await tasks.create(3)
        await expectOrder([3, 2, 1])
      })

      test('many new tasks do, though few places are left', async () => {
        await add(LOWEST_ORDER + 5, LOWEST_ORDER + 6, LOWEST_ORDER + 7)
        const expected = [1, 2, 3]
        for (let n = 4; n < 40; n++) {
          await tasks.create(n)
          expected.unshift(n)
        }
        await expectOrder(expected)
      })

      test('a task finds a place below the highest', async () => {
        await add(0, HIGHEST_ORDER)
        await tasks.move(1, BOTTOM)
        await expectOrder([2, 1])
      })

      test('many tasks do, though few places are left', async () => {
        await add(...Array.from({ length: 12 }, (_, n) => HIGHEST_ORDER - 11 + n))
        const expected = Array.from({ length: 12 }, (_, n) => n + 1)
        for (let move = 0; move < 30; move++) {
          const n = expected.splice((move * 5) % 11, 1)[0] ?? 0
          expected.push(n)
          await tasks.move(n, BOTTOM)
        }
        await expectOrder(expected)
      })

      test('tasks at both ends keep their order when one comes between', async () => {
        await add(LOWEST_ORDER, LOWEST_ORDER + 1, HIGHEST_ORDER - 1, HIGHEST_ORDER)
        await tasks.move(4, TOP)
        await expectOrder([4, 1, 2, 3])
        await tasks.move(1, BOTTOM)
        await expectOrder([4, 2, 3, 1])
        await tasks.move(1, before(2))
        await expectOrder([4, 1, 2, 3])
      })
    })

    test('tasks of one order stand by their ids, and move as any others', async () => {
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
      const move = fc.record({
        n: fc.nat({ max: 20 }),
        to: fc.nat({ max: 20 }),
        where: fc.constantFrom('before', 'after', 'top', 'bottom'),
      })
      let owners = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(order, { minLength: 2, maxLength: 21 }),
          fc.array(move, { minLength: 1, maxLength: 15 }),
          async (orders, moves) => {
            const owner = ownerNamed(`mover ${owners++}`)
            const mover = createCaller(opened().repository, owner)
            const added = orders.map((one, n) => taskNumber(n, { order: one }))
            await archive.add(owned(owner, added))
            const expected = added.toSorted(compareOrder).map(numberOf)
            expect(await mover.inOrder()).toStrictEqual(expected)
            for (const { where, ...move } of moves) {
              const [n, to] = [move.n % orders.length, move.to % orders.length]
              if (where === 'top' || where === 'bottom') await mover.move(n, { to: where })
              else if (n !== to) await mover.move(n, where === 'before' ? before(to) : after(to))
              else continue
              expected.splice(expected.indexOf(n), 1)
              const at = expected.indexOf(to)
              const places = { top: 0, bottom: expected.length, before: at, after: at + 1 }
              expected.splice(places[where], 0, n)
            }
            expect(await mover.inOrder()).toStrictEqual(expected)
          },
        ),
        { numRuns: 40 },
      )
    }, 30_000)

    // Tables that were taken over hold such rows.
    test.each<[string, TaskPatch]>([
      ['its text changes', { text: 'new' }],
      ['it is completed again', { completed: true }],
      ['it is completed again with another text', { text: 'new', completed: true }],
      ['it is reopened', { completed: false }],
    ])(
      "a task completed at a time nobody knows is what the core's rule says: %s",
      async (_, patch) => {
        const task = taskNumber(1, { completed: true, version: 3 })
        await archive.add(owned(ann, [task]))
        const expected = changeTask(task, patch, second(99))
        expect(await tasks.patch(1, patch, second(99))).toStrictEqual(expected)
        expect(await tasks.get(1)).toStrictEqual(expected)
      },
    )

    test('one that is in the trash is restored and forgotten as any other', async () => {
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

    test('what is added goes into the feed of its owner alone', async () => {
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

    test('one that was deleted for good comes back', async () => {
      const task = await tasks.create(1, 'milk')
      await tasks.create(2)
      const read = await archive.read(ann, null)
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

    test('what was added is found by its words, once they have been', async () => {
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
