import { describe, expect, test } from 'bun:test'
import { readError } from '../../../http/answers.ts'
import { type Client, JSON_TYPE, UNKNOWN } from '../client.ts'
import { createUser, NO_ID } from './user.ts'

/** Requests for lists that do not exist, with other methods, and with several errors at once. */
export function describeListErrors(client: Client): void {
  const { send } = client
  const newUser = () => createUser(client)

  describe('requests with a list that does not exist', () => {
    test.each([
      ['GET', '', undefined],
      ['PATCH', '', { name: 'b' }],
      ['DELETE', '', undefined],
      ['POST', '/move', { to: 'top' }],
    ] as const)('%s /lists/{id}%s returns 404', async (method, path, body) => {
      const user = await newUser()
      const task = await user.create()
      const deleted = await user.createList()
      await user.removeList(deleted.id)
      for (const id of [UNKNOWN, task.id, deleted.id]) {
        const response = await user.ask(method, `/lists/${id}${path}`, body)
        expect(response.status).toBe(404)
        expect(await readError(response)).toMatchObject({
          error: 'NOT_FOUND',
          message: 'List not found',
          members: ['error', 'message'],
        })
      }
      expect(await user.problems(method, `/lists/x${path}`, body)).toStrictEqual([`id: ${NO_ID}`])
    })

    test.each([
      ['PUT', '/lists', 'GET, HEAD, OPTIONS, POST'],
      ['DELETE', '/lists', 'GET, HEAD, OPTIONS, POST'],
      ['PUT', `/lists/${UNKNOWN}`, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
      ['POST', `/lists/${UNKNOWN}`, 'DELETE, GET, HEAD, OPTIONS, PATCH'],
      ['GET', `/lists/${UNKNOWN}/move`, 'OPTIONS, POST'],
    ])('%s %s returns 405', async (method, path, allow) => {
      const response = await send(method, path)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe(allow)
      expect((await readError(response)).error).toBe('METHOD_NOT_ALLOWED')
    })

    test.each([
      ['no token', {}, '{', 401],
      ['another type', { 'content-type': 'text/plain' }, '{', 415],
      ['no JSON', JSON_TYPE, '{', 400],
      ['no body', JSON_TYPE, undefined, 400],
      ['a long body', JSON_TYPE, 'x'.repeat(300_000), 413],
      ['wrong members', JSON_TYPE, '{"name":1,"color":1}', 422],
    ])('PATCH reports %s first', async (what, headers, body, status) => {
      const user = await newUser()
      const token = what === 'no token' ? {} : user.headers
      const response = await send('PATCH', `/lists/${UNKNOWN}`, { ...token, ...headers }, body)
      expect(response.status).toBe(status)
    })

    test('unknown routes beside them return 404', async () => {
      for (const path of [`/lists/${UNKNOWN}/tasks`, `/lists/${UNKNOWN}/restore`])
        expect((await readError(await send('GET', path))).message).toBe('Route not found')
    })
  })
}
