import { HIGHEST_ORDER, LOWEST_ORDER } from './task.ts'

/** The distance that new neighbours keep, so that there is room for ten moves between any two. */
export const ORDER_GAP = 1024

/** A free place between two tasks' orders, either of which may be missing; `null` for no room. */
export function orderBetween(above: number | null, below: number | null): number | null {
  if (above === null && below === null) return 0
  if (above === null && below !== null && below - ORDER_GAP >= LOWEST_ORDER)
    return below - ORDER_GAP
  if (below === null && above !== null && above + ORDER_GAP <= HIGHEST_ORDER)
    return above + ORDER_GAP
  const from = above ?? LOWEST_ORDER - 1
  const to = below ?? HIGHEST_ORDER + 1
  return to - from > 1 ? Math.floor((from + to) / 2) : null
}

/**
 * The distance at which `count` tasks fit evenly between two orders, either of which may be missing;
 * less than 1 for no room.
 */
export function spacing(above: number | null, below: number | null, count: number): number {
  const from = above ?? LOWEST_ORDER - 1
  const to = below ?? Math.min(from + ORDER_GAP * (count + 1), HIGHEST_ORDER + 1)
  return Math.floor((to - from) / (count + 1))
}
