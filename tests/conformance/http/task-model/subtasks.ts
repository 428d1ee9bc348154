import { describe, expect, test } from 'bun:test'
import { type Client, UNKNOWN } from '../client.ts'
import { createUser, type User } from './user.ts'

const NO_PARENT = 'parent_id: must be the id of one of your tasks'
const HAS_PARENT = 'parent_id: must be the id of a task that has no parent itself'
const HAS_SUBTASKS = 'parent_id: must be null for a task that has subtasks'
const ITSELF = 'parent_id: must be the id of another task'
const OTHER_LIST = 'parent_id: must be the id of a task in the same list'
const NOT_ALONE =
  'list_id: must be the list of the parent; to move a subtask, move its parent, or set parent_id to null too'
const FULL = 'parent_id: must be the id of a task with fewer than 100 subtasks'

/** A user with two lists, and a parent with a subtask in the first. */
async function openFamily(client: Client) {
  const user = await createUser(client)
  const [list, other] = [await user.createList('a'), await user.createList('b')]
  const parent = await user.create({ text: 'parent', list_id: list.id })
  const subtask = await user.create({ text: 'subtask', parent_id: parent.id })
  return { user, list, other, parent, subtask }
}

/** Tasks with a parent. */
export function describeSubtasks(client: Client): void {
  async function refuses(user: User, id: string, change: object, problem: string) {
    const before = await user.get(id)
    const whole = { text: before.text, completed: before.completed, ...change }
    expect(await user.problems('PATCH', `/tasks/${id}`, change)).toStrictEqual([problem])
    expect(await user.problems('PUT', `/tasks/${id}`, whole)).toStrictEqual([problem])
    const [result] = await user.batch([{ op: 'patch', id, body: change }])
    expect(result?.error?.details).toStrictEqual([problem])
    expect(await user.get(id)).toStrictEqual(before)
  }

  describe('a subtask', () => {
    test('is created in the list of its parent', async () => {
      const { user, list, parent, subtask } = await openFamily(client)
      expect(subtask).toMatchObject({ list_id: list.id, parent_id: parent.id })
      const both = { parent_id: parent.id.toUpperCase(), list_id: list.id.toUpperCase() }
      expect(await user.create(both)).toMatchObject({ list_id: list.id, parent_id: parent.id })
      const nulls = { parent_id: parent.id, list_id: null }
      expect(await user.create(nulls)).toMatchObject({ list_id: list.id })
      expect((await user.get(parent.id)).version).toBe(1)
    })

    test('is refused by POST with a parent that cannot have it', async () => {
      const { user, other, parent, subtask } = await openFamily(client)
      const trashed = await user.create()
      await user.remove(trashed.id)
      const list = await user.createList()
      for (const [parent_id, problem] of [
        [UNKNOWN, NO_PARENT],
        [trashed.id, NO_PARENT],
        [list.id, NO_PARENT],
        [subtask.id, HAS_PARENT],
      ])
        expect(await user.problems('POST', '/tasks', { text: 'x', parent_id })).toStrictEqual([
          `${problem}`,
        ])
      const body = { text: 'x', parent_id: parent.id, list_id: other.id }
      expect(await user.problems('POST', '/tasks', body)).toStrictEqual([
        'list_id: must be the list of the parent, or absent',
      ])
      expect((await user.tasks()).count).toBe(2)
    })

    test('is made from a task in the same list, and made a task of its own', async () => {
      const { user, list, parent } = await openFamily(client)
      const { id } = await user.create({ list_id: list.id })
      const moved = await user.patch(id, { parent_id: parent.id })
      expect(moved).toMatchObject({ parent_id: parent.id, list_id: list.id, version: 2 })
      expect(await user.patch(id, { parent_id: parent.id, list_id: list.id })).toStrictEqual(moved)
      const own = await user.put(id, { text: 'x', completed: false, parent_id: null })
      expect(own).toMatchObject({ parent_id: null, list_id: list.id, version: 3 })
    })

    test('and its list are judged together', async () => {
      const { user, list, other, parent, subtask } = await openFamily(client)
      const elsewhere = await user.create({ list_id: other.id })
      const inbox = await user.create()
      // To a parent in another list, to another list alone, and to the inbox.
      await refuses(user, subtask.id, { parent_id: elsewhere.id }, OTHER_LIST)
      await refuses(user, inbox.id, { parent_id: parent.id }, OTHER_LIST)
      await refuses(user, subtask.id, { list_id: other.id }, NOT_ALONE)
      await refuses(user, subtask.id, { list_id: null }, NOT_ALONE)
      await refuses(
        user,
        subtask.id,
        { parent_id: elsewhere.id, list_id: null },
        'list_id: must be the list of the parent',
      )
      expect(await user.patch(subtask.id, { list_id: list.id })).toStrictEqual(subtask)
      const both = { parent_id: elsewhere.id, list_id: other.id }
      expect(await user.patch(subtask.id, both)).toMatchObject({ ...both, version: 2 })
      const out = { parent_id: null, list_id: list.id }
      expect(await user.patch(subtask.id, out)).toMatchObject({ ...out, version: 3 })
      expect(await user.patch(inbox.id, { parent_id: parent.id, list_id: list.id })).toMatchObject({
        parent_id: parent.id,
      })
    })

    test('cannot have subtasks, and a task with subtasks cannot become one', async () => {
      const { user, list, parent, subtask } = await openFamily(client)
      const task = await user.create({ list_id: list.id })
      await refuses(user, task.id, { parent_id: subtask.id }, HAS_PARENT)
      await refuses(user, parent.id, { parent_id: task.id }, HAS_SUBTASKS)
      await refuses(user, task.id, { parent_id: task.id }, ITSELF)
      await refuses(user, task.id, { parent_id: task.id, list_id: null }, ITSELF)
      await refuses(user, subtask.id, { parent_id: subtask.id }, ITSELF)
      await refuses(user, task.id, { parent_id: UNKNOWN }, NO_PARENT)
      await user.remove(subtask.id)
      // A subtask in the trash does not count.
      expect(await user.patch(parent.id, { parent_id: task.id })).toMatchObject({
        parent_id: task.id,
      })
    })

    test('is one of up to 100', async () => {
      const user = await createUser(client)
      const { id: parent_id } = await user.create()
      const create = { op: 'create', body: { text: 'x', parent_id } }
      const made = await user.batch(Array(100).fill(create), true)
      expect(await user.problems('POST', '/tasks', { text: 'x', parent_id })).toStrictEqual([FULL])
      const other = await user.create()
      await refuses(user, other.id, { parent_id }, FULL)
      const id = `${made[0]?.task?.id}`
      await user.remove(id)
      await user.create({ parent_id })
      expect(await user.restore(id)).toMatchObject({ parent_id: null, list_id: null })
    })
  })

  describe('a parent', () => {
    test('takes its subtasks along to another list', async () => {
      const { user, other, parent, subtask } = await openFamily(client)
      const trashed = await user.create({ parent_id: parent.id })
      await user.remove(trashed.id)
      const { cursor } = await user.changes()
      await user.patch(parent.id, { list_id: other.id })
      expect(await user.get(subtask.id)).toMatchObject({
        list_id: other.id,
        parent_id: parent.id,
        version: 2,
      })
      expect((await user.changes(`?cursor=${cursor}`)).changes).toHaveLength(2)
      expect(await user.restore(trashed.id)).toMatchObject({
        list_id: other.id,
        parent_id: parent.id,
      })
    })

    test('takes its subtasks along to the trash and out of it, but not those deleted before', async () => {
      const { user, parent, subtask } = await openFamily(client)
      const earlier = await user.create({ text: 'earlier', parent_id: parent.id })
      // In one batch, so that both deletions have the same time.
      await user.batch([
        { op: 'delete', id: earlier.id },
        { op: 'delete', id: parent.id },
      ])
      expect((await user.tasks()).count).toBe(0)
      expect((await user.tasks('?deleted=only')).count).toBe(3)
      await user.restore(parent.id)
      expect((await user.texts('?sort=created_at')).toSorted()).toStrictEqual(['parent', 'subtask'])
      expect(await user.get(subtask.id)).toMatchObject({ parent_id: parent.id })
      expect(await user.texts('?deleted=only')).toStrictEqual(['earlier'])
      expect(await user.restore(earlier.id)).toMatchObject({ parent_id: parent.id })
    })

    test('leaves a subtask that was restored alone out of a second deletion', async () => {
      const { user, parent, subtask } = await openFamily(client)
      await user.remove(parent.id)
      const own = await user.restore(subtask.id)
      expect(own).toMatchObject({ parent_id: null, list_id: parent.list_id })
      await user.restore(parent.id)
      await user.remove(parent.id)
      expect(await user.get(subtask.id)).toStrictEqual(own)
    })

    test.each(['live', 'trashed'])(
      'erases its subtasks with permanent=true when %s',
      async (state) => {
        const { user, parent, subtask } = await openFamily(client)
        if (state === 'trashed') await user.remove(parent.id)
        await user.remove(parent.id, '?permanent=true')
        expect((await user.tasks('?deleted=only')).count).toBe(0)
        for (const { id } of [parent, subtask])
          expect((await user.ask('POST', `/tasks/${id}/restore`)).status).toBe(404)
      },
    )

    test('keeps a subtask that was deleted before in the trash when it is erased', async () => {
      const { user, list, parent, subtask } = await openFamily(client)
      await user.remove(subtask.id)
      await user.remove(parent.id, '?permanent=true')
      expect(await user.restore(subtask.id)).toMatchObject({ parent_id: null, list_id: list.id })
    })

    test('gets a restored subtask back only if it has no parent', async () => {
      const { user, list, other, parent, subtask } = await openFamily(client)
      await user.remove(subtask.id)
      await user.patch(parent.id, { list_id: other.id })
      expect(await user.restore(subtask.id)).toMatchObject({
        parent_id: parent.id,
        list_id: other.id,
      })
      await user.remove(subtask.id)
      const above = await user.create({ list_id: other.id })
      await user.patch(parent.id, { parent_id: above.id })
      const restored = await user.restore(subtask.id)
      expect(restored.parent_id).toBeNull()
      expect([list.id, other.id]).toContain(`${restored.list_id}`)
    })

    test('leaves its subtasks as they are when it is completed and opened', async () => {
      const { user, parent, subtask } = await openFamily(client)
      await user.patch(parent.id, { completed: true })
      await user.patch(parent.id, { completed: false })
      expect(await user.get(subtask.id)).toStrictEqual(subtask)
      await user.patch(subtask.id, { completed: true })
      expect((await user.get(parent.id)).completed).toBe(false)
    })

    test('stays when completed tasks are cleared, while it has open subtasks', async () => {
      const { user, parent, subtask } = await openFamily(client)
      const done = await user.create({ text: 'done', parent_id: parent.id })
      for (const { id } of [parent, done]) await user.patch(id, { completed: true })
      const clear = async () => (await user.ask('POST', '/tasks/clear-completed')).json()
      expect(await clear()).toStrictEqual(Object({ count: 1, has_more: false }))
      expect((await user.texts()).toSorted()).toStrictEqual(['parent', 'subtask'])
      await user.patch(subtask.id, { completed: true })
      expect(await clear()).toStrictEqual(Object({ count: 2, has_more: false }))
      await user.restore(parent.id)
      expect((await user.texts()).toSorted()).toStrictEqual(['parent', 'subtask'])
    })
  })
}
