import type { ApiTokenStore, FoundApiToken } from '../../core/ports.ts'
import { hashApiToken, isApiToken, isWellFormed } from './api-token-format.ts'
import { createTokenCache } from './cache.ts'
import type { ObserveTokens, TokenEvent } from './events.ts'
import { refusal, type TokenRefusal } from './refusal.ts'
import { createTokenWatch } from './token-watch.ts'
import type { TokenVerifier, VerifiedToken } from './verifier.ts'

export interface ApiTokenVerifierOptions {
  /** Verifies all other tokens. */
  readonly signIn: TokenVerifier
  readonly store: Pick<ApiTokenStore, 'find' | 'touch'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds of a clock that is never set. Default: `performance.now`. */
  readonly uptime?: () => number
  /** How many tokens are cached. Default: 10,000. */
  readonly cacheSize?: number
  /** How often watched tokens are checked. */
  readonly tickMs?: number
  readonly observe?: ObserveTokens
}

export interface ApiTokenVerifier extends TokenVerifier {
  /** Refuses a token from now on that this process has deleted. */
  forget(id: string): void
  /** Resolves once the uses so far are written, or have failed to be. */
  settled(): Promise<void>
}

interface Remembered {
  /** When to look the token up again, on the clock `uptime`. */
  readonly expiresAt: number
  readonly verified: VerifiedToken & { readonly tokenId: string }
  /** The last hour, since 1970, in which it is known to be marked as used. */
  usedHour: number
}

interface Refused {
  readonly expiresAt: number
  readonly refusal: TokenRefusal
}

interface LookUp {
  readonly startedAt: number
  readonly found: Promise<FoundApiToken | null>
}

const METHOD = 'api_token'

// A deletion elsewhere must hold within 30 seconds. The rest is for looking up the tokens of open streams.
const REMEMBERED_MS = 25_000
const GRACE_MS = 5000

// Longer than any look-up takes, together with the time that its result is remembered.
const FORGOTTEN_MS = 120_000

const TOKEN_LENGTH = 52
const MAX_REFUSED = 1000
const MAX_MARKED = 100_000
const HOUR_MS = 3_600_000

const cacheHit: TokenEvent = { type: 'cache_hit', kind: METHOD }
const cacheMiss: TokenEvent = { type: 'cache_miss', kind: METHOD }

/** Verifies API tokens with the store, and hands all other tokens to the verifier of sign-in tokens. */
export function createApiTokenVerifier(options: ApiTokenVerifierOptions): ApiTokenVerifier {
  const { signIn, store, now, uptime = () => performance.now(), observe = () => {} } = options
  const { cacheSize = 10_000, tickMs } = options
  const remembered = createTokenCache<Remembered>(limitsOf(cacheSize))
  // Of their own, so that a flood of refused tokens evicts no valid one.
  const refused = createTokenCache<Refused>(limitsOf(Math.min(MAX_REFUSED, cacheSize)))
  const lookUps = new Map<string, LookUp>()
  /** When tokens were deleted by this process. Look-ups and results from before may still have them. */
  const forgottenAt = new Map<string, number>()
  const watch = createTokenWatch({
    now: uptime,
    graceMs: GRACE_MS,
    ...(tickMs === undefined ? {} : { tickMs }),
  })
  let wasAccepted = false
  let hour = 0
  /** The tokens that this process has marked as used in this hour. */
  const marked = new Set<string>()
  const marking = new Set<Promise<void>>()

  /** A remembered token that is still valid. */
  function recall(text: string): Remembered | null {
    const token = remembered.get(text, uptime())
    return token !== null && problemOf(token.verified) === null ? token : null
  }

  function orProblem(token: Remembered): Remembered | TokenRefusal {
    return problemOf(token.verified) ?? token
  }

  function problemOf({ tokenId, expiresAt }: Remembered['verified']): TokenRefusal | null {
    if (forgottenAt.has(tokenId)) return refusal('unknown_token', METHOD)
    if (now() < expiresAt) return null
    return refusal('expired', METHOD, textOf(now()), textOf(expiresAt))
  }

  /** Requests that arrive together share a look-up. */
  function lookUp(text: string): LookUp {
    const running = lookUps.get(text)
    if (running) return running
    const startedAt = uptime()
    const found = store.find(hashApiToken(text)).finally(() => lookUps.delete(text))
    const started = { startedAt, found }
    lookUps.set(text, started)
    return started
  }

  /**
   * Looks a token up.
   *
   * @throws `TaskportError` (`unavailable`) if the store is down.
   */
  async function examine(text: string): Promise<Remembered | TokenRefusal> {
    if (!isWellFormed(text)) return refusal('bad_checksum', METHOD)
    const { startedAt, found } = lookUp(text)
    const until = startedAt + REMEMBERED_MS
    const token = toRemembered(text, await found, until)
    const result = token === null ? refusal('unknown_token', METHOD) : orProblem(token)
    if ('reason' in result) refused.set(text, { expiresAt: until, refusal: result })
    else remembered.set(text, result)
    return result
  }

  function toRemembered(
    text: string,
    found: FoundApiToken | null,
    until: number,
  ): Remembered | null {
    if (found === null) return null
    const { id: tokenId, scopes, expires_at, last_used_at } = found.token
    const verified: Remembered['verified'] = {
      owner: found.owner,
      expiresAt: expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at),
      kind: 'api_token',
      scopes,
      tokenId,
      watch: (end) => watch.watch(tokenId, until, () => confirm(text), end),
    }
    const usedHour = last_used_at === null ? 0 : hourOf(Date.parse(last_used_at))
    return { expiresAt: until, verified, usedHour }
  }

  /** When to look the token up again; `null` if it is not valid any more. */
  async function confirm(text: string): Promise<number | null> {
    const token = recall(text) ?? (await examine(text))
    return 'reason' in token ? null : token.expiresAt
  }

  /** Marks a token as used, at most once an hour. No request waits for that, or fails because of it. */
  function markUsed(token: Remembered): void {
    const current = hourOf(now())
    if (token.usedHour >= current) return
    token.usedHour = current
    const { owner, tokenId } = token.verified
    if (hour !== current || marked.size >= MAX_MARKED) marked.clear()
    hour = current
    if (marked.has(tokenId)) return
    marked.add(tokenId)
    const touched = store
      .touch(owner, tokenId, textOf(current * HOUR_MS))
      .catch(() => void marked.delete(tokenId))
      .finally(() => marking.delete(touched))
    marking.add(touched)
  }

  async function verifyNew(text: string, requestId: string | null): Promise<VerifiedToken | null> {
    const result = refused.get(text, uptime())?.refusal ?? (await examine(text))
    if ('reason' in result) {
      observe({ type: 'token_refused', requestId, refusal: result, acceptedBefore: wasAccepted })
      return null
    }
    wasAccepted = true
    markUsed(result)
    return result.verified
  }

  return {
    ready: signIn.ready,

    verify(text, requestId) {
      if (!isApiToken(text)) return signIn.verify(text, requestId)
      const known = recall(text)
      observe(known === null ? cacheMiss : cacheHit)
      if (known === null) return verifyNew(text, requestId ?? null)
      markUsed(known)
      return known.verified
    },

    async inspect(text) {
      if (!isApiToken(text)) return signIn.inspect(text)
      const result = await examine(text)
      return 'reason' in result ? result : result.verified
    },

    forget(id) {
      const time = uptime()
      // A map iterates in insertion order, so the oldest come first.
      for (const [old, at] of forgottenAt) {
        if (time - at < FORGOTTEN_MS) break
        forgottenAt.delete(old)
      }
      forgottenAt.set(id, time)
      watch.end(id)
    },

    async settled() {
      await Promise.all(marking)
    },
  }
}

function limitsOf(tokens: number) {
  return { tokens, characters: tokens * TOKEN_LENGTH }
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS)
}

function textOf(time: number): string {
  return new Date(time).toISOString()
}
