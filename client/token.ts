/** A token, or what fetches one; asked again when the service no longer takes the last. */
export type TokenSource = string | (() => string | Promise<string>)

export type Tokens = ReturnType<typeof createTokens>

/** Keeps a token in memory as long as it is good. */
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
    /** `null` where there is no token to be had. */
    async get(): Promise<string | null> {
      if (typeof source !== 'function') return source ?? null
      current ??= fetchToken(source)
      return current
    },

    /**
     * Forgets a token that was refused, unless another call has replaced it.
     *
     * @returns whether there may be a better one.
     */
    async forget(refused: string | null): Promise<boolean> {
      if (typeof source !== 'function') return false
      const used = current
      if (used !== null && (await used.catch(() => null)) === refused && current === used)
        current = null
      return true
    },
  }
}
