import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, INSTANT, TASK_MEMBERS, UNKNOWN, UUID_V7 } from './client.ts'

/** The basic operations on tasks. */
export function describeOperations({
  ann,
  send,
  sendJson,
  create,
  newUser,
  expectError,
}: Client): void {
  describe('operations', () => {
    test('createTask returns the new task', async () => {
      const response = await sendJson('POST', '/tasks', { text: ' Buy milk ' })
      expect(response.status).toBe(201)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(response.headers.get('cache-control')).toBe('private, no-cache')
      const task = await readTask(response)
      expect(Object.keys(task)).toStrictEqual(TASK_MEMBERS)
      expect(task.id).toMatch(UUID_V7)
      expect(task.created_at).toMatch(INSTANT)
      expect(task).toStrictEqual({
        id: task.id,
        text: ' Buy milk ',
        description: null,
        completed: false,
        due: null,
        time_zone: null,
        priority: 'none',
        tags: [],
        list_id: null,
        parent_id: null,
        recurrence: null,
        successor_id: null,
        order: task.order,
        version: 1,
        created_at: task.created_at,
        updated_at: task.created_at,
        completed_at: null,
      })
      expect(response.headers.get('location')).toBe(`/tasks/${task.id}`)
    })

    test('createTask ignores other members', async () => {
      const headers = await newUser()
      const sent = {
        text: 'x',
        user_id: 'bob',
        id: UNKNOWN,
        completed: true,
        version: 5,
        deleted_at: '2001-01-01T00:00:00.000Z',
        created_at: '2001-01-01T00:00:00.000Z',
        completed_at: '2001-01-01T00:00:00.000Z',
        ['__proto__']: { completed: true },
      }
      const task = await readTask(await sendJson('POST', '/tasks', sent, headers))
      expect(task).toMatchObject({ completed: false, completed_at: null, version: 1 })
      expect(task.id).not.toBe(UNKNOWN)
      expect(task.created_at > '2026').toBe(true)
      const list = await readList(await send('GET', '/tasks', headers))
      expect(list.count).toBe(1)
    })

    test('ids increase with creation', async () => {
      const ids = []
      for (let n = 0; n < 20; n++) ids.push((await create('x')).id)
      expect(ids.toSorted()).toStrictEqual(ids)
    })

    test('listTasks returns the newest task first, with a count', async () => {
      const headers = await newUser()
      const texts = ['one', 'two', 'three']
      for (const text of texts) await create(text, headers)
      const response = await send('GET', '/tasks', headers)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('private, no-cache')
      expect(response.headers.get('link')).toBeNull()
      const body = await readList(response)
      expect(Object.keys(body)).toStrictEqual(['tasks', 'count', 'next_cursor'])
      expect(body.count).toBe(3)
      expect(body.tasks.map(({ text }) => text)).toStrictEqual(texts.reverse())
      for (const task of body.tasks) expect(Object.keys(task)).toStrictEqual(TASK_MEMBERS)
    })

    test('listTasks returns an empty list when the user has no tasks', async () => {
      const body = await readList(await send('GET', '/tasks', await newUser()))
      expect(body).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
    })

    test('getTask accepts the id in any letter case', async () => {
      const task = await create('x')
      for (const id of [task.id, task.id.toUpperCase()]) {
        const response = await send('GET', `/tasks/${id}`, ann)
        expect(response.status).toBe(200)
        expect(await readTask(response)).toStrictEqual(task)
      }
    })

    test('updateTask sets both members', async () => {
      const task = await create('x')
      const response = await sendJson('PUT', `/tasks/${task.id}`, { text: 'y', completed: true })
      expect(response.status).toBe(200)
      const updated = await readTask(response)
      expect(Object.keys(updated)).toStrictEqual(TASK_MEMBERS)
      expect(updated).toMatchObject({
        id: task.id,
        text: 'y',
        completed: true,
        created_at: task.created_at,
      })
      expect(updated.completed_at).toBe(updated.updated_at)
      expect(await readTask(await send('GET', `/tasks/${task.id}`, ann))).toStrictEqual(updated)
    })

    test('patchTask keeps members that are absent', async () => {
      const task = await create('x')
      const done = await readTask(await sendJson('PATCH', `/tasks/${task.id}`, { completed: true }))
      expect(done).toMatchObject({ text: 'x', completed: true })
      const renamed = await readTask(await sendJson('PATCH', `/tasks/${task.id}`, { text: 'y' }))
      expect(renamed).toMatchObject({
        text: 'y',
        completed: true,
        completed_at: done.completed_at,
      })
      const open = await readTask(
        await sendJson('PATCH', `/tasks/${task.id}`, { completed: false }),
      )
      expect(open).toMatchObject({ text: 'y', completed: false, completed_at: null })
    })

    test.each([
      ['PATCH', {}],
      ['PATCH', { text: 'x' }],
      ['PATCH', { completed: false }],
      ['PUT', { text: 'x', completed: false }],
    ])('%s %j leaves the task as it is when it changes nothing', async (method, body) => {
      const task = await create('x')
      const response = await sendJson(method, `/tasks/${task.id}`, body)
      expect(response.status).toBe(200)
      expect(await readTask(response)).toStrictEqual(task)
    })

    test('patchTask accepts application/merge-patch+json', async () => {
      const task = await create('x')
      const response = await sendJson(
        'PATCH',
        `/tasks/${task.id}`,
        { text: 'y' },
        { 'content-type': 'application/merge-patch+json' },
      )
      expect(response.status).toBe(200)
    })

    test('deleteTask returns 204 and the task is gone', async () => {
      const task = await create('x')
      const response = await send('DELETE', `/tasks/${task.id}`, ann)
      expect(response.status).toBe(204)
      expect(response.headers.get('content-type')).toBeNull()
      expect(await response.text()).toBe('')
      await expectError(
        await send('GET', `/tasks/${task.id}`, ann),
        404,
        'NOT_FOUND',
        'Task not found',
      )
    })

    test('one of 20 concurrent deletes returns 204, the others 404', async () => {
      const { id } = await create('x')
      const racing = Array.from({ length: 20 }, () => send('DELETE', `/tasks/${id}`, ann))
      const statuses = (await Promise.all(racing)).map(({ status }) => status).sort()
      expect(statuses).toStrictEqual([204, ...Array(19).fill(404)])
    })

    test('concurrent patches leave the whole result of one of them', async () => {
      const { id } = await create('x')
      const racing = Array.from({ length: 20 }, (_, n) =>
        sendJson('PATCH', `/tasks/${id}`, { text: `${n}`, completed: n % 2 === 0 }),
      )
      for (const response of await Promise.all(racing)) expect(response.status).toBe(200)
      const task = await readTask(await send('GET', `/tasks/${id}`, ann))
      expect(task.completed).toBe(Number(task.text) % 2 === 0)
      expect(task.completed_at === null).toBe(!task.completed)
    })

    test('healthCheck needs no token', async () => {
      const response = await send('GET', '/health')
      expect(response.status).toBe(200)
      const body = await response.json()
      expect(body).toStrictEqual({
        status: 'healthy',
        database: 'connected',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      })
    })

    test.each(['/docs', '/openapi.json'])('GET %s needs no token', async (path) => {
      const response = await send('GET', path)
      expect(response.status).toBe(200)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    })
  })
}
