import {
  createLocalJWKSet,
  errors,
  importJWK,
  type JWK,
  type JWSHeaderParameters,
  type LocalJWKSet,
} from 'jose'
import { TaskportError } from '../../core/errors.ts'
import type { ObserveTokens } from './events.ts'

export interface KeySetOptions {
  readonly url: string
  /** What `iss` must be, where it must be anything. */
  readonly issuer?: string | undefined
  /** What `aud` must be or hold, where it must be anything. */
  readonly audience?: string | undefined
  /** Longest that a fetch may take, the body included. 2,000 unless told. */
  readonly timeoutMs?: number
  /** Longest that a key set may be. 256 KiB unless told. */
  readonly maxBytes?: number
  /** Age at which the keys are fetched again while they go on working. 10 minutes unless told. */
  readonly maxAgeMs?: number
  /** Least time between two fetches for keys that the issuer does not have. 30 seconds unless told. */
  readonly cooldownMs?: number
  /** Least time between a fetch that failed and the next. 1 second unless told. */
  readonly retryMs?: number
}

export interface KeySet {
  /** Whether keys are known. Asks for them where they are not, as often as the issuer may be asked. */
  ready(): Promise<boolean>
  /** Fetches in the background where the keys are old. Costs a comparison where they are not. */
  refreshIfOld(now: number): void
  /**
   * The one key that a token's header asks for.
   *
   * @throws `TaskportError` (`unavailable`) where the issuer, whose word is needed, gives none;
   *   `JOSEError` where the issuer has no such key, or several.
   */
  keyFor(header: JWSHeaderParameters): Promise<CryptoKey>
}

export const keySetAlgorithms: readonly string[] = ['EdDSA', 'ES256', 'RS256', 'PS256']

/**
 * The issuer's public keys. `jose` chooses among them; its own remote key set does not fit: once keys
 * are old it refuses to use them while the issuer is down, it asks a failing issuer again for each
 * token, it has no limit of size, and one malformed member costs it the whole set.
 *
 * @param dependencies.now milliseconds.
 * @param dependencies.onChange called when other keys have taken the place of those known so far.
 */
export function createKeySet(
  options: KeySetOptions,
  dependencies: {
    readonly now: () => number
    readonly observe: ObserveTokens
    readonly onChange: () => void
  },
): KeySet {
  const { now, observe, onChange } = dependencies
  const {
    timeoutMs = 2000,
    maxBytes = 256 * 1024,
    maxAgeMs = 600_000,
    cooldownMs = 30_000,
    retryMs = 1000,
  } = options
  let known: LocalJWKSet | null = null
  let text = ''
  let oldAt = Number.POSITIVE_INFINITY
  // When a key that is not known may next cause a fetch: after an answer, and after a failure.
  let coolAt = 0
  let retryAt = 0
  let failure: unknown = null
  let pending: Promise<void> | null = null

  /** Never rejects: `failure` tells how it went. */
  async function fetchKeys(): Promise<void> {
    try {
      const keys = await usableKeys(await fetchJson(options.url, timeoutMs, maxBytes))
      const former = text
      text = JSON.stringify(keys)
      const changed = text !== former
      if (changed) {
        if (known !== null) onChange()
        known = createLocalJWKSet({ keys })
      }
      failure = null
      oldAt = now() + maxAgeMs
      observe({ type: 'key_set_fetched', keys: keys.length, changed })
    } catch (error) {
      failure = error
      retryAt = now() + retryMs
      if (known !== null) oldAt = now() + cooldownMs
      observe({ type: 'key_set_failed', error })
    }
  }

  function refresh(): Promise<void> {
    pending ??= fetchKeys().finally(() => {
      pending = null
    })
    return pending
  }

  async function choose(header: JWSHeaderParameters): Promise<CryptoKey | null> {
    try {
      return known && (await known(header))
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null
      throw error
    }
  }

  return {
    async ready() {
      if (known === null && now() >= retryAt) await refresh()
      return known !== null
    },

    refreshIfOld(time) {
      if (time >= oldAt) void refresh()
    },

    async keyFor(header) {
      const key = await choose(header)
      if (key !== null) return key
      // The first fetch of all starts no cool-down by itself, so that a key which is made right
      // after it is found at once.
      if (now() >= (failure === null ? coolAt : retryAt)) {
        await refresh()
        const fetched = await choose(header)
        if (fetched !== null) return fetched
        if (failure === null) coolAt = now() + cooldownMs
      }
      if (failure === null) throw new errors.JWKSNoMatchingKey()
      throw new TaskportError('unavailable', 'The issuer of tokens does not answer', {
        cause: failure,
      })
    },
  }
}

// A redirect counts as a failure, as any answer but 200 does: it could lead to another host, or to
// one without TLS, which whoever configured the address never agreed to.
async function fetchJson(url: string, timeoutMs: number, maxBytes: number): Promise<unknown> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    // Fetches are rare: a connection kept from the last one is more often dead than useful.
    keepalive: false,
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status !== 200 || response.body === null)
    throw new Error(`The key set was answered with status ${response.status}`)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`The key set has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/** The set's public keys; all else in it is passed over. */
async function usableKeys(set: unknown): Promise<JWK[]> {
  const { keys }: { readonly keys?: unknown } = Object(set)
  if (!Array.isArray(keys)) throw new Error('The key set has no list of keys')
  const usable: JWK[] = []
  for (const key of keys) {
    const jwk: JWK = Object(key)
    if (await isUsable(jwk)) usable.push(jwk)
  }
  return usable
}

// Without `alg` the type decides. An RSA key then serves RS256 and PS256: nothing says which of the
// two the issuer means, and only whoever has the private key can sign either.
const algorithmByType: Record<string, string> = { OKP: 'EdDSA', EC: 'ES256', RSA: 'RS256' }

// Imported here only to see whether it can be: a key that cannot must neither make the choice
// ambiguous nor be taken for a fault. `oct` has no place: a secret that anyone can read proves
// nothing (RFC 8725, 2.1).
async function isUsable(jwk: JWK): Promise<boolean> {
  try {
    const key = await importJWK(jwk, jwk.alg ?? algorithmByType[jwk.kty ?? ''])
    return key instanceof CryptoKey && key.type === 'public' && isLongEnough(key)
  } catch {
    return false
  }
}

// RFC 7518, 3.3 and 3.5; `jose` takes a shorter one for a fault of its caller.
function isLongEnough({ algorithm }: CryptoKey): boolean {
  return !('modulusLength' in algorithm) || Number(algorithm.modulusLength) >= 2048
}
