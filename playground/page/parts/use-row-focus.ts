import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Keeps the keyboard's place among rows that move or disappear. Rows have their key as `data-key`.
 *
 * @param keys of all rows, in their order.
 * @param fallback where the focus goes when no row is left.
 */
export function useRowFocus<Container extends HTMLElement>(
  keys: readonly string[],
  fallback: () => HTMLElement | null,
) {
  const container = useRef<Container>(null)
  const wanted = useRef<{ readonly key: string | undefined; readonly selector: string } | null>(
    null,
  )
  const rowOf = (key: string | undefined) =>
    container.current?.querySelector<HTMLElement>(`[data-key="${key}"]`)

  useLayoutEffect(() => {
    if (wanted.current === null) return
    const { key, selector } = wanted.current
    wanted.current = null
    const target = rowOf(key)?.querySelector<HTMLElement>(selector) ?? fallback()
    target?.focus()
  }, [keys.join()])

  return {
    /** The element that contains the rows. */
    container,

    /** Call it before the row moves: the element keeps the focus. */
    stay(key: string, selector: string): void {
      wanted.current = { key, selector }
    },

    /** Call it before the row disappears: the same element of the row beside it gets the focus. */
    leave(key: string, selector: string): void {
      const row = rowOf(key)
      if (!row?.contains(document.activeElement)) return
      const neighbor = row.nextElementSibling ?? row.previousElementSibling
      wanted.current = { key: neighbor?.getAttribute('data-key') ?? undefined, selector }
    },
  }
}
