import { beforeEach, describe, expect, test } from 'bun:test'
import type { TaskWrite, Versions } from '../../../core/writes.ts'
import {
  after,
  type Caller,
  createCaller,
  DELETED,
  NOT_FOUND,
  TOP,
  taskIn,
  writing,
} from './caller.ts'
import { ann, idNumber, openForEach, type StoreUnderTest } from './store.ts'

/** A write that expects certain versions. */
type Conditional = readonly [name: string, write: (versions: Versions) => TaskWrite]

/** How a `TaskRepository` counts and compares versions. */
export function describeVersions(store: StoreUnderTest): void {
  describe(`versions on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // From the top: 3, 1, and 2 in the trash. Tasks 1 and 2 are at version 2.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [2, 1, 3]) await tasks.create(n)
      await tasks.patch(1, { completed: true })
      await tasks.remove(2)
    })

    test('creates a task at version 1', async () => {
      expect((await tasks.create(4)).version).toBe(1)
    })

    test('adds one with each write that changes the task', async () => {
      const versions = [
        (await tasks.patch(1, { text: 'new' })).version,
        (await tasks.patch(1, { completed: false })).version,
        (await tasks.move(1, TOP)).version,
      ]
      await tasks.remove(1)
      const trashed = (await tasks.trash()).find(({ id }) => id === idNumber(1))
      versions.push(trashed?.version ?? 0, (await tasks.restore(1)).version)
      expect(versions).toStrictEqual([3, 4, 5, 6, 7])
    })

    test('adds none with a write that changes nothing', async () => {
      const task = await tasks.existing(1)
      expect(await tasks.patch(1, {})).toStrictEqual(task)
      expect(await tasks.patch(1, { text: 'task 1', completed: true })).toStrictEqual(task)
      expect(await tasks.restore(1)).toStrictEqual(task)
      expect(await tasks.move(1, after(3))).toStrictEqual(task)
      expect(await tasks.get(1)).toStrictEqual(task)
    })

    const onLive: readonly Conditional[] = [
      ['patch', (versions) => writing.patch(1, { text: 'new' }, versions)],
      ['patch that changes nothing', (versions) => writing.patch(1, {}, versions)],
      ['move', (versions) => writing.move(1, TOP, versions)],
      ['move that changes nothing', (versions) => writing.move(1, after(3), versions)],
      ['delete', (versions) => writing.remove(1, versions)],
      ['permanent delete', (versions) => writing.erase(1, versions)],
      ['restore of a task that is not in the trash', (versions) => writing.restore(1, versions)],
    ]
    const onTrash: readonly Conditional[] = [
      ['restore', (versions) => writing.restore(2, versions)],
      ['permanent delete from the trash', (versions) => writing.erase(2, versions)],
    ]
    const toMissing: Conditional = [
      'move to a missing neighbour',
      (versions) => writing.move(1, after(9), versions),
    ]

    const stale = [[[1]], [[3]], [[1, 3]], [[]], [[999_999_999_999_999]], [[4_294_967_298]]]

    describe.each([...onLive, ...onTrash, toMissing])('%s', (_, write) => {
      test.each(stale)('is refused when it expects %j', async (versions) => {
        const revision = await tasks.revision()
        expect(await tasks.one(write(versions))).toStrictEqual({ kind: 'stale', version: 2 })
        expect(await tasks.revision()).toBe(revision)
        expect(await tasks.get(1)).toMatchObject({ version: 2, text: 'task 1' })
        expect(await tasks.trash()).toMatchObject([{ version: 2 }])
      })
    })

    describe.each([...onLive, ...onTrash])('%s', (_, write) => {
      test.each([[null], [[2]], [[7, 2, 1]]])('succeeds when it expects %j', async (versions) => {
        expect(await tasks.one(write(versions))).toMatchObject({ kind: 'done' })
      })
    })

    test('does not find a missing task, whatever version is expected', async () => {
      for (const versions of [[1], [2], []])
        for (const write of [
          writing.patch(9, {}, versions),
          writing.move(9, TOP, versions),
          writing.move(9, after(9), versions),
          writing.remove(9, versions),
          writing.erase(9, versions),
          writing.restore(9, versions),
          writing.patch(2, {}, versions),
          writing.move(2, TOP, versions),
          writing.remove(2, versions),
        ])
          expect(await tasks.one(write)).toStrictEqual(NOT_FOUND)
    })

    test('accepts the version that the write before returned', async () => {
      let task = await tasks.create(4)
      for (const text of ['a', 'b', 'c'])
        task = taskIn(await tasks.one(writing.patch(4, { text }, [task.version])))
      expect(await tasks.one(writing.remove(4, [task.version]))).toStrictEqual(DELETED)
      expect(await tasks.one(writing.restore(4, [task.version]))).toMatchObject({ kind: 'stale' })
      const restored = taskIn(await tasks.one(writing.restore(4, [task.version + 1])))
      expect(restored).toMatchObject({ text: 'c', version: task.version + 2 })
    })
  })
}
