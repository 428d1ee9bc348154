import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { isOwner, type Owner } from '../../core/owner.ts'
import { createTokenCache } from './cache.ts'
import type { ObserveTokens, TokenEvent } from './events.ts'
import { algorithmOf, hasUnambiguousPayload, isShort } from './format.ts'
import { createKeySet, type KeySetOptions, keySetAlgorithms } from './key-set.ts'
import { createSecretCheck, type SecretOptions, secretAlgorithms } from './secret.ts'

export interface TokenVerifierOptions {
  readonly secrets: SecretOptions | null
  readonly keySet: KeySetOptions | null
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
}

export interface TokenVerifier {
  /**
   * Verifies a token. Returns synchronously, and always the same object, for a cached token. Returns
   * `null` for an invalid token, whatever the reason.
   *
   * @throws `TaskportError` (`unavailable`) if the key set is needed and cannot be fetched.
   */
  verify(token: string): VerifiedToken | null | Promise<VerifiedToken | null>
  /** Whether tokens can be verified: `false` while the key set is unknown. */
  ready(): Promise<boolean>
}

interface Verification {
  readonly payload: JWTPayload
  readonly previousSecret?: boolean
}

interface CachedToken extends VerifiedToken {
  readonly previousSecret: boolean
}

// 10,000 tokens of 1,600 characters. Those of Better Auth have 300 to 700.
const MAX_CACHED_CHARACTERS = 16_000_000

const cacheHit: TokenEvent = { type: 'cache_hit' }
const cacheMiss: TokenEvent = { type: 'cache_miss' }
const previousSecretUsed: TokenEvent = { type: 'previous_secret_used' }

/** Verifies tokens with a shared secret, with an issuer's public keys, or with both. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { now, observe = () => {} } = options
  const cache = createTokenCache<CachedToken>({
    tokens: options.cacheSize ?? 10_000,
    characters: MAX_CACHED_CHARACTERS,
  })
  let generation = 0
  const checkWithSecret = options.secrets && createSecretCheck(options.secrets)
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

  // The token's `alg` only selects the verification, and each one allows its own algorithms only: a
  // public key is never used as a secret, or a secret as a public key (RFC 8725, 2.1 and 3.1).
  function check(token: string, time: number): Promise<Verification> | null {
    const algorithm = algorithmOf(token)
    if (algorithm === null) return null
    if (checkWithSecret && secretAlgorithms.includes(algorithm))
      return checkWithSecret(token, rules(options.secrets, secretAlgorithms, time))
    if (keySet && keySetAlgorithms.includes(algorithm))
      return jwtVerify(token, keySet.keyFor, rules(options.keySet, keySetAlgorithms, time))
    return null
  }

  function rules(
    expected: SecretOptions | KeySetOptions | null,
    algorithms: readonly string[],
    time: number,
  ): JWTVerifyOptions {
    return {
      algorithms: [...algorithms],
      currentDate: new Date(time),
      // One second more than configured, because jose ignores the fraction of the current second.
      // `isCurrent` checks the times exactly.
      clockTolerance: options.clockToleranceSeconds + 1,
      ...(expected?.issuer === undefined ? {} : { issuer: expected.issuer }),
      ...(expected?.audience === undefined ? {} : { audience: expected.audience }),
    }
  }

  function isCurrent(nbf: number, exp: number, time: number): boolean {
    const tolerance = options.clockToleranceSeconds
    return (nbf - tolerance) * 1000 <= time && time < (exp + tolerance) * 1000
  }

  async function admit(
    token: string,
    time: number,
    checking: Promise<Verification>,
  ): Promise<VerifiedToken | null> {
    const startedIn = generation
    try {
      const { payload, previousSecret = false } = await checking
      const { sub, exp, nbf = 0 } = payload
      if (!isOwner(sub) || !isRepresentable(exp) || !isCurrent(nbf, exp, time)) return null
      if (!hasUnambiguousPayload(token)) return null
      if (previousSecret) observe(previousSecretUsed)
      // Not cached if the keys changed in the meantime: then it is verified again next time.
      const verified = { owner: sub, expiresAt: exp * 1000, previousSecret }
      if (startedIn === generation) cache.set(token, verified)
      return verified
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  return {
    ready: async () => keySet === null || keySet.ready(),

    verify(token) {
      if (!isShort(token)) return null
      const time = now()
      keySet?.refreshIfOld(time)
      const known = cache.get(token, time)
      if (known !== null) {
        observe(cacheHit)
        if (known.previousSecret) observe(previousSecretUsed)
        return known
      }
      observe(cacheMiss)
      const checking = check(token, time)
      return checking && admit(token, time, checking)
    },
  }
}

// 1e400, which JSON.parse reads as Infinity, must not make a token that never expires.
function isRepresentable(exp: number | undefined): exp is number {
  return exp !== undefined && exp <= Number.MAX_SAFE_INTEGER
}
