import { beforeEach, describe, expect, test } from 'bun:test'
import { ArchivedList, ArchivedTask } from '../../../core/archive.ts'
import type { List } from '../../../core/list.ts'
import type { Owner } from '../../../core/owner.ts'
import type { TaskArchive } from '../../../core/ports.ts'
import { tagKey } from '../../../core/task.ts'
import { byKey, MANY, numbers, readAll, readSection } from './archive-items.ts'
import { type Caller, createCaller } from './caller.ts'
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
  type StoreUnderTest,
  second,
  taskNumber,
} from './store.ts'

/** How every `TaskArchive` handles lists and subtasks. */
export function describeArchivedLists(store: StoreUnderTest<DurableStore>): void {
  describe(`TaskArchive with lists on ${store.name}`, () => {
    const opened = openForEach(store)
    let archive: TaskArchive
    let tasks: Caller

    beforeEach(() => {
      archive = opened().archive
      tasks = createCaller(opened().repository, ann)
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
      expect(JSON.stringify(await readSection(archive, 'lists', ann))).toBe(JSON.stringify([list]))
      expect(JSON.stringify(await readSection(archive, 'tasks', ann))).toBe(JSON.stringify(parents))
      expect(JSON.stringify(await readSection(archive, 'subtasks', ann))).toBe(
        JSON.stringify(subtasks),
      )
      for (const item of await readAll(archive, null)) {
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
      expect((await readAll(archive, ann)).toSorted(byKey)).toStrictEqual(items.toSorted(byKey))
      expect(await archive.add(items)).toBe(0)
      expect((await tasks.changes(null))?.changes.map(({ type }) => type)).toStrictEqual([
        'list',
        'upsert',
        'upsert',
        'upsert',
      ])
    })

    test('restores a deleted list, but leaves its tasks in the trash', async () => {
      await tasks.createList(1)
      await tasks.add(1, { list_id: listId(1) })
      const read = await readAll(archive, ann)
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
      expect((await readAll(archive, null)).toSorted(byKey)).toStrictEqual(items.toSorted(byKey))
      expect(await readSection(archive, 'lists', bob)).toStrictEqual(
        lists.map((list) => listItem(bob, list)),
      )
      expect(await readSection(archive, 'subtasks', ann)).toStrictEqual(owned(ann, subtasks))
    })
  })
}

function listItem(owner: Owner, list: List): ArchivedList {
  return { type: 'list', user_id: owner, ...list }
}
