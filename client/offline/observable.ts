import type { Observable } from './types.ts'

/** Creates observable values that are computed from what `changed` announces. */
export function createObservables() {
  const checks = new Set<() => void>()
  let version = 0

  return {
    observable<Value>(compute: () => Value): Observable<Value> {
      let computed = { version, value: compute() }

      function get(): Value {
        if (computed.version !== version) {
          const value = compute()
          computed = { version, value: isSame(computed.value, value) ? computed.value : value }
        }
        return computed.value
      }

      return {
        get,
        subscribe(listener) {
          let seen = get()
          function check(): void {
            const value = get()
            if (value === seen) return
            seen = value
            listener()
          }
          checks.add(check)
          return () => checks.delete(check)
        },
      }
    },

    /** Notifies the listeners of the values that are no longer the same. */
    changed(): void {
      version++
      for (const check of [...checks]) check()
    },
  }
}

/** Whether two values are the same, or have the same items or members. */
function isSame(a: unknown, b: unknown): boolean {
  const [old, members] = [Object(a), Object.entries(Object(b))]
  return (
    a === b ||
    (members.length > 0 &&
      Object.keys(old).length === members.length &&
      members.every(([name, value]) => old[name] === value))
  )
}
