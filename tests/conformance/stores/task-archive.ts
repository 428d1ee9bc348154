import { beforeEach, describe, expect, test } from 'bun:test'
import {
  type ArchivedItem,
  type ArchivedKey,
  ArchivedList,
  ArchivedTask,
} from '../../../core/archive.ts'
import type { List } from '../../../core/list.ts'
import type { Owner } from '../../../core/owner.ts'
import { ARCHIVE_SECTIONS, type ArchiveSection, type TaskArchive } from '../../../core/ports.ts'
import { compareBy } from '../../../core/query.ts'
import { type Task, tagKey } from '../../../core/task.ts'
import { type Caller, createCaller } from './caller.ts'
import { describeImportedTasks } from './imported-tasks.ts'
import {
  ann,
  bob,
  type DurableStore,
  idNumber,
  listId,
  listNumber,
  numberOf,
  openForEach,
  owned,
  ownerNamed,
  type StoreUnderTest,
  second,
  taskNumber,
} from './store.ts'
import { TEXTS } from './texts.ts'

// More than one page of any store.
const MANY = 1203

/** The behaviour of every `TaskArchive`. */
export function describeTaskArchive(store: StoreUnderTest<DurableStore>): void {
  describeImportedTasks(store)

  describe(`TaskArchive on ${store.name}`, () => {
    const opened = openForEach(store)
    let archive: TaskArchive
    let tasks: Caller
    let others: Caller

    beforeEach(() => {
      archive = opened().archive
      tasks = createCaller(opened().repository, ann)
      others = createCaller(opened().repository, bob)
    })

    async function readSection(
      section: ArchiveSection,
      owner: Owner | null,
    ): Promise<ArchivedItem[]> {
      const read: ArchivedItem[] = []
      for (;;) {
        const page = await archive.read(section, owner, read.at(-1) ?? null)
        if (page.length === 0) return read
        read.push(...page)
      }
    }

    async function readAll(owner: Owner | null): Promise<ArchivedItem[]> {
      const sections: ArchivedItem[][] = []
      for (const section of ARCHIVE_SECTIONS) sections.push(await readSection(section, owner))
      return sections.flat()
    }

    test('is empty when there are no tasks', async () => {
      expect(await readAll(null)).toStrictEqual([])
      expect(await readAll(ann)).toStrictEqual([])
      expect(await archive.add([])).toBe(0)
    })

    test('adds tasks as they are', async () => {
      const added = [
        taskNumber(1, {
          id: '7b2c4f8e-1f7c-4a53-9a0d-3f1c2d5e6b70',
          created_at: second(5),
          order: 5,
        }),
        taskNumber(2, {
          completed: true,
          order: -2_147_483_648,
          version: 7,
          created_at: '2024-02-29T23:59:59.999Z',
          updated_at: '2026-01-31T00:00:00.001Z',
          completed_at: '2026-01-31T00:00:00.100Z',
        }),
        taskNumber(3, { completed: true, order: 2_147_483_647, version: 2_147_483_646 }),
        taskNumber(4, { created_at: '0001-01-01T00:00:00.000Z' }),
      ]
      const trashed = taskNumber(5, { deleted_at: second(9), updated_at: second(9), version: 2 })
      expect(await archive.add(owned(ann, [...added, trashed]))).toBe(5)
      expect((await tasks.list()).tasks).toStrictEqual(added.toSorted(compareBy('-created_at')))
      expect((await tasks.list({ sort: 'order' })).tasks).toStrictEqual(
        added.toSorted(compareBy('order')),
      )
      expect(await tasks.list()).toMatchObject({ count: 4 })
      expect(await tasks.trash()).toStrictEqual([trashed])
      expect(await others.list()).toMatchObject({ tasks: [], count: 0 })
    })

    test('reads what the repository has, its members in order', async () => {
      await tasks.create(1)
      await tasks.patch(1, { completed: true })
      await tasks.create(2)
      await tasks.remove(2)
      await tasks.create(3)
      await tasks.erase(3)
      const [trashed] = await tasks.trash()
      const expected = [await tasks.get(1), trashed].map((task) => ({ user_id: ann, ...task }))
      expect(JSON.stringify(await archive.read('tasks', null, null))).toBe(JSON.stringify(expected))
      expect(JSON.stringify(await archive.read('tasks', ann, null))).toBe(JSON.stringify(expected))
    })

    test('reads lists, then tasks, then subtasks, with their members in the order of the file', async () => {
      await tasks.createList(1, 'Groceries')
      await tasks.patchList(1, { color: '#1e90ff' })
      await tasks.createList(2)
      await tasks.removeList(2)
      const recurrence = { rule: 'FREQ=DAILY', from: 'due' } as const
      await tasks.add(1, {
        list_id: listId(1),
        due: '2026-01-31T09:30',
        time_zone: 'Europe/Berlin',
      })
      await tasks.add(2, { list_id: listId(1), parent_id: idNumber(1), tags: ['b', 'a'] })
      await tasks.add(3, { due: '2026-01-31', recurrence, description: 'all', priority: 'high' })
      await tasks.add(4, { parent_id: idNumber(3) })
      await tasks.patch(3, { completed: true })
      await tasks.remove(1)
      const list = { type: 'list', user_id: ann, ...(await tasks.getList(1)) }
      const all = [...(await tasks.list()).tasks, ...(await tasks.trash())]
        .map((task) => ({ user_id: ann, ...task }))
        .toSorted(byKey)
      const parents = all.filter(({ parent_id }) => parent_id === null)
      const subtasks = all.filter(({ parent_id }) => parent_id !== null)
      expect([parents.length, subtasks.length]).toStrictEqual([3, 3])
      expect(JSON.stringify(await readSection('lists', ann))).toBe(JSON.stringify([list]))
      expect(JSON.stringify(await readSection('tasks', ann))).toBe(JSON.stringify(parents))
      expect(JSON.stringify(await readSection('subtasks', ann))).toBe(JSON.stringify(subtasks))
      for (const item of await readAll(null)) {
        const members = Object.keys(item)
        const { properties } = 'type' in item ? ArchivedList : ArchivedTask
        expect(members).toStrictEqual(
          Object.keys(properties).filter((one) => members.includes(one)),
        )
      }
    })

    test('adds lists, subtasks and every member as they are', async () => {
      const list = listNumber(1, { name: 'Größe', color: '#1E90ff', order: -7, version: 3 })
      const recurrence = { rule: 'FREQ=DAILY', from: 'completion' } as const
      const added = [
        taskNumber(1, {
          list_id: list.id,
          description: 'a\nb "c"',
          due: '2026-01-31T09:30',
          time_zone: 'Europe/Berlin',
          priority: 'low',
          tags: ['Home', 'straße'],
          recurrence,
        }),
        taskNumber(2, { list_id: list.id, parent_id: idNumber(1) }),
        taskNumber(3, { completed: true, due: '2026-01-31', undo: { recurrence, copies: [] } }),
      ]
      const trashed = taskNumber(4, {
        parent_id: idNumber(9),
        deleted_at: second(5),
        updated_at: second(5),
        deleted_with_parent: true,
      })
      const items = [listItem(ann, list), ...owned(ann, [...added, trashed])]
      expect(await archive.add(items)).toBe(5)
      expect(await tasks.lists()).toStrictEqual([{ ...list, open: 2 }])
      expect((await tasks.list({ sort: 'created_at' })).tasks).toStrictEqual(added)
      expect(await tasks.trash()).toStrictEqual([trashed])
      expect(await tasks.numbers({ tags: [tagKey('STRASSE')] })).toStrictEqual([1])
      expect((await readAll(ann)).toSorted(byKey)).toStrictEqual(items.toSorted(byKey))
      expect(await archive.add(items)).toBe(0)
      expect((await tasks.changes(null))?.changes.map(({ type }) => type)).toStrictEqual([
        'list',
        'upsert',
        'upsert',
        'upsert',
      ])
    })

    test('brings back a list that was deleted, and its tasks from the trash not at all', async () => {
      await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      const read = await readAll(ann)
      await tasks.removeList(1)
      const next = (await tasks.changes(null))?.next ?? null
      expect(await archive.add(read)).toBe(1)
      const [list] = await tasks.lists()
      expect(list).toMatchObject({ id: listId(1), open: 0, version: 1 })
      expect((await tasks.changes(next))?.changes).toMatchObject([{ type: 'list' }])
      expect(await tasks.trash()).toHaveLength(1)
    })

    test('puts tasks of missing lists into the inbox, and makes subtasks of missing parents tasks', async () => {
      const other = listNumber(2)
      const added = [
        taskNumber(1, { list_id: listId(1) }),
        taskNumber(2, { parent_id: idNumber(9) }),
        taskNumber(3, { list_id: other.id }),
        taskNumber(4, { list_id: other.id, parent_id: idNumber(2) }),
        taskNumber(5, { list_id: listId(1), parent_id: idNumber(1) }),
      ]
      const lists = [{ type: 'list', user_id: ann, ...other } as const]
      expect(await archive.add([...lists, ...owned(ann, added)])).toBe(6)
      const places = added.map(async ({ id }) => (await tasks.get(numberOf({ id }))) ?? {})
      const nowhere = { list_id: null, parent_id: null }
      expect(await Promise.all(places)).toMatchObject([
        nowhere,
        nowhere,
        { list_id: other.id, parent_id: null },
        { list_id: other.id, parent_id: null },
        { list_id: null, parent_id: idNumber(1) },
      ])
    })

    test('adds nothing of a call with a task that has an impossible schedule', async () => {
      const good = owned(ann, [taskNumber(1)])
      const wrong = owned(ann, [taskNumber(2, { time_zone: 'Europe/Berlin' })])
      const error = await archive.add([...good, ...wrong]).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'invalid',
        details: [`task ${idNumber(2)}: time_zone: needs a due with a time of day`],
      })
      expect(await readAll(ann)).toStrictEqual([])
    })

    test('reads every list and subtask once over several pages', async () => {
      const lists = Array.from({ length: 500 }, (_, n) => listNumber(n))
      const parents = numbers(40, 0)
      const subtasks = Array.from({ length: MANY }, (_, n) =>
        taskNumber(100 + n, { parent_id: idNumber(n % 40) }),
      )
      const items = [ann, bob].flatMap((owner) => [
        ...lists.map((list) => listItem(owner, list)),
        ...owned(owner, [...parents, ...subtasks]),
      ])
      expect(await archive.add(items)).toBe(items.length)
      expect((await readAll(null)).toSorted(byKey)).toStrictEqual(items.toSorted(byKey))
      expect(await readSection('lists', bob)).toStrictEqual(
        lists.map((list) => listItem(bob, list)),
      )
      expect(await readSection('subtasks', ann)).toStrictEqual(owned(ann, subtasks))
    })

    test('reproduces an owner from what was read', async () => {
      for (const n of [1, 2, 3, 4]) await tasks.create(n)
      await tasks.patch(2, { completed: true })
      await tasks.remove(3)
      await tasks.erase(4)
      await tasks.createList(1)
      await tasks.add(5, { list_id: listId(1), description: 'long', tags: ['home'] })
      await tasks.add(6, { parent_id: idNumber(5) })
      const stateOf = async (caller: Caller) => [
        (await caller.list({ sort: 'order' })).tasks,
        await caller.trash(),
        await caller.lists(),
      ]
      const read = await readAll(ann)
      const original = await stateOf(tasks)
      await archive.add(read.map((item) => ({ ...item, user_id: bob })))
      const copy = await stateOf(others)
      expect(copy).toStrictEqual(original)
    })

    test.each(TEXTS)('keeps the text unchanged: %s', async (_, text) => {
      await archive.add(owned(ann, [taskNumber(1, { text })]))
      expect((await tasks.get(1))?.text).toBe(text)
      expect(await archive.read('tasks', null, null)).toMatchObject([{ text }])
    })

    test('reads every task once over several pages', async () => {
      const names = ['Ann', 'ann', 'ann ', 'bob', 'é', '😀'.repeat(255)]
      const added = names.flatMap((name, n) =>
        owned(ownerNamed(name), numbers(name === 'ann' ? MANY : n, MANY)),
      )
      expect(await archive.add(added.toReversed())).toBe(added.length)
      const read = await readAll(null)
      expect(new Set(read.map(({ user_id }) => user_id)).size).toBe(5)
      expect(read.toSorted(byKey)).toStrictEqual(added.toSorted(byKey))
      for (const name of names)
        expect(read.filter(({ user_id }) => user_id === name)).toStrictEqual(
          added.filter(({ user_id }) => user_id === name),
        )
    })

    test('reads only the tasks of one owner', async () => {
      const ofAnn = owned(ann, numbers(MANY, 0))
      await archive.add([...ofAnn, ...owned(bob, numbers(MANY, 0))])
      expect(await readAll(ann)).toStrictEqual(ofAnn)
      const at = { user_id: bob, id: idNumber(MANY - 2) }
      expect(await archive.read('tasks', ann, at)).toHaveLength(1)
      expect(await readAll(ownerNamed('cyd'))).toStrictEqual([])
    })

    test('skips tasks that exist, changed or in the trash', async () => {
      const added = owned(ann, numbers(4, 0))
      await archive.add(added.slice(0, 3))
      const changed = await tasks.patch(0, { text: 'changed' })
      await tasks.remove(1)
      const trash = await tasks.trash()
      expect(await archive.add(added)).toBe(1)
      const revision = await tasks.revision()
      expect(await archive.add(added)).toBe(0)
      expect(await tasks.revision()).toBe(revision)
      expect(await tasks.get(0)).toStrictEqual(changed)
      expect(await tasks.trash()).toStrictEqual(trash)
      expect(await tasks.list()).toMatchObject({ count: 3 })
    })

    test('adds one id once per owner', async () => {
      const task = taskNumber(1)
      const twice = [...owned(ann, [task]), ...owned(ann, [task]), ...owned(bob, [task])]
      expect(await archive.add(twice)).toBe(2)
      expect(await others.get(1)).toStrictEqual(task)
      expect(await tasks.list()).toMatchObject({ tasks: [task], count: 1 })
    })

    test('adds nothing when a call fails', async () => {
      await tasks.create(7)
      const earlier = [await tasks.list(), await tasks.changes(null)]
      const added = owned(ann, numbers(3, 0))
      const invalid = Object.assign({}, added[1], { id: idNumber(9), text: null })
      const failed = await archive.add([...added, invalid]).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(Error)
      expect([await tasks.list(), await tasks.changes(null)]).toStrictEqual(earlier)
    })

    test('adds each task once when calls race', async () => {
      const added = owned(ann, numbers(100, 0))
      const counts = await Promise.all(Array.from({ length: 10 }, () => archive.add(added)))
      expect(counts.reduce((sum, count) => sum + count)).toBe(100)
      expect((await tasks.list()).tasks).toHaveLength(100)
      expect((await tasks.list()).count).toBe(100)
    })
  })
}

function listItem(owner: Owner, list: List): ArchivedList {
  return { type: 'list', user_id: owner, ...list }
}

function numbers(count: number, from: number): Task[] {
  return Array.from({ length: count }, (_, n) => taskNumber(from + n))
}

function byKey(a: ArchivedKey, b: ArchivedKey): number {
  const [left, right] = [a, b].map(({ user_id, id }) => `${user_id}\0${id}`)
  return `${left}` < `${right}` ? -1 : 1
}
