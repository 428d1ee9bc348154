import { HIGHEST_ORDER, LOWEST_ORDER } from './item.ts'
import type { Task } from './task.ts'

/** The gap between new neighbours. It leaves room for ten moves between any two. */
export const ORDER_GAP = 1024

/** A free order between two others (`null`: an end of the range). Returns `null` if there is no room. */
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
 * The spacing of `count` items between two orders (`null`: an end of the range). Less than 1 if they do
 * not fit.
 */
export function spacing(above: number | null, below: number | null, count: number): number {
  const from = above ?? LOWEST_ORDER - 1
  const to = below ?? Math.min(from + ORDER_GAP * (count + 1), HIGHEST_ORDER + 1)
  return Math.floor((to - from) / (count + 1))
}

/** What tasks and lists are sorted by in the manual order. */
export type OrderKey = Pick<Task, 'order' | 'id'>

/** Compares by `order`, then by id. */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  return a.order - b.order || compareText(a.id, b.id)
}

/** Compares by UTF-16 code units, as JavaScript does. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
