import { NotFoundError } from 'elysia'
import { type ErrorCode, TaskportError } from '../../core/errors.ts'
import { versionTag } from './middleware/entity-tags.ts'

/** Every error code of this API, and its status. */
export const statusOf = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CURSOR_EXPIRED: 410,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_ERROR: 422,
  PRECONDITION_REQUIRED: 428,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const

export type HttpErrorCode = keyof typeof statusOf

const codeOf: Record<ErrorCode, HttpErrorCode> = {
  invalid: 'VALIDATION_ERROR',
  not_found: 'NOT_FOUND',
  stale: 'PRECONDITION_FAILED',
  version_required: 'PRECONDITION_REQUIRED',
  retry_key_reused: 'VALIDATION_ERROR',
  position_expired: 'CURSOR_EXPIRED',
  unavailable: 'SERVICE_UNAVAILABLE',
}

const RETRY_AFTER_SECONDS = '1'

/** An error in a request, found before a use case is called. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly error: HttpErrorCode
  readonly headers: Readonly<Record<string, string>>
  readonly details: readonly string[] = []

  constructor(
    error: HttpErrorCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.error = error
    this.headers = headers
  }
}

/** The body of every error. */
export interface ErrorBody {
  readonly error: HttpErrorCode
  readonly message: string
  readonly details?: readonly string[]
}

/** The parts of an error response. */
interface Problem {
  readonly error: HttpErrorCode
  readonly message: string
  readonly details: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** Where a request names the version that it expects: a header, or a member of a batch operation. */
type VersionField = 'If-Match' | 'if_match'

/** Maps every expected error to its response; `null` for an unexpected error. */
function problemOf(thrown: unknown): Problem | null {
  if (thrown instanceof HttpError) return thrown
  if (thrown instanceof NotFoundError)
    return { error: 'NOT_FOUND', message: 'Route not found', details: [], headers: {} }
  if (!(thrown instanceof TaskportError)) return null
  return thrown.operation === null
    ? problemIn(thrown, 'If-Match')
    : atOperation(thrown.operation, problemIn(thrown, 'if_match'))
}

/** The error of an atomic batch, with the details of the operation that failed. */
function atOperation(index: number, { error, message, details }: Problem): Problem {
  const reasons = details.length > 0 ? details : [message]
  const named = reasons.map((reason) => `operations[${index}]: ${reason}`)
  return { error, message, details: named, headers: {} }
}

function problemIn(thrown: TaskportError, versionField: VersionField): Problem {
  const { code, message, details, version } = thrown
  const problem = { error: codeOf[code], message, details, headers: {} }
  switch (code) {
    case 'unavailable':
      // Clients do not need to know which part is down.
      return {
        ...problem,
        message: 'The service is temporarily unavailable, try again',
        details: [],
        headers: { 'retry-after': RETRY_AFTER_SECONDS },
      }
    case 'version_required':
      return { ...problem, message: `Say in ${versionField} which version you expect` }
    case 'retry_key_reused':
      return {
        ...problem,
        message: 'The request is not valid',
        details: ['Idempotency-Key: was already used for a different request'],
      }
    case 'position_expired':
      return { ...problem, message: 'Start again without a cursor' }
    case 'stale':
      return { ...problem, headers: version === null ? {} : taggedWith(version) }
    case 'invalid':
    case 'not_found':
      return problem
  }
}

function taggedWith(version: number): Record<string, string> {
  return { etag: versionTag(version), 'cache-control': 'private, no-cache' }
}

function bodyOf({ error, message, details }: Problem): ErrorBody {
  return details.length > 0 ? { error, message, details } : { error, message }
}

/** The status and body of the response to a failed request. */
export function errorOf(
  failure: TaskportError,
  versionField: VersionField,
): { readonly status: number; readonly body: ErrorBody } {
  const problem = problemIn(failure, versionField)
  return { status: statusOf[problem.error], body: bodyOf(problem) }
}

const INTERNAL_ERROR: Problem = {
  error: 'INTERNAL_ERROR',
  message: 'Internal server error',
  details: [],
  headers: {},
}

/**
 * The response to anything that was thrown.
 *
 * @param headers what every response carries.
 * @param onUnexpected called with an unexpected error.
 */
export function errorResponse(
  thrown: unknown,
  headers: Record<string, string>,
  onUnexpected: (thrown: unknown) => void,
): Response {
  const known = problemOf(thrown)
  if (!known) onUnexpected(thrown)
  const problem = known ?? INTERNAL_ERROR
  const body = JSON.stringify(bodyOf(problem))
  return new Response(body, {
    status: statusOf[problem.error],
    headers: {
      ...headers,
      ...problem.headers,
      'content-type': 'application/json',
      'content-length': `${Buffer.byteLength(body)}`,
    },
  })
}
