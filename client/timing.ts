const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000
// Whatever a server asks for; timers take no more than 24 days.
const LONGEST_RETRY_AFTER_MS = 600_000

/** How long to wait before the next attempt: doubled each time, and never the same for two clients. */
export function backOffMs(failures: number, retryAfterSeconds: number | null): number {
  const exponential = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
  const jittered = exponential * (0.5 + Math.random() / 2)
  if (retryAfterSeconds === null) return jittered
  // All who were told the same time must not come back in the same instant.
  return Math.min(retryAfterSeconds * 1000, LONGEST_RETRY_AFTER_MS) + jittered / 4
}

/** The reason of a signal whose time is up. */
export const TIME_IS_UP = Symbol('time is up')

export type Limit = ReturnType<typeof createLimit>

/**
 * A signal that aborts when `outer` does, and after a time, with `TIME_IS_UP`. Once released, it
 * leaves no timer or listener behind, which `AbortSignal.any` and `timeout` would.
 */
export function createLimit(ms: number, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const stop = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', stop)
  if (outer?.aborted) stop()
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Lets the time begin anew. */
  function renew(nextMs: number): void {
    clearTimeout(timer)
    if (Number.isFinite(nextMs))
      timer = setTimeout(() => controller.abort(TIME_IS_UP), Math.max(0, nextMs))
  }
  renew(ms)

  return {
    signal: controller.signal,
    renew,
    release(): void {
      clearTimeout(timer)
      outer?.removeEventListener('abort', stop)
    },
  }
}

/** What a promise resolves to; rejects with the limit's reason when that comes first. */
export async function within<Value>(limit: Limit, promise: Promise<Value>): Promise<Value> {
  const { signal } = limit
  const { promise: stopped, reject } = withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await Promise.race([promise, stopped])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Resolves after a time; rejects with the signal's reason when that comes first. */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const limit = createLimit(Number.POSITIVE_INFINITY, signal)
  const { promise, resolve } = withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  try {
    await within(limit, promise)
  } finally {
    clearTimeout(timer)
    limit.release()
  }
}

// Promise.withResolvers, which Node 20 does not have.
function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
