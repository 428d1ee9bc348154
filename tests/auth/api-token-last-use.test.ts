import { describe, expect, test } from 'bun:test'
import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { createMemoryTokens } from '../../adapters/memory/tokens.ts'
import type { ApiToken } from '../../core/api-token.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { testTime } from '../support/tokens.ts'
import { HOUR, SECOND, startVerifier, unavailable } from './api-token-verifier.ts'

describe('the last use', () => {
  const hourOf = (time: number) => new Date(Math.floor(time / HOUR) * HOUR).toISOString()

  test('is the hour, written once an hour however many requests there are', async () => {
    const { verify, create, store, touched, pass } = startVerifier()
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
    const { verify, create, touched, pass, clock } = startVerifier()
    clock.time = Math.ceil(testTime / HOUR) * HOUR - SECOND
    const token = await create()
    await verify(token)
    pass(SECOND)
    expect(verify(token)).toMatchObject({ owner: ann })
    expect(touched).toHaveLength(2)
  })

  test('is not written if another process has written it', async () => {
    const { verify, create, touched } = startVerifier()
    await verify(await create({ last_used_at: hourOf(testTime) }))
    await verify(await create({ last_used_at: hourOf(testTime + HOUR) }))
    expect(touched).toStrictEqual([])
  })

  test('is written once an hour even if the token is evicted all the time', async () => {
    const { verify, create, touched } = startVerifier({ cacheSize: 1 })
    const texts = await Promise.all(Array.from({ length: 5 }, () => create()))
    for (let n = 0; n < 5; n++) for (const text of texts) await verify(text)
    expect(touched).toHaveLength(5)
  })

  test('is not written for a token that is refused', async () => {
    const { verify, create, touched } = startVerifier()
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
    const started = startVerifier({ store: { find: store.find, touch } })
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
