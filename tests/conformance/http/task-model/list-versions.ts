import { describe, expect, test } from 'bun:test'
import { readError } from '../../../http/answers.ts'
import { type Client, UNKNOWN } from '../client.ts'
import { createUser } from './user.ts'

const CHANGES = [
  ['PATCH', '', { name: 'b' }, 200],
  ['POST', '/move', { to: 'top' }, 200],
  ['DELETE', '', undefined, 204],
] as const

/** Preconditions of changes of a list. */
export function describeListVersions(client: Client): void {
  describe.each(CHANGES)('%s /lists/{id}%s', (method, path, body, done) => {
    async function userWithLists() {
      const user = await createUser(client)
      await user.createList('first')
      const { id } = await user.createList('a')
      const change = (headers: object, to = id) =>
        user.ask(method, `/lists/${to}${path}`, body, headers)
      return { user, id, change }
    }

    test.each([
      { 'if-match': '"v2"' },
      { 'if-match': '"other"' },
      { 'if-match': '"v2", "v7"' },
      { 'if-none-match': '"v1"' },
      { 'if-none-match': '*' },
      { 'if-match': '"v1"', 'if-none-match': '"v1"' },
    ])('returns 412 with the current version and changes nothing: %j', async (headers) => {
      const { user, change } = await userWithLists()
      const before = await user.lists()
      const response = await change(headers)
      expect(response.status).toBe(412)
      expect(response.headers.get('etag')).toBe('"v1"')
      expect(await readError(response)).toMatchObject({
        error: 'PRECONDITION_FAILED',
        message: 'The list has changed since you read it',
        members: ['error', 'message'],
      })
      expect(await user.lists()).toStrictEqual(before)
    })

    test.each(['"v1"', 'W/"v1"', '"v9", "v1"', '*', '"v1-gzip"'])(
      'changes the list when If-Match is %s',
      async (ifMatch) => {
        const { change } = await userWithLists()
        const response = await change({ 'if-match': ifMatch })
        expect(response.status).toBe(done)
        expect(response.headers.get('etag')).toBe(done === 204 ? null : '"v2"')
        expect(response.headers.get('cache-control')).toBe(
          done === 204 ? null : 'private, no-cache',
        )
      },
    )

    test('returns 404 before 412, and 422 for what is no entity tag', async () => {
      const { user, id, change } = await userWithLists()
      expect((await change({ 'if-match': '"v9"' }, UNKNOWN)).status).toBe(404)
      expect((await change({ 'if-match': '*' }, UNKNOWN)).status).toBe(404)
      const wrong = { 'if-match': 'v1' }
      expect(await user.problems(method, `/lists/${id}${path}`, body, wrong)).toStrictEqual([
        'If-Match: must be * or entity tags such as "v7"',
      ])
    })
  })

  test('of 20 racing changes with If-Match, one changes the list', async () => {
    const user = await createUser(client)
    const { id } = await user.createList('a')
    const racing = Array.from({ length: 20 }, (_, n) =>
      user.ask('PATCH', `/lists/${id}`, { name: `${n}` }, { 'if-match': '"v1"' }),
    )
    const statuses = (await Promise.all(racing)).map(({ status }) => status).sort()
    expect(statuses).toStrictEqual([200, ...Array(19).fill(412)])
    expect((await user.getList(id)).version).toBe(2)
  })

  test('of 20 racing deletes of a list, one returns 204 and the others 404', async () => {
    const user = await createUser(client)
    const { id } = await user.createList('a')
    const racing = Array.from({ length: 20 }, () => user.ask('DELETE', `/lists/${id}`))
    const statuses = (await Promise.all(racing)).map(({ status }) => status).sort()
    expect(statuses).toStrictEqual([204, ...Array(19).fill(404)])
  })
}
