import { describe, expect, test } from 'bun:test'
import { MAX_API_TOKENS } from '../../../core/api-token.ts'
import { until } from '../../support/admin.ts'
import { turn } from '../stores/store.ts'
import { type Client, INSTANT, UNKNOWN, UUID_V7 } from './client.ts'
import { BOTH, createTokenClient, readToken, readTokens } from './token-client.ts'

const MEMBERS = ['id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at']
/** API tokens: how users manage them. */
export function describeTokens(client: Client): void {
  const { send, newUser, expectError, hasSeveralProcesses } = client
  const { createToken, post } = createTokenClient(client)
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
}
