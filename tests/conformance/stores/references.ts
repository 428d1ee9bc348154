import { beforeEach, describe, expect, test } from 'bun:test'
import type { ItemWrite, WriteOutcome } from '../../../core/writes.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, idNumber, listId, openForEach, type StoreUnderTest } from './store.ts'

/** A write that refers, in `member`, to what an earlier write of the same call creates. */
function referring<Write extends ItemWrite>(write: Write, id: string, member: string): Write {
  return { ...write, references: [{ id, member }] }
}

const broken = (member: string): WriteOutcome => ({
  kind: 'invalid',
  problems: [`${member}: must name an operation that succeeded`],
})

function problemsOf(outcome: WriteOutcome): readonly string[] {
  return outcome.kind === 'invalid' ? outcome.problems : []
}

/** How writes of one call refer to what earlier ones create. */
export function describeReferences(store: StoreUnderTest): void {
  describe(`references on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    beforeEach(() => {
      tasks = createCaller(opened().repository, ann)
    })

    const inList = (n: number, list: number) =>
      referring(writing.create(n, 'x', { list_id: listId(list) }), listId(list), 'list_id')
    const below = (n: number, parent: number) =>
      referring(
        writing.create(n, 'x', { parent_id: idNumber(parent) }),
        idNumber(parent),
        'parent_id',
      )
    // An unknown list: the create fails.
    const failing = (n: number) => writing.create(n, 'x', { list_id: listId(99) })

    test.each([true, false])(
      'creates a list, its tasks and their subtasks at once (atomic: %p)',
      async (atomic) => {
        const outcomes = await tasks.all([writing.createList(1), inList(1, 1), below(2, 1)], {
          atomic,
        })
        expect(outcomes.map(({ kind }) => kind)).toStrictEqual(['list_done', 'done', 'done'])
        expect(await tasks.get(2)).toMatchObject({ list_id: listId(1), parent_id: idNumber(1) })
        expect(await tasks.lists()).toMatchObject([{ open: 2 }])
      },
    )

    test('changes, moves and deletes what earlier writes created', async () => {
      const outcomes = await tasks.all([
        writing.create(1),
        writing.create(2),
        referring(writing.move(1, { before: idNumber(2) }), idNumber(2), 'before'),
        referring(writing.patch(1, { text: 'y' }), idNumber(1), 'id'),
        referring(writing.remove(2), idNumber(2), 'id'),
        writing.createList(1),
        referring(writing.patchList(1, { name: 'y' }), listId(1), 'id'),
      ])
      expect(outcomes.map(({ kind }) => kind)).toStrictEqual([
        'done',
        'done',
        'done',
        'done',
        'done',
        'list_done',
        'list_done',
      ])
      expect(await tasks.get(1)).toMatchObject({ text: 'y' })
      expect(await tasks.getList(1)).toMatchObject({ name: 'y' })
    })

    test('refuses writes that refer to a create that failed, and applies the others', async () => {
      const outcomes = await tasks.all([
        failing(1),
        below(2, 1),
        referring(writing.patch(1, { text: 'y' }), idNumber(1), 'id'),
        writing.create(3),
        referring(writing.move(3, { after: idNumber(1) }), idNumber(1), 'after'),
      ])
      expect(outcomes).toMatchObject([
        { kind: 'invalid' },
        broken('parent_id'),
        broken('id'),
        { kind: 'done' },
        broken('after'),
      ])
      expect(await tasks.numbers()).toStrictEqual([3])
    })

    test('refuses writes that refer to a write that was refused for that', async () => {
      const outcomes = await tasks.all([failing(1), below(2, 1), below(3, 2)])
      expect(outcomes.slice(1)).toStrictEqual([broken('parent_id'), broken('parent_id')])
      expect(await tasks.list()).toMatchObject({ count: 0 })
    })

    test('names every member that refers to a create that failed', async () => {
      const write: ItemWrite = {
        ...writing.create(3, 'x', { list_id: listId(1), parent_id: idNumber(1) }),
        references: [
          { id: listId(1), member: 'list_id' },
          { id: idNumber(1), member: 'parent_id' },
        ],
      }
      const failingList = referring(writing.createList(1), idNumber(2), 'id')
      const outcomes = await tasks.all([failing(2), failingList, failing(1), write])
      expect(outcomes[3]).toStrictEqual({
        kind: 'invalid',
        problems: [...problemsOf(broken('list_id')), ...problemsOf(broken('parent_id'))],
      })
    })

    test('refers to a create that succeeded although a later change of it failed', async () => {
      const outcomes = await tasks.all([
        writing.create(1),
        referring(writing.patch(1, { time_zone: 'Asia/Tokyo' }), idNumber(1), 'id'),
        referring(writing.patch(1, { text: 'y' }), idNumber(1), 'id'),
        below(2, 1),
        writing.createList(1),
        referring(writing.patchList(1, { name: 'y' }, [7]), listId(1), 'id'),
        inList(3, 1),
      ])
      expect(outcomes.map(({ kind }) => kind)).toStrictEqual([
        'done',
        'invalid',
        'done',
        'done',
        'list_done',
        'stale',
        'done',
      ])
    })

    test('refuses a task in a list that a write in between deleted', async () => {
      const outcomes = await tasks.all([writing.createList(1), writing.removeList(1), inList(1, 1)])
      expect(outcomes[2]).toStrictEqual({
        kind: 'invalid',
        problems: ['list_id: must be the id of one of your lists'],
      })
    })

    test('creates nothing when a reference of an atomic batch is broken', async () => {
      const outcomes = await tasks.all([writing.createList(1), failing(1), below(2, 1)], {
        atomic: true,
      })
      expect(outcomes).toHaveLength(2)
      expect(await tasks.lists()).toStrictEqual([])
    })

    test('refers to a list that is refused because there are too many', async () => {
      const lists = Array.from({ length: 500 }, (_, n) => writing.createList(100 + n))
      await tasks.all(lists)
      const outcomes = await tasks.all([writing.createList(1), inList(1, 1)])
      expect(outcomes[1]).toStrictEqual(broken('list_id'))
    })
  })
}
