import { describe, expect, test } from 'bun:test'
import { readList, readTask } from '../../http/answers.ts'
import { type Client, JSON_TYPE, UNKNOWN } from './client.ts'

/** Deleting and restoring tasks. */
export function describeTrash({ ann, send, sendJson, create, newUser, expectError }: Client): void {
  const trashOf = async (headers: object) =>
    (await readList(await send('GET', '/tasks?deleted=only', headers))).tasks

  async function withTrashed() {
    const headers = await newUser()
    const task = await create('x', headers)
    await send('DELETE', `/tasks/${task.id}`, headers)
    return { headers, task, path: `/tasks/${task.id}` }
  }

  describe('the trash', () => {
    test('hides its tasks from everything else', async () => {
      const { headers, path } = await withTrashed()
      const list = await readList(await send('GET', '/tasks', headers))
      expect(list).toStrictEqual({ tasks: [], count: 0, next_cursor: null })
      const answers = [
        await send('GET', path, headers),
        await send('DELETE', path, headers),
        await sendJson('PATCH', path, { text: 'y' }, headers),
        await sendJson('PUT', path, { text: 'y', completed: true }, headers),
        await sendJson('POST', `${path}/move`, { to: 'top' }, headers),
        await sendJson('PATCH', path, {}, { ...headers, 'if-match': '"v1"' }),
      ]
      for (const answer of answers) await expectError(answer, 404, 'NOT_FOUND', 'Task not found')
      expect(await trashOf(headers)).toHaveLength(1)
    })

    test.each([
      ['no body', {}, undefined],
      ['an empty body', JSON_TYPE, ''],
      ['a body that is not JSON', JSON_TYPE, '{'],
      ['a body of another type', { 'content-type': 'text/plain' }, '{'],
    ])(
      'restoreTask restores a task with its old content, when sent with %s',
      async (_, type, body) => {
        const { headers, task, path } = await withTrashed()
        const response = await send('POST', `${path}/restore`, { ...headers, ...type }, body)
        expect(response.status).toBe(200)
        expect(response.headers.get('etag')).toBe('"v3"')
        const restored = await readTask(response)
        expect(restored).toStrictEqual({ ...task, version: 3, updated_at: restored.updated_at })
        expect(await readTask(await send('GET', path, headers))).toStrictEqual(restored)
        expect(await trashOf(headers)).toStrictEqual([])
      },
    )

    test('restoreTask leaves a task as it is when it is not in the trash', async () => {
      const task = await create('x')
      const response = await send('POST', `/tasks/${task.id}/restore`, ann)
      expect(await readTask(response)).toStrictEqual(task)
    })

    test('restoreTask returns 404 when the task does not exist, and 422 when the id is invalid', async () => {
      for (const [id, status] of [
        [UNKNOWN, 404],
        ['x', 422],
      ])
        expect((await send('POST', `/tasks/${id}/restore`, ann)).status).toBe(Number(status))
    })

    test.each(['in the trash', 'not in the trash'])(
      'permanent=true deletes a task that is %s',
      async (where) => {
        const { headers, path } = await withTrashed()
        if (where === 'not in the trash') await send('POST', `${path}/restore`, headers)
        const response = await send('DELETE', `${path}?permanent=true`, headers)
        expect(response.status).toBe(204)
        expect(await response.text()).toBe('')
        expect(await trashOf(headers)).toStrictEqual([])
        for (const answer of [
          await send('POST', `${path}/restore`, headers),
          await send('DELETE', `${path}?permanent=true`, headers),
          await send('GET', path, headers),
        ])
          await expectError(answer, 404, 'NOT_FOUND', 'Task not found')
      },
    )

    test.each(['permanent=false', 'permanent=', 'permanent'])(
      'DELETE moves the task to the trash with %s',
      async (query) => {
        const headers = await newUser()
        const { id } = await create('x', headers)
        expect((await send('DELETE', `/tasks/${id}?${query}`, headers)).status).toBe(204)
        expect(await trashOf(headers)).toHaveLength(1)
      },
    )

    test.each(['1', 'TRUE', 'yes', '%ff', 'true&permanent=true'])(
      'permanent=%s returns 422',
      async (value) => {
        const { id } = await create('x')
        const response = await send('DELETE', `/tasks/${id}?permanent=${value}`, ann)
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toStrictEqual(['permanent: must be true or false'])
        expect((await send('GET', `/tasks/${id}`, ann)).status).toBe(200)
      },
    )

    test('DELETE names everything that is wrong', async () => {
      const headers = { ...ann, 'if-match': 'x' }
      const response = await send('DELETE', '/tasks/x?permanent=x', headers)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details.map((detail) => detail.split(':')[0])).toStrictEqual([
        'id',
        'If-Match',
        'permanent',
      ])
    })
  })

  describe('clearCompleted', () => {
    test('moves completed tasks to the trash and returns their number', async () => {
      const headers = await newUser()
      for (const [text, completed] of Object.entries({ a: true, b: false, c: true })) {
        const { id } = await create(text, headers)
        await sendJson('PATCH', `/tasks/${id}`, { completed }, headers)
      }
      for (const [body, count] of [
        [undefined, 2],
        ['{', 0],
      ] as const) {
        const typed = { ...headers, ...(body && JSON_TYPE) }
        const response = await send('POST', '/tasks/clear-completed', typed, body)
        expect(response.status).toBe(200)
        expect(response.headers.get('cache-control')).toBe('private, no-store')
        expect(response.headers.get('etag')).toBeNull()
        expect(await response.json()).toStrictEqual({ count, has_more: false })
      }
      const { tasks } = await readList(await send('GET', '/tasks', headers))
      expect(tasks.map(({ text }) => text)).toStrictEqual(['b'])
      expect((await trashOf(headers)).map(({ text }) => text).toSorted()).toStrictEqual(['a', 'c'])
    })
  })
}
