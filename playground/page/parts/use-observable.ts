import { useLayoutEffect, useReducer } from 'preact/hooks'
import type { Observable } from '../observable.ts'

/** The current value. The component is drawn again when it changes. */
export function useObservable<Value>(observable: Observable<Value>): Value {
  const [, draw] = useReducer((count: number) => count + 1, 0)
  const value = observable.get()
  useLayoutEffect(() => {
    // It may have changed since it was drawn.
    if (!Object.is(observable.get(), value)) draw(undefined)
    return observable.subscribe(() => draw(undefined))
  }, [observable])
  return value
}
