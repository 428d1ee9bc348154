import { NotFoundError } from 'elysia'
import { type ErrorCode, TaskportError } from '../../core/errors.ts'
import { versionTag } from '../../core/version.ts'

/** Every error that this API can answer with, and its status. */
export const statusOf = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
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
  cursor_expired: 'CURSOR_EXPIRED',
  unavailable: 'SERVICE_UNAVAILABLE',
}

const RETRY_AFTER_SECONDS = '1'

/** What a request did wrong before it reached a use case, as it is answered. */
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

interface Problem {
  readonly error: HttpErrorCode
  readonly message: string
  readonly details: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

/** The one map from what was thrown to what is answered; `null` for a fault of ours. */
function problemOf(thrown: unknown): Problem | null {
  if (thrown instanceof HttpError) return thrown
  if (thrown instanceof NotFoundError)
    return { error: 'NOT_FOUND', message: 'Route not found', details: [], headers: {} }
  return thrown instanceof TaskportError ? problemIn(thrown) : null
}

function problemIn({ code, message, details, version }: TaskportError): Problem {
  // What is down, and how, is nobody's business outside.
  if (code === 'unavailable')
    return {
      error: codeOf[code],
      message: 'The service is temporarily unavailable, try again',
      details: [],
      headers: { 'retry-after': RETRY_AFTER_SECONDS },
    }
  return { error: codeOf[code], message, details, headers: version ? tagged(version) : {} }
}

function tagged(version: number): Record<string, string> {
  return { etag: versionTag(version), 'cache-control': 'private, no-cache' }
}

function bodyOf({ error, message, details }: Problem): ErrorBody {
  return details.length > 0 ? { error, message, details } : { error, message }
}

/** What a request that failed like this would have been answered. */
export function answerTo(failure: TaskportError): {
  readonly status: number
  readonly body: ErrorBody
} {
  const problem = problemIn(failure)
  return { status: statusOf[problem.error], body: bodyOf(problem) }
}

const FAULT: Problem = {
  error: 'INTERNAL_ERROR',
  message: 'Internal server error',
  details: [],
  headers: {},
}

/**
 * Answers whatever was thrown.
 *
 * @param headers what every response carries.
 * @param onFault told of anything that is a fault of ours.
 */
export function errorResponse(
  thrown: unknown,
  headers: Record<string, string>,
  onFault: (thrown: unknown) => void,
): Response {
  const problem = problemOf(thrown)
  if (!problem) onFault(thrown)
  const answered = problem ?? FAULT
  const body = JSON.stringify(bodyOf(answered))
  return new Response(body, {
    status: statusOf[answered.error],
    headers: {
      ...headers,
      ...answered.headers,
      'content-type': 'application/json',
      'content-length': `${Buffer.byteLength(body)}`,
    },
  })
}
