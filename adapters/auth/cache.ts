/** What was learnt from a token when it was checked. `expiresAt` is in milliseconds. */
interface Remembered {
  readonly expiresAt: number
}

interface Entry<Value> {
  readonly token: string
  readonly value: Value
  older: Entry<Value> | null
  newer: Entry<Value> | null
}

/** Remembers what was learnt from valid tokens, each by its whole text. */
export interface TokenCache<Value> {
  /** @param now milliseconds. @returns `null` for a token that is not known, or whose time is up. */
  get(token: string, now: number): Value | null
  set(token: string, value: Value): void
  clear(): void
}

/**
 * A cache that forgets the least recently used token first. The order is a list through the entries
 * and not the map's own: a hit costs one look-up, where taking the entry out and putting it back
 * would cost three.
 *
 * @param limits how many tokens are kept and how many characters they may have together. The second
 *   bounds the memory, since a token may have 8 KiB; a digest as the key would do so too, at ten
 *   times the price of the look-up.
 */
export function createTokenCache<Value extends Remembered>(limits: {
  readonly tokens: number
  readonly characters: number
}): TokenCache<Value> {
  const entries = new Map<string, Entry<Value>>()
  let oldest: Entry<Value> | null = null
  let newest: Entry<Value> | null = null
  let characters = 0

  function link(entry: Entry<Value>): void {
    entry.older = newest
    entry.newer = null
    if (newest === null) oldest = entry
    else newest.newer = entry
    newest = entry
  }

  function unlink(entry: Entry<Value>): void {
    if (entry.older === null) oldest = entry.newer
    else entry.older.newer = entry.newer
    if (entry.newer === null) newest = entry.older
    else entry.newer.older = entry.older
  }

  function remove(entry: Entry<Value>): void {
    unlink(entry)
    entries.delete(entry.token)
    characters -= entry.token.length
  }

  return {
    get(token, now) {
      const entry = entries.get(token)
      if (entry === undefined) return null
      if (entry.value.expiresAt <= now) {
        remove(entry)
        return null
      }
      if (entry !== newest) {
        unlink(entry)
        link(entry)
      }
      return entry.value
    },

    set(token, value) {
      const former = entries.get(token)
      if (former !== undefined) remove(former)
      const entry = { token, value, older: null, newer: null }
      entries.set(token, entry)
      link(entry)
      characters += token.length
      while (oldest !== null && (entries.size > limits.tokens || characters > limits.characters))
        remove(oldest)
    },

    clear() {
      entries.clear()
      oldest = null
      newest = null
      characters = 0
    },
  }
}
