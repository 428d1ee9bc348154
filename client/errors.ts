import type { components } from './openapi.ts'

/** The error codes of the service. */
export type ServiceErrorCode = components['schemas']['Error']['error']

/**
 * The reason why a call failed, for programs:
 * - an error code of the service, see its OpenAPI document;
 * - `NETWORK_ERROR`: the connection failed or broke;
 * - `TIMEOUT`: the call took too long;
 * - `UNEXPECTED_RESPONSE`: the response is not from Taskport, but perhaps from a proxy.
 */
export type ErrorCode = ServiceErrorCode | 'NETWORK_ERROR' | 'TIMEOUT' | 'UNEXPECTED_RESPONSE'

/** Every call rejects with this error, except if its own signal or token function ends it. */
export class TaskportError extends Error {
  override readonly name = 'TaskportError'
  readonly code: ErrorCode
  /** The HTTP status; `null` without a response. */
  readonly status: number | null
  /** The invalid fields, each as `field: what is wrong`. */
  readonly details: readonly string[]
  /** The id of the request in the service's log. */
  readonly requestId: string | null
  /** Seconds to wait before another attempt, if the service said so. */
  readonly retryAfter: number | null

  constructor(
    code: ErrorCode,
    message: string,
    about: {
      readonly status?: number
      readonly details?: readonly string[]
      readonly requestId?: string | null
      readonly retryAfter?: number | null
      readonly cause?: unknown
    } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause })
    this.code = code
    this.status = about.status ?? null
    this.details = about.details ?? []
    this.requestId = about.requestId ?? null
    this.retryAfter = about.retryAfter ?? null
  }
}

/** Converts an error response to a `TaskportError`. */
export function errorOf(status: number, headers: Headers, body: unknown): TaskportError {
  const about = {
    status,
    requestId: headers.get('x-request-id'),
    retryAfter: parseRetryAfter(headers.get('retry-after')),
  }
  if (!isErrorBody(body))
    return new TaskportError(
      'UNEXPECTED_RESPONSE',
      `Unexpected response with status ${status}`,
      about,
    )
  return new TaskportError(body.error, body.message, { ...about, details: body.details ?? [] })
}

function isErrorBody(body: unknown): body is components['schemas']['Error'] {
  return (
    typeof body === 'object' &&
    body !== null &&
    'error' in body &&
    typeof body.error === 'string' &&
    'message' in body &&
    typeof body.message === 'string'
  )
}

/** Parses `Retry-After` (RFC 9110, 10.2.3), which is a number of seconds or a date. */
function parseRetryAfter(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.max(0, seconds)
}
