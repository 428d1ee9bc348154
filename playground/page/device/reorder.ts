/** Where something is moved to: before or after another. */
export type Place = { readonly before: string } | { readonly after: string }

/**
 * The move that brings the item at one index of a row to another.
 *
 * @returns `null` if it stays where it is.
 */
export function moveInRow(ids: readonly string[], from: number, to: number): Place | null {
  if (from === to || from < 0) return null
  const target = ids[Math.max(0, Math.min(to, ids.length - 1))]
  if (target === undefined || target === ids[from]) return null
  return to < from ? { before: target } : { after: target }
}

/** The index in a row at which something that is dragged to a height would be. */
export function indexAt(middles: readonly number[], y: number): number {
  const below = middles.findIndex((middle) => y < middle)
  return below === -1 ? middles.length - 1 : below
}
