import { createState, type State } from '../observable.ts'

/**
 * A switch that stays as it is across reloads, and is the same in all tabs.
 *
 * @param signal ends it.
 */
export function createStoredSwitch(
  key: string,
  initial: boolean,
  signal: AbortSignal,
): State<boolean> {
  const read = () => {
    const stored = localStorage.getItem(key)
    return stored === null ? initial : stored === 'true'
  }
  const state = createState(read())
  state.subscribe(() => localStorage.setItem(key, `${state.get()}`))
  addEventListener('storage', (event) => event.key === key && state.set(read()), { signal })
  return state
}
