import type { RefusalReason, TokenRefusal } from '../adapters/auth/refusal.ts'

// For these, `actual` is the token's `iss` or `aud`. All else that a token says stays out of the log.
const COMPARES_CLAIMS: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  'unknown_key',
  'bad_signature',
  'wrong_issuer',
  'wrong_audience',
])

/** The refusal without what must not be logged. */
export function loggable(refusal: TokenRefusal): TokenRefusal {
  return COMPARES_CLAIMS.has(refusal.reason) ? refusal : { ...refusal, actual: null }
}

/** Why a token was refused, in a sentence for operators. */
export function describeRefusal({ reason, method, expected, actual }: TokenRefusal): string {
  switch (reason) {
    case 'too_long':
      return `The token is longer than ${expected} characters.`
    case 'malformed':
      return 'The token is not a valid JSON Web Token: a session token or a session cookie is not one.'
    case 'ambiguous_json':
      return 'The JSON in the token has two members of the same name, or is nested too deeply.'
    case 'wrong_type':
      return `The token is of another kind${quoted(actual)}, such as an ID token or a log-out token. It is not an access token.`
    case 'critical_header':
      return 'The token requires extensions (crit), which the service does not support.'
    case 'embedded_key':
      return 'The token brings its own key (jwk, jku, x5u or x5c), which proves nothing.'
    case 'algorithm_not_accepted':
      return `The token's algorithm${quoted(actual)} is not accepted. With this configuration the service accepts ${expected}: HS256 needs BETTER_AUTH_SECRET, all others need BETTER_AUTH_URL or JWKS_URL.`
    case 'unknown_key':
      return `The key set at BETTER_AUTH_URL or JWKS_URL has no key that fits the token. ${issuers(expected, actual)}`
    case 'ambiguous_key':
      return 'The token names no key (kid), and several keys of the key set fit it.'
    case 'bad_signature':
      return method === 'secret'
        ? `The token was changed, or was signed with another secret than BETTER_AUTH_SECRET. ${issuers(expected, actual)}`
        : `The token was changed, or was signed with another key than the one that it names. ${issuers(expected, actual)}`
    case 'wrong_issuer':
      return actual === null
        ? `The token has no issuer (iss), but JWT_ISSUER or BETTER_AUTH_URL expects "${expected}".`
        : `The token's issuer (iss) is "${actual}", but JWT_ISSUER or BETTER_AUTH_URL expects "${expected}".`
    case 'wrong_audience':
      if (expected === null)
        return `A client obtained the token with OAuth${actual === null ? '' : ` for "${actual}"`}. If it is meant for the REST API, set JWT_ISSUER and JWT_AUDIENCE.`
      return actual === null
        ? `The token has no audience (aud), but JWT_AUDIENCE or BETTER_AUTH_URL expects "${expected}".`
        : `The token's audience (aud) is "${actual}", but JWT_AUDIENCE or BETTER_AUTH_URL expects "${expected}".`
    case 'bad_subject':
      return 'The token has no subject (sub) that can own tasks: a text of 1 to 255 characters without control characters.'
    case 'no_expiry':
      return 'The token has no expiry (exp), so it would be valid forever.'
    case 'expired':
      return `The token expired${at(actual)}. The clock of the service says ${expected}.`
    case 'not_yet_valid':
      return `The token is not valid yet (nbf)${at(actual)}. The clock of the service says ${expected}.`
    case 'bad_checksum':
      return 'The API token was mistyped or cut off: its checksum does not match.'
    case 'unknown_token':
      return 'The API token does not exist. It was deleted, or it belongs to another installation.'
  }
}

function quoted(text: string | null): string {
  return text === null ? '' : ` "${text}"`
}

function at(time: string | null): string {
  return time === null ? '' : `: ${time}`
}

function issuers(expected: string | null, actual: string | null): string {
  const came = actual === null ? 'The token has no issuer' : `The token's issuer is "${actual}"`
  return `${came}; ${expected === null ? 'any is accepted' : `"${expected}" is expected`}.`
}
