/** A token that a request was accepted with, while the request is held open. */
export interface WatchedToken {
  /** Whether the token was known to be valid less than 30 seconds ago. `false` while the store is down. */
  isConfirmed(): boolean
  stop(): void
}

/** Calls `end` once, when the token is found to be deleted. */
export type WatchToken = (end: () => void) => WatchedToken

/** Watches a token that cannot be deleted here, such as one of the sign-in service. */
export const watchNothing: WatchToken = () => ({ isConfirmed: () => true, stop() {} })

interface Watched {
  /** When the token has to be looked up again. */
  until: number
  isLookingUp: boolean
  readonly lookUp: () => Promise<number | null>
  readonly ends: Set<() => void>
}

const TICK_MS = 1000

/**
 * Watches the tokens of requests that are held open. However many requests hold a token, it is looked up once.
 *
 * @param options.now milliseconds of a monotonic clock.
 * @param options.graceMs how long a look-up may take before a token counts as not confirmed.
 */
export function createTokenWatch(options: {
  readonly now: () => number
  readonly graceMs: number
  readonly tickMs?: number
}) {
  const { now, graceMs, tickMs = TICK_MS } = options
  const tokens = new Map<string, Watched>()
  let ticking: ReturnType<typeof setInterval> | null = null

  function tick(): void {
    for (const [id, token] of tokens)
      if (now() >= token.until && !token.isLookingUp) void confirm(id, token)
  }

  async function confirm(id: string, token: Watched): Promise<void> {
    token.isLookingUp = true
    try {
      const until = await token.lookUp()
      if (until === null) end(id)
      else token.until = until
    } catch {
      // The store is down. The next tick tries again.
    }
    token.isLookingUp = false
  }

  function end(id: string): void {
    for (const endRequest of [...(tokens.get(id)?.ends ?? [])]) endRequest()
  }

  return {
    /**
     * @param until when the token has to be looked up again.
     * @param lookUp returns the next such time; `null` if the token was deleted.
     */
    watch(
      id: string,
      until: number,
      lookUp: () => Promise<number | null>,
      endRequest: () => void,
    ): WatchedToken {
      const token = tokens.get(id) ?? { until, isLookingUp: false, lookUp, ends: new Set() }
      // Wrapped, because two requests may pass the same function.
      const own = () => endRequest()
      tokens.set(id, token)
      token.ends.add(own)
      ticking ??= setInterval(tick, tickMs)
      return {
        isConfirmed: () => now() < token.until + graceMs,
        stop() {
          if (token.ends.delete(own) && token.ends.size === 0) tokens.delete(id)
          if (tokens.size > 0 || ticking === null) return
          clearInterval(ticking)
          ticking = null
        },
      }
    },
    /** Ends the requests that hold a token. */
    end,
  }
}
