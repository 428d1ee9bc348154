import { beforeEach, describe, expect, test } from 'bun:test'
import { type ApiToken, MAX_API_TOKENS } from '../../../core/api-token.ts'
import type { Owner } from '../../../core/owner.ts'
import type { ApiTokenStore } from '../../../core/ports.ts'
import {
  ann,
  bob,
  idNumber,
  openForEach,
  ownerNamed,
  type StoreUnderTest,
  second,
} from './store.ts'

/** A hash of 64 hexadecimal digits. */
function hashNumber(n: number): string {
  return n.toString(16).padStart(64, '0')
}

function tokenNumber(n: number, members: Partial<ApiToken> = {}): ApiToken {
  return {
    id: idNumber(n),
    name: `token ${n}`,
    scopes: ['read', 'write'],
    created_at: second(n),
    expires_at: null,
    last_used_at: null,
    ...members,
  }
}

export function describeTokens(store: StoreUnderTest): void {
  describe(`API tokens on ${store.name}`, () => {
    const opened = openForEach(store)
    let tokens: ApiTokenStore

    beforeEach(() => {
      tokens = opened().tokens
    })

    const create = (n: number, members: Partial<ApiToken> = {}, owner: Owner = ann) =>
      tokens.create(owner, tokenNumber(n, members), hashNumber(n), MAX_API_TOKENS)

    const idsOf = async (owner: Owner) => (await tokens.list(owner)).map(({ id }) => id)

    test('returns a token as it was created, by its owner and by its hash', async () => {
      const token = tokenNumber(1, {
        name: '  "🤖" {x,\\} 名前',
        scopes: ['read'],
        expires_at: second(100),
        last_used_at: second(7),
      })
      expect(await tokens.create(ann, token, hashNumber(1), 1)).toBe(true)
      const [listed] = await tokens.list(ann)
      expect(listed).toStrictEqual(token)
      expect(Object.keys(Object(listed))).toStrictEqual(Object.keys(token))
      expect(await tokens.find(hashNumber(1))).toStrictEqual({ owner: ann, token })
    })

    test('keeps a token without dates, and the last millisecond of a date', async () => {
      await create(1)
      await create(2, { expires_at: '9999-12-31T23:59:59.999Z' })
      expect(await tokens.list(ann)).toStrictEqual([
        tokenNumber(1),
        tokenNumber(2, { expires_at: '9999-12-31T23:59:59.999Z' }),
      ])
    })

    test('finds no token by another hash', async () => {
      await create(1)
      for (const hash of [hashNumber(2), '', hashNumber(1).slice(1), idNumber(1)])
        expect(await tokens.find(hash)).toBeNull()
    })

    test('finds tokens of several owners at once', async () => {
      await create(1, {}, ann)
      await create(2, {}, bob)
      const found = await Promise.all([1, 2, 3, 1].map((n) => tokens.find(hashNumber(n))))
      expect(found.map((one) => one && [one.owner, one.token.id])).toStrictEqual([
        [ann, idNumber(1)],
        [bob, idNumber(2)],
        null,
        [ann, idNumber(1)],
      ])
    })

    test('finds a token that has expired', async () => {
      await create(1, { expires_at: '2001-01-01T00:00:00.000Z' })
      expect((await tokens.find(hashNumber(1)))?.token.id).toBe(idNumber(1))
    })

    test('lists tokens by id, and only those of the owner', async () => {
      for (const n of [3, 1, 2]) await create(n)
      await create(4, {}, bob)
      expect(await idsOf(ann)).toStrictEqual([1, 2, 3].map(idNumber))
      expect(await idsOf(bob)).toStrictEqual([idNumber(4)])
      expect(await idsOf(ownerNamed('eve'))).toStrictEqual([])
    })

    test('distinguishes owners by every character of their names', async () => {
      const names = ['ann ', 'Ann', 'a%', 'a_n', 'a\u0301nn', '\u00e1nn', '1']
      for (const [index, name] of names.entries()) await create(10 + index, {}, ownerNamed(name))
      for (const [index, name] of names.entries())
        expect(await idsOf(ownerNamed(name))).toStrictEqual([idNumber(10 + index)])
    })

    test('removes a token of its owner only', async () => {
      await create(1)
      await create(2)
      expect(await tokens.remove(bob, idNumber(1))).toBe(false)
      expect(await tokens.remove(ann, idNumber(3))).toBe(false)
      expect(await tokens.remove(ann, idNumber(1))).toBe(true)
      expect(await tokens.remove(ann, idNumber(1))).toBe(false)
      expect(await tokens.find(hashNumber(1))).toBeNull()
      expect(await idsOf(ann)).toStrictEqual([idNumber(2)])
    })

    test('removes a token once if several callers remove it at once', async () => {
      await create(1)
      const removed = await Promise.all(
        Array.from({ length: 10 }, () => tokens.remove(ann, idNumber(1))),
      )
      expect(removed.filter(Boolean)).toHaveLength(1)
    })

    test('creates no more tokens than allowed, even if many are created at once', async () => {
      const again = await opened().openAgain()
      const created = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 ? tokens : again.tokens).create(ann, tokenNumber(n), hashNumber(n), 5),
        ),
      )
      expect(created.filter(Boolean)).toHaveLength(5)
      expect(await tokens.list(ann)).toHaveLength(5)
      expect(await create(30, {}, bob)).toBe(true)
      const [first] = await tokens.list(ann)
      await tokens.remove(ann, first?.id ?? '')
      expect(await tokens.create(ann, tokenNumber(31), hashNumber(31), 5)).toBe(true)
    })

    test('moves the last use forward, never back', async () => {
      await create(1)
      await create(2)
      const used = async () => (await tokens.list(ann)).map(({ last_used_at }) => last_used_at)
      await tokens.touch(ann, idNumber(1), second(3600))
      expect(await used()).toStrictEqual([second(3600), null])
      await tokens.touch(ann, idNumber(1), second(0))
      expect(await used()).toStrictEqual([second(3600), null])
      await tokens.touch(ann, idNumber(1), second(7200))
      expect((await tokens.find(hashNumber(1)))?.token.last_used_at).toBe(second(7200))
    })

    test('marks neither a token of another owner as used, nor one that is gone', async () => {
      await create(1)
      await tokens.touch(bob, idNumber(1), second(1))
      await tokens.touch(ann, idNumber(2), second(1))
      expect(await tokens.list(ann)).toStrictEqual([tokenNumber(1)])
    })

    test('removes tokens that expired before a time, of all owners', async () => {
      await create(1, { expires_at: second(10) })
      await create(2, { expires_at: second(11) })
      await create(3)
      await create(4, { expires_at: second(9) }, bob)
      while (await tokens.purge(second(11)));
      expect(await idsOf(ann)).toStrictEqual([idNumber(2), idNumber(3)])
      expect(await idsOf(bob)).toStrictEqual([])
    })

    test('removes many expired tokens in batches, from several processes', async () => {
      const again = await opened().openAgain()
      const owners = Array.from({ length: 14 }, (_, n) => ownerNamed(`user ${n}`))
      const all = owners.flatMap((owner, index) =>
        Array.from({ length: MAX_API_TOKENS }, (_, n) =>
          create(index * MAX_API_TOKENS + n, { expires_at: second(1) }, owner),
        ),
      )
      await Promise.all(all)
      await create(10_000)
      const purgeAll = async (one: ApiTokenStore) => {
        while (await one.purge(second(2)));
      }
      await Promise.all([purgeAll(tokens), purgeAll(again.tokens)])
      await purgeAll(tokens)
      for (const owner of owners) expect(await tokens.list(owner)).toStrictEqual([])
      expect(await idsOf(ann)).toStrictEqual([idNumber(10_000)])
    }, 20_000)

    test('returns copies', async () => {
      await create(1)
      const found = await tokens.find(hashNumber(1))
      Object.assign(found?.token ?? {}, { name: 'changed', scopes: ['read'] })
      Object.assign((await tokens.list(ann))[0] ?? {}, { name: 'changed' })
      expect(await tokens.list(ann)).toStrictEqual([tokenNumber(1)])
    })

    test('sees in another process what was created and removed', async () => {
      const again = await opened().openAgain()
      await create(1)
      expect((await again.tokens.find(hashNumber(1)))?.owner).toBe(ann)
      await again.tokens.remove(ann, idNumber(1))
      expect(await tokens.find(hashNumber(1))).toBeNull()
    })
  })
}
