import { indexAt } from './reorder.ts'

const EDGE = 32
const STEP = 12

/**
 * Drags the row of a list until the pointer is released. Escape puts it back.
 *
 * @param event the press on the handle of the row.
 * @param onDrop called with the indexes of where the row was and where it is dropped.
 */
export function startDrag(
  event: PointerEvent,
  list: HTMLElement,
  from: number,
  onDrop: (from: number, to: number) => void,
): void {
  const rows = [...list.children].filter((row): row is HTMLElement => row instanceof HTMLElement)
  const row = rows[from]
  const handle = event.currentTarget
  if (!row || event.button !== 0 || !(handle instanceof HTMLElement)) return
  const boxes = rows.map((one) => one.getBoundingClientRect())
  const middles = boxes.map(({ top, height }) => top + height / 2)
  const height = row.getBoundingClientRect().height
  const scroller = list.closest('.scroller')
  const startScroll = scroller?.scrollTop ?? 0
  let to = from

  function move({ clientY }: PointerEvent): void {
    const distance = clientY - event.clientY + (scroller?.scrollTop ?? 0) - startScroll
    scroll(clientY)
    to = indexAt(middles, (middles[from] ?? 0) + distance)
    for (const [index, one] of rows.entries()) {
      const shift =
        index === from
          ? distance
          : index > from && index <= to
            ? -height
            : index < from && index >= to
              ? height
              : 0
      one.style.transform = `translateY(${shift}px)`
    }
  }

  /** Shows more rows when the pointer comes to the edge of what is visible. */
  function scroll(y: number): void {
    const { top, bottom } = scroller?.getBoundingClientRect() ?? { top: 0, bottom: Infinity }
    if (y < top + EDGE) scroller?.scrollBy(0, -STEP)
    else if (y > bottom - EDGE) scroller?.scrollBy(0, STEP)
  }

  function end(isDropped: boolean): void {
    listeners.abort()
    list.classList.remove('dragging')
    row?.classList.remove('dragged')
    for (const one of rows) one.style.transform = ''
    if (isDropped && to !== from) onDrop(from, to)
  }

  const listeners = new AbortController()
  const { signal } = listeners
  handle.setPointerCapture(event.pointerId)
  list.classList.add('dragging')
  row.classList.add('dragged')
  handle.addEventListener('pointermove', move, { signal })
  handle.addEventListener('pointerup', () => end(true), { signal })
  handle.addEventListener('pointercancel', () => end(false), { signal })
  addEventListener('keydown', ({ key }) => key === 'Escape' && end(false), { signal })
}
