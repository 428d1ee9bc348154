import { afterEach, describe, expect, test } from 'bun:test'
import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import {
  type ApiTokenVerifierOptions,
  createApiTokenVerifier,
} from '../../adapters/auth/api-tokens.ts'
import type { TokenEvent } from '../../adapters/auth/events.ts'
import { createTokenVerifier } from '../../adapters/auth/verifier.ts'
import { createMemoryTokens } from '../../adapters/memory/tokens.ts'
import type { ApiToken } from '../../core/api-token.ts'
import { TaskportError } from '../../core/errors.ts'
import { ann, bob, idNumber } from '../conformance/stores/store.ts'
import { makeToken, secret, secretSigner, testTime, validOwner } from '../support/tokens.ts'

const SECOND = 1000
const HOUR = 3_600_000

/** A verifier with clocks that tests move, on a store whose calls are counted and can fail. */
function start(options: Partial<ApiTokenVerifierOptions> = {}) {
  const store = createMemoryTokens()
  const events: TokenEvent[] = []
  const found: string[] = []
  const touched: string[] = []
  const clock = { time: testTime, uptime: 50_000 }
  const hooks: {
    fail: Error | null
    beforeFind: () => Promise<void>
    afterFind: () => Promise<void>
  } = { fail: null, beforeFind: async () => {}, afterFind: async () => {} }
  let created = 0
  const verifier = createApiTokenVerifier({
    signIn: createTokenVerifier({
      secrets: { current: secret },
      keySet: null,
      clockToleranceSeconds: 5,
      now: () => clock.time,
      observe: (event) => events.push(event),
    }),
    store: {
      async find(hash) {
        found.push(hash)
        if (hooks.fail) throw hooks.fail
        await hooks.beforeFind()
        const result = await store.find(hash)
        await hooks.afterFind()
        return result
      },
      async touch(owner, id, at) {
        touched.push(at)
        if (hooks.fail) throw hooks.fail
        await store.touch(owner, id, at)
      },
    },
    now: () => clock.time,
    uptime: () => clock.uptime,
    observe: (event) => events.push(event),
    ...options,
  })
  return {
    ...verifier,
    store,
    events,
    found,
    touched,
    clock,
    hooks,
    pass(milliseconds: number): void {
      clock.time += milliseconds
      clock.uptime += milliseconds
    },
    async create(members: Partial<ApiToken> = {}, owner = ann): Promise<string> {
      const { text, hash } = newApiToken()
      const token: ApiToken = {
        id: idNumber(++created),
        name: 'CI',
        scopes: ['read', 'write'],
        created_at: new Date(testTime).toISOString(),
        expires_at: null,
        last_used_at: null,
        ...members,
      }
      await store.create(owner, token, hash, 100_000)
      return text
    },
    reasons: () =>
      events.flatMap((event) => (event.type === 'token_refused' ? [event.refusal.reason] : [])),
  }
}

const unavailable = new TaskportError('unavailable', 'The store is down')

test('accepts a token with its owner, scopes, id and expiry', async () => {
  const { verify, create } = start()
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
  const { verify, found, inspect, ready } = start()
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
  const { verify, create, found, events } = start()
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
  const { verify, create, events } = start()
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
    const { verify, create, found, events, pass } = start()
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
    const { verify, create, found, pass, hooks } = start()
    const token = await create()
    hooks.afterFind = async () => pass(20 * SECOND)
    await verify(token)
    hooks.afterFind = async () => {}
    pass(5 * SECOND)
    await verify(token)
    expect(found).toHaveLength(2)
  })

  test('no longer if the time of day is set back', async () => {
    const { verify, create, found, clock } = start()
    const token = await create()
    await verify(token)
    clock.time -= HOUR
    clock.uptime += 25 * SECOND
    await verify(token)
    expect(found).toHaveLength(2)
  })

  test('a refused token, so that repeating it does not reach the store', async () => {
    const { verify, found, reasons, pass } = start()
    const { text } = newApiToken()
    for (let n = 0; n < 100; n++) expect(await verify(text)).toBeNull()
    expect(found).toHaveLength(1)
    pass(25 * SECOND)
    expect(await verify(text)).toBeNull()
    expect(found).toHaveLength(2)
    expect(new Set(reasons())).toStrictEqual(new Set(['unknown_token']))
  })

  test('a bounded number of tokens, the ones used last', async () => {
    const { verify, create, found } = start({ cacheSize: 3 })
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
    const { verify, create, found } = start({ cacheSize: 10 })
    const token = await create()
    await verify(token)
    for (let n = 0; n < 100; n++) await verify(newApiToken().text)
    const before = found.length
    expect(verify(token)).toMatchObject({ owner: ann })
    expect(found).toHaveLength(before)
  })

  test('nothing for an inspection, which asks the store each time and reports nothing', async () => {
    const { inspect, create, found, events } = start()
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
  const { verify, create, found, pass, hooks } = start()
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
  const { verify, create, found } = start()
  const token = await create()
  const all = await Promise.all(Array.from({ length: 50 }, () => verify(token)))
  for (const verified of all) expect(verified).toMatchObject({ owner: ann })
  expect(found).toHaveLength(1)
})

describe('expiry', () => {
  test('ends a remembered token exactly at its time', async () => {
    const { verify, create, pass, reasons } = start()
    const token = await create({ expires_at: new Date(testTime + 10 * SECOND).toISOString() })
    expect(await verify(token)).not.toBeNull()
    pass(10 * SECOND - 1)
    expect(verify(token)).toMatchObject({ owner: ann })
    pass(1)
    expect(await verify(token)).toBeNull()
    expect(reasons()).toStrictEqual(['expired'])
  })

  test('is reported with both times, and remembered', async () => {
    const { verify, create, events, found } = start()
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
    const { verify, create, store, pass } = start()
    const token = await create()
    await verify(token)
    await store.remove(ann, idNumber(1))
    expect(verify(token)).not.toBeNull()
    pass(25 * SECOND)
    expect(await verify(token)).toBeNull()
  })

  test('holds at once in the process that deleted the token', async () => {
    const { verify, create, store, forget } = start()
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
    const { verify, create, store, forget, hooks } = start()
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
    const { verify, create, forget, pass } = start()
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
    const { verify, create, hooks, reasons } = start()
    const token = await create()
    hooks.fail = unavailable
    await expect(Promise.resolve(verify(token))).rejects.toBe(unavailable)
    expect(reasons()).toStrictEqual([])
    hooks.fail = null
    expect(await verify(token)).toMatchObject({ owner: ann })
  })

  test('lets a remembered token work, as long as it is remembered', async () => {
    const { verify, create, hooks, pass } = start()
    const token = await create()
    await verify(token)
    hooks.fail = unavailable
    pass(25 * SECOND - 1)
    expect(verify(token)).toMatchObject({ owner: ann })
    pass(1)
    await expect(Promise.resolve(verify(token))).rejects.toBe(unavailable)
  })
})

describe('the last use', () => {
  const hourOf = (time: number) => new Date(Math.floor(time / HOUR) * HOUR).toISOString()

  test('is the hour, written once an hour however many requests there are', async () => {
    const { verify, create, store, touched, pass } = start()
    const token = await create()
    for (let n = 0; n < 50; n++) {
      await verify(token)
      pass(SECOND)
    }
    expect(touched).toStrictEqual([hourOf(testTime)])
    pass(HOUR)
    for (let n = 0; n < 50; n++) {
      await verify(token)
      pass(SECOND)
    }
    expect(touched).toStrictEqual([hourOf(testTime), hourOf(testTime + HOUR)])
    expect((await store.list(ann))[0]?.last_used_at).toBe(hourOf(testTime + HOUR))
  })

  test('is written when a remembered token is used in a new hour', async () => {
    const { verify, create, touched, pass, clock } = start()
    clock.time = Math.ceil(testTime / HOUR) * HOUR - SECOND
    const token = await create()
    await verify(token)
    pass(SECOND)
    expect(verify(token)).toMatchObject({ owner: ann })
    expect(touched).toHaveLength(2)
  })

  test('is not written if another process has written it', async () => {
    const { verify, create, touched } = start()
    await verify(await create({ last_used_at: hourOf(testTime) }))
    await verify(await create({ last_used_at: hourOf(testTime + HOUR) }))
    expect(touched).toStrictEqual([])
  })

  test('is written once an hour even if the token is evicted all the time', async () => {
    const { verify, create, touched } = start({ cacheSize: 1 })
    const texts = await Promise.all(Array.from({ length: 5 }, () => create()))
    for (let n = 0; n < 5; n++) for (const text of texts) await verify(text)
    expect(touched).toHaveLength(5)
  })

  test('is not written for a token that is refused', async () => {
    const { verify, create, touched } = start()
    await verify(await create({ expires_at: new Date(testTime).toISOString() }))
    expect(touched).toStrictEqual([])
  })

  test('neither delays a request nor fails it, and is tried again later', async () => {
    const store = createMemoryTokens()
    const { promise } = Promise.withResolvers<void>()
    const touches: (Promise<void> | null)[] = []
    const { verify, create, pass } = startOn(store, () => {
      const result = touches.length === 0 ? Promise.reject(unavailable) : promise
      touches.push(result)
      return result
    })
    const token = await create()
    expect(await verify(token)).toMatchObject({ owner: ann })
    pass(25 * SECOND)
    expect(await verify(token)).toMatchObject({ owner: ann })
    pass(25 * SECOND)
    expect(await verify(token)).toMatchObject({ owner: ann })
    expect(touches).toHaveLength(2)
  })

  function startOn(store: ReturnType<typeof createMemoryTokens>, touch: () => Promise<void>) {
    const started = start({ store: { find: store.find, touch } })
    const { clock } = started
    return {
      ...started,
      async create() {
        const { text, hash } = newApiToken()
        const dates = {
          created_at: '2026-01-01T00:00:00.000Z',
          expires_at: null,
          last_used_at: null,
        }
        const token: ApiToken = { id: idNumber(1), name: 'CI', scopes: ['read'], ...dates }
        await store.create(ann, token, hash, 50)
        return text
      },
      clock,
    }
  }
})

describe('a token that a request holds', () => {
  const stops: (() => void)[] = []

  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })

  async function hold(options: Partial<ApiTokenVerifierOptions> = {}) {
    const started = start({ tickMs: 1, ...options })
    const text = await started.create()
    const verified = await started.verify(text)
    if (!verified) throw new Error('The token was refused')
    const watch = () => {
      const ended = Promise.withResolvers<void>()
      let isEnded = false
      const { stop, isConfirmed } = verified.watch(() => {
        isEnded = true
        ended.resolve()
      })
      stops.push(stop)
      return { ended: ended.promise, isEnded: () => isEnded, isConfirmed, stop }
    }
    /** Resolves with the number of look-ups after the next one. */
    const nextLookUp = () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      started.hooks.afterFind = async () => resolve()
      return promise
    }
    return { ...started, text, watch, nextLookUp }
  }

  test('ends at once when this process deletes the token', async () => {
    const { watch, forget } = await hold()
    const [one, two] = [watch(), watch()]
    forget(idNumber(2))
    expect(one.isEnded()).toBe(false)
    forget(idNumber(1))
    expect([one.isEnded(), two.isEnded()]).toStrictEqual([true, true])
  })

  test('ends within 30 seconds when another process deletes the token', async () => {
    const { watch, store, pass } = await hold()
    const held = watch()
    await store.remove(ann, idNumber(1))
    pass(25 * SECOND)
    await held.ended
  })

  test('is looked up once every 25 seconds, however many requests hold it', async () => {
    const { watch, found, pass, nextLookUp } = await hold()
    const all = Array.from({ length: 20 }, watch)
    for (let n = 2; n < 5; n++) {
      const next = nextLookUp()
      pass(25 * SECOND)
      await next
      // Some more ticks.
      for (let tick = 0; tick < 5; tick++) await Bun.sleep(1)
      expect(found).toHaveLength(n)
    }
    expect(all.some(({ isEnded }) => isEnded())).toBe(false)
    expect(all.every(({ isConfirmed }) => isConfirmed())).toBe(true)
  })

  test('is not confirmed while the store is down, but does not end', async () => {
    const { watch, hooks, pass, nextLookUp } = await hold()
    const held = watch()
    hooks.fail = unavailable
    pass(30 * SECOND - 1)
    expect(held.isConfirmed()).toBe(true)
    pass(1)
    expect(held.isConfirmed()).toBe(false)
    const next = nextLookUp()
    hooks.fail = null
    await next
    await Bun.sleep(1)
    expect(held.isConfirmed()).toBe(true)
    expect(held.isEnded()).toBe(false)
  })

  test('is not watched any more when the request has ended', async () => {
    const { watch, forget, found, pass } = await hold()
    const held = watch()
    held.stop()
    held.stop()
    pass(60 * SECOND)
    for (let tick = 0; tick < 5; tick++) await Bun.sleep(1)
    expect(found).toHaveLength(1)
    forget(idNumber(1))
    expect(held.isEnded()).toBe(false)
  })
})
