import { afterEach, describe, expect, test } from 'bun:test'
import type { ApiTokenVerifierOptions } from '../../adapters/auth/api-tokens.ts'
import { ann, idNumber } from '../conformance/stores/store.ts'
import { SECOND, startVerifier, unavailable } from './api-token-verifier.ts'

describe('a token that a request holds', () => {
  const stops: (() => void)[] = []

  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })

  async function hold(options: Partial<ApiTokenVerifierOptions> = {}) {
    const started = startVerifier({ tickMs: 1, ...options })
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
