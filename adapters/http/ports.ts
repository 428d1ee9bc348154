import type { Scope } from '../../core/api-token.ts'
import type { Owner } from '../../core/owner.ts'

/** What a valid bearer token says. A type alias, because Elysia's context accepts no interface. */
export type VerifiedToken = {
  readonly owner: Owner
  /** In milliseconds since 1970. The token may be accepted for a few seconds longer. */
  readonly expiresAt: number
  readonly kind: TokenKind
  readonly scopes: readonly Scope[]
  /** Calls `end` once the token is found to be deleted: at once in this process, otherwise within 30 seconds. */
  readonly watch: (end: () => void) => WatchedToken
}

/** Whether a token comes from signing in, was made by a user for a program, or was obtained by a program (OAuth). */
export type TokenKind = 'sign_in' | 'api_token' | 'oauth'

/** The token of a request that is held open. */
export interface WatchedToken {
  /** Whether the token was known to be valid less than 30 seconds ago. */
  isConfirmed(): boolean
  stop(): void
}

/**
 * Verifies a bearer token, without a promise if the result is known. `null` if the token is not valid,
 * for any reason. Fails with a `TaskportError` (`unavailable`) if the issuer is needed and does not
 * respond in time.
 *
 * @param requestId names the request in what the verifier reports.
 */
export type VerifyToken = (
  token: string,
  requestId: string,
) => VerifiedToken | null | Promise<VerifiedToken | null>

/** A request has ended. */
export interface RequestEvent {
  readonly type: 'request'
  readonly requestId: string
  readonly method: string
  /** The route's template such as `/tasks/:id`, never the path; `null` if no route matched. */
  readonly route: string | null
  readonly status: number
  readonly durationMs: number
  /** The owner in the token; `null` without a valid token. */
  readonly owner: Owner | null
  /** `null` without a valid token. */
  readonly tokenKind: TokenKind | null
  /** The tool that the request calls; `null` if it calls none. From a closed set, like routes. */
  readonly tool: string | null
  /** The length of the response's body; `null` if it was not known in advance. */
  readonly bytes: number | null
}

/** A request failed with an unexpected error. */
export interface UnexpectedErrorEvent {
  readonly type: 'unexpected_error'
  readonly error: unknown
  readonly requestId: string
}

/** A request was refused because its caller is over the limit. */
export interface RateLimitedEvent {
  readonly type: 'rate_limited'
  /** Whether the caller is counted by the user of its valid token, or by its address. */
  readonly by: 'user' | 'address'
}

/** A request that needs a bearer token has none. */
export interface TokenMissingEvent {
  readonly type: 'token_missing'
  readonly requestId: string
}

/** A long poll or an event stream begins to be held open, or no longer is. */
export interface HeldRequestEvent {
  readonly type: 'request_held' | 'request_released'
}

/** A call of a tool has ended. */
export interface ToolCallEvent extends ToolCall {
  readonly type: 'tool_call'
  readonly requestId: string
}

export type HttpEvent =
  | RequestEvent
  | ToolCallEvent
  | UnexpectedErrorEvent
  | RateLimitedEvent
  | TokenMissingEvent
  | HeldRequestEvent

/** One call of a tool. */
export interface ToolCall {
  readonly type: 'tool_call'
  /** The name of the tool, from a closed set. */
  readonly tool: string
  /** `refused` for an error that the caller can correct, `failed` for a fault of the service. */
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly durationMs: number
  /** What failed; `null` unless the outcome is `failed`. */
  readonly error: unknown
}

/** The Model Context Protocol. */
export interface McpEndpoint {
  /** The tool that a message calls; `null` if it does not call one that exists. */
  toolIn(message: unknown): { readonly name: string; readonly isReadOnly: boolean } | null
  /** Answers a message. Calls `observe` when a call of a tool has ended. */
  answer(
    request: Request,
    message: unknown,
    owner: Owner,
    observe: (call: ToolCall) => void,
  ): Promise<Response>
}

/** The state of a caller's limit. */
export interface RateLimitCount {
  readonly allowed: boolean
  /** How many requests are left in the window. */
  readonly remaining: number
  /** Whole seconds until the window ends, at least 1. */
  readonly resetSeconds: number
}

/** Counts the requests of each caller in a window of time. */
export interface RateLimit {
  readonly requests: number
  readonly windowSeconds: number
  /** Counts a request, without a promise if possible. Never fails. */
  count(caller: string): RateLimitCount | Promise<RateLimitCount>
  /** Uncounts a request. Never fails. */
  giveBack(caller: string): RateLimitCount | Promise<RateLimitCount>
}
