/** A value that changes, like those of `client/offline`: `get` returns the same object until it does. */
export interface Observable<Value> {
  get(): Value
  subscribe(listener: () => void): () => void
}

export interface State<Value> extends Observable<Value> {
  set(value: Value): void
  update(change: (value: Value) => Value): void
}

export function createState<Value>(initial: Value): State<Value> {
  const listeners = new Set<() => void>()
  let current = initial
  function set(value: Value): void {
    if (Object.is(value, current)) return
    current = value
    for (const listener of [...listeners]) listener()
  }
  return {
    get: () => current,
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
