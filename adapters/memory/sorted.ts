/** Items in order. No two compare as equal. */
export interface Sorted<Item, Probe> {
  /** Removes `last` and inserts `next`; either may be missing. */
  replace(last: Item | undefined, next: Item | undefined): void
  /** The items after the probe, or all, in order. */
  upwards(from: Probe | null): Iterable<Item>
  /** The items before the probe, or all, in reverse order. */
  downwards(from: Probe | null): Iterable<Item>
}

/** @param compare the order. A probe is anything that can be compared with items. */
export function createSorted<Probe, Item extends Probe & object>(
  compare: (a: Probe, b: Probe) => number,
): Sorted<Item, Probe> {
  const items: Item[] = []

  /** How many items come before the probe. */
  function rank(probe: Probe): number {
    const last = items.at(-1)
    // In most orders, a new item is the last.
    if (last === undefined || compare(last, probe) < 0) return items.length
    let low = 0
    let high = items.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      const item = items[middle]
      if (item !== undefined && compare(item, probe) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  function isAt(index: number, probe: Probe): boolean {
    const item = items[index]
    return item !== undefined && compare(item, probe) === 0
  }

  function* walk(index: number, step: 1 | -1): Generator<Item> {
    for (let at = index; ; at += step) {
      const item = items[at]
      if (item === undefined) return
      yield item
    }
  }

  return {
    replace(last, next) {
      // In practice faster than a binary search, which causes more cache misses.
      const index = last ? items.indexOf(last) : -1
      if (last && next && compare(last, next) === 0) {
        items[index] = next
        return
      }
      if (last) items.splice(index, 1)
      if (next) items.splice(rank(next), 0, next)
    },
    upwards(from) {
      if (from === null) return walk(0, 1)
      const index = rank(from)
      return walk(isAt(index, from) ? index + 1 : index, 1)
    },
    downwards: (from) => walk((from === null ? items.length : rank(from)) - 1, -1),
  }
}
