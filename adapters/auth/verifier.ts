import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import { isOwner, type Owner } from '../../core/owner.ts'
import { createTokenCache } from './cache.ts'
import type { ObserveTokens, TokenEvent } from './events.ts'
import { algorithmOf, hasUnambiguousPayload, isShort } from './form.ts'
import { createKeySet, type KeySetOptions, keySetAlgorithms } from './key-set.ts'
import { createSecretCheck, type SecretOptions, secretAlgorithms } from './secret.ts'

export interface TokenVerifierOptions {
  readonly secrets: SecretOptions | null
  readonly keySet: KeySetOptions | null
  /** How far the issuer's clock and this one may be apart. */
  readonly clockToleranceSeconds: number
  /** The time in milliseconds since 1970. */
  readonly now: () => number
  /** How many tokens are remembered. 10,000 unless told. */
  readonly cacheSize?: number
  readonly observe?: ObserveTokens
}

/** What a good token says. */
export interface VerifiedToken {
  readonly owner: Owner
  /** Milliseconds since 1970; without the leeway, in which a token is checked each time. */
  readonly expiresAt: number
}

export interface TokenVerifier {
  /**
   * What a token says: at once, and the same object again, where the token was seen before. `null`
   * where it is not to be trusted, for whatever reason; a `TaskportError` (`unavailable`) where the
   * issuer, whose word is needed, does not answer in time.
   */
  verify(token: string): VerifiedToken | null | Promise<VerifiedToken | null>
  /** Whether it can tell good tokens from bad: where it needs an issuer's keys, whether it has them. */
  ready(): Promise<boolean>
}

interface Checked {
  readonly payload: JWTPayload
  readonly previousSecret?: boolean
}

interface Remembered extends VerifiedToken {
  readonly previousSecret: boolean
}

// 10,000 tokens of 1,600 characters; those of Better Auth have some 300 to 700.
const maxCachedCharacters = 16_000_000

const cacheHit: TokenEvent = { type: 'cache_hit' }
const cacheMiss: TokenEvent = { type: 'cache_miss' }
const previousSecretUsed: TokenEvent = { type: 'previous_secret_used' }

/** Checks tokens with a shared secret, with an issuer's public keys, or with either. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { now, observe = () => {} } = options
  const cache = createTokenCache<Remembered>({
    tokens: options.cacheSize ?? 10_000,
    characters: maxCachedCharacters,
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

  // The token's `alg` only picks who may check it, and each allows its own algorithms alone: a
  // public key never serves as a secret, nor the other way round (RFC 8725, 2.1 and 3.1).
  function check(token: string, time: number): Promise<Checked> | null {
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
      clockTolerance: options.clockToleranceSeconds,
      ...(expected?.issuer === undefined ? {} : { issuer: expected.issuer }),
      ...(expected?.audience === undefined ? {} : { audience: expected.audience }),
    }
  }

  async function admit(token: string, checking: Promise<Checked>): Promise<VerifiedToken | null> {
    const startedIn = generation
    try {
      const { payload, previousSecret = false } = await checking
      const { sub, exp } = payload
      if (!isOwner(sub) || !isWholeNumber(exp) || !hasUnambiguousPayload(token)) return null
      if (previousSecret) observe(previousSecretUsed)
      // One that was checked with keys which changed meanwhile is checked again when it comes back.
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
      return checking && admit(token, checking)
    },
  }
}

// RFC 7519, 2 would allow a fraction, which no common issuer sends; 1e400, which JSON takes for
// infinity, would never end.
function isWholeNumber(value: unknown): value is number {
  return Number.isSafeInteger(value)
}
