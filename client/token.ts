/** A token, or a function that fetches one. It is called again when the service rejects the last one. */
export type TokenSource = string | (() => string | Promise<string>)

export type Tokens = ReturnType<typeof createTokens>

/** Keeps a token in memory until the service rejects it. */
export function createTokens(source: TokenSource | undefined) {
  // A promise, so that requests that start together share one token.
  let current: Promise<string> | null = null

  async function fetchToken(fetch: () => string | Promise<string>): Promise<string> {
    try {
      return await fetch()
    } catch (error) {
      current = null
      throw error
    }
  }

  return {
    /** The current token; `null` if the client has none. */
    async get(): Promise<string | null> {
      if (typeof source !== 'function') return source ?? null
      current ??= fetchToken(source)
      return current
    },

    /**
     * Forgets a rejected token, unless another call has already replaced it.
     *
     * @returns whether another token can be fetched.
     */
    async forget(rejected: string | null): Promise<boolean> {
      if (typeof source !== 'function') return false
      const used = current
      if (used !== null && (await used.catch(() => null)) === rejected && current === used)
        current = null
      return true
    },
  }
}
