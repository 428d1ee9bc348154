import { createLimit, within, withResolvers } from '../timing.ts'
import { isSame } from './members.ts'
import type { Observable } from './types.ts'

/** Creates observable values that are computed from what `changed` announces. */
export function createObservables() {
  const checks = new Set<() => void>()

  /** Runs a check at each change. Returns a function that ends this. */
  function watch(check: () => void): () => void {
    checks.add(check)
    return () => checks.delete(check)
  }

  return {
    /** A value that is computed from another one, when that has changed. */
    observable<Source, Value extends object | null>(
      read: () => Source,
      compute: (source: Source, previous: Value | null) => Value,
    ): Observable<Value> {
      let source = read()
      let value = compute(source, null)

      function get(): Value {
        const next = read()
        if (next === source) return value
        source = next
        const computed = compute(next, value)
        if (!isSame(value, computed)) value = computed
        return value
      }

      return {
        get,
        subscribe(listener) {
          let seen = get()
          return watch(() => {
            if (seen === get()) return
            seen = value
            listener()
          })
        },
      }
    },

    /** Notifies the listeners of the values that are no longer the same. */
    changed(): void {
      for (const check of [...checks]) guard(check)
    },

    /** Resolves when something is as wanted, when the signal aborts, or after a time. */
    async until(
      isWanted: () => boolean,
      signal: AbortSignal,
      ms = Number.POSITIVE_INFINITY,
    ): Promise<void> {
      if (isWanted()) return
      const limit = createLimit(ms, signal)
      const { promise, resolve } = withResolvers<void>()
      const end = watch(() => isWanted() && resolve())
      await within(limit, promise).catch(() => {})
      end()
      limit.release()
    },
  }
}

/** Calls a function of the application. Its error is reported as unhandled, and ends nothing else. */
export function guard<Value>(run: () => Value): Value | undefined {
  try {
    return run()
  } catch (error) {
    void Promise.reject(error)
    return undefined
  }
}
