/**
 * - `invalid`: the input breaks a rule; `details` holds one `field: what is wrong` for each field.
 * - `not_found`: no such task, or another owner's; callers cannot tell which.
 * - `stale`: the task has a different version than the caller expects; `version` is the current one.
 * - `version_required`: the caller has to say which version it expects.
 * - `retry_key_reused`: the key of a retried call was used before, for a different call.
 * - `cursor_expired`: the changes since the reader's position are no longer known.
 * - `unavailable`: something that the call needs (the store, the token issuer) is down or did not
 *   answer in time. The caller may retry; a write happened either completely or not at all.
 */
export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'stale'
  | 'version_required'
  | 'retry_key_reused'
  | 'cursor_expired'
  | 'unavailable'

/** Every failure that the core and its adapters expect. Anything else that is thrown is a bug. */
export class TaskportError extends Error {
  override readonly name = 'TaskportError'
  readonly code: ErrorCode
  readonly details: readonly string[]
  /** The current version of the task, if the caller expected a different one. */
  readonly version: number | null

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly details?: readonly string[]
      readonly version?: number
      readonly cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.version = options.version ?? null
  }
}

/** The program cannot start or go on as it is set up or used. The message tells the operator what to change. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
