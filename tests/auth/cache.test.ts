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

// The oracle is a plain list, the most recently used first.
test('remembers what a list would that drops its end', () => {
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

      for (const does of steps) {
        if (does === 'clear') {
          cache.clear()
          list = []
        } else if ('get' in does) {
          expectSame(does.get, does.now)
        } else {
          const { set, expiresAt } = does
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
