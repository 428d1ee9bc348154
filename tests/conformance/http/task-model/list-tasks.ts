import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { UNKNOWN } from '../client.ts'
import { createUser } from './user.ts'

const NO_LIST = 'list_id: must be the id of one of your lists'

/** Tasks in lists, and what deleting a list does to them. */
export function describeListTasks(client: Client): void {
  const newUser = () => createUser(client)

  describe('tasks in lists', () => {
    test('are created in a list, move to another one, and to the inbox', async () => {
      const user = await newUser()
      const [a, b] = [await user.createList('a'), await user.createList('b')]
      const task = await user.create({ list_id: a.id.toUpperCase() })
      expect(task.list_id).toBe(a.id)
      const moved = await user.patch(task.id, { list_id: b.id })
      expect(moved).toMatchObject({ list_id: b.id, version: 2 })
      expect(await user.patch(task.id, { list_id: b.id.toUpperCase() })).toStrictEqual(moved)
      const put = await user.put(task.id, { text: 'x', completed: false, list_id: null })
      expect(put).toMatchObject({ list_id: null, version: 3 })
      expect((await user.getList(a.id)).version).toBe(1)
    })

    test('need a list that exists', async () => {
      const user = await newUser()
      const deleted = await user.createList()
      await user.removeList(deleted.id)
      const task = await user.create()
      for (const list_id of [UNKNOWN, deleted.id, task.id]) {
        const whole = { text: 'x', completed: false, list_id }
        expect(await user.problems('POST', '/tasks', whole)).toStrictEqual([NO_LIST])
        for (const [method, body] of [
          ['PATCH', { list_id }],
          ['PUT', whole],
        ] as const)
          expect(await user.problems(method, `/tasks/${task.id}`, body)).toStrictEqual([NO_LIST])
        const results = await user.batch([
          { op: 'create', body: whole },
          { op: 'patch', id: task.id, body: { list_id } },
          { op: 'create', body: { text: 'y' } },
        ])
        expect(results.map(({ status }) => status)).toStrictEqual([422, 422, 201])
        expect(results[0]?.error?.details).toStrictEqual([NO_LIST])
      }
      expect(await user.get(task.id)).toStrictEqual(task)
    })
  })

  describe('deleting a list', () => {
    test('moves its tasks to the trash in the same write', async () => {
      const user = await newUser()
      const [list, other] = [await user.createList('a'), await user.createList('b')]
      const parent = await user.create({ text: 'parent', list_id: list.id })
      const subtask = await user.create({ text: 'subtask', parent_id: parent.id })
      const done = await user.create({ text: 'done', list_id: list.id })
      await user.patch(done.id, { completed: true })
      const kept = await user.create({ text: 'kept', list_id: other.id })
      const { cursor } = await user.changes()
      await user.removeList(list.id)
      expect((await user.tasks()).tasks).toStrictEqual([kept])
      for (const { id } of [parent, subtask, done])
        expect((await user.ask('GET', `/tasks/${id}`)).status).toBe(404)
      expect((await user.lists()).lists.map(({ name }) => name)).toStrictEqual(['b'])
      const trash = await user.texts('?deleted=only&sort=created_at')
      expect(trash).toStrictEqual(['parent', 'subtask', 'done'])
      const { changes } = await user.changes(`?cursor=${cursor}`)
      expect(changes.map(({ type }: { type: string }) => type)).toStrictEqual([
        'list_deleted',
        'delete',
        'delete',
        'delete',
      ])
    })

    test('restored tasks come back into the inbox, with their subtasks', async () => {
      const user = await newUser()
      const list = await user.createList()
      const parent = await user.create({ list_id: list.id })
      const subtask = await user.create({ parent_id: parent.id })
      const single = await user.create({ list_id: list.id })
      const earlier = await user.create({ list_id: list.id })
      await user.remove(earlier.id)
      await user.removeList(list.id)
      expect(await user.restore(single.id)).toMatchObject({ list_id: null, parent_id: null })
      expect(await user.restore(earlier.id)).toMatchObject({ list_id: null })
      expect(await user.restore(parent.id)).toMatchObject({ list_id: null })
      expect(await user.get(subtask.id)).toMatchObject({ list_id: null, parent_id: parent.id })
    })

    test('restores a task into its list while that exists', async () => {
      const user = await newUser()
      const { id: list_id } = await user.createList()
      const { id } = await user.create({ list_id })
      await user.remove(id)
      expect(await user.restore(id)).toMatchObject({ list_id })
    })

    test('erases its name from every response, and its id is not used again', async () => {
      const user = await newUser()
      const { id } = await user.createList('secret name')
      const { cursor } = await user.changes()
      await user.removeList(id)
      for (const path of ['/lists', '/tasks/changes', `/tasks/changes?cursor=${cursor}`])
        expect(await (await user.ask('GET', path)).text()).not.toContain('secret name')
      expect((await user.createList('secret name')).id).not.toBe(id)
    })
  })
}
