import { beforeEach, describe, expect, test } from 'bun:test'
import { searchFor } from '../../../core/search.ts'
import type { TaskWrite, WriteOutcome } from '../../../core/writes.ts'
import {
  after,
  before,
  type Caller,
  createCaller,
  DELETED,
  NO_NEIGHBOUR,
  NOT_FOUND,
  TOO_MANY,
  TOP,
  writing,
} from './caller.ts'
import { ann, bob, idNumber, openForEach, type StoreUnderTest, second } from './store.ts'

// The most operations in one request.
const MANY = 100

/** How a `TaskRepository` applies several writes in one call. */
export function describeBatches(store: StoreUnderTest): void {
  describe(`batches on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3]) await tasks.create(n)
      await tasks.remove(3)
    })

    /** Everything that a caller can read of the owner's tasks. */
    async function readEverything(): Promise<unknown[]> {
      return [
        await tasks.list({ sort: 'order' }),
        await tasks.list({ deleted: true }),
        await tasks.list({ search: searchFor('t') }),
        await tasks.list({ search: searchFor('undone') }),
        await tasks.changes(null),
      ]
    }

    const everyKind = [
      writing.create(4, 'undone'),
      writing.patch(1, { text: 'undone', completed: true }),
      writing.restore(3),
      writing.move(3, TOP),
      writing.remove(2),
      writing.patch(4, { text: 'undone too' }),
      writing.erase(1),
      writing.erase(4),
    ]

    test.each<[string, TaskWrite, WriteOutcome]>([
      ['a missing task', writing.patch(9, {}), NOT_FOUND],
      ['a stale version', writing.patch(3, {}, [1]), { kind: 'stale', version: 4 }],
      ['a missing neighbour', writing.move(3, after(9)), NO_NEIGHBOUR],
      ['a task that the call itself deleted', writing.patch(1, {}), NOT_FOUND],
    ])('undoes an atomic batch because of %s', async (_, failing, outcome) => {
      const earlier = await readEverything()
      const writes = [...everyKind, failing, writing.create(5, 'undone')]
      const outcomes = await tasks.all(writes, { atomic: true })
      expect(outcomes).toHaveLength(everyKind.length + 1)
      expect(outcomes.at(-1)).toStrictEqual(outcome)
      expect(await readEverything()).toStrictEqual(earlier)
      expect(await tasks.get(5)).toBeNull()
    })

    test('undoes moves that made room when an atomic batch fails', async () => {
      const moves = Array.from({ length: 60 }, (_, n) => writing.move(n % 2 ? 1 : 4, after(2)))
      await tasks.all([writing.create(4), writing.create(5)])
      const earlier = await readEverything()
      await tasks.all([...moves, writing.remove(9)], { atomic: true })
      expect(await readEverything()).toStrictEqual(earlier)
    })

    test('applies every write of an atomic batch when none fails', async () => {
      const outcomes = await tasks.all(everyKind, { atomic: true })
      expect(outcomes.map((outcome) => outcome.kind)).toStrictEqual(everyKind.map(() => 'done'))
      expect(await tasks.inOrder()).toStrictEqual([3])
      expect((await tasks.trash()).map(({ id }) => id)).toStrictEqual([idNumber(2)])
    })

    test('gives each write of a batch that is not atomic its own outcome', async () => {
      const outcomes = await tasks.all([
        writing.patch(9, { text: 'x' }),
        writing.create(4),
        writing.patch(1, { text: 'x' }, [7]),
        writing.patch(1, { text: 'x' }, [1]),
        writing.move(1, after(3)),
        writing.remove(2),
        writing.restore(3),
        writing.remove(9),
      ])
      expect(outcomes).toStrictEqual([
        NOT_FOUND,
        { kind: 'done', task: await tasks.existing(4) },
        { kind: 'stale', version: 1 },
        { kind: 'done', task: await tasks.existing(1) },
        NO_NEIGHBOUR,
        DELETED,
        { kind: 'done', task: await tasks.existing(3) },
        NOT_FOUND,
      ])
      expect(await tasks.inOrder()).toStrictEqual([4, 3, 1])
    })

    test('applies each write to what the ones before it left', async () => {
      const outcomes = await tasks.all(
        [
          writing.create(4, 'a'),
          writing.patch(4, { text: 'b' }, [1]),
          writing.patch(4, { text: 'c' }, [1]),
          writing.create(5),
          writing.move(5, after(4), [1]),
          writing.move(1, before(5)),
          writing.remove(4, [2]),
          writing.remove(4),
          writing.move(1, after(4)),
          writing.restore(4, [3]),
          writing.move(4, before(2)),
          writing.erase(4, [5]),
          writing.restore(4),
        ],
        { now: second(50) },
      )
      expect(outcomes).toMatchObject([
        { kind: 'done', task: { text: 'a', version: 1 } },
        { kind: 'done', task: { text: 'b', version: 2 } },
        { kind: 'stale', version: 2 },
        { kind: 'done', task: { version: 1 } },
        { kind: 'done', task: { version: 2 } },
        { kind: 'done', task: { version: 2 } },
        DELETED,
        NOT_FOUND,
        NO_NEIGHBOUR,
        { kind: 'done', task: { text: 'b', version: 4 } },
        { kind: 'done', task: { version: 5 } },
        DELETED,
        NOT_FOUND,
      ])
      expect(await tasks.inOrder()).toStrictEqual([1, 5, 2])
    })

    test('returns each task as it was after its own write', async () => {
      const outcomes = await tasks.all([
        writing.patch(1, { text: 'a' }),
        writing.patch(1, { text: 'b' }),
        writing.patch(1, { completed: true }),
      ])
      expect(outcomes).toMatchObject([
        { task: { text: 'a', version: 2, completed: false } },
        { task: { text: 'b', version: 3, completed: false } },
        { task: { text: 'b', version: 4, completed: true } },
      ])
    })

    test('applies a hundred writes and reports each task once in the feed', async () => {
      const position = (await tasks.changes(null))?.next ?? null
      const created = Array.from({ length: MANY }, (_, n) => writing.create(100 + n))
      await tasks.all(created, { atomic: true })
      const patches = created.map(({ id }, n) => ({
        op: 'patch' as const,
        id,
        patch: n % 2 ? { completed: true } : { text: `text ${n}` },
        versions: [1],
      }))
      const outcomes = await tasks.all(patches, { atomic: true })
      expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true)
      expect((await tasks.changes(position))?.changes).toHaveLength(MANY)
      expect((await tasks.list()).count).toBe(MANY + 2)
    })

    test('changes nothing when there are no writes', async () => {
      const earlier = await readEverything()
      expect(await tasks.all([], { atomic: true })).toStrictEqual([])
      expect(await tasks.all([])).toStrictEqual([])
      expect(await readEverything()).toStrictEqual(earlier)
    })

    test('refuses to create more tasks than allowed, counting those outside the trash', async () => {
      const before = (await tasks.list()).count
      const writes = [writing.create(11), writing.create(12), writing.create(13)]
      const maxTasks = before + 2
      const outcomes = await tasks.all(writes, { maxTasks })
      expect(outcomes.map(({ kind }) => kind)).toStrictEqual(['done', 'done', 'invalid'])
      await tasks.remove(11)
      const again = await tasks.all([writing.create(14), writing.restore(11)], { maxTasks })
      expect(again.map(({ kind }) => kind)).toStrictEqual(['done', 'done'])
      expect(await tasks.all([writing.create(15)], { atomic: true, maxTasks })).toStrictEqual([
        TOO_MANY,
      ])
      expect((await tasks.list()).count).toBe(before + 3)
    })

    describe('clearCompleted', () => {
      beforeEach(async () => {
        for (const n of [4, 5, 6]) await tasks.create(n)
        for (const n of [2, 4, 6]) await tasks.patch(n, { completed: true })
        await tasks.remove(6)
      })

      test('moves every completed task to the trash', async () => {
        const [four, six] = [await tasks.get(4), (await tasks.trash())[0]]
        expect(await tasks.clearCompleted()).toBe(2)
        expect(await tasks.inOrder()).toStrictEqual([5, 1])
        expect(await tasks.list()).toMatchObject({ count: 2 })
        const trash = await tasks.trash()
        expect(trash.map(({ id }) => id)).toStrictEqual([6, 4, 3, 2].map(idNumber))
        expect(trash[0]).toStrictEqual(six)
        expect(trash[1]?.version).toBe((four?.version ?? 0) + 1)
        expect(await tasks.restore(4)).toMatchObject({ completed: true })
      })

      test('deletes them permanently on request', async () => {
        expect(await tasks.clearCompleted(true)).toBe(2)
        expect((await tasks.trash()).map(({ id }) => id)).toStrictEqual([6, 3].map(idNumber))
        expect(await tasks.one(writing.restore(4))).toStrictEqual(NOT_FOUND)
      })

      test('deletes no more tasks than asked, and says whether there are more', async () => {
        const clear = (limit: number) =>
          tasks.one({ op: 'clear_completed', permanent: false, limit })
        expect(await clear(1)).toStrictEqual({ kind: 'cleared', count: 1, hasMore: true })
        expect(await clear(1)).toStrictEqual({ kind: 'cleared', count: 1, hasMore: false })
        expect(await tasks.inOrder()).toStrictEqual([5, 1])
      })

      test('counts completions of the same call', async () => {
        const complete = writing.patch(5, { completed: true })
        const clear = { op: 'clear_completed', permanent: false, limit: 100 } as const
        const [, outcome] = await tasks.all([complete, clear])
        expect(outcome).toStrictEqual({ kind: 'cleared', count: 3, hasMore: false })
        expect(await tasks.inOrder()).toStrictEqual([1])
      })

      test('reports each deletion in the feed', async () => {
        const position = (await tasks.changes(null))?.next ?? null
        await tasks.clearCompleted()
        expect((await tasks.changes(position))?.changes).toMatchObject([
          { type: 'delete', id: idNumber(2) },
          { type: 'delete', id: idNumber(4) },
        ])
      })

      test("finds nothing when there is none, and never another owner's tasks", async () => {
        const others = createCaller(opened().repository, bob)
        expect(await others.clearCompleted()).toBe(0)
        await tasks.clearCompleted()
        const revision = await tasks.revision()
        expect(await tasks.clearCompleted()).toBe(0)
        expect(await tasks.clearCompleted(true)).toBe(0)
        expect(await tasks.revision()).toBe(revision)
      })
    })
  })
}
