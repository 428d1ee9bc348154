import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * Keeps the keyboard's place in a list whose rows move or disappear.
 *
 * @param keys of the rows, which have them as `data-key`.
 * @param fallback where the focus goes when no row is left.
 */
export function useRowFocus(keys: readonly string[], fallback: () => HTMLElement | null) {
  const list = useRef<HTMLUListElement>(null)
  const wanted = useRef<{ readonly key: string | null; readonly selector: string } | null>(null)

  useLayoutEffect(() => {
    if (wanted.current === null) return
    const { key, selector } = wanted.current
    wanted.current = null
    const row = list.current?.querySelector(`[data-key="${key}"]`)
    const target = row?.querySelector<HTMLElement>(selector) ?? fallback()
    target?.focus()
  }, [keys.join()])

  return {
    list,

    /** Call it before the row moves: the element keeps the focus. */
    stay(key: string, selector: string): void {
      wanted.current = { key, selector }
    },

    /** Call it before the row disappears: the same element of a neighbor gets the focus. */
    leave(key: string, selector: string): void {
      const index = keys.indexOf(key)
      const hasFocus = list.current?.querySelector(`[data-key="${key}"] :focus`)
      if (hasFocus) wanted.current = { key: keys[index + 1] ?? keys[index - 1] ?? null, selector }
    },
  }
}
