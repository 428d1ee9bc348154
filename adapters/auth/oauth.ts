import { decodeJwt, type JWTPayload } from 'jose'
import { SCOPES } from '../../core/api-token.ts'
import type { ObserveTokens } from './events.ts'
import type { KeySetOptions } from './key-set.ts'
import { createTokenVerifier, type TokenVerifier, type VerifiedToken } from './verifier.ts'

export interface OAuthOptions {
  /** The authorization server, as its tokens name it in `iss`. */
  readonly issuer: string
  /** What its tokens must be for: one of the values of `aud`. */
  readonly resource: string
}

/** The scope of OAuth that allows what a scope of Taskport allows. */
const OAUTH_SCOPES = { read: 'tasks:read', write: 'tasks:write' } as const

/**
 * Verifies access tokens that clients obtained for one resource, and hands all other tokens to another
 * verifier. The two remember tokens apart, so that neither accepts what only the other has verified.
 */
export function createOAuthVerifier(options: {
  readonly oauth: OAuthOptions
  /** Verifies tokens of other issuers. */
  readonly others: Pick<TokenVerifier, 'verify'>
  readonly keySet: Pick<KeySetOptions, 'url'>
  readonly clockToleranceSeconds: number
  readonly now: () => number
  readonly observe: ObserveTokens
}): Pick<TokenVerifier, 'verify'> {
  const { oauth, others, keySet, clockToleranceSeconds, now, observe } = options
  const access = createTokenVerifier({
    secrets: null,
    keySet: { url: keySet.url, issuer: oauth.issuer, audience: oauth.resource },
    clockToleranceSeconds,
    now,
    observe: (event) => observe('kind' in event ? { ...event, kind: 'oauth' } : event),
  })

  return {
    // The claims are not verified yet: `iss` only selects the verifier, and `scope` waits for its result.
    verify(token, requestId) {
      const { iss, scope } = claimsOf(token)
      if (iss !== oauth.issuer) return others.verify(token, requestId)
      const granted = typeof scope === 'string' ? scope.split(' ') : []
      const scopes = SCOPES.filter((name) => granted.includes(OAUTH_SCOPES[name]))
      const withScopes = (verified: VerifiedToken | null) =>
        verified && ({ ...verified, kind: 'oauth', scopes } as const)
      const verifying = access.verify(token, requestId)
      return verifying instanceof Promise ? verifying.then(withScopes) : withScopes(verifying)
    },
  }
}

function claimsOf(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}
