import { describe, expect, test } from 'bun:test'
import { readError, readTask } from '../../../http/answers.ts'
import { type Client, TASK_MEMBERS, UNKNOWN } from '../client.ts'
import { createUser, TEXT } from './user.ts'

const DEFAULTS = {
  description: null,
  due: null,
  time_zone: null,
  priority: 'none',
  tags: [],
  list_id: null,
  parent_id: null,
  recurrence: null,
  successor_id: null,
}

/** Values other than the defaults, apart from places. */
const SET = {
  description: ' two\nlines\t',
  due: '2026-01-31T09:30',
  time_zone: 'Europe/Berlin',
  priority: 'high',
  tags: ['Work', 'at home'],
  recurrence: { rule: 'FREQ=WEEKLY', from: 'completion' },
}

const CLEARED = Object.fromEntries(Object.keys({ ...SET, list_id: 0 }).map((name) => [name, null]))

const READ_ONLY = {
  id: UNKNOWN,
  successor_id: UNKNOWN,
  order: 7,
  version: 9,
  created_at: '2020-01-01T00:00:00.000Z',
  updated_at: '2020-01-01T00:00:00.000Z',
  completed_at: '2020-01-01T00:00:00.000Z',
  deleted_at: '2020-01-01T00:00:00.000Z',
}

/** What a client cannot set, with values of any type. */
const IGNORED = {
  ...READ_ONLY,
  user_id: 'bob',
  undo: { recurrence: SET.recurrence, copies: [] },
  deleted_with_parent: true,
  folded: 'x',
  unknown: { a: [null] },
}
const IGNORED_OF_WRONG_TYPE = Object.fromEntries(Object.keys(IGNORED).map((name) => [name, -1]))

/** The members of tasks: their order, their defaults, and what a client that does not know them sees. */
export function describeMembers(client: Client): void {
  const newUser = () => createUser(client)

  describe('members of a task', () => {
    test('come in one order in every response', async () => {
      const user = await newUser()
      const list = await user.createList()
      const task = await user.create({ ...SET, list_id: list.id })
      const path = `/tasks/${task.id}`
      const whole = { text: 'y', completed: false }
      for (const [method, at, body] of [
        ['POST', '/tasks', { text: 'x' }],
        ['POST', '/tasks', { recurrence: SET.recurrence, due: SET.due, text: 'x' }],
        ['GET', path],
        ['PUT', path, whole],
        ['PATCH', path, { description: null, completed: true }],
        ['POST', `${path}/move`, { to: 'bottom' }],
        ['POST', `${path}/restore`],
      ] as const)
        expect(Object.keys(await readTask(await user.ask(method, at, body)))).toStrictEqual(
          TASK_MEMBERS,
        )
      for (const one of (await user.tasks()).tasks)
        expect(Object.keys(one)).toStrictEqual(TASK_MEMBERS)
      const results = await user.batch([
        { op: 'create', body: { tags: ['a'], text: 'x' } },
        { op: 'patch', id: task.id, body: SET },
      ])
      for (const { task: one } of results)
        expect(Object.keys(Object(one))).toStrictEqual(TASK_MEMBERS)
      for (const change of (await user.changes()).changes)
        if (change.type === 'upsert') expect(Object.keys(change.task)).toStrictEqual(TASK_MEMBERS)

      await user.remove(task.id)
      const [trashed] = (await user.tasks('?deleted=only')).tasks
      expect(Object.keys(Object(trashed))).toStrictEqual([...TASK_MEMBERS, 'deleted_at'])
      expect(trashed).toMatchObject({ ...SET, list_id: list.id })
    })

    test.each([{}, CLEARED, { tags: [], description: '' }])(
      'have defaults for POST: %j',
      async (members) => {
        const user = await newUser()
        const task = await user.create(members)
        expect(task).toMatchObject({ ...DEFAULTS, completed: false, version: 1 })
        expect(await user.get(task.id)).toStrictEqual(task)
      },
    )

    test('are set by POST and returned as they were sent', async () => {
      const user = await newUser()
      const task = await user.create(SET)
      expect(task).toMatchObject(SET)
      expect(await user.get(task.id)).toStrictEqual(task)
      expect((await user.tasks()).tasks).toStrictEqual([task])
    })

    test.each(Object.entries(SET))('PATCH sets %s and keeps the others', async (name, value) => {
      const user = await newUser()
      const before = await user.create(
        ['time_zone', 'recurrence'].includes(name)
          ? { due: SET.due, tags: ['a'] }
          : { tags: ['a'] },
      )
      const after = await user.patch(before.id, { [name]: value })
      expect(after).toStrictEqual({
        ...before,
        [name]: value,
        version: 2,
        updated_at: after.updated_at,
      })
      const again = await user.patch(before.id, { [name]: value })
      expect(again).toStrictEqual(after)
    })

    test.each(['PATCH', 'PUT'])('null stands for the default in %s', async (method) => {
      const user = await newUser()
      const list = await user.createList()
      const whole = method === 'PUT' ? { text: 'x', completed: false } : {}
      const all = await user.create({ ...SET, list_id: list.id })
      const cleared = await user.ask(method, `/tasks/${all.id}`, { ...whole, ...CLEARED })
      expect(await readTask(cleared)).toMatchObject({ ...DEFAULTS, version: 2 })
      // One by one. Clearing `due` also clears the members that need it.
      for (const name of Object.keys({ ...SET, list_id: 0 })) {
        const before = await user.create({ ...SET, list_id: list.id })
        const response = await user.ask(method, `/tasks/${before.id}`, { ...whole, [name]: null })
        expect(await readTask(response)).toMatchObject({
          ...SET,
          list_id: list.id,
          ...(name === 'due' ? { time_zone: null, recurrence: null } : {}),
          [name]: Object(DEFAULTS)[name],
          version: 2,
        })
      }
    })

    test('null for what is the default already changes nothing', async () => {
      const user = await newUser()
      const task = await user.create()
      const nulls = { ...CLEARED, parent_id: null, tags: [], description: '', priority: 'none' }
      expect(await user.patch(task.id, nulls)).toStrictEqual(task)
      expect(await user.patch(task.id, CLEARED)).toStrictEqual(task)
      expect(await user.put(task.id, { text: 'x', completed: false, ...nulls })).toStrictEqual(task)
    })

    test('keep their values when an old client puts text and completed', async () => {
      const user = await newUser()
      const list = await user.createList()
      const parent = await user.create({ list_id: list.id })
      const subtask = await user.create({ ...SET, parent_id: parent.id })
      const before = await user.create({ ...SET, list_id: list.id })
      for (const task of [before, subtask]) {
        const same = await user.put(task.id, { text: 'x', completed: false })
        expect(same).toStrictEqual(task)
        const changed = await user.put(task.id, { text: 'y', completed: false })
        expect(changed).toStrictEqual({
          ...task,
          text: 'y',
          version: 2,
          updated_at: changed.updated_at,
        })
      }
      expect(before.list_id).toBe(list.id)
      expect(subtask.parent_id).toBe(parent.id)
    })

    test('PUT changes those that are present', async () => {
      const user = await newUser()
      const { id } = await user.create(SET)
      const whole = { text: 'y', completed: false, priority: 'low', tags: ['b', 'a'] }
      expect(await user.put(id, whole)).toMatchObject({ ...SET, ...whole, version: 2 })
    })

    test.each(['text', 'completed'])('PUT still requires %s', async (name) => {
      const user = await newUser()
      const { id } = await user.create()
      const body = { text: 'x', completed: true, ...SET, [name]: undefined }
      expect(await user.problems('PUT', `/tasks/${id}`, body)).toStrictEqual([
        `${name}: is required`,
      ])
    })

    test.each([IGNORED, IGNORED_OF_WRONG_TYPE])(
      'are ignored when read only or unknown: %#',
      async (ignored) => {
        const user = await newUser()
        const created = await user.create({ ...ignored, completed: true })
        expect(created).toMatchObject({ ...DEFAULTS, completed: false, version: 1 })
        for (const [name, value] of Object.entries(READ_ONLY))
          expect(Object(created)[name]).not.toBe(value)
        expect(await user.patch(created.id, ignored)).toStrictEqual(created)
        const whole = { ...ignored, text: 'x', completed: false }
        expect(await user.put(created.id, whole)).toStrictEqual(created)
        expect((await user.tasks()).tasks).toStrictEqual([created])
      },
    )

    test('are not emptied when a new version is written beside them', async () => {
      const user = await newUser()
      const task = await user.create({ ...SET, recurrence: null })
      await user.patch(task.id, { completed: true })
      await user.move(task.id, { to: 'bottom' })
      await user.remove(task.id)
      expect(await user.restore(task.id)).toMatchObject({ ...SET, recurrence: null })
    })

    test.each(['POST', 'PATCH', 'PUT'])(
      '%s names all that are wrong in one response',
      async (method) => {
        const user = await newUser()
        const { id } = await user.create()
        const wrong = {
          text: '',
          description: 1,
          completed: 'no',
          due: 'tomorrow',
          time_zone: '+01:00',
          priority: 1,
          tags: 'a',
          list_id: 'x',
          parent_id: 1,
          recurrence: 'FREQ=DAILY',
        }
        const path = method === 'POST' ? '/tasks' : `/tasks/${id}`
        const details = await user.problems(method, path, wrong)
        const names = Object.keys(wrong).filter((name) => method !== 'POST' || name !== 'completed')
        const namesFound = details.map((detail) => detail.split(': ')[0])
        expect(namesFound.toSorted()).toStrictEqual(names.toSorted())
        expect(details).toContain(`text: ${TEXT}`)
        expect(details).toContain('priority: must be one of none, low, medium, high')
        expect((await user.tasks()).count).toBe(1)
      },
    )

    test('are named together when they are wrong for this user', async () => {
      const user = await newUser()
      const places = { list_id: UNKNOWN, parent_id: UNKNOWN }
      expect(await user.problems('POST', '/tasks', { text: 'x', list_id: UNKNOWN })).toStrictEqual([
        'list_id: must be the id of one of your lists',
      ])
      expect(await user.problems('POST', '/tasks', { text: 'x', ...places })).toContain(
        'parent_id: must be the id of one of your tasks',
      )
      const { id } = await user.create(SET)
      const later = { due: '2026-01-31', time_zone: 'UTC', list_id: UNKNOWN }
      expect(await user.problems('PATCH', `/tasks/${id}`, later)).toContain(
        'time_zone: needs a due with a time of day',
      )
    })

    test('are checked before the task is looked for', async () => {
      const user = await newUser()
      expect(await user.problems('PATCH', `/tasks/${UNKNOWN}`, { priority: 'top' })).toStrictEqual([
        'priority: must be one of none, low, medium, high',
      ])
      const response = await user.ask('PATCH', `/tasks/${UNKNOWN}`, { list_id: UNKNOWN })
      expect(response.status).toBe(404)
      expect((await readError(response)).message).toBe('Task not found')
    })
  })
}
