import type { ApiToken } from '../../core/api-token.ts'
import { compareText } from '../../core/order.ts'
import type { Owner } from '../../core/owner.ts'
import type { ApiTokenStore } from '../../core/ports.ts'

interface Stored {
  readonly owner: Owner
  readonly token: ApiToken
}

/** Keeps API tokens in the memory of the process. Returns copies. */
export function createMemoryTokens(): ApiTokenStore {
  const tokens = new Map<string, Stored>()

  function* entriesOf(owner: Owner, id: string | null = null) {
    for (const [hash, stored] of tokens)
      if (stored.owner === owner && (id === null || stored.token.id === id))
        yield { hash, token: stored.token }
  }

  return {
    async create(owner, token, hash, most) {
      if ([...entriesOf(owner)].length >= most) return false
      tokens.set(hash, { owner, token: copyOf(token) })
      return true
    },

    async list(owner) {
      const owned = Array.from(entriesOf(owner), ({ token }) => copyOf(token))
      return owned.sort((a, b) => compareText(a.id, b.id))
    },

    async find(hash) {
      const found = tokens.get(hash)
      return found ? { owner: found.owner, token: copyOf(found.token) } : null
    },

    async remove(owner, id) {
      const [entry] = entriesOf(owner, id)
      return entry !== undefined && tokens.delete(entry.hash)
    },

    async touch(owner, id, at) {
      const [entry] = entriesOf(owner, id)
      if (entry && (entry.token.last_used_at ?? '') < at)
        tokens.set(entry.hash, { owner, token: { ...entry.token, last_used_at: at } })
    },

    async purge(expiredBefore) {
      for (const [hash, { token }] of tokens)
        if (token.expires_at !== null && token.expires_at < expiredBefore) tokens.delete(hash)
      return false
    },
  }
}

function copyOf(token: ApiToken): ApiToken {
  return { ...token, scopes: [...token.scopes] }
}
