import { beforeEach, describe, expect, test } from 'bun:test'
import { MAX_SUBTASKS } from '../../../core/placement.ts'
import type { TaskPatch } from '../../../core/task.ts'
import { type Caller, createCaller, writing } from './caller.ts'
import { ann, bob, idNumber, listId, openForEach, type StoreUnderTest, second } from './store.ts'

const PARENT = 'parent_id: must be the id of one of your tasks'
const ONE_LEVEL = 'parent_id: must be the id of a task that has no parent itself'
const HAS_SUBTASKS = 'parent_id: must be null for a task that has subtasks'
const SAME_LIST = 'parent_id: must be the id of a task in the same list'
const FULL = `parent_id: must be the id of a task with fewer than ${MAX_SUBTASKS} subtasks`
const LIST = 'list_id: must be the id of one of your lists'
const PARENTS_LIST = 'list_id: must be the list of the parent'
const MOVE_PARENT =
  'list_id: must be the list of the parent; to move a subtask, move its parent, or set parent_id to null too'

/** How a `TaskRepository` places tasks in lists and below other tasks. */
export function describeSubtasks(store: StoreUnderTest): void {
  describe(`subtasks on ${store.name}`, () => {
    const opened = openForEach(store)
    let tasks: Caller

    // Task 1, in list 1, has subtasks 2 and 3. Task 4 is in list 1, 5 in list 2, 6 in the inbox.
    beforeEach(async () => {
      tasks = createCaller(opened().repository, ann)
      for (const n of [1, 2]) await tasks.createList(n)
      await tasks.add(1, { list_id: listId(1) })
      for (const n of [2, 3]) await tasks.add(n, { parent_id: idNumber(1) })
      await tasks.add(4, { list_id: listId(1) })
      await tasks.add(5, { list_id: listId(2) })
      await tasks.create(6)
    })

    async function expectRefused(n: number, patch: TaskPatch, ...problems: string[]) {
      const before = await tasks.existing(n)
      expect(await tasks.one(writing.patch(n, patch))).toStrictEqual({ kind: 'invalid', problems })
      expect(await tasks.get(n)).toStrictEqual(before)
    }

    async function placeOf(n: number) {
      const { list_id, parent_id } = await tasks.existing(n)
      return { list_id, parent_id }
    }

    test('puts a new subtask into the list of its parent', async () => {
      expect(await placeOf(2)).toStrictEqual({ list_id: listId(1), parent_id: idNumber(1) })
      expect(await tasks.add(7, { parent_id: idNumber(6) })).toMatchObject({ list_id: null })
      const both = { parent_id: idNumber(5), list_id: listId(2) }
      expect(await tasks.add(8, both)).toMatchObject(both)
      expect(await tasks.add(9, { parent_id: idNumber(5), list_id: null })).toMatchObject(both)
    })

    test.each<[string, TaskPatch, string[]]>([
      ['a parent that does not exist', { parent_id: idNumber(99) }, [PARENT]],
      ['a parent that is a subtask', { parent_id: idNumber(2) }, [ONE_LEVEL]],
      [
        'a list other than the one of its parent',
        { parent_id: idNumber(1), list_id: listId(2) },
        [PARENTS_LIST],
      ],
      ['a list in place of a parent', { parent_id: listId(1) }, [PARENT]],
      ['a list that does not exist', { list_id: listId(99) }, [LIST]],
    ])('refuses a new task with %s', async (_, members, problems) => {
      const revision = await tasks.revision()
      const outcome = await tasks.one(writing.create(7, 'x', members))
      if (outcome.kind !== 'invalid') throw new Error('it was created')
      expect(outcome.problems.map((problem) => problem.split(', or')[0])).toStrictEqual(problems)
      expect(await tasks.revision()).toBe(revision)
    })

    test.each([
      ['in the trash', async () => tasks.remove(4)],
      ['that was deleted permanently', async () => tasks.erase(4)],
    ])('refuses a parent %s', async (_, remove) => {
      await remove()
      await expectRefused(6, { parent_id: idNumber(4), list_id: listId(1) }, PARENT)
      expect(await tasks.one(writing.create(7, 'x', { parent_id: idNumber(4) }))).toStrictEqual({
        kind: 'invalid',
        problems: [PARENT],
      })
    })

    test("refuses another owner's task as a parent", async () => {
      const others = createCaller(opened().repository, bob)
      await others.create(7)
      await expectRefused(6, { parent_id: idNumber(7) }, PARENT)
    })

    test('makes a task a subtask, and a task of its own again', async () => {
      const patch = { parent_id: idNumber(1) }
      expect(await tasks.patch(4, patch)).toMatchObject({ ...patch, list_id: listId(1) })
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([4, 3, 2])
      expect(await tasks.patch(4, { parent_id: null })).toMatchObject({
        parent_id: null,
        list_id: listId(1),
      })
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([3, 2])
    })

    test('moves a subtask to another parent', async () => {
      await tasks.patch(2, { parent_id: idNumber(4) })
      expect(await tasks.numbers({ parent: idNumber(1) })).toStrictEqual([3])
      expect(await tasks.numbers({ parent: idNumber(4) })).toStrictEqual([2])
    })

    test.each<[string, number, TaskPatch, string]>([
      ['a parent that does not exist', 6, { parent_id: idNumber(99) }, PARENT],
      ['itself', 6, { parent_id: idNumber(6) }, 'parent_id: must be the id of another task'],
      ['a subtask', 4, { parent_id: idNumber(2) }, ONE_LEVEL],
      ['a parent for a task with subtasks', 1, { parent_id: idNumber(4) }, HAS_SUBTASKS],
      ['a parent in another list', 6, { parent_id: idNumber(1) }, SAME_LIST],
      ['another parent in another list', 2, { parent_id: idNumber(5) }, SAME_LIST],
      [
        'a parent in another list than the new one',
        6,
        { parent_id: idNumber(1), list_id: listId(2) },
        PARENTS_LIST,
      ],
      ['another list for a subtask', 2, { list_id: listId(2) }, MOVE_PARENT],
      ['the inbox for a subtask', 2, { list_id: null }, MOVE_PARENT],
      [
        'another list with the parent that it has',
        2,
        { list_id: listId(2), parent_id: idNumber(1) },
        MOVE_PARENT,
      ],
      [
        'a list that does not exist, for a task of its own',
        2,
        { parent_id: null, list_id: listId(99) },
        LIST,
      ],
    ])('refuses %s', async (_, n, patch, problem) => {
      await expectRefused(n, patch, problem)
    })

    test('reports everything that is wrong with a parent', async () => {
      await expectRefused(1, { parent_id: idNumber(5) }, HAS_SUBTASKS, SAME_LIST)
    })

    test('judges the list and the parent of one body together', async () => {
      const toFive = { parent_id: idNumber(5), list_id: listId(2) }
      expect(await tasks.patch(6, toFive)).toMatchObject(toFive)
      expect(await tasks.patch(2, toFive)).toMatchObject(toFive)
      const alone = { parent_id: null, list_id: null }
      expect(await tasks.patch(2, alone)).toMatchObject(alone)
      expect(await tasks.patch(3, { parent_id: null, list_id: listId(2) })).toMatchObject({
        parent_id: null,
        list_id: listId(2),
      })
    })

    test('takes the list that a subtask is in', async () => {
      const before = await tasks.existing(2)
      expect(await tasks.patch(2, { list_id: listId(1) })).toStrictEqual(before)
      expect(await tasks.patch(2, { list_id: listId(1), text: 'x' })).toMatchObject({ version: 2 })
    })

    test('gives a task without live subtasks a parent', async () => {
      await tasks.remove(2)
      await tasks.erase(3)
      expect(await tasks.patch(1, { parent_id: idNumber(4) })).toMatchObject({ version: 2 })
    })

    test('takes the subtasks along to another list in one write', async () => {
      const position = (await tasks.changes(null))?.next ?? null
      await tasks.remove(3)
      const outcome = await tasks.one(writing.patch(1, { list_id: listId(2) }), second(60))
      expect(outcome).toMatchObject({ task: { list_id: listId(2), version: 2 } })
      expect(await tasks.get(2)).toMatchObject({
        list_id: listId(2),
        parent_id: idNumber(1),
        version: 2,
        updated_at: second(60),
      })
      expect(await tasks.numbers({ list: listId(1) })).toStrictEqual([4])
      // Not a subtask in the trash.
      expect((await tasks.trash())[0]).toMatchObject({ list_id: listId(1), version: 2 })
      const page = await tasks.changes(position)
      expect(page?.next.sequence).toBe((position?.sequence ?? 0) + 2)
      await tasks.patch(1, { list_id: null })
      expect(await placeOf(2)).toStrictEqual({ list_id: null, parent_id: idNumber(1) })
    })

    test('leaves the subtasks as they are when their parent changes otherwise', async () => {
      const subtasks = [await tasks.existing(2), await tasks.existing(3)]
      await tasks.patch(1, { text: 'x', list_id: listId(1) })
      await tasks.patch(1, { completed: true })
      await tasks.patch(1, { completed: false })
      await tasks.move(1, { to: 'bottom' })
      expect([await tasks.get(2), await tasks.get(3)]).toStrictEqual(subtasks)
    })

    test('leaves a parent as it is when its subtasks change', async () => {
      const parent = await tasks.existing(1)
      await tasks.patch(2, { completed: true })
      await tasks.patch(3, { parent_id: null })
      await tasks.remove(2)
      expect(await tasks.get(1)).toStrictEqual(parent)
    })

    test('counts subtasks as tasks when creates are limited', async () => {
      const { count } = await tasks.list()
      const create = writing.create(7, 'x', { parent_id: idNumber(1) })
      const outcomes = await tasks.all([create], { maxTasks: count })
      expect(outcomes.map(({ kind }) => kind)).toStrictEqual(['invalid'])
    })

    test(`refuses more than ${MAX_SUBTASKS} subtasks`, async () => {
      const members = { parent_id: idNumber(6) }
      const many = Array.from({ length: MAX_SUBTASKS }, (_, n) => 100 + n)
      const outcomes = await tasks.all(many.map((n) => writing.create(n, 'x', members)))
      expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true)
      await tasks.create(7)
      await expectRefused(7, members, FULL)
      expect(await tasks.one(writing.create(8, 'x', members))).toStrictEqual({
        kind: 'invalid',
        problems: [FULL],
      })
      expect(await tasks.patch(100, { ...members, text: 'x' })).toMatchObject({ version: 1 })
      await tasks.remove(100)
      expect(await tasks.patch(7, members)).toMatchObject(members)
      await expectRefused(4, { ...members, list_id: null }, FULL)
    })

    test('applies each write of a batch to the places that the ones before it left', async () => {
      const outcomes = await tasks.all([
        writing.create(7, 'x', { parent_id: idNumber(6) }),
        writing.patch(6, { parent_id: idNumber(4), list_id: listId(1) }),
        writing.patch(7, { parent_id: null }),
        writing.patch(6, { parent_id: idNumber(4), list_id: listId(1) }),
        writing.create(8, 'x', { parent_id: idNumber(6) }),
        writing.remove(4),
        writing.create(9, 'x', { parent_id: idNumber(4) }),
      ])
      expect(outcomes).toMatchObject([
        { kind: 'done' },
        { problems: [HAS_SUBTASKS] },
        { kind: 'done' },
        { task: { parent_id: idNumber(4) } },
        { problems: [ONE_LEVEL] },
        { kind: 'done' },
        { problems: [PARENT] },
      ])
      expect(await tasks.get(6)).toBeNull()
    })
  })
}
