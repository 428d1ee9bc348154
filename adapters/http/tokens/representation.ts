import type { ApiToken } from '../../../core/api-token.ts'

/** Defines which members of a token clients see, and in which order. */
export function representToken(token: ApiToken): ApiToken {
  const { id, name, scopes, created_at, expires_at, last_used_at } = token
  return { id, name, scopes, created_at, expires_at, last_used_at }
}
