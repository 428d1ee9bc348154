import { describe, expect, test } from 'bun:test'
import type { Client } from '../client.ts'
import { createUser, type User } from './user.ts'

const DUE = '2901-01-03'
const RULE = 'FREQ=DAILY;COUNT=5'

/** What a user may do between completing a task and opening it again. */
interface Situation {
  readonly user: User
  readonly task: string
  readonly successor: string
  readonly copy: string
}

const TOUCHED: Record<string, (between: Situation) => Promise<unknown>> = {
  'the successor was changed': ({ user, successor }) => user.patch(successor, { text: 'y' }),
  'the successor was changed back': async ({ user, successor }) => {
    await user.patch(successor, { text: 'y' })
    await user.patch(successor, { text: 'x' })
  },
  'the successor was moved': ({ user, successor }) => user.move(successor, { to: 'top' }),
  'the successor was completed': ({ user, successor }) =>
    user.patch(successor, { completed: true }),
  'the successor is in the trash': ({ user, successor }) => user.remove(successor),
  'the successor was restored': async ({ user, successor }) => {
    await user.remove(successor)
    await user.restore(successor)
  },
  'the successor was erased': ({ user, successor }) => user.remove(successor, '?permanent=true'),
  'a copy was changed': ({ user, copy }) => user.patch(copy, { completed: true }),
  'a copy is in the trash': ({ user, copy }) => user.remove(copy),
  'a copy became a task of its own': ({ user, copy }) => user.patch(copy, { parent_id: null }),
  'the successor has another subtask': ({ user, successor }) =>
    user.create({ parent_id: successor }),
  'a copy made room for another subtask': async ({ user, successor, copy }) => {
    await user.patch(copy, { parent_id: null })
    await user.create({ parent_id: successor })
  },
  'the due of the task was cleared': ({ user, task }) => user.patch(task, { due: null }),
  'the due of the task was cleared and set': async ({ user, task }) => {
    await user.patch(task, { due: null })
    await user.patch(task, { due: DUE })
  },
  'the recurrence of the task was set': ({ user, task }) =>
    user.patch(task, { recurrence: { rule: 'FREQ=WEEKLY' } }),
  'the recurrence of the task was set and cleared': async ({ user, task }) => {
    await user.patch(task, { recurrence: { rule: 'FREQ=WEEKLY' } })
    await user.patch(task, { recurrence: null })
  },
}

const UNTOUCHED: Record<string, (between: Situation) => Promise<unknown>> = {
  nothing: async () => {},
  'the task': ({ user, task }) => user.patch(task, { description: 'd' }),
  'another task': ({ user }) => user.create(),
  'the successor, without an effect': ({ user, successor }) => user.patch(successor, { text: 'x' }),
}

/** Opening a recurring task again. */
export function describeUndo(client: Client): void {
  /** A recurring task with a subtask, completed. */
  async function complete(): Promise<Situation & { readonly before: object }> {
    const user = await createUser(client)
    const recurrence = { rule: RULE, from: 'due' }
    const before = await user.create({ due: DUE, recurrence, tags: ['a'] })
    await user.create({ text: 'subtask', parent_id: before.id })
    const { successor_id } = await user.patch(before.id, { completed: true })
    const successor = `${successor_id}`
    const [copy] = (await user.tasks(`?parent=${successor}`)).tasks
    return { user, before, task: before.id, successor, copy: `${copy?.id}` }
  }

  describe('opening a recurring task again', () => {
    test.each(['PATCH', 'PUT', 'a batch'])('by %s takes its successor back', async (by) => {
      const { user, before, task, successor, copy } = await complete()
      const { cursor } = await user.changes()
      if (by === 'PATCH') await user.patch(task, { completed: false })
      if (by === 'PUT') await user.put(task, { text: 'x', completed: false })
      if (by === 'a batch')
        await user.batch([{ op: 'patch', id: task, body: { completed: false } }], true)
      const after = await user.get(task)
      expect(after).toStrictEqual(Object({ ...before, version: 3, updated_at: after.updated_at }))
      expect((await user.tasks()).count).toBe(2)
      expect((await user.tasks('?deleted=only')).count).toBe(0)
      for (const id of [successor, copy])
        expect((await user.ask('POST', `/tasks/${id}/restore`)).status).toBe(404)
      const { changes } = await user.changes(`?cursor=${cursor}`)
      const deletion = { type: 'delete', deleted_at: expect.any(String) }
      expect(changes).toHaveLength(3)
      expect(changes).toContainEqual({ type: 'upsert', task: after })
      for (const id of [successor, copy]) expect(changes).toContainEqual({ ...deletion, id })
    })

    test.each(Object.keys(UNTOUCHED))(
      'takes its successor back after a change of %s',
      async (what) => {
        const between = await complete()
        const { user, task, successor } = between
        await UNTOUCHED[what]?.(between)
        expect(await user.patch(task, { completed: false })).toMatchObject({
          recurrence: { rule: RULE, from: 'due' },
          successor_id: null,
          completed_at: null,
        })
        expect((await user.ask('GET', `/tasks/${successor}`)).status).toBe(404)
      },
    )

    test.each(Object.keys(TOUCHED))('leaves both as they are when %s', async (what) => {
      const between = await complete()
      const { user, task, successor } = between
      await TOUCHED[what]?.(between)
      const before = await user.tasks('?sort=created_at')
      const trash = await user.tasks('?deleted=only')
      const own = await user.get(task)
      const after = await user.patch(task, { completed: false })
      expect(after).toStrictEqual({
        ...own,
        completed: false,
        completed_at: null,
        version: own.version + 1,
        updated_at: after.updated_at,
      })
      expect(after.successor_id).toBe(successor)
      const others = ({ tasks }: typeof before) => tasks.filter(({ id }) => id !== task)
      expect(others(await user.tasks('?sort=created_at'))).toStrictEqual(others(before))
      expect(await user.tasks('?deleted=only')).toStrictEqual(trash)
    })

    test('makes the same successor again when it is completed again', async () => {
      const { user, task, successor } = await complete()
      const first = await user.get(successor)
      await user.patch(task, { completed: false })
      const { successor_id } = await user.patch(task, { completed: true })
      expect(successor_id).not.toBe(successor)
      const second = await user.get(`${successor_id}`)
      expect(second).toStrictEqual({
        ...first,
        id: second.id,
        created_at: second.created_at,
        updated_at: second.created_at,
      })
      expect((await user.tasks()).count).toBe(4)
    })

    test('adds no second successor when the first one stayed', async () => {
      const { user, task, successor } = await complete()
      await user.patch(successor, { text: 'y' })
      for (const completed of [false, true, false, true]) await user.patch(task, { completed })
      expect(await user.get(task)).toMatchObject({ successor_id: successor, recurrence: null })
      expect((await user.tasks()).count).toBe(4)
    })

    test('gives the recurrence back after the last date', async () => {
      const user = await createUser(client)
      const recurrence = { rule: 'FREQ=DAILY;COUNT=1', from: 'due' }
      const before = await user.create({ due: DUE, recurrence })
      const done = await user.patch(before.id, { completed: true })
      expect(done).toMatchObject({ recurrence: null, successor_id: null })
      const after = await user.patch(before.id, { completed: false })
      expect(after).toStrictEqual({ ...before, version: 3, updated_at: after.updated_at })
    })

    test('leaves both as they are when the rule does not fit the due any more', async () => {
      const user = await createUser(client)
      const recurrence = { rule: 'FREQ=DAILY;UNTIL=29020101T093000' }
      const { id } = await user.create({ due: `${DUE}T09:30`, recurrence })
      const { successor_id } = await user.patch(id, { completed: true })
      await user.patch(id, { due: DUE })
      const after = await user.patch(id, { completed: false })
      expect(after).toMatchObject({ due: DUE, recurrence: null, successor_id })
      expect(await user.get(`${successor_id}`)).toMatchObject({ completed: false })
    })

    test('keeps a due that was changed meanwhile', async () => {
      const { user, task } = await complete()
      await user.patch(task, { due: '2901-05-05' })
      expect(await user.patch(task, { completed: false })).toMatchObject({
        due: '2901-05-05',
        recurrence: { rule: RULE, from: 'due' },
        successor_id: null,
      })
      expect((await user.tasks()).count).toBe(2)
    })

    test('works on a chain of tasks from its end', async () => {
      const user = await createUser(client)
      const recurrence = { rule: 'FREQ=DAILY' }
      const { id: first } = await user.create({ due: DUE, recurrence })
      const second = `${(await user.patch(first, { completed: true })).successor_id}`
      const third = `${(await user.patch(second, { completed: true })).successor_id}`
      expect((await user.get(third)).due).toBe('2901-01-05')
      expect(await user.patch(first, { completed: false })).toMatchObject({
        recurrence: null,
        successor_id: second,
      })
      expect(await user.patch(second, { completed: false })).toMatchObject({ successor_id: null })
      expect((await user.tasks()).count).toBe(2)
    })

    test('of 20 racing clients happens once', async () => {
      const { user, before, task } = await complete()
      const racing = Array.from({ length: 20 }, () => user.patch(task, { completed: false }))
      for (const after of await Promise.all(racing))
        expect(after).toStrictEqual(Object({ ...before, version: 3, updated_at: after.updated_at }))
      expect((await user.tasks()).count).toBe(2)
    })

    test('does not show what it is remembered by', async () => {
      const { user, task } = await complete()
      const text = await (await user.ask('GET', `/tasks/${task}`)).text()
      for (const hidden of ['undo', 'copies', RULE]) expect(text).not.toContain(hidden)
    })
  })
}
