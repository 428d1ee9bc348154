import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { createTokenCache } from '../../adapters/auth/cache.ts'

const limits = { tokens: 4, characters: 12 }
const tokens = ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'f', 'g', 'x'.repeat(13)]
const token = fc.constantFrom(...tokens)
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ set: token, expiresAt: fc.constantFrom(1, 9) }) },
  { weight: 6, arbitrary: fc.record({ get: token, now: fc.constantFrom(0, 0, 0, 1) }) },
  { weight: 1, arbitrary: fc.constant('clear') },
)

// The oracle is a plain list that starts with the most recently used token.
test('evicts the least recently used tokens when it is full', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 100 }), (steps) => {
      const cache = createTokenCache<{ expiresAt: number }>(limits)
      let list: { token: string; expiresAt: number }[] = []

      function expectSame(token: string, now: number): void {
        const known = list.find((item) => item.token === token)
        const alive = known !== undefined && known.expiresAt > now
        expect(cache.get(token, now)).toEqual(alive ? { expiresAt: known.expiresAt } : null)
        list = list.filter((item) => item !== known)
        if (alive) list.unshift(known)
      }

      for (const step of steps) {
        if (step === 'clear') {
          cache.clear()
          list = []
        } else if ('get' in step) {
          expectSame(step.get, step.now)
        } else {
          const { set, expiresAt } = step
          cache.set(set, { expiresAt })
          list = [{ token: set, expiresAt }, ...list.filter((item) => item.token !== set)]
          while (
            list.length > limits.tokens ||
            list.reduce((sum, item) => sum + item.token.length, 0) > limits.characters
          )
            list.pop()
        }
      }
      for (const token of tokens) expectSame(token, 0)
    }),
    { numRuns: 500 },
  )
})
