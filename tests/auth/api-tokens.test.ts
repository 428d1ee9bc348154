import { describe, expect, test } from 'bun:test'
import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { ann, bob, idNumber } from '../conformance/stores/store.ts'
import { makeToken, secret, secretSigner, testTime, validOwner } from '../support/tokens.ts'
import { HOUR, SECOND, startVerifier, unavailable } from './api-token-verifier.ts'

test('accepts a token with its owner, scopes, id and expiry', async () => {
  const { verify, create } = startVerifier()
  const forever = await verify(await create({ scopes: ['read'] }, bob))
  expect(forever).toMatchObject({
    owner: bob,
    kind: 'api_token',
    scopes: ['read'],
    tokenId: idNumber(1),
    expiresAt: Number.POSITIVE_INFINITY,
  })
  const expires_at = new Date(testTime + 5000).toISOString()
  const some = await verify(await create({ expires_at }))
  expect(some).toMatchObject({ owner: ann, expiresAt: testTime + 5000 })
})

test('hands every other token to the verifier of sign-in tokens', async () => {
  const { verify, found, inspect, ready } = startVerifier()
  const token = await makeToken(secretSigner(secret))
  expect(await verify(token)).toMatchObject({
    owner: validOwner,
    kind: 'sign_in',
    scopes: ['read', 'write'],
    tokenId: null,
  })
  expect(await verify('x.y.z')).toBeNull()
  expect(await inspect(token)).toMatchObject({ owner: validOwner, kind: 'sign_in' })
  expect(await ready()).toBe(true)
  expect(found).toStrictEqual([])
})

test('refuses a mistyped token without asking the store', async () => {
  const { verify, create, found, events } = startVerifier()
  const token = await create()
  expect(
    await verify(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`, 'a-request'),
  ).toBeNull()
  expect(found).toStrictEqual([])
  expect(events).toContainEqual({
    type: 'token_refused',
    requestId: 'a-request',
    refusal: { reason: 'bad_checksum', method: 'api_token', expected: null, actual: null },
    acceptedBefore: false,
  })
})

test('reports whether an API token has been accepted before', async () => {
  const { verify, create, events } = startVerifier()
  await verify(newApiToken().text)
  await verify(await create())
  await verify(newApiToken().text)
  const before = events.flatMap((event) =>
    event.type === 'token_refused' ? [event.acceptedBefore] : [],
  )
  expect(before).toStrictEqual([false, true])
})

describe('remembers', () => {
  test('a valid token for 25 seconds, and returns it without a promise', async () => {
    const { verify, create, found, events, pass } = startVerifier()
    const token = await create()
    const verified = await verify(token)
    pass(25 * SECOND - 1)
    expect(verify(token)).toBe(verified)
    expect(found).toHaveLength(1)
    pass(1)
    await verify(token)
    expect(found).toHaveLength(2)
    expect(events).toStrictEqual(
      ['cache_miss', 'cache_hit', 'cache_miss'].map((type) => Object({ type, kind: 'api_token' })),
    )
  })

  test('a token from when the look-up began, not from when it ended', async () => {
    const { verify, create, found, pass, hooks } = startVerifier()
    const token = await create()
    hooks.afterFind = async () => pass(20 * SECOND)
    await verify(token)
    hooks.afterFind = async () => {}
    pass(5 * SECOND)
    await verify(token)
    expect(found).toHaveLength(2)
  })

  test('no longer if the time of day is set back', async () => {
    const { verify, create, found, clock } = startVerifier()
    const token = await create()
    await verify(token)
    clock.time -= HOUR
    clock.uptime += 25 * SECOND
    await verify(token)
    expect(found).toHaveLength(2)
  })

  test('a refused token, so that repeating it does not reach the store', async () => {
    const { verify, found, reasons, pass } = startVerifier()
    const { text } = newApiToken()
    for (let n = 0; n < 100; n++) expect(await verify(text)).toBeNull()
    expect(found).toHaveLength(1)
    pass(25 * SECOND)
    expect(await verify(text)).toBeNull()
    expect(found).toHaveLength(2)
    expect(new Set(reasons())).toStrictEqual(new Set(['unknown_token']))
  })

  test('a bounded number of tokens, the ones used last', async () => {
    const { verify, create, found } = startVerifier({ cacheSize: 3 })
    const texts = await Promise.all(Array.from({ length: 4 }, () => create()))
    const [first = '', second = '', third = '', fourth = ''] = texts
    for (const text of [first, second, third, first, fourth]) await verify(text)
    expect(found).toHaveLength(4)
    for (const text of [first, third, fourth]) await verify(text)
    expect(found).toHaveLength(4)
    await verify(second)
    expect(found).toHaveLength(5)
  })

  test('valid tokens during a flood of unknown ones', async () => {
    const { verify, create, found } = startVerifier({ cacheSize: 10 })
    const token = await create()
    await verify(token)
    for (let n = 0; n < 100; n++) await verify(newApiToken().text)
    const before = found.length
    expect(verify(token)).toMatchObject({ owner: ann })
    expect(found).toHaveLength(before)
  })

  test('nothing for an inspection, which asks the store each time and reports nothing', async () => {
    const { inspect, create, found, events } = startVerifier()
    const token = await create()
    for (let n = 0; n < 2; n++) expect(await inspect(token)).toMatchObject({ owner: ann })
    const { text } = newApiToken()
    for (let n = 0; n < 2; n++)
      expect(await inspect(text)).toMatchObject({ reason: 'unknown_token' })
    expect(found).toHaveLength(4)
    expect(events).toStrictEqual([])
  })
})

test('remembers a token no longer for a request that joins a look-up late', async () => {
  const { verify, create, found, pass, hooks } = startVerifier()
  const token = await create()
  const mayGoOn = Promise.withResolvers<void>()
  hooks.afterFind = () => mayGoOn.promise
  const early = verify(token)
  pass(20 * SECOND)
  const late = verify(token)
  mayGoOn.resolve()
  await Promise.all([early, late])
  pass(5 * SECOND)
  await verify(token)
  expect(found).toHaveLength(2)
})

test('looks a token up once for requests that arrive together', async () => {
  const { verify, create, found } = startVerifier()
  const token = await create()
  const all = await Promise.all(Array.from({ length: 50 }, () => verify(token)))
  for (const verified of all) expect(verified).toMatchObject({ owner: ann })
  expect(found).toHaveLength(1)
})

describe('expiry', () => {
  test('ends a remembered token exactly at its time', async () => {
    const { verify, create, pass, reasons } = startVerifier()
    const token = await create({ expires_at: new Date(testTime + 10 * SECOND).toISOString() })
    expect(await verify(token)).not.toBeNull()
    pass(10 * SECOND - 1)
    expect(verify(token)).toMatchObject({ owner: ann })
    pass(1)
    expect(await verify(token)).toBeNull()
    expect(reasons()).toStrictEqual(['expired'])
  })

  test('is reported with both times, and remembered', async () => {
    const { verify, create, events, found } = startVerifier()
    const token = await create({ expires_at: new Date(testTime).toISOString() })
    for (let n = 0; n < 3; n++) expect(await verify(token)).toBeNull()
    expect(found).toHaveLength(1)
    const at = new Date(testTime).toISOString()
    expect(events).toContainEqual(
      expect.objectContaining({
        refusal: { reason: 'expired', method: 'api_token', expected: at, actual: at },
      }),
    )
  })
})

describe('deletion', () => {
  test('holds within 25 seconds if another process deleted the token', async () => {
    const { verify, create, store, pass } = startVerifier()
    const token = await create()
    await verify(token)
    await store.remove(ann, idNumber(1))
    expect(verify(token)).not.toBeNull()
    pass(25 * SECOND)
    expect(await verify(token)).toBeNull()
  })

  test('holds at once in the process that deleted the token', async () => {
    const { verify, create, store, forget } = startVerifier()
    const token = await create()
    const other = await create()
    await verify(token)
    await verify(other)
    await store.remove(ann, idNumber(1))
    forget(idNumber(1))
    expect(await verify(token)).toBeNull()
    expect(verify(other)).toMatchObject({ owner: ann })
  })

  test('also holds for a look-up that began before it', async () => {
    const { verify, create, store, forget, hooks } = startVerifier()
    const token = await create()
    const isFound = Promise.withResolvers<void>()
    const mayGoOn = Promise.withResolvers<void>()
    hooks.afterFind = () => {
      isFound.resolve()
      return mayGoOn.promise
    }
    const early = verify(token)
    await isFound.promise
    await store.remove(ann, idNumber(1))
    forget(idNumber(1))
    const late = verify(token)
    mayGoOn.resolve()
    expect(await late).toBeNull()
    expect(await early).toBeNull()
    expect(await verify(token)).toBeNull()
  })

  test('is kept in mind only as long as needed', async () => {
    const { verify, create, forget, pass } = startVerifier()
    const token = await create()
    forget(idNumber(1))
    expect(await verify(token)).toBeNull()
    pass(120 * SECOND)
    // Forgotten by the next deletion. (The store still has the token.)
    forget(idNumber(2))
    expect(await verify(token)).not.toBeNull()
  })
})

describe('a store that is down', () => {
  test('makes a token unavailable, not invalid', async () => {
    const { verify, create, hooks, reasons } = startVerifier()
    const token = await create()
    hooks.fail = unavailable
    await expect(Promise.resolve(verify(token))).rejects.toBe(unavailable)
    expect(reasons()).toStrictEqual([])
    hooks.fail = null
    expect(await verify(token)).toMatchObject({ owner: ann })
  })

  test('lets a remembered token work, as long as it is remembered', async () => {
    const { verify, create, hooks, pass } = startVerifier()
    const token = await create()
    await verify(token)
    hooks.fail = unavailable
    pass(25 * SECOND - 1)
    expect(verify(token)).toMatchObject({ owner: ann })
    pass(1)
    await expect(Promise.resolve(verify(token))).rejects.toBe(unavailable)
  })
})
