import { describe, expect, test } from 'bun:test'
import { newApiToken } from '../../../adapters/auth/api-token-format.ts'
import { readError, readList, readTask } from '../../http/answers.ts'
import { type Client, JSON_TYPE, UNKNOWN } from './client.ts'
import { BOTH, createTokenClient, readTokens } from './token-client.ts'

/** What API tokens allow, until when, and in which order errors are reported. */
export function describeTokenRights(client: Client): void {
  const { send, sendJson, create, newUser, expectError } = client
  const { createToken } = createTokenClient(client)

  describe('a token with the scopes read and write', () => {
    test('acts as the user who made it, and only as that user', async () => {
      const [user, other] = [await newUser(), await newUser()]
      const { as } = await createToken(user)
      const task = await create('Buy milk', as)
      expect((await readList(await send('GET', '/tasks', user))).tasks).toStrictEqual([task])
      const patched = await sendJson('PATCH', `/tasks/${task.id}`, { completed: true }, as)
      expect(await readTask(patched)).toMatchObject({ completed: true })
      expect((await send('DELETE', `/tasks/${task.id}`, as)).status).toBe(204)
      const theirs = await create('secret', other)
      expect((await send('GET', `/tasks/${theirs.id}`, as)).status).toBe(404)
    })

    test.each([
      ['GET', '/tokens'],
      ['HEAD', '/tokens'],
      ['POST', '/tokens'],
      ['DELETE', `/tokens/${UNKNOWN}`],
      ['DELETE', '/tokens/x'],
    ])('gets 403 for %s %s', async (method, path) => {
      const { as } = await createToken(await newUser())
      const response = await send(method, path, as)
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"')
      if (method === 'HEAD') return expect(response.status).toBe(403)
      const message = 'API tokens cannot manage tokens: use a token from signing in'
      await expectError(response, 403, 'FORBIDDEN', message)
    })
  })

  describe('a token with the scope read', () => {
    test('reads', async () => {
      const user = await newUser()
      const task = await create('Buy milk', user)
      const { as } = await createToken(user, ['read'])
      for (const path of ['/tasks', `/tasks/${task.id}`, '/tasks/changes', '/lists'])
        for (const method of ['GET', 'HEAD'])
          expect((await send(method, path, as)).status).toBe(200)
    })

    test('gets 403 on a write, which changes nothing', async () => {
      const user = await newUser()
      const task = await create('Buy milk', user)
      const { as } = await createToken(user, ['read'])
      const response = await sendJson('PATCH', `/tasks/${task.id}`, { text: 'x' }, as)
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="insufficient_scope", scope="write"',
      )
      await expectError(response, 403, 'FORBIDDEN', 'This token lacks the scope write')
      expect(await readTask(await send('GET', `/tasks/${task.id}`, user))).toStrictEqual(task)
    })
  })

  test('a token with the scope read gets 403 on every operation that writes', async () => {
    const { as } = await createToken(await newUser(), ['read'])
    for (const [method, path] of [
      ['POST', '/tasks'],
      ['POST', '/tasks/batch'],
      ['POST', '/tasks/clear-completed'],
      ['PUT', `/tasks/${UNKNOWN}`],
      ['PATCH', `/tasks/${UNKNOWN}`],
      ['DELETE', `/tasks/${UNKNOWN}`],
      ['POST', `/tasks/${UNKNOWN}/restore`],
      ['POST', `/tasks/${UNKNOWN}/move`],
      ['POST', '/lists'],
      ['PATCH', `/lists/${UNKNOWN}`],
      ['DELETE', `/lists/${UNKNOWN}`],
      ['POST', `/lists/${UNKNOWN}/move`],
    ] as const)
      await expectError(await send(method, path, as), 403, 'FORBIDDEN')
  })

  describe('reports the first of several errors with a token', () => {
    const text = { 'content-type': 'text/plain' }
    test.each([
      ['route before rights', 'POST', '/nowhere', text, 'x', 404],
      ['method before rights', 'PATCH', '/tasks', text, 'x', 405],
      ['rights before size', 'POST', '/tasks', JSON_TYPE, 'x'.repeat(300_000), 403],
      ['rights before type', 'POST', '/tasks', text, 'x', 403],
      ['rights before JSON', 'POST', '/tasks', JSON_TYPE, '{', 403],
      ['rights before rules', 'PUT', '/tasks/x', JSON_TYPE, '{}', 403],
      ['rights before the task', 'DELETE', `/tasks/${UNKNOWN}`, {}, undefined, 403],
      ['rights before a body of a token', 'POST', '/tokens', JSON_TYPE, '{', 403],
    ])('%s', async (_, method, path, headers, body, status) => {
      const { as } = await createToken(await newUser(), ['read'])
      expect((await send(method, path, { ...as, ...headers }, body)).status).toBe(status)
    })

    test.each([
      ['an unknown token', newApiToken().text],
      ['a mistyped token', `tp_${'0'.repeat(49)}`],
      ['an empty token', 'tp_'],
    ])('401 for %s before rights', async (_, token) => {
      const response = await send('POST', '/tokens', { authorization: `Bearer ${token}` })
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      await expectError(response, 401, 'UNAUTHORIZED', 'Invalid or expired token')
    })
  })

  test('a token is refused as soon as it expires', async () => {
    const expiresAt = Date.now() + 1500
    const user = await newUser()
    const { as } = await createToken(user, BOTH, { expires_at: new Date(expiresAt).toISOString() })
    expect((await send('GET', '/tasks', as)).status).toBe(200)
    let status = 200
    while (status === 200) status = (await send('GET', '/tasks', as)).status
    expect(status).toBe(401)
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt)
    expect((await readError(await send('GET', '/tasks', as))).message).toBe(
      'Invalid or expired token',
    )
    expect(await readTokens(await send('GET', '/tokens', user))).toHaveLength(1)
  })
}
