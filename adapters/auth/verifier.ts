import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { SCOPES, type Scope } from '../../core/api-token.ts'
import { isOwner, type Owner } from '../../core/owner.ts'
import { createTokenCache } from './cache.ts'
import type { ObserveTokens, TokenEvent, TokenKind } from './events.ts'
import { ACCESS_TOKEN_TYPES, algorithmOf, hasUnambiguousPayload, refuseLong } from './format.ts'
import { createKeySet, type KeySetOptions, keySetAlgorithms } from './key-set.ts'
import { isIdToken, isOfClient } from './purpose.ts'
import {
  printable,
  type RefusalReason,
  reasonOf,
  refusal,
  refusalOf,
  type TokenMethod,
  type TokenRefusal,
} from './refusal.ts'
import { createSecretCheck, type SecretOptions, secretAlgorithms } from './secret.ts'
import { type WatchToken, watchNothing } from './token-watch.ts'

export interface TokenVerifierOptions {
  readonly secrets: SecretOptions | null
  readonly keySet: KeySetOptions | null
  /** An audience that no token may have, because tokens for it are verified in another way. */
  readonly refusedAudience?: string | null
  /** Maximum difference between the issuer's clock and this one. */
  readonly clockToleranceSeconds: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How many verified tokens are cached. Default: 10,000. */
  readonly cacheSize?: number
  readonly observe?: ObserveTokens
}

/** What a valid token says. */
export interface VerifiedToken {
  readonly owner: Owner
  /** Milliseconds since 1970, without the clock tolerance. (Within it, tokens are not cached.) */
  readonly expiresAt: number
  readonly kind: TokenKind
  readonly scopes: readonly Scope[]
  /** The id of an API token; otherwise `null`. */
  readonly tokenId: string | null
  readonly watch: WatchToken
}

export interface TokenVerifier {
  /**
   * Verifies a token. Returns synchronously, and always the same object, for a cached token. Returns
   * `null` for an invalid token, whatever the reason, and reports the reason as an event.
   *
   * @param requestId the request to name in the event.
   * @throws `TaskportError` (`unavailable`) if the key set is needed and cannot be fetched.
   */
  verify(token: string, requestId?: string): VerifiedToken | null | Promise<VerifiedToken | null>
  /** Like `verify`, but says why a token is refused. Does not use the cache, and reports nothing. */
  inspect(token: string): Promise<VerifiedToken | TokenRefusal>
  /** Whether tokens can be verified: `false` while the key set is unknown. */
  ready(): Promise<boolean>
}

/** A way to verify tokens, with its own algorithms and the claims that it requires. */
interface Verification {
  readonly method: TokenMethod
  readonly algorithms: readonly string[]
  readonly required: SecretOptions | KeySetOptions
  /** @throws `JOSEError` if the token is not acceptable. */
  check(
    token: string,
    rules: JWTVerifyOptions,
  ): Promise<{ readonly payload: JWTPayload; readonly previousSecret?: boolean }>
}

interface CachedToken extends VerifiedToken {
  readonly previousSecret: boolean
}

// 10,000 tokens of 1,600 characters. Those of Better Auth have 300 to 700.
const MAX_CACHED_CHARACTERS = 16_000_000

const cacheHit: TokenEvent = { type: 'cache_hit', kind: 'sign_in' }
const cacheMiss: TokenEvent = { type: 'cache_miss', kind: 'sign_in' }
/** What every token from signing in allows. */
const SIGNED_IN = { kind: 'sign_in', scopes: SCOPES, tokenId: null, watch: watchNothing } as const

const previousSecretUsed: TokenEvent = { type: 'previous_secret_used' }

/** Verifies tokens with a shared secret, with an issuer's public keys, or with both. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { now, observe = () => {} } = options
  const cache = createTokenCache<CachedToken>({
    tokens: options.cacheSize ?? 10_000,
    characters: MAX_CACHED_CHARACTERS,
  })
  let generation = 0
  const keySet =
    options.keySet &&
    createKeySet(options.keySet, {
      now,
      observe,
      onChange() {
        generation += 1
        cache.clear()
      },
    })

  const verifications: Verification[] = []
  if (options.secrets)
    verifications.push({
      method: 'secret',
      algorithms: secretAlgorithms,
      required: options.secrets,
      check: createSecretCheck(options.secrets),
    })
  if (options.keySet && keySet)
    verifications.push({
      method: 'key_set',
      algorithms: keySetAlgorithms,
      required: options.keySet,
      check: (token, rules) => jwtVerify(token, keySet.keyFor, rules),
    })
  const allAlgorithms = verifications.flatMap(({ algorithms }) => algorithms).join(', ')
  /** The methods that have accepted a token since the start. */
  const accepted = new Set<TokenMethod>()

  function rules({ required, algorithms }: Verification, time: number): JWTVerifyOptions {
    return {
      algorithms: [...algorithms],
      currentDate: new Date(time),
      // One second more than configured, because jose ignores the fraction of the current second.
      // `timeProblem` checks the times exactly.
      clockTolerance: options.clockToleranceSeconds + 1,
      ...(required.issuer === undefined ? {} : { issuer: required.issuer }),
      ...(required.audience === undefined ? {} : { audience: required.audience }),
    }
  }

  /** Whether a token is for a resource other than this service. */
  function isForAnother(payload: JWTPayload, { method, required }: Verification): boolean {
    if (isFor(payload, options.refusedAudience)) return true
    // A key set signs the tokens of all clients. Without an issuer or an audience, nothing tells which are for here.
    const isAnyAccepted = required.issuer === undefined && required.audience === undefined
    return method === 'key_set' && isAnyAccepted && isOfClient(payload)
  }

  function timeProblem(nbf: number, exp: number, time: number): RefusalReason | null {
    const tolerance = options.clockToleranceSeconds
    if (time < (nbf - tolerance) * 1000) return 'not_yet_valid'
    return time < (exp + tolerance) * 1000 ? null : 'expired'
  }

  // The token's `alg` only selects the verification, and each one allows its own algorithms only: a
  // public key is never used as a secret, or a secret as a public key (RFC 8725, 2.1 and 3.1).
  async function examine(
    token: string,
    time: number,
  ): Promise<(CachedToken & { readonly method: TokenMethod }) | TokenRefusal> {
    const algorithm = algorithmOf(token)
    if (typeof algorithm !== 'string') return algorithm
    const verification = verifications.find(({ algorithms }) => algorithms.includes(algorithm))
    if (!verification)
      return refusal('algorithm_not_accepted', null, allAlgorithms, printable(algorithm))
    const { method, required } = verification
    const { issuer, audience } = required
    const refuse = (reason: RefusalReason) =>
      refusalOf(reason, token, { method, issuer, audience, time })
    try {
      const { payload, previousSecret = false } = await verification.check(
        token,
        rules(verification, time),
      )
      const { sub, exp, nbf = 0 } = payload
      if (!isOwner(sub)) return refuse('bad_subject')
      if (!isRepresentable(exp)) return refuse('no_expiry')
      const problem = timeProblem(nbf, exp, time)
      if (problem !== null) return refuse(problem)
      if (method === 'key_set' && isIdToken(payload))
        return refusal('wrong_type', method, ACCESS_TOKEN_TYPES, 'ID token')
      if (isForAnother(payload, verification)) return refuse('wrong_audience')
      if (!hasUnambiguousPayload(token)) return refuse('ambiguous_json')
      return { owner: sub, expiresAt: exp * 1000, ...SIGNED_IN, previousSecret, method }
    } catch (error) {
      const reason = reasonOf(error)
      if (reason === null) throw error
      return refuse(reason)
    }
  }

  function reportRefusal(refused: TokenRefusal, requestId: string | null): null {
    const { method } = refused
    const acceptedBefore = method === null ? accepted.size > 0 : accepted.has(method)
    observe({ type: 'token_refused', requestId, refusal: refused, acceptedBefore })
    return null
  }

  async function verifyNew(
    token: string,
    time: number,
    requestId: string | null,
  ): Promise<VerifiedToken | null> {
    const startedIn = generation
    const result = await examine(token, time)
    if ('reason' in result) return reportRefusal(result, requestId)
    accepted.add(result.method)
    if (result.previousSecret) observe(previousSecretUsed)
    // Not cached if the keys changed in the meantime: then it is verified again next time.
    if (startedIn === generation) cache.set(token, result)
    return result
  }

  return {
    ready: async () => keySet === null || keySet.ready(),

    verify(token, requestId) {
      const tooLong = refuseLong(token)
      if (tooLong !== null) return reportRefusal(tooLong, requestId ?? null)
      const time = now()
      keySet?.refreshIfOld(time)
      const known = cache.get(token, time)
      if (known !== null) {
        observe(cacheHit)
        if (known.previousSecret) observe(previousSecretUsed)
        return known
      }
      observe(cacheMiss)
      return verifyNew(token, time, requestId ?? null)
    },

    inspect: async (token) => refuseLong(token) ?? examine(token, now()),
  }
}

function isFor({ aud }: JWTPayload, audience: string | null | undefined): boolean {
  return audience !== null && audience !== undefined && [aud].flat().includes(audience)
}

// 1e400, which JSON.parse reads as Infinity, must not make a token that never expires.
function isRepresentable(exp: number | undefined): exp is number {
  return exp !== undefined && exp <= Number.MAX_SAFE_INTEGER
}
