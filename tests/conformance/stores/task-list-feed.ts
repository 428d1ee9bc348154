import { beforeEach, describe, expect, test } from 'bun:test'
import type { Change, ChangePage, FeedPosition } from '../../../core/feed.ts'
import type { List } from '../../../core/list.ts'
import { compareText } from '../../../core/order.ts'
import type { Task } from '../../../core/task.ts'
import { type Caller, createCaller, TOP, writing } from './caller.ts'
import { runMaintenance } from './maintenance.ts'
import { ann, idNumber, listId, openForEach, type StoreUnderTest, second } from './store.ts'

/** A change in short: `+` for what exists, `-` for a deletion, and the number of a list or task. */
function short(change: Change): string {
  switch (change.type) {
    case 'list':
      return `+list ${numberIn(change.list.id)}`
    case 'list_deleted':
      return `-list ${numberIn(change.id)}`
    case 'upsert':
      return `+task ${numberIn(change.task.id)}`
    case 'delete':
      return `-task ${numberIn(change.id)}`
  }
}

function numberIn(id: string): number {
  return Number.parseInt(id.slice(-4), 16)
}

/** How a `TaskRepository` reports changes of lists. */
export function describeTaskListFeed(store: StoreUnderTest): void {
  describe(`feed of task lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** A client that applies each page of the feed to its own copy. */
    function createReader(limit: number) {
      const copy = new Map<string, Task | List>()
      let position: FeedPosition | null = null

      function apply(change: Change): void {
        if (change.type === 'upsert') copy.set(change.task.id, change.task)
        else if (change.type === 'list') copy.set(change.list.id, change.list)
        else copy.delete(change.id)
      }

      async function read(): Promise<ChangePage> {
        const page = await tasks.changes(position, limit)
        if (!page) throw new Error('the feed has been purged')
        expect(page.changes.length).toBeLessThanOrEqual(limit)
        page.changes.forEach(apply)
        position = page.next
        return page
      }

      return {
        read,
        /** Reads to the end. @returns the changes in short. */
        async readAll(): Promise<string[]> {
          const changes: string[] = []
          for (;;) {
            const page = await read()
            changes.push(...page.changes.map(short))
            if (!page.hasMore) return changes
          }
        },
        /** Compares the copy with what the store has. */
        async expectCurrent(): Promise<void> {
          const { tasks: live } = await tasks.list()
          const lists = (await tasks.lists()).map(({ open: _, ...list }) => list)
          const byId = (a: Task | List, b: Task | List) => compareText(a.id, b.id)
          expect([...copy.values()].sort(byId)).toStrictEqual([...live, ...lists].sort(byId))
        },
      }
    }

    const PAGES = [1, 2, 3, 4, 5, 6, 100]

    test.each(PAGES)('returns lists before tasks in a snapshot, %d per page', async (limit) => {
      await tasks.create(1)
      await tasks.all([3, 2, 1].map((n) => writing.createList(n)))
      await tasks.add(2, { list_id: listId(2) })
      await tasks.createList(4)
      await tasks.patchList(1, { name: 'x' })
      await tasks.removeList(3)
      await tasks.create(3)
      const reader = createReader(limit)
      expect(await reader.readAll()).toStrictEqual([
        '+list 1',
        '+list 2',
        '+list 4',
        '+task 1',
        '+task 2',
        '+task 3',
      ])
      await reader.expectCurrent()
      expect(await reader.readAll()).toStrictEqual([])
    })

    test('returns a snapshot of lists alone', async () => {
      for (const n of [1, 2]) await tasks.createList(n)
      expect(await tasks.changes(null, 2)).toMatchObject({ hasMore: false })
      expect(await tasks.changes(null, 1)).toMatchObject({ hasMore: true })
      expect(await createReader(1).readAll()).toStrictEqual(['+list 1', '+list 2'])
    })

    test.each(PAGES)('reports every kind of change in order, %d per page', async (limit) => {
      for (const n of [1, 2, 3]) await tasks.createList(n)
      await tasks.add(1, { list_id: listId(3) })
      const reader = createReader(limit)
      await reader.readAll()
      await tasks.createList(4)
      await tasks.patchList(2, { color: '#000000' })
      await tasks.create(2)
      await tasks.one(writing.moveList(1, { after: listId(2) }))
      await tasks.patch(2, { list_id: listId(1) })
      await tasks.removeList(3)
      expect(await reader.readAll()).toStrictEqual([
        '+list 4',
        '+list 2',
        '+list 1',
        '+task 2',
        '-list 3',
        '-task 1',
      ])
      await reader.expectCurrent()
    })

    test.each(PAGES)(
      'returns lists first among the changes of one call, %d per page',
      async (limit) => {
        await tasks.all([writing.createList(5), writing.create(5)])
        const reader = createReader(limit)
        await reader.readAll()
        await tasks.all([
          writing.create(2, 'x', { list_id: listId(5) }),
          writing.createList(2),
          writing.create(1),
          writing.removeList(5),
          writing.createList(1),
        ])
        await tasks.create(3)
        expect(await reader.readAll()).toStrictEqual([
          '+list 1',
          '+list 2',
          '-list 5',
          '+task 1',
          '-task 2',
          '+task 3',
        ])
        await reader.expectCurrent()
      },
    )

    test('returns the list as it is, and the time of its deletion', async () => {
      await tasks.create(1)
      const { next = null } = (await tasks.changes(null)) ?? {}
      const list = await tasks.createList(1)
      expect((await tasks.changes(next))?.changes).toStrictEqual([{ type: 'list', list }])
      await tasks.one(writing.removeList(1), second(70))
      expect((await tasks.changes(next))?.changes).toStrictEqual([
        { type: 'list_deleted', id: listId(1), deleted_at: second(70) },
      ])
    })

    test('returns each list once in its latest state', async () => {
      await tasks.create(1)
      const reader = createReader(100)
      await reader.readAll()
      for (const n of [1, 2, 3]) await tasks.createList(n)
      await tasks.patchList(1, { name: 'a' })
      await tasks.removeList(2)
      await tasks.patchList(1, { name: 'b' })
      expect(await reader.readAll()).toStrictEqual(['+list 3', '-list 2', '+list 1'])
      await reader.expectCurrent()
    })

    test('reports the lists that a move gave another order', async () => {
      for (const n of [1, 2, 3]) await tasks.createList(n)
      const reader = createReader(1)
      await reader.readAll()
      const moves = Array.from({ length: 40 }, (_, n) =>
        writing.moveList(n % 2 ? 2 : 3, { after: listId(1) }),
      )
      await tasks.all(moves)
      await reader.readAll()
      await reader.expectCurrent()
    })

    test.each([1, 2, 3, 100])(
      'reports changes that were made while a snapshot was read, %d per page',
      async (limit) => {
        for (const n of [1, 2, 3, 4]) await tasks.createList(n)
        for (const n of [1, 2, 3]) await tasks.add(n, { list_id: listId(n) })
        const reader = createReader(limit)
        const changes = [
          () => tasks.patchList(1, { name: 'x' }),
          () => tasks.removeList(4),
          () => tasks.createList(5),
          () => tasks.add(4, { list_id: listId(5) }),
          () => tasks.one(writing.moveList(3, TOP)),
          () => tasks.removeList(2),
          () => tasks.patch(3, { list_id: null }),
          () => tasks.createList(6),
        ]
        for (const change of changes) {
          await reader.read()
          await change()
        }
        await reader.readAll()
        await reader.expectCurrent()
      },
    )

    test('does not report lists that were deleted before the snapshot', async () => {
      for (const n of [1, 2]) await tasks.createList(n)
      await tasks.removeList(1)
      const page = await tasks.changes(null)
      expect(page?.changes.map(short)).toStrictEqual(['+list 2'])
      await tasks.createList(3)
      const next = await tasks.changes(page?.next ?? null)
      expect(next?.changes.map(short)).toStrictEqual(['+list 3'])
    })

    test('purges deleted lists, and ends the feed for readers who did not see that', async () => {
      for (const n of [1, 2]) await tasks.createList(n)
      const first = await tasks.changes(null)
      await tasks.one(writing.removeList(1), second(60))
      const seen = await tasks.changes(first?.next ?? null)
      expect(seen?.changes.map(short)).toStrictEqual(['-list 1'])
      await tasks.one(writing.removeList(2), second(61))
      await runMaintenance(opened().maintenance, { deleted: second(61) })
      expect(await tasks.changes(first?.next ?? null)).toBeNull()
      const rest = await tasks.changes(seen?.next ?? null)
      expect(rest?.changes.map(short)).toStrictEqual(['-list 2'])
      const snapshot = await tasks.changes(null)
      expect(snapshot?.changes).toStrictEqual([])
    })

    test('ends the feed for a reader between the lists and the tasks of a purged number', async () => {
      await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      const whole = await tasks.changes(null)
      await tasks.removeList(1)
      const part = await tasks.changes(whole?.next ?? null, 1)
      expect(part?.changes.map(short)).toStrictEqual(['-list 1'])
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect(await tasks.changes(part?.next ?? null)).toBeNull()
    })

    test('keeps a snapshot that began after the purged deletions', async () => {
      for (const n of [1, 2, 3]) await tasks.createList(n)
      await tasks.one(writing.removeList(2), second(10))
      const part = await tasks.changes(null, 1)
      expect(part?.changes.map(short)).toStrictEqual(['+list 1'])
      await runMaintenance(opened().maintenance, { deleted: second(11) })
      const rest = await tasks.changes(part?.next ?? null)
      expect(rest?.changes.map(short)).toStrictEqual(['+list 3'])
    })

    test('purges a deleted list once', async () => {
      for (const n of [1, 2]) await tasks.createList(n)
      await tasks.removeList(1)
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      const revision = await tasks.revision()
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect(await tasks.revision()).toBe(revision)
      expect(await tasks.lists()).toHaveLength(1)
    })

    test('purges a list that is deleted, but no task that was restored from it', async () => {
      await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      await tasks.removeList(1)
      await tasks.restore(1)
      await runMaintenance(opened().maintenance, { deleted: second(1000) })
      expect(await tasks.get(1)).toMatchObject({ id: idNumber(1), list_id: null })
    })
  })
}
