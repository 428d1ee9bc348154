import { beforeEach, describe, expect, test } from 'bun:test'
import { MAX_LISTS } from '../../../core/list.ts'
import type { WriteOutcome } from '../../../core/writes.ts'
import {
  type Caller,
  createCaller,
  invalid,
  listIn,
  NOT_FOUND,
  replayOf,
  TOP,
  writing,
} from './caller.ts'
import {
  ann,
  bob,
  idNumber,
  listId,
  listNumber,
  numberOf,
  openForEach,
  type StoreUnderTest,
  second,
} from './store.ts'
import { TEXTS } from './texts.ts'

const LIST_GONE: WriteOutcome = { kind: 'list_done', list: null }
const UNKNOWN_LIST: WriteOutcome = {
  kind: 'invalid',
  problems: ['list_id: must be the id of one of your lists'],
}

/** How a `TaskRepository` stores lists, and the tasks in them. */
export function describeTaskLists(store: StoreUnderTest): void {
  describe(`task lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    async function openCounts(): Promise<number[]> {
      return (await tasks.lists()).map(({ open }) => open)
    }

    test('has no lists at first', async () => {
      expect(await tasks.lists()).toStrictEqual([])
      expect(await tasks.getList(1)).toBeNull()
    })

    test('creates a list and returns it, alone and among all', async () => {
      const outcome = await tasks.one(writing.createList(1, 'Groceries'), second(5))
      const list = listNumber(1, { name: 'Groceries', created_at: second(5) })
      expect(outcome).toStrictEqual({ kind: 'list_done', list })
      expect(await tasks.getList(1)).toStrictEqual(list)
      expect(await tasks.lists()).toStrictEqual([{ ...list, open: 0 }])
    })

    test('creates a list with a color', async () => {
      const list = { name: 'x', color: '#1E90ff' }
      await tasks.one({ op: 'create_list', id: listId(1), list })
      expect(await tasks.getList(1)).toMatchObject(list)
    })

    test.each(TEXTS)('keeps a name of %s as it was sent', async (_, text) => {
      const name = [...text].slice(0, 100).join('')
      expect(await tasks.createList(1, name)).toMatchObject({ name })
      expect(await tasks.getList(1)).toMatchObject({ name })
      await tasks.createList(2)
      expect(await tasks.patchList(2, { name })).toMatchObject({ name })
      expect((await tasks.lists())[1]).toMatchObject({ name })
    })

    test('changes what a patch names, and nothing else', async () => {
      const list = await tasks.createList(1)
      const colored = { ...list, color: '#1e90ff', version: 2, updated_at: second(10) }
      expect(await tasks.one(writing.patchList(1, { color: '#1e90ff' }), second(10))).toStrictEqual(
        { kind: 'list_done', list: colored },
      )
      expect(await tasks.patchList(1, { name: 'new' })).toMatchObject({
        name: 'new',
        color: '#1e90ff',
        version: 3,
        created_at: list.created_at,
      })
      expect(await tasks.patchList(1, { color: null })).toMatchObject({ name: 'new', color: null })
      expect(await tasks.getList(1)).toMatchObject({ name: 'new', color: null, version: 4 })
    })

    test('changes nothing when a patch says what is true already', async () => {
      const list = await tasks.createList(1)
      const revision = await tasks.revision()
      for (const patch of [{}, { name: list.name }, { color: null }])
        expect(await tasks.patchList(1, patch)).toStrictEqual(list)
      expect(await tasks.revision()).toBe(revision)
    })

    test('never moves the time of a change back', async () => {
      await tasks.one(writing.createList(1), second(10))
      expect(listIn(await tasks.one(writing.patchList(1, { name: 'x' }), second(5)))).toMatchObject(
        { updated_at: second(10), version: 2 },
      )
    })

    test('refuses versions that a write does not accept', async () => {
      await tasks.createList(1)
      await tasks.createList(2)
      await tasks.patchList(2, { name: 'x' })
      const stale = { kind: 'stale', version: 2 } as const
      for (const versions of [[1], [], { except: [2] }])
        for (const write of [
          writing.patchList(2, { name: 'y' }, versions),
          writing.moveList(2, TOP, versions),
          writing.removeList(2, versions),
        ])
          expect(await tasks.one(write)).toStrictEqual(stale)
      for (const versions of [[1, 2], { except: [1] }, null])
        expect(await tasks.one(writing.patchList(2, {}, versions))).toMatchObject({
          kind: 'list_done',
        })
      expect(await tasks.one(writing.removeList(2, [2]))).toStrictEqual(LIST_GONE)
    })

    test('finds no list that does not exist or was deleted', async () => {
      await tasks.createList(1)
      await tasks.removeList(1)
      for (const n of [1, 9]) {
        expect(await tasks.getList(n)).toBeNull()
        for (const write of [
          writing.patchList(n, { name: 'x' }),
          writing.moveList(n, TOP),
          writing.removeList(n),
          writing.removeList(n, [7]),
        ])
          expect(await tasks.one(write)).toStrictEqual(NOT_FOUND)
      }
      expect(await tasks.lists()).toStrictEqual([])
    })

    test('refuses a task in a list that does not exist or was deleted', async () => {
      await tasks.createList(1)
      await tasks.removeList(1)
      await tasks.create(1)
      for (const n of [1, 9]) {
        const members = { list_id: listId(n) }
        expect(await tasks.one(writing.create(2, 'x', members))).toStrictEqual(UNKNOWN_LIST)
        expect(await tasks.one(writing.patch(1, members))).toStrictEqual(UNKNOWN_LIST)
      }
      expect(await tasks.one(writing.patch(1, { list_id: idNumber(1) }))).toStrictEqual(
        UNKNOWN_LIST,
      )
      expect(await tasks.get(1)).toMatchObject({ list_id: null, version: 1 })
    })

    test('moves a task from the inbox to a list, to another one, and back', async () => {
      await tasks.createList(1)
      await tasks.createList(2)
      await tasks.create(1)
      expect(await tasks.patch(1, { list_id: listId(1) })).toMatchObject({ version: 2 })
      expect(await tasks.numbers({ list: listId(1) })).toStrictEqual([1])
      await tasks.patch(1, { list_id: listId(2) })
      expect(await tasks.numbers({ list: listId(1) })).toStrictEqual([])
      expect(await tasks.numbers({ list: listId(2) })).toStrictEqual([1])
      await tasks.patch(1, { list_id: null })
      expect(await tasks.numbers({ list: 'inbox' })).toStrictEqual([1])
    })

    test('does not change a list when its tasks change', async () => {
      const list = await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      await tasks.patch(1, { completed: true })
      await tasks.remove(1)
      expect(await tasks.getList(1)).toStrictEqual(list)
    })

    test('counts the tasks of each list that are neither completed nor deleted', async () => {
      for (const n of [1, 2, 3]) await tasks.createList(n)
      for (const n of [1, 2, 3, 4]) await tasks.add(n, { list_id: listId(1) })
      await tasks.add(5, { list_id: listId(2) })
      await tasks.add(6, { parent_id: idNumber(5) })
      await tasks.create(7)
      expect(await openCounts()).toStrictEqual([4, 2, 0])
      await tasks.patch(1, { completed: true })
      await tasks.remove(2)
      await tasks.erase(3)
      expect(await openCounts()).toStrictEqual([1, 2, 0])
      await tasks.patch(1, { completed: false })
      await tasks.restore(2)
      await tasks.patch(4, { list_id: listId(3) })
      await tasks.patch(6, { completed: true })
      expect(await openCounts()).toStrictEqual([2, 1, 1])
      await tasks.patch(5, { completed: true, list_id: listId(3) })
      expect(await openCounts()).toStrictEqual([2, 0, 1])
    })

    test('changes the revision with any change of a list', async () => {
      const revisions = new Set([await tasks.revision()])
      await tasks.createList(1)
      await tasks.createList(2)
      revisions.add(await tasks.revision())
      await tasks.patchList(1, { name: 'x' })
      revisions.add(await tasks.revision())
      await tasks.one(writing.moveList(2, TOP))
      revisions.add(await tasks.revision())
      await tasks.removeList(1)
      revisions.add(await tasks.revision())
      expect(revisions.size).toBe(5)
      const { revision } = await opened().repository.lists(ann)
      expect(revision).toBe(await tasks.revision())
    })

    test('notifies the readers of the feed when a list changes', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const stop = opened().watch.watch(ann, resolve)
      await tasks.createList(1)
      await promise
      stop()
    })

    test(`refuses more than ${MAX_LISTS} lists`, async () => {
      const numbers = Array.from({ length: MAX_LISTS }, (_, n) => n)
      const outcomes = await tasks.all(numbers.map((n) => writing.createList(n)))
      expect(outcomes.every(({ kind }) => kind === 'list_done')).toBe(true)
      const refused = invalid(`lists: you have the maximum of ${MAX_LISTS} lists`)
      expect(await tasks.one(writing.createList(MAX_LISTS))).toStrictEqual(refused)
      expect((await tasks.lists()).map(numberOf)).toStrictEqual(
        numbers.map((n) => numberOf({ id: listId(n) })),
      )
      await tasks.removeList(7)
      expect(await tasks.createList(MAX_LISTS)).toMatchObject({ version: 1 })
      expect(await tasks.lists()).toHaveLength(MAX_LISTS)
      const others = createCaller(opened().repository, bob)
      expect(await others.createList(1)).toMatchObject({ version: 1 })
    }, 30_000)

    test('undoes every write of lists when an atomic batch fails', async () => {
      await tasks.createList(1)
      await tasks.createList(2)
      await tasks.add(1, { list_id: listId(1) })
      const earlier = [await tasks.lists(), await tasks.list(), await tasks.changes(null)]
      const writes = [
        writing.createList(3),
        writing.patchList(2, { name: 'undone' }),
        writing.moveList(2, TOP),
        writing.removeList(1),
        writing.remove(9),
      ]
      const outcomes = await tasks.all(writes, { atomic: true })
      expect(outcomes.at(-1)).toStrictEqual(NOT_FOUND)
      expect([await tasks.lists(), await tasks.list(), await tasks.changes(null)]).toStrictEqual(
        earlier,
      )
      expect(await tasks.trash()).toStrictEqual([])
    })

    test('applies each write to the lists that the ones before it left', async () => {
      const members = { list_id: listId(1) }
      const outcomes = await tasks.all([
        writing.create(1, 'x', members),
        writing.createList(1),
        writing.create(2, 'x', members),
        writing.patchList(1, { name: 'a' }, [1]),
        writing.patchList(1, { name: 'b' }, [1]),
        writing.removeList(1, [2]),
        writing.create(3, 'x', members),
        writing.patchList(1, {}),
      ])
      expect(outcomes).toMatchObject([
        UNKNOWN_LIST,
        { list: { version: 1 } },
        { task: { list_id: listId(1) } },
        { list: { name: 'a', version: 2 } },
        { kind: 'stale', version: 2 },
        LIST_GONE,
        UNKNOWN_LIST,
        NOT_FOUND,
      ])
      expect((await tasks.trash()).map(numberOf)).toStrictEqual([2])
    })

    test('returns the list to a retried call', async () => {
      const retry = { key: 'key', fingerprint: 'same', rememberedSince: second(0) }
      const first = await tasks.send([writing.createList(1)], { retry, atomic: true })
      const list = await tasks.getList(1)
      expect(first).toMatchObject({ outcomes: [{ kind: 'list_done', list }] })
      await tasks.removeList(1)
      const again = await tasks.send([writing.createList(2)], { retry, atomic: true })
      expect(again).toStrictEqual(replayOf(first))
      expect(await tasks.lists()).toStrictEqual([])
    })

    test("neither shows nor changes another owner's lists", async () => {
      const others = createCaller(opened().repository, bob)
      const list = await tasks.createList(1)
      expect(await others.lists()).toStrictEqual([])
      expect(await others.getList(1)).toBeNull()
      for (const write of [
        writing.patchList(1, { name: 'x' }),
        writing.moveList(1, TOP),
        writing.removeList(1),
      ])
        expect(await others.one(write)).toStrictEqual(NOT_FOUND)
      const members = { list_id: listId(1) }
      expect(await others.one(writing.create(1, 'x', members))).toStrictEqual(UNKNOWN_LIST)
      expect(await others.list({ list: listId(1) })).toMatchObject({ unknown: ['list'] })
      expect((await others.changes(null))?.changes).toStrictEqual([])
      expect(await tasks.getList(1)).toStrictEqual(list)
    })
  })
}
