import { decodeJwt, errors, type JWTPayload } from 'jose'

/** Every reason for refusing a token. The list is closed, because a reason is the label of a metric. */
export const REFUSAL_REASONS = [
  'too_long',
  'malformed',
  'ambiguous_json',
  'wrong_type',
  'critical_header',
  'embedded_key',
  'algorithm_not_accepted',
  'unknown_key',
  'ambiguous_key',
  'bad_signature',
  'wrong_issuer',
  'wrong_audience',
  'bad_subject',
  'no_expiry',
  'expired',
  'not_yet_valid',
  'bad_checksum',
  'unknown_token',
] as const

export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** How a token is verified. */
export type TokenMethod = 'secret' | 'key_set' | 'api_token'

/** Why a token was refused, for operators. Responses do not contain it. */
export interface TokenRefusal {
  readonly reason: RefusalReason
  /** `null` if the token was refused before its header could select one. */
  readonly method: TokenMethod | null
  /** What the service requires; `null` if there is nothing to name, or nothing is configured. */
  readonly expected: string | null
  /**
   * What the token has instead; `null` if it lacks it, or there is nothing to name. The text is short and
   * safe to print. For `unknown_key` and `bad_signature` it is the `iss` of a token that may be forged.
   */
  readonly actual: string | null
}

/** What the claims of a token are compared with. */
interface Expectation {
  readonly method: TokenMethod
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  /** Milliseconds since 1970. */
  readonly time: number
}

/** A refusal; one that compares nothing needs only a reason. */
export function refusal(
  reason: RefusalReason,
  method: TokenMethod | null = null,
  expected: string | null = null,
  actual: string | null = null,
): TokenRefusal {
  return { reason, method, expected, actual }
}

/** The refusal of a token whose header selected a method, with what was expected and what the token has. */
export function refusalOf(
  reason: RefusalReason,
  token: string,
  expectation: Expectation,
): TokenRefusal {
  const { method, issuer = null, audience = null } = expectation
  const { iss, aud, exp, nbf } = claimsOf(token)
  switch (reason) {
    case 'unknown_key':
    case 'bad_signature':
    case 'wrong_issuer':
      return refusal(reason, method, issuer, printable(iss))
    case 'wrong_audience':
      return refusal(reason, method, audience, printable(aud))
    case 'expired':
      return refusal(reason, method, printableTime(expectation.time / 1000), printableTime(exp))
    case 'not_yet_valid':
      return refusal(reason, method, printableTime(expectation.time / 1000), printableTime(nbf))
    default:
      return refusal(reason, method)
  }
}

/** The reason that an error of `jose` stands for; `null` for any other error. */
export function reasonOf(error: unknown): RefusalReason | null {
  if (error instanceof errors.JWTClaimValidationFailed) return reasonOfClaim(error)
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_key'
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'ambiguous_key'
  return error instanceof errors.JOSEError ? 'malformed' : null
}

function reasonOfClaim({ claim, reason }: errors.JWTClaimValidationFailed): RefusalReason {
  if (claim === 'iss') return 'wrong_issuer'
  if (claim === 'aud') return 'wrong_audience'
  // A time that is not a number is malformed.
  return claim === 'nbf' && reason === 'check_failed' ? 'not_yet_valid' : 'malformed'
}

function claimsOf(token: string): JWTPayload {
  try {
    return decodeJwt(token)
  } catch {
    return {}
  }
}

const MAX_PRINTED = 200
// Control and format characters, lone surrogates and separators: they could forge lines of a log, or
// change how a terminal shows them.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu

/** A value of a token as a short text without control characters; `null` if it is absent. */
export function printable(value: unknown): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const short = text.length > MAX_PRINTED ? `${text.slice(0, MAX_PRINTED)}…` : text
  return short.replace(
    UNPRINTABLE,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

const MAX_DATE_SECONDS = 8.64e12

function printableTime(seconds: unknown): string | null {
  const isDate = typeof seconds === 'number' && Math.abs(seconds) <= MAX_DATE_SECONDS
  return isDate ? new Date(seconds * 1000).toISOString() : printable(seconds)
}
