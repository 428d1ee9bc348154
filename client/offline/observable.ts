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
      for (const check of [...checks]) guard(check, () => {})
    },
  }
}

/** Calls a function of the application. Its error is reported as unhandled, and ends nothing else. */
export function guard<Value>(run: () => Value, otherwise: () => Value): Value {
  try {
    return run()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
    return otherwise()
  }
}

/** Whether two values are the same, or have the same items or members. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => item === b[index])
  const [old, members] = [Object(a), Object.entries(Object(b))]
  return a === b || (members.length > 0 && members.every(([name, value]) => old[name] === value))
}
