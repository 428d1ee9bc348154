import { watchNothing } from '../../adapters/auth/token-watch.ts'
import type { VerifiedToken } from '../../adapters/http/ports.ts'
import { SCOPES } from '../../core/api-token.ts'
import type { Owner } from '../../core/owner.ts'

/** What a verifier says of a token from signing in. */
export function signedIn(owner: Owner, expiresAt = Number.POSITIVE_INFINITY): VerifiedToken {
  return { owner, expiresAt, kind: 'sign_in', scopes: SCOPES, watch: watchNothing }
}
