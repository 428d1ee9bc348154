import fc from 'fast-check'
import type { Destination } from '../../../core/moves.ts'
import { after, BOTTOM, before, TOP } from './caller.ts'

/** A move of one of some tasks, to an end of their order or next to another task. */
export interface Move {
  readonly n: number
  readonly neighbour: number
  readonly to: 'before' | 'after' | 'top' | 'bottom'
}

/** Moves among tasks that are numbered from 0. */
export function movesAmong(count: number): fc.Arbitrary<Move> {
  const number = fc.nat({ max: count - 1 })
  return fc.record({
    n: number,
    neighbour: number,
    to: fc.constantFrom('before', 'after', 'top', 'bottom'),
  })
}

/** Where a move goes; `null` if its neighbour is the task itself. */
export function destinationOf({ n, neighbour, to }: Move): Destination | null {
  if (to === 'top') return TOP
  if (to === 'bottom') return BOTTOM
  if (n === neighbour) return null
  return to === 'before' ? before(neighbour) : after(neighbour)
}

/** The order of tasks after a move that has a destination. */
export function moved(order: readonly number[], { n, neighbour, to }: Move): number[] {
  const others = order.filter((one) => one !== n)
  const at = others.indexOf(neighbour)
  const index = { top: 0, bottom: others.length, before: at, after: at + 1 }[to]
  return others.toSpliced(index, 0, n)
}
