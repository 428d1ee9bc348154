interface Window {
  requests: number
  readonly endsAt: number
}

/**
 * Counts the requests of this process. A caller's window begins with its first request.
 *
 * @param options.now milliseconds of a clock that never goes back.
 * @param options.maxCallers how many callers to remember. Beyond that the older half is forgotten, which
 * bounds the memory that a flood of addresses can take.
 */
export function createMemoryRateLimit(options: {
  readonly requests: number
  readonly windowSeconds: number
  readonly now: () => number
  readonly maxCallers?: number
}) {
  const { requests: limit, windowSeconds, now, maxCallers = 100_000 } = options
  const windowMs = windowSeconds * 1000
  // Half of the callers are forgotten at once, because deleting from the front of a Map gets slower with
  // every deletion. Callers in the older half have had at least one whole window.
  let younger = new Map<string, Window>()
  let older = new Map<string, Window>()
  let halvesAt = 0

  function open(caller: string, time: number): Window {
    if (younger.size >= maxCallers / 2 || time >= halvesAt) {
      older = younger
      younger = new Map()
      halvesAt = time + windowMs
    }
    const window = { requests: 0, endsAt: time + windowMs }
    younger.set(caller, window)
    return window
  }

  function windowOf(caller: string, time: number): Window | null {
    const known = younger.get(caller) ?? older.get(caller)
    return known && known.endsAt > time ? known : null
  }

  function toCount({ requests, endsAt }: Window, time: number) {
    return {
      allowed: requests <= limit,
      remaining: Math.max(limit - requests, 0),
      resetSeconds: Math.ceil((endsAt - time) / 1000),
    }
  }

  return {
    requests: limit,
    windowSeconds,

    count(caller: string) {
      const time = now()
      const window = windowOf(caller, time) ?? open(caller, time)
      window.requests += 1
      return toCount(window, time)
    },

    /** Uncounts one request, unless its window has ended. */
    giveBack(caller: string) {
      const time = now()
      const window = windowOf(caller, time) ?? { requests: 0, endsAt: time + windowMs }
      if (window.requests > 0) window.requests -= 1
      return toCount(window, time)
    },

    /** How many callers are remembered. */
    size: () => younger.size + older.size,
  }
}
