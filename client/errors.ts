import type { components } from './openapi.ts'

/** What the service says went wrong. */
export type ServiceErrorCode = components['schemas']['Error']['error']

/**
 * What went wrong with a call, for programs:
 * - a code of the service, see its document;
 * - `NETWORK_ERROR`: there is no connection, or it broke;
 * - `TIMEOUT`: the call took longer than it may;
 * - `UNEXPECTED_RESPONSE`: the answer is none of Taskport's, but of a proxy perhaps.
 */
export type ErrorCode = ServiceErrorCode | 'NETWORK_ERROR' | 'TIMEOUT' | 'UNEXPECTED_RESPONSE'

/** What a call rejects with, unless its own signal or token function ended it. */
export class TaskportError extends Error {
  override readonly name = 'TaskportError'
  readonly code: ErrorCode
  /** The HTTP status; `null` where there was no answer. */
  readonly status: number | null
  /** Every wrong field, as `field: what is wrong`. */
  readonly details: readonly string[]
  /** Names the request in the service's log. */
  readonly requestId: string | null
  /** After how many seconds the service can be asked again, where it said so. */
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

/** The error that an answer is. */
export function errorOf(status: number, headers: Headers, body: unknown): TaskportError {
  const about = {
    status,
    requestId: headers.get('x-request-id'),
    retryAfter: secondsIn(headers.get('retry-after')),
  }
  if (!isErrorBody(body))
    return new TaskportError('UNEXPECTED_RESPONSE', `An answer with status ${status}`, about)
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

/** A `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. */
function secondsIn(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.max(0, seconds)
}
