const FIRST_PAUSE_MS = 200
const MAX_PAUSE_MS = 10_000
// Bounds what a server may ask for. (Timers cannot exceed 24 days.)
const MAX_RETRY_AFTER_MS = 600_000

/** How long to wait before the next attempt: exponential back-off with jitter. */
export function backOffMs(failures: number, retryAfterSeconds: number | null): number {
  const exponential = Math.min(FIRST_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS)
  const jittered = exponential * (0.5 + Math.random() / 2)
  if (retryAfterSeconds === null) return jittered
  // Jitter, so that clients with the same `Retry-After` do not come back at the same moment.
  return Math.min(retryAfterSeconds * 1000, MAX_RETRY_AFTER_MS) + jittered / 4
}

/** The abort reason of a limit whose time is up. */
export const TIME_IS_UP = Symbol('time is up')

export type Limit = ReturnType<typeof createLimit>

/**
 * Creates a signal that aborts when `outer` does, or with `TIME_IS_UP` after a time. Unlike
 * `AbortSignal.any` and `AbortSignal.timeout`, it leaves no timer or listener behind once released.
 */
export function createLimit(ms: number, outer: AbortSignal | undefined) {
  const controller = new AbortController()
  const stop = () => controller.abort(outer?.reason)
  outer?.addEventListener('abort', stop)
  if (outer?.aborted) stop()
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Restarts the time. */
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

/** Settles like `promise`, or rejects with the limit's reason if that comes first. */
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

/** Resolves after a time, or rejects with the signal's reason if that comes first. */
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

// `Promise.withResolvers` is missing in Node 20.
export function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
