/** Counts requests whose tokens are still signed with the previous secret. */
export interface PreviousSecretReport {
  count(): void
  /** Reports the current count. Later calls of `count` are ignored. */
  close(): void
}

/**
 * Reports once a minute at most, instead of once per request: while rotating a secret, an operator
 * wants to know when the previous one is no longer used. The first use starts the minute.
 */
export function createPreviousSecretReport(
  report: (requests: number) => void,
): PreviousSecretReport {
  let requests = 0
  let closed = false

  function flush(): void {
    if (requests === 0) return
    report(requests)
    requests = 0
  }

  return {
    count() {
      if (closed) return
      requests += 1
      // A pending report must not keep the process alive.
      if (requests === 1) setTimeout(flush, 60_000).unref()
    },
    close() {
      closed = true
      flush()
    },
  }
}
