import { describe, expect, test } from 'bun:test'
import { readEvents } from '../../../support/event-stream.ts'
import type { Client } from '../client.ts'
import { createUser, LIST_MEMBERS, readOneList } from './user.ts'

interface Change {
  readonly type: string
  readonly id?: string
  readonly list?: { readonly name: string }
  readonly task?: { readonly text: string }
}

/** What a change is about, in short. */
const brief = ({ type, id, list, task }: Change) => `${type} ${list?.name ?? task?.text ?? id}`

/** The feed's changes of lists. */
export function describeModelFeed(client: Client): void {
  const newUser = () => createUser(client)

  describe('the feed', () => {
    test('begins with all lists, then all tasks', async () => {
      const user = await newUser()
      const task = await user.create({ text: 'first' })
      const [a, b] = [await user.createList('a'), await user.createList('b')]
      const gone = await user.createList('gone')
      await user.removeList(gone.id)
      await user.patch(task.id, { list_id: a.id })
      const { changes, hasMore } = await user.changes()
      expect(changes).toStrictEqual([
        { type: 'list', list: await user.getList(a.id) },
        { type: 'list', list: b },
        { type: 'upsert', task: await user.get(task.id) },
      ])
      expect(Object.keys(changes[0].list)).toStrictEqual(LIST_MEMBERS)
      expect(hasMore).toBe(false)
    })

    test.each([1, 2, 3])('has every list and task once in pages of %d', async (limit) => {
      const user = await newUser()
      for (const name of ['a', 'b', 'c']) {
        const list = await user.createList(name)
        await user.create({ text: `in ${name}`, list_id: list.id })
      }
      const found: string[] = []
      let query = `?limit=${limit}`
      for (;;) {
        const { changes, cursor, hasMore } = await user.changes(query)
        found.push(...changes.map(brief))
        query = `?limit=${limit}&cursor=${cursor}`
        if (!hasMore) break
      }
      expect(found).toStrictEqual([
        'list a',
        'list b',
        'list c',
        'upsert in a',
        'upsert in b',
        'upsert in c',
      ])
      // A snapshot is up to date with what changed while it was read.
      expect((await user.changes(query)).changes).toStrictEqual([])
    })

    test('has each change of a list', async () => {
      const user = await newUser()
      let { cursor } = await user.changes()
      async function news(): Promise<Change[]> {
        const page = await user.changes(`?cursor=${cursor}`)
        cursor = page.cursor
        return page.changes
      }
      const list = await user.createList('a')
      expect(await news()).toStrictEqual([{ type: 'list', list }])
      const renamed = await user.patchList(list.id, { name: 'b' })
      expect(await news()).toStrictEqual([{ type: 'list', list: renamed }])
      await user.patchList(list.id, { name: 'b' })
      expect(await news()).toStrictEqual([])
      await user.createList('c')
      const moved = await user.moveList(list.id, { to: 'bottom' })
      expect((await news()).map(brief)).toStrictEqual(['list c', 'list b'])
      expect(moved.version).toBe(3)
      const task = await user.create({ list_id: list.id })
      // A task in it does not change a list.
      expect((await news()).map(brief)).toStrictEqual(['upsert x'])
      await user.removeList(list.id)
      const changes = await news()
      expect(changes).toStrictEqual([
        Object({ type: 'list_deleted', id: list.id, deleted_at: expect.any(String) }),
        Object({ type: 'delete', id: task.id, deleted_at: expect.any(String) }),
      ])
      expect(changes.map((change) => Object.keys(change).join())).toStrictEqual(
        Array(2).fill('type,id,deleted_at'),
      )
    })

    test('has lists before the tasks that were made with them, in pages of any size', async () => {
      const user = await newUser()
      const start = await user.changes()
      await user.batch(
        [
          { op: 'create', body: { text: 'first' } },
          { op: 'create_list', body: { name: 'a' } },
          { op: 'create_list', body: { name: 'b' } },
          { op: 'create', body: { text: 'second', list_id: '$1' } },
        ],
        true,
      )
      for (const limit of [1, 2, 3, 4]) {
        const found: string[] = []
        let page = { ...start, hasMore: true }
        while (page.hasMore) {
          page = await user.changes(`?cursor=${page.cursor}&limit=${limit}`)
          found.push(...page.changes.map(brief))
        }
        expect(found).toStrictEqual(['list a', 'list b', 'upsert first', 'upsert second'])
      }
    })

    test('has changes of lists and of tasks in the order in which they were made', async () => {
      const user = await newUser()
      const { cursor } = await user.changes()
      await user.create({ text: 'first' })
      const { id } = await user.createList('a')
      await user.create({ text: 'second' })
      await user.removeList((await user.createList('b')).id)
      await user.create({ text: 'third' })
      const { changes } = await user.changes(`?cursor=${cursor}`)
      expect(changes.map(brief)).toStrictEqual([
        'upsert first',
        'list a',
        'upsert second',
        expect.stringMatching(/^list_deleted /),
        'upsert third',
      ])
      expect(changes[1].list.id).toBe(id)
    })

    test('has the subtasks that moved with their parent', async () => {
      const user = await newUser()
      const list = await user.createList('a')
      const parent = await user.create({ text: 'parent' })
      await user.create({ text: 'subtask', parent_id: parent.id })
      const { cursor } = await user.changes()
      await user.patch(parent.id, { list_id: list.id })
      const { changes } = await user.changes(`?cursor=${cursor}`)
      expect(changes.map(brief)).toStrictEqual(['upsert parent', 'upsert subtask'])
      for (const { task } of changes) expect(task.list_id).toBe(list.id)
    })

    test('answers a long poll when a list changes', async () => {
      const user = await newUser()
      const { cursor } = await user.changes()
      const waiting = user.changes(`?cursor=${cursor}&wait=25`)
      const list = await user.createList('a')
      expect((await waiting).changes).toStrictEqual([{ type: 'list', list }])
    })

    test('names the events of a stream by their types', async () => {
      const user = await newUser()
      const list = await user.createList('a')
      const task = await user.create({ list_id: list.id })
      await using events = readEvents(await user.ask('GET', '/tasks/events'))
      const snapshot = await events.until(({ name }) => name === 'synced')
      expect(snapshot.map(({ name, data }) => [name, data])).toStrictEqual([
        ['list', { type: 'list', list }],
        ['upsert', { type: 'upsert', task }],
        ['synced', { snapshot: true }],
      ])
      await user.removeList(list.id)
      const news = await events.until(({ name }) => name === 'delete')
      const deleted_at = expect.any(String)
      expect(news.filter(({ name }) => name !== 'synced')).toMatchObject([
        { name: 'list_deleted', data: { type: 'list_deleted', id: list.id, deleted_at } },
        { name: 'delete', data: { type: 'delete', id: task.id, deleted_at } },
      ])
      const response = await user.ask('POST', '/lists', { name: 'b' })
      const [event] = await events.until(({ name }) => name === 'list')
      expect(event?.data ?? null).not.toBeNull()
      expect((await readOneList(response)).name).toBe('b')
    })
  })
}
