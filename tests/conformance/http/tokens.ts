import { describe, expect, test } from 'bun:test'
import { newApiToken } from '../../../adapters/auth/api-token-format.ts'
import { MAX_API_TOKENS } from '../../../core/api-token.ts'
import { readError, readList, readTask } from '../../http/answers.ts'
import { until } from '../../support/admin.ts'
import { turn } from '../stores/store.ts'
import { type Client, INSTANT, JSON_TYPE, UNKNOWN, UUID_V7 } from './client.ts'

const MEMBERS = ['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at']
const BOTH = ['read', 'write']

interface Token {
  readonly id: string
  readonly name: string
  readonly scopes: string[]
  readonly created_at: string
  readonly expires_at: string | null
  readonly last_used_at: string | null
  readonly token: string
}

async function readToken(response: Response): Promise<Token> {
  expect(response.status).toBe(201)
  return Object(await response.json())
}

async function readTokens(response: Response): Promise<Omit<Token, 'token'>[]> {
  expect(response.status).toBe(200)
  return Object(await response.json()).tokens
}

/** API tokens: how users manage them, and what they allow. */
export function describeTokens(client: Client): void {
  const { send, sendJson, create, newUser, expectError, hasSeveralProcesses } = client
  type Headers = { readonly authorization: string }

  const post = (body: unknown, headers: object) => sendJson('POST', '/tokens', body, headers)

  async function createToken(headers: Headers, scopes = BOTH, more = {}) {
    const token = await readToken(await post({ name: 'CI', scopes, ...more }, headers))
    return { ...token, as: { authorization: `Bearer ${token.token}` } }
  }

  describe('creating a token', () => {
    test('returns the token, and its members as the list has them', async () => {
      const user = await newUser()
      const response = await post({ name: ' CI ', scopes: BOTH, id: UNKNOWN, token: 'x' }, user)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      expect(response.headers.get('content-type')).toBe('application/json')
      const { token, ...rest } = await readToken(response)
      expect(Object.keys(rest)).toStrictEqual(MEMBERS)
      expect(token).toMatch(/^tp_[0-9A-Za-z]{49}$/)
      expect(rest).toMatchObject({
        name: ' CI ',
        scopes: BOTH,
        expires_at: null,
        last_used_at: null,
      })
      expect(rest.id).toMatch(UUID_V7)
      expect(rest.created_at).toMatch(INSTANT)
      expect(await readTokens(await send('GET', '/tokens', user))).toStrictEqual([rest])
    })

    test('returns the scopes in one order', async () => {
      const user = await newUser()
      expect((await createToken(user, ['write', 'read'])).scopes).toStrictEqual(BOTH)
      expect((await createToken(user, ['read'])).scopes).toStrictEqual(['read'])
    })

    test.each([
      ['2099-12-31T01:30:00+01:00', '2099-12-31T00:30:00.000Z'],
      ['2099-12-31t00:30:00.9999z', '2099-12-31T00:30:00.999Z'],
      ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
      [null, null],
    ])('keeps the expiry %p in UTC with milliseconds', async (expires_at, kept) => {
      const user = await newUser()
      expect((await createToken(user, BOTH, { expires_at })).expires_at).toBe(kept)
      const [listed] = await readTokens(await send('GET', '/tokens', user))
      expect(listed?.expires_at).toBe(kept)
    })

    test.each([
      ['2001-01-01T00:00:00Z'],
      [new Date(Date.now() - 1).toISOString()],
      ['2099-12-31'],
      ['2099-12-31T00:00:00'],
      ['2099-02-30T00:00:00Z'],
      ['2099-12-31T23:59:60Z'],
      ['9999-12-31T23:59:59-23:59'],
      ['tomorrow'],
      [''],
      [4_102_444_800],
      [true],
    ])('refuses the expiry %p', async (expires_at) => {
      const response = await post({ name: 'CI', scopes: BOTH, expires_at }, await newUser())
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual([
        'expires_at: must be null, or a time in the future in RFC 3339, such as 2027-01-31T09:30:00Z',
      ])
    })

    test.each([
      [[]],
      [['write']],
      [['read', 'read']],
      [['read', 'admin']],
      [['read', 'write', 'read']],
      ['read'],
      [null],
      [{}],
    ])('refuses the scopes %p', async (scopes) => {
      const response = await post({ name: 'CI', scopes }, await newUser())
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual(['scopes: must be ["read"] or ["read", "write"]'])
    })

    test.each([[''], [' \u2003'], ['x'.repeat(101)], ['a\0b'], ['\ud800'], [7], [null]])(
      'refuses the name %p',
      async (name) => {
        const response = await post({ name, scopes: BOTH }, await newUser())
        const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
        expect(details).toHaveLength(1)
        expect(details?.[0]).toStartWith('name: must be ')
      },
    )

    test('accepts a name of 100 emoji', async () => {
      const user = await newUser()
      const name = '🤖'.repeat(100)
      expect((await readToken(await post({ name, scopes: BOTH }, user))).name).toBe(name)
    })

    test('names everything that is wrong at once', async () => {
      const response = await post(
        { scopes: 'all', expires_at: '2001-01-01T00:00:00Z' },
        await newUser(),
      )
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details?.map((detail) => detail.split(':')[0])).toStrictEqual([
        'name',
        'scopes',
        'expires_at',
      ])
    })

    test.each([[[]], ['x'], [null], [7]])('refuses the body %p', async (body) => {
      const response = await post(body, await newUser())
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual(['body: must be a JSON object'])
    })

    test('refuses one token more than allowed', async () => {
      const user = await newUser()
      const all = Array.from({ length: MAX_API_TOKENS + 5 }, () =>
        post({ name: 'CI', scopes: BOTH }, user),
      )
      const statuses = (await Promise.all(all)).map(({ status }) => status)
      expect(statuses.filter((status) => status === 201)).toHaveLength(MAX_API_TOKENS)
      const response = await post({ name: 'CI', scopes: BOTH }, user)
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details).toStrictEqual([
        'tokens: you have the maximum of 50 API tokens; delete some first',
      ])
      const [first] = await readTokens(await send('GET', '/tokens', user))
      expect((await send('DELETE', `/tokens/${first?.id}`, user)).status).toBe(204)
      expect((await post({ name: 'CI', scopes: BOTH }, user)).status).toBe(201)
    })

    test('ignores Idempotency-Key, because no answer with a secret is kept', async () => {
      const user = { ...(await newUser()), 'idempotency-key': 'same' }
      const [one, two] = [await createToken(user), await createToken(user)]
      expect(one.token).not.toBe(two.token)
      expect(await readTokens(await send('GET', '/tokens', user))).toHaveLength(2)
    })
  })

  describe('the list of tokens', () => {
    test('has all tokens, oldest first, without their secrets', async () => {
      const user = await newUser()
      const created = [await createToken(user), await createToken(user), await createToken(user)]
      const response = await send('GET', '/tokens', user)
      expect(response.headers.get('cache-control')).toBe('private, no-store')
      const text = await response.clone().text()
      for (const { token } of created) expect(text).not.toContain(token.slice(3, 20))
      const tokens = await readTokens(response)
      expect(tokens.map(({ id }) => id)).toStrictEqual(created.map(({ id }) => id))
      for (const token of tokens) expect(Object.keys(token)).toStrictEqual(MEMBERS)
      expect((await send('HEAD', '/tokens', user)).status).toBe(200)
    })

    test('shows the hour in which a token was used last', async () => {
      const user = await newUser()
      const { as } = await createToken(user)
      const before = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString()
      await send('GET', '/tasks', as)
      let used: string | null | undefined = null
      while (used === null) {
        await turn()
        used = (await readTokens(await send('GET', '/tokens', user)))[0]?.last_used_at
      }
      const after = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString()
      expect([before, after]).toContain(`${used}`)
    })
  })

  describe('deleting a token', () => {
    test('refuses it from then on, and no other', async () => {
      const user = await newUser()
      const [one, two] = [await createToken(user), await createToken(user)]
      for (const { as } of hasSeveralProcesses ? [two] : [one, two])
        expect((await send('GET', '/tasks', as)).status).toBe(200)
      const response = await send('DELETE', `/tokens/${one.id.toUpperCase()}`, user)
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      const refused = await send('GET', '/tasks', one.as)
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
      await expectError(refused, 401, 'UNAUTHORIZED', 'Invalid or expired token')
      expect((await send('GET', '/tasks', two.as)).status).toBe(200)
      const again = await send('DELETE', `/tokens/${one.id}`, user)
      await expectError(again, 404, 'NOT_FOUND', 'Token not found')
    })

    if (hasSeveralProcesses)
      test('refuses it in every process within 30 seconds', async () => {
        const user = await newUser()
        const { id, as } = await createToken(user)
        const statuses = async () => {
          const responses = Array.from({ length: 20 }, () => send('GET', '/tasks', as))
          return [...new Set((await Promise.all(responses)).map(({ status }) => status))]
        }
        expect(await statuses()).toStrictEqual([200])
        expect((await send('DELETE', `/tokens/${id}`, user)).status).toBe(204)
        await until(async () => `${await statuses()}` === '401', 30_000)
      })

    test.each(['x', `${UNKNOWN}x`, '%00'])('refuses the id %p', async (id) => {
      const response = await send('DELETE', `/tokens/${id}`, await newUser())
      const { details } = await expectError(response, 422, 'VALIDATION_ERROR')
      expect(details?.[0]).toStartWith('id: ')
    })

    test('does not tell the token of another user from one that does not exist', async () => {
      const [user, other] = [await newUser(), await newUser()]
      const { id, as } = await createToken(user)
      const bodies = []
      for (const one of [id, UNKNOWN]) {
        const response = await send('DELETE', `/tokens/${one}`, other)
        bodies.push(await expectError(response, 404, 'NOT_FOUND', 'Token not found'))
      }
      expect(bodies[0]).toStrictEqual(bodies[1])
      expect((await send('GET', '/tasks', as)).status).toBe(200)
      expect(await readTokens(await send('GET', '/tokens', other))).toStrictEqual([])
    })
  })

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
