/** What is known of a verified token. */
interface CachedToken {
  /** Milliseconds on the clock of `get`. */
  readonly expiresAt: number
}

/** Remembers the results of verifying valid tokens, by the full text of the token. */
export interface TokenCache<Value> {
  /** @param now milliseconds on any clock, always the same. @returns `null` if the token is unknown or has expired. */
  get(token: string, now: number): Value | null
  set(token: string, value: Value): void
  clear(): void
}

/**
 * A cache that evicts the least recently used token.
 *
 * @param limits the maximum number of tokens, and of all their characters together. The second bounds
 *   the memory, since a token may have 8 KiB. (Keys could be digests instead, but hashing a token
 *   takes ten times as long as looking it up.)
 */
export function createTokenCache<Value extends CachedToken>(limits: {
  readonly tokens: number
  readonly characters: number
}): TokenCache<Value> {
  // A map iterates in insertion order, so the least recently used token comes first.
  const entries = new Map<string, Value>()
  let characters = 0

  function remove(token: string): void {
    if (entries.delete(token)) characters -= token.length
  }

  return {
    get(token, now) {
      const value = entries.get(token)
      if (value === undefined) return null
      if (value.expiresAt <= now) {
        remove(token)
        return null
      }
      entries.delete(token)
      entries.set(token, value)
      return value
    },

    set(token, value) {
      remove(token)
      entries.set(token, value)
      characters += token.length
      for (const oldest of entries.keys()) {
        if (entries.size <= limits.tokens && characters <= limits.characters) break
        remove(oldest)
      }
    },

    clear() {
      entries.clear()
      characters = 0
    },
  }
}
