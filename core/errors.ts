/**
 * - `invalid`: the input breaks a rule; `details` holds one `field: what is wrong` for each field.
 * - `not_found`: no such task, list or token, or another owner's; callers cannot tell which.
 * - `stale`: the task or list has a different version than the caller expects; `version` is the current one.
 * - `version_required`: the caller must name the version that it expects.
 * - `retry_key_reused`: the key of a retried call was used before, for a different call.
 * - `position_expired`: the changes since the reader's position are no longer known.
 * - `unavailable`: something that the call needs (the store, the token issuer) is down or did not
 *   respond in time. The caller may retry; a write was applied completely or not at all.
 */
export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'stale'
  | 'version_required'
  | 'retry_key_reused'
  | 'position_expired'
  | 'unavailable'

/** An expected failure. Anything else that is thrown is a bug. */
export class TaskportError extends Error {
  override readonly name = 'TaskportError'
  readonly code: ErrorCode
  readonly details: readonly string[]
  /** The current version of the task or list, if the caller expected a different one. */
  readonly version: number | null
  /** The index of the operation that made an atomic batch fail; otherwise `null`. */
  readonly operation: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly details?: readonly string[]
      readonly version?: number
      readonly operation?: number
      readonly cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.version = options.version ?? null
    this.operation = options.operation ?? null
  }
}

/** The program cannot start or go on as it is set up or used. The message tells the operator what to change. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
