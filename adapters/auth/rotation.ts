/** Counts the requests that still come with tokens of the previous secret. */
export interface PreviousSecretReport {
  count(): void
  /** Reports what is counted, and nothing after it. */
  close(): void
}

/**
 * Makes one report of all uses within a minute, the first of which starts it: whoever rotates a
 * secret wants to know when the previous one can go, not to read a line for each request.
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
      // A report that is due is no reason for a process to stay.
      if (requests === 1) setTimeout(flush, 60_000).unref()
    },
    close() {
      closed = true
      flush()
    },
  }
}
