/** Pseudorandom numbers that depend only on the seed (mulberry32). */
export interface Random {
  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number
  chance(probability: number): boolean
  /** A random item, or `undefined` if there are none. */
  pick<Item>(items: readonly Item[]): Item | undefined
  /** An independent generator, for a part that must not affect the numbers of the others. */
  fork(): Random
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)],
    fork: () => createRandom(below(2 ** 32)),
  }
}
