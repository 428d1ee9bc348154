import { HIGHEST_ORDER, LOWEST_ORDER } from './item.ts'
import { compareOrder, type OrderKey, orderBetween, spacing } from './order.ts'

/** Where to move something: next to another one, or to an end of the order. */
export type Destination =
  | { readonly before: string }
  | { readonly after: string }
  | { readonly to: 'top' | 'bottom' }

/** Things that have an order, and changes of it. */
export interface Row<Item extends OrderKey> {
  /** What a neighbour can be; `null` if there is none with this id. */
  find(id: string): Item | null
  /** The first `count` items after a position (`null`: from the start). */
  following(position: OrderKey | null, count: number): Item[]
  /** The last `count` items before a position (`null`: from the end), nearest first. */
  preceding(position: OrderKey | null, count: number): Item[]
  /** A lower bound of all orders; `null` if there are none. */
  top: number | null
  /** Gives an item another order. */
  reorder(item: Item, order: number): void
}

/** The neighbours of a place in the order; `null` at an end. */
interface Gap<Item> {
  readonly above: Item | null
  readonly below: Item | null
}

/** Moves an item. Returns its order afterwards; `null` if there is no such neighbour. */
export function orderAt<Item extends OrderKey>(
  row: Row<Item>,
  item: Item,
  destination: Destination,
): number | null {
  const gap = gapAt(row, item, destination)
  if (gap === null) return null
  const { above, below } = gap
  const isBelow = !above || compareOrder(above, item) < 0
  const isAbove = !below || compareOrder(item, below) < 0
  return isBelow && isAbove ? item.order : makeRoom(row, item, gap)
}

/** The order of a new item above all others. Needs only `top`, and so reads no other item. */
export function orderOnTop<Item extends OrderKey>(row: Row<Item>): number {
  return makeRoom(row, null, { above: null, below: null })
}

/** The order of a new item below all others. */
export function orderAtBottom<Item extends OrderKey>(row: Row<Item>): number {
  const [last = null] = row.preceding(null, 1)
  return makeRoom(row, null, { above: last, below: null })
}

function gapAt<Item extends OrderKey>(
  row: Row<Item>,
  item: Item,
  destination: Destination,
): Gap<Item> | null {
  const other = (found: Item[]) => found.find(({ id }) => id !== item.id) ?? null
  if ('to' in destination)
    return destination.to === 'top'
      ? { above: null, below: other(row.following(null, 2)) }
      : { above: other(row.preceding(null, 2)), below: null }
  const neighbour = row.find('before' in destination ? destination.before : destination.after)
  if (!neighbour || neighbour.id === item.id) return null
  return 'before' in destination
    ? { above: other(row.preceding(neighbour, 2)), below: neighbour }
    : { above: neighbour, below: other(row.following(neighbour, 2)) }
}

/** Returns a free order in a gap, for `moved` or for a new item (`null`). */
function makeRoom<Item extends OrderKey>(
  row: Row<Item>,
  moved: Item | null,
  gap: Gap<Item>,
): number {
  const above = gap.above?.order ?? null
  const below = gap.above ? (gap.below?.order ?? null) : row.top
  const order = orderBetween(above, below) ?? spreadItems(row, moved, gap.above)
  if (!gap.above) row.top = order
  return order
}

const FIRST_WINDOW = 8
const ENOUGH_SPACING = 8

/** Makes room below `above` by respacing as few of the following items as possible. */
function spreadItems<Item extends OrderKey>(
  row: Row<Item>,
  moved: Item | null,
  above: Item | null,
): number {
  const start = above?.order ?? LOWEST_ORDER - 1
  for (let size = FIRST_WINDOW; ; size *= 2) {
    const found = row.following(above, size + 2).filter(({ id }) => id !== moved?.id)
    const end = found[size]
    const window = found.slice(0, size)
    const step = spacing(start, end?.order ?? null, window.length + 1)
    if (step >= (end ? ENOUGH_SPACING : 1)) return spread(row, [null, ...window], start, step)
    if (!end) break
  }
  // There is no room before the end of the range: respace all items.
  const all = row.following(null, Number.MAX_SAFE_INTEGER).filter(({ id }) => id !== moved?.id)
  const index = all.findIndex(({ id }) => id === above?.id) + 1
  const step = Math.floor((HIGHEST_ORDER - LOWEST_ORDER) / (all.length + 2))
  const items = [...all.slice(0, index), null, ...all.slice(index)]
  return spread(row, items, LOWEST_ORDER, step)
}

/** Spaces items evenly after `start`. @returns the order for the `null` among them. */
function spread<Item extends OrderKey>(
  row: Row<Item>,
  items: readonly (Item | null)[],
  start: number,
  step: number,
): number {
  let free = start
  for (const [index, item] of items.entries()) {
    const order = start + step * (index + 1)
    if (item) row.reorder(item, order)
    else free = order
  }
  return free
}
