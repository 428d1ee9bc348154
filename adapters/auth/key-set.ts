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
  /** The required `iss` claim. Any if absent. */
  readonly issuer?: string | undefined
  /** The value that the `aud` claim must be or contain. Any if absent. */
  readonly audience?: string | undefined
  /** Time limit of a fetch, including its body. Default: 2,000. */
  readonly timeoutMs?: number
  /** Maximum size of a key set. Default: 256 KiB. */
  readonly maxBytes?: number
  /** Age at which the keys are refreshed in the background. Default: 10 minutes. */
  readonly maxAgeMs?: number
  /** Minimum time between two fetches because of unknown keys. Default: 30 seconds. */
  readonly cooldownMs?: number
  /** Minimum time between a failed fetch and the next. Default: 1 second. */
  readonly retryMs?: number
}

export interface KeySet {
  /** Whether keys are known. If not, fetches them, unless the last attempt failed a moment ago. */
  ready(): Promise<boolean>
  /** Starts a fetch in the background if the keys are old. */
  refreshIfOld(now: number): void
  /**
   * Finds the key that a token's header selects, and fetches the key set if it is unknown.
   *
   * @throws `TaskportError` (`unavailable`) if the key set is needed and cannot be fetched;
   *   `JOSEError` if the set has no such key, or several.
   */
  keyFor(header: JWSHeaderParameters): Promise<CryptoKey>
}

const TIMEOUT_MS = 2000
const MAX_BYTES = 256 * 1024

export const keySetAlgorithms: readonly string[] = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES512',
  'RS256',
  'PS256',
]

/**
 * The issuer's public keys. `jose` selects a key; its `createRemoteJWKSet` is not used because it
 * rejects old keys while the issuer is down, fetches again for each token while fetches fail, does not
 * limit the size, and discards the whole set if one key is malformed.
 *
 * @param dependencies.now milliseconds since 1970.
 * @param dependencies.onChange called when a fetch returns different keys than the one before.
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
    timeoutMs = TIMEOUT_MS,
    maxBytes = MAX_BYTES,
    maxAgeMs = 600_000,
    cooldownMs = 30_000,
    retryMs = 1000,
  } = options
  let known: LocalJWKSet | null = null
  let text = ''
  let oldAt = Number.POSITIVE_INFINITY
  // When an unknown key may cause the next fetch: after a successful one, and after a failed one.
  let fetchAgainAt = 0
  let retryAt = 0
  let failure: unknown = null
  let pending: Promise<void> | null = null

  /** Never rejects: stores an error in `failure`. */
  async function fetchKeys(): Promise<void> {
    try {
      const { keys } = await fetchKeySet(options.url, timeoutMs, maxBytes)
      const previous = text
      text = JSON.stringify(keys)
      const changed = text !== previous
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

  async function findKey(header: JWSHeaderParameters): Promise<CryptoKey | null> {
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
      const key = await findKey(header)
      if (key !== null) return key
      // The very first fetch does not delay the next, so that a key created right after it is found
      // immediately.
      if (now() >= (failure === null ? fetchAgainAt : retryAt)) {
        await refresh()
        const fetched = await findKey(header)
        if (fetched !== null) return fetched
        if (failure === null) fetchAgainAt = now() + cooldownMs
      }
      if (failure === null) throw new errors.JWKSNoMatchingKey()
      throw new TaskportError('unavailable', 'The key set cannot be fetched', {
        cause: failure,
      })
    },
  }
}

/** A key set as its server returned it. */
export interface FetchedKeySet {
  /** The usable public keys. */
  readonly keys: JWK[]
  /** The time of the response according to its server, in milliseconds since 1970; `null` if it has none. */
  readonly servedAt: number | null
}

// Redirects count as failures: they could lead to a host, or to plain HTTP, that was never configured.
export async function fetchKeySet(
  url: string,
  timeoutMs: number = TIMEOUT_MS,
  maxBytes: number = MAX_BYTES,
): Promise<FetchedKeySet> {
  const response = await fetch(url, {
    headers: { accept: 'application/json, application/jwk-set+json' },
    redirect: 'manual',
    // Fetches are rare: a connection from the last one has most likely been closed.
    keepalive: false,
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (response.status !== 200 || response.body === null)
    throw new Error(`The key set responded with status ${response.status}`)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`The key set is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const set: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  return { keys: await usableKeys(set), servedAt: timeOf(response.headers) }
}

/** A response from a cache is older than its `Date` by its `Age`. */
function timeOf(headers: Headers): number | null {
  const date = Date.parse(headers.get('date') ?? '')
  const age = Number(headers.get('age') ?? 0)
  return Number.isNaN(date) || Number.isNaN(age) ? null : date + age * 1000
}

/** The usable public keys of the set. Everything else in it is ignored. */
async function usableKeys(set: unknown): Promise<JWK[]> {
  const { keys }: { readonly keys?: unknown } = Object(set)
  if (!Array.isArray(keys)) throw new Error('The key set has no array `keys`')
  const usable: JWK[] = []
  for (const key of keys) {
    const jwk = withoutSynonym(Object(key))
    if (await isUsable(jwk)) usable.push(jwk)
  }
  return usable
}

// `Ed25519` and `EdDSA` name the same algorithm for Ed25519 keys (RFC 9864, 2.2). `jose` would refuse a
// token that uses one name with a key that uses the other, but a key without `alg` fits both.
function withoutSynonym(jwk: JWK): JWK {
  const { alg, ...others } = jwk
  const isEdDsa = jwk.kty === 'OKP' && (alg === 'EdDSA' || alg === 'Ed25519')
  return isEdDsa ? others : jwk
}

// If a key has no `alg`, its type and curve decide. An RSA key then verifies both RS256 and PS256, which
// is safe: signing with either needs the private key.
const algorithmByCurve: Record<string, string> = {
  Ed25519: 'Ed25519',
  'P-256': 'ES256',
  'P-521': 'ES512',
}

// Imports the key to check it: a malformed key must not make the selection ambiguous or cause an
// internal error. `oct` keys are excluded: a published secret proves nothing (RFC 8725, 2.1).
async function isUsable(jwk: JWK): Promise<boolean> {
  try {
    const implied = jwk.kty === 'RSA' ? 'RS256' : algorithmByCurve[jwk.crv ?? '']
    const key = await importJWK(jwk, jwk.alg ?? implied)
    return key instanceof CryptoKey && key.type === 'public' && isLongEnough(key)
  } catch {
    return false
  }
}

// RFC 7518, 3.3 and 3.5. `jose` would throw a TypeError for a shorter key.
function isLongEnough({ algorithm }: CryptoKey): boolean {
  return !('modulusLength' in algorithm) || Number(algorithm.modulusLength) >= 2048
}
