import { beforeEach, describe, expect, test } from 'bun:test'
import type { Change, ChangePage, FeedPosition } from '../../../core/feed.ts'
import type { Task } from '../../../core/task.ts'
import { type Caller, createCaller, TOP, writing } from './caller.ts'
import {
  ann,
  bob,
  idNumber,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
  turn,
} from './store.ts'

const WRITERS = 20
const WRITES = 15

function idIn(change: Change): string {
  if (change.type === 'upsert') return change.task.id
  return change.type === 'list' ? change.list.id : change.id
}

/** How a `TaskRepository` reports changes. */
export function describeFeed(store: StoreUnderTest): void {
  describe(`feed on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    /** A client that applies each page of the feed to its own copy. */
    function createReader(caller: Caller, limit: number) {
      const copy = new Map<string, Task>()
      let position: FeedPosition | null = null

      function apply(change: Change): void {
        if (change.type === 'upsert') copy.set(change.task.id, change.task)
        else if (change.type === 'delete') copy.delete(change.id)
      }

      async function read(): Promise<ChangePage> {
        const page = await caller.changes(position, limit)
        if (!page) throw new Error('the feed has been purged')
        expect(page.changes.length).toBeLessThanOrEqual(limit)
        if (page.hasMore) expect(page.changes).toHaveLength(limit)
        page.changes.forEach(apply)
        position = page.next
        return page
      }

      return {
        read,
        /** Reads to the end. @returns the changes. */
        async readAll(): Promise<Change[]> {
          const changes: Change[] = []
          for (;;) {
            const page = await read()
            changes.push(...page.changes)
            if (!page.hasMore) return changes
          }
        },
        tasks: () => [...copy.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      }
    }

    async function all(): Promise<Task[]> {
      const page = await tasks.list()
      return page.tasks.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    }

    const idsOf = (changes: readonly Change[]) =>
      changes.map((change) => numberOf({ id: idIn(change) }))

    describe('without a position', () => {
      test.each([1, 2, 3, 100])('returns every task, %d per page', async (limit) => {
        await tasks.all([writing.create(3), writing.create(1), writing.create(2)])
        for (const n of [4, 5, 6]) await tasks.create(n)
        await tasks.patch(2, { completed: true })
        await tasks.remove(4)
        await tasks.erase(5)
        const reader = createReader(tasks, limit)
        expect(idsOf(await reader.readAll())).toStrictEqual([1, 3, 6, 2])
        expect(reader.tasks()).toStrictEqual(await all())
      })

      test('returns nothing when there are no tasks', async () => {
        const page = await tasks.changes(null)
        expect(page).toMatchObject({ changes: [], hasMore: false })
        expect(await tasks.changes(page?.next ?? null)).toStrictEqual(page)
      })

      test('does not report earlier deletions', async () => {
        await tasks.create(1)
        await tasks.remove(1)
        const page = await tasks.changes(null)
        expect(page).toMatchObject({ changes: [], hasMore: false })
        await tasks.create(2)
        expect(idsOf((await tasks.changes(page?.next ?? null))?.changes ?? [])).toStrictEqual([2])
      })

      test('has no more when the last page is full', async () => {
        for (const n of [1, 2]) await tasks.create(n)
        expect(await tasks.changes(null, 2)).toMatchObject({ hasMore: false })
        expect(await tasks.changes(null, 1)).toMatchObject({ hasMore: true })
      })
    })

    describe('since a position', () => {
      test('returns nothing while nothing changes', async () => {
        await tasks.create(1)
        const page = await tasks.changes(null)
        if (!page) throw new Error('a feed has a beginning')
        await tasks.patch(1, {})
        await tasks.one(writing.remove(9))
        await tasks.all([writing.create(2), writing.remove(9)], { atomic: true })
        expect(await tasks.changes(page.next)).toStrictEqual({
          changes: [],
          next: page.next,
          hasMore: false,
        })
      })

      test('returns every kind of change, the oldest first', async () => {
        for (const n of [1, 2, 3, 4, 5, 6]) await tasks.create(n)
        await tasks.remove(5)
        const reader = createReader(tasks, 100)
        await reader.readAll()
        const expected: Change[] = [
          { type: 'upsert', task: await tasks.create(7) },
          { type: 'upsert', task: await tasks.patch(4, { completed: true }) },
          { type: 'upsert', task: await tasks.move(2, TOP) },
          { type: 'upsert', task: await tasks.restore(5) },
        ]
        await tasks.remove(6, second(70))
        await tasks.erase(3, second(80))
        expected.push(
          { type: 'delete', id: idNumber(6), deleted_at: second(70) },
          { type: 'delete', id: idNumber(3), deleted_at: second(80) },
        )
        expect(await reader.readAll()).toStrictEqual(expected)
        expect(reader.tasks()).toStrictEqual(await all())
      })

      test('returns each task once in its latest state', async () => {
        for (const n of [1, 2, 3, 4]) await tasks.create(n)
        const reader = createReader(tasks, 100)
        await reader.readAll()
        for (const text of ['a', 'b', 'c']) await tasks.patch(1, { text })
        await tasks.patch(2, { text: 'x' })
        await tasks.remove(2)
        await tasks.remove(3)
        await tasks.restore(3)
        await tasks.patch(1, { text: 'd' })
        await tasks.create(5)
        await tasks.erase(5)
        const changes = await reader.readAll()
        expect(idsOf(changes)).toStrictEqual([2, 3, 1, 5])
        expect(changes).toMatchObject([
          { type: 'delete' },
          { type: 'upsert', task: { version: 3 } },
          { type: 'upsert', task: { text: 'd' } },
          { type: 'delete' },
        ])
        expect(reader.tasks()).toStrictEqual(await all())
      })

      test('reports the permanent deletion of a task in the trash', async () => {
        await tasks.create(1)
        const reader = createReader(tasks, 100)
        await reader.readAll()
        await tasks.remove(1, second(70))
        expect(await reader.readAll()).toHaveLength(1)
        await tasks.erase(1, second(80))
        expect(await reader.readAll()).toStrictEqual([
          { type: 'delete', id: idNumber(1), deleted_at: second(80) },
        ])
      })

      test.each([1, 2, 3, 4, 100])(
        'continues within the changes of one call, %d per page',
        async (limit) => {
          const writes = [7, 2, 9, 4, 1].map((n) => writing.create(n))
          await tasks.all(writes)
          const reader = createReader(tasks, limit)
          expect(idsOf(await reader.readAll())).toStrictEqual([1, 2, 4, 7, 9])
          await tasks.all([
            writing.remove(4),
            writing.patch(9, { text: 'x' }),
            writing.erase(2),
            writing.patch(1, { text: 'x' }),
          ])
          expect(idsOf(await reader.readAll())).toStrictEqual([1, 2, 4, 9])
          expect(reader.tasks()).toStrictEqual(await all())
        },
      )

      test('reports changes that were made while a snapshot was read', async () => {
        for (const n of [1, 2, 3, 4, 5]) await tasks.create(n)
        await tasks.remove(5)
        const reader = createReader(tasks, 1)
        await reader.read()
        await reader.read()
        await tasks.patch(1, { text: 'shown before' })
        await tasks.remove(2)
        await tasks.patch(3, { text: 'not shown yet' })
        await tasks.erase(4)
        await tasks.create(6)
        expect(idsOf(await reader.readAll())).toStrictEqual([1, 2, 3, 4, 6])
        expect(reader.tasks()).toStrictEqual(await all())
      })

      test('continues from a position of an empty feed', async () => {
        const empty = await tasks.changes(null)
        await tasks.create(1)
        await tasks.create(2)
        await tasks.remove(1)
        expect(idsOf((await tasks.changes(empty?.next ?? null))?.changes ?? [])).toStrictEqual([
          2, 1,
        ])
      })

      test('returns null for a position of another feed or ahead of the feed', async () => {
        await tasks.create(1)
        const next = (await tasks.changes(null))?.next
        if (!next) throw new Error('there is a feed')
        expect(await tasks.changes({ ...next, epoch: 'another' })).toBeNull()
        expect(await tasks.changes({ ...next, sequence: next.sequence + 1 })).toBeNull()
        expect(await tasks.changes({ ...next, sequence: 2 ** 52 })).toBeNull()
        expect(await tasks.changes(next)).toMatchObject({ changes: [] })
        const others = createCaller(opened().repository, bob)
        expect(await others.changes(next)).toBeNull()
        await others.create(1)
        expect(await others.changes(next)).toBeNull()
      })
    })

    test('continues over another connection to the store', async () => {
      await tasks.create(1)
      const next = (await tasks.changes(null))?.next ?? null
      const { repository } = await opened().openAgain()
      const others = createCaller(repository, ann)
      await others.create(2)
      expect(idsOf((await tasks.changes(next))?.changes ?? [])).toStrictEqual([2])
      expect(await others.changes(next)).toStrictEqual(await tasks.changes(next))
    })

    test('returns every change to readers while many write over several connections', async () => {
      const { repository } = await opened().openAgain()
      const callers = [tasks, createCaller(repository, ann)]
      await tasks.all(Array.from({ length: WRITERS }, (_, n) => writing.create(n)))

      async function write(writer: number): Promise<void> {
        const caller = callers[writer % 2] ?? tasks
        for (let n = 0; n < WRITES; n++) {
          const own = 100 * (writer + 1) + n
          const other = (writer * 7 + n * 3) % WRITERS
          await caller.create(own)
          if (n % 3 === 0) await caller.all([writing.patch(other, { text: `${writer} ${n}` })])
          else if (n % 3 === 1) await caller.all([writing.remove(other), writing.remove(own)])
          else
            await caller.all([writing.restore(other), writing.erase(own), writing.move(other, TOP)])
        }
      }

      let isWriting = true
      const revisions = new Map<string, string>()
      async function read(caller: Caller, limit: number) {
        const reader = createReader(caller, limit)
        while (isWriting) {
          await reader.read()
          await turn()
          const page = await caller.list()
          const seen = JSON.stringify(page.tasks)
          expect(revisions.get(page.revision) ?? seen).toBe(seen)
          revisions.set(page.revision, seen)
          expect(page.count).toBe(page.tasks.length)
        }
        await reader.readAll()
        return reader.tasks()
      }

      const reading = [read(tasks, 3), read(createCaller(repository, ann), 50)]
      await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer))).finally(
        () => {
          isWriting = false
        },
      )
      for (const copy of await Promise.all(reading)) expect(copy).toStrictEqual(await all())
    }, 60_000)
  })
}
