import type { JWTPayload } from 'jose'

/**
 * Whether a token tells a client who its user is (OpenID Connect Core, 2). Access tokens may have the same claims,
 * but they also have scopes or name their client (RFC 9068, 2.2).
 */
export function isIdToken({ at_hash, nonce, acr, scope, scp, client_id }: JWTPayload): boolean {
  const isAccessToken = [scope, scp, client_id].some((claim) => claim !== undefined)
  return !isAccessToken && [at_hash, nonce, acr].some((claim) => claim !== undefined)
}

/** Whether a client obtained a token with OAuth. The token is then for the resource in `aud` alone. */
export function isOfClient({ scope, azp, client_id }: JWTPayload): boolean {
  return scope !== undefined && (azp !== undefined || client_id !== undefined)
}
