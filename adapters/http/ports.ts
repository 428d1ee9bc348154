import type { Owner } from '../../core/owner.ts'

/** What a good bearer token says. An alias: Elysia's context takes no interface in. */
export type VerifiedToken = {
  readonly owner: Owner
  /** Until when, in milliseconds since 1970. It may be taken for a few seconds longer. */
  readonly expiresAt: number
}

/**
 * What a bearer token says: at once where that is known already. `null` where the token is not to be
 * trusted, for whatever reason; a `TaskportError` (`unavailable`) where the issuer, whose word is
 * needed, does not answer in time.
 */
export type VerifyToken = (token: string) => VerifiedToken | null | Promise<VerifiedToken | null>

/** What became of one request. */
export interface RequestEvent {
  readonly type: 'request'
  readonly requestId: string
  readonly method: string
  /** The route's template, `/tasks/:id`, never the path; `null` where there is no such route. */
  readonly route: string | null
  readonly status: number
  readonly durationMs: number
  /** Whose token the request had, where it was good. */
  readonly owner: Owner | null
  /** Length of the answer's body, where it was known beforehand. */
  readonly bytes: number | null
}

/** A fault of ours, met by the request with that id. */
export interface FaultEvent {
  readonly type: 'fault'
  readonly fault: unknown
  readonly requestId: string
}

/** A request was refused for its caller's limit. */
export interface RateLimitedEvent {
  readonly type: 'rate_limited'
  /** What the caller is counted by: its valid token's user, or else its address. */
  readonly by: 'user' | 'address'
}

export type HttpEvent = RequestEvent | FaultEvent | RateLimitedEvent

/** Where a caller stands. */
export interface RateLimitCount {
  readonly allowed: boolean
  /** Requests that are left in the window. */
  readonly remaining: number
  /** Whole seconds until the window ends, at least 1. */
  readonly resetSeconds: number
}

/** How many requests a caller may send in a window, and the count of them. */
export interface RateLimit {
  readonly requests: number
  readonly windowSeconds: number
  /** Counts a request, at once where that is possible. Never fails. */
  count(caller: string): RateLimitCount | Promise<RateLimitCount>
  /** Takes one request back that was counted. Never fails. */
  giveBack(caller: string): RateLimitCount | Promise<RateLimitCount>
}
