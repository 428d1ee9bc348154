/**
 * - `invalid`: the input breaks a rule; `details` holds one `field: what is wrong` a field.
 * - `not_found`: no such task, or another owner's; the two are never told apart.
 * - `stale`: the task has another version than the caller expects; `version` tells which.
 * - `version_required`: the caller has to say which version it expects.
 * - `cursor_expired`: what happened since a reader last looked can no longer be told.
 * - `unavailable`: something that the call needs (the store, the issuer of tokens) is down or did
 *   not answer in time. The call may be repeated; a write may or may not have happened, whole.
 */
export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'stale'
  | 'version_required'
  | 'cursor_expired'
  | 'unavailable'

/** Every failure that the core and its adapters expect. Anything else that is thrown is a fault. */
export class TaskportError extends Error {
  override readonly name = 'TaskportError'
  readonly code: ErrorCode
  readonly details: readonly string[]
  /** The version that a task has, where the caller expected another. */
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
