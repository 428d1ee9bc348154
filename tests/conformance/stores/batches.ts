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
  TOP,
  writing,
} from './caller.ts'
import { ann, bob, idNumber, openForEach, type StoreUnderTest, second } from './store.ts'

// As many as one request may bring.
const MANY = 100

/** What every `TaskRepository` does with many writes of one call. */
export function describeBatches(store: StoreUnderTest): void {
  describe(`many writes at once on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2, 3]) await tasks.create(n)
      await tasks.remove(3)
    })

    /** Everything that can be seen of the owner's tasks. */
    async function everything(): Promise<unknown[]> {
      return [
        await tasks.list({ sort: 'order' }),
        await tasks.list({ deleted: true }),
        await tasks.list({ search: searchFor('t') }),
        await tasks.list({ search: searchFor('undone') }),
        await tasks.changes(null),
      ]
    }

    const allKinds = [
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
      ['a task that is not there', writing.patch(9, {}), NOT_FOUND],
      ['a stale version', writing.patch(3, {}, [1]), { kind: 'stale', version: 4 }],
      ['no neighbour', writing.move(3, after(9)), NO_NEIGHBOUR],
      ['what the call itself deleted', writing.patch(1, {}), NOT_FOUND],
    ])('where they are atomic, %s undoes all', async (_, failing, outcome) => {
      const seen = await everything()
      const writes = [...allKinds, failing, writing.create(5, 'undone')]
      const outcomes = await tasks.all(writes, { atomic: true })
      expect(outcomes).toHaveLength(allKinds.length + 1)
      expect(outcomes.at(-1)).toStrictEqual(outcome)
      expect(await everything()).toStrictEqual(seen)
      expect(await tasks.get(5)).toBeNull()
    })

    test('where they are atomic, moves that made room are undone', async () => {
      const moves = Array.from({ length: 60 }, (_, n) => writing.move(n % 2 ? 1 : 4, after(2)))
      await tasks.all([writing.create(4), writing.create(5)])
      const seen = await everything()
      await tasks.all([...moves, writing.remove(9)], { atomic: true })
      expect(await everything()).toStrictEqual(seen)
    })

    test('where they are atomic and nothing is wrong, all are done', async () => {
      const outcomes = await tasks.all(allKinds, { atomic: true })
      expect(outcomes.map((outcome) => outcome.kind)).toStrictEqual(allKinds.map(() => 'done'))
      expect(await tasks.inOrder()).toStrictEqual([3])
      expect((await tasks.trash()).map(({ id }) => id)).toStrictEqual([idNumber(2)])
    })

    test('where they are not, each has its own outcome', async () => {
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

    test('each sees those before it', async () => {
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

    test('the outcome of a write is as the task was then, not as it became', async () => {
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

    test('a hundred are done in one call, each task once in the feed', async () => {
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

    test('none at all change nothing', async () => {
      const seen = await everything()
      expect(await tasks.all([], { atomic: true })).toStrictEqual([])
      expect(await tasks.all([])).toStrictEqual([])
      expect(await everything()).toStrictEqual(seen)
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

      test('deletes them for good, where that is asked for', async () => {
        expect(await tasks.clearCompleted(true)).toBe(2)
        expect((await tasks.trash()).map(({ id }) => id)).toStrictEqual([6, 3].map(idNumber))
        expect(await tasks.one(writing.restore(4))).toStrictEqual(NOT_FOUND)
      })

      test('tells the feed of each', async () => {
        const position = (await tasks.changes(null))?.next ?? null
        await tasks.clearCompleted()
        expect((await tasks.changes(position))?.changes).toMatchObject([
          { type: 'delete', id: idNumber(2) },
          { type: 'delete', id: idNumber(4) },
        ])
      })

      test('finds none where there is none, nor those of others', async () => {
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
