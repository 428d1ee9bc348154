import { type HttpErrorCode, statusOf } from '../errors.ts'
import { header, jsonResponse, rateLimitHeaders } from './responses.ts'

/** What an operation is about. */
type Subject = 'task' | 'list' | 'token'

/** The errors of every operation of a user. */
export const ALWAYS = [
  'UNAUTHORIZED',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const
export const ON_WRITES = [...ALWAYS, 'FORBIDDEN'] as const
export const ON_BODIES = ['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const
export const ON_CHANGES = ['NOT_FOUND', 'PRECONDITION_FAILED', 'PRECONDITION_REQUIRED'] as const

// The same for every subject.
const common = {
  BAD_REQUEST: errorResponse('BAD_REQUEST', 'The body is empty, not JSON or not UTF-8.', {
    message: 'The body is not valid JSON in UTF-8',
  }),
  UNAUTHORIZED: errorResponse(
    'UNAUTHORIZED',
    'The token is missing, invalid or expired.',
    { message: 'Invalid or expired token' },
    {
      'WWW-Authenticate': header('How to authenticate (RFC 6750).', 'Bearer error="invalid_token"'),
    },
  ),
  PAYLOAD_TOO_LARGE: errorResponse('PAYLOAD_TOO_LARGE', 'The body is too large.', {
    message: 'The body is larger than 262144 bytes',
  }),
  UNSUPPORTED_MEDIA_TYPE: errorResponse(
    'UNSUPPORTED_MEDIA_TYPE',
    'The `Content-Type` is not JSON, or there is a `Content-Encoding`.',
    { message: 'Send the body as application/json, without Content-Encoding' },
  ),
  CURSOR_EXPIRED: errorResponse(
    'CURSOR_EXPIRED',
    'The changes since this cursor are no longer known. Start again without a cursor.',
    { message: 'Start again without a cursor' },
  ),
  PRECONDITION_REQUIRED: errorResponse(
    'PRECONDITION_REQUIRED',
    'This server requires `If-Match` on changes.',
    { message: 'Say in If-Match which version you expect' },
  ),
  RATE_LIMITED: errorResponse(
    'RATE_LIMITED',
    'Too many requests from this user or, without a valid token, from this address.',
    { message: 'More than 600 requests in 60 seconds, try again later' },
    { 'Retry-After': header('How many seconds to wait before you try again.', '42') },
  ),
  INTERNAL_ERROR: errorResponse('INTERNAL_ERROR', 'An unexpected error in the service.', {
    message: 'Internal server error',
  }),
  SERVICE_UNAVAILABLE: errorResponse(
    'SERVICE_UNAVAILABLE',
    'The database or the token issuer did not respond in time. Try again.',
    { message: 'The service is temporarily unavailable, try again' },
    { 'Retry-After': header('How many seconds to wait before you try again.', '1') },
  ),
}

/** Returns a function that returns the error responses of an operation. */
export function errorsFor(subject: Subject) {
  const errors = {
    ...common,
    FORBIDDEN: forbidden(subject),
    NOT_FOUND: notFound(subject),
    PRECONDITION_FAILED: stale(subject),
  }
  return (...codes: (keyof typeof errors)[]) =>
    Object.fromEntries(codes.map((code) => [statusOf[code], errors[code]]))
}

const NOT_FOUND = { task: 'Task not found', list: 'List not found', token: 'Token not found' }

function notFound(name: Subject) {
  const message = NOT_FOUND[name]
  return errorResponse('NOT_FOUND', `You have no ${name} with this id.`, { message })
}

function forbidden(subject: Subject) {
  const [description, message, scope] =
    subject === 'token'
      ? [
          'The token is an API token.',
          'API tokens cannot manage tokens: use a token from signing in',
          '',
        ]
      : ['The token may only read.', 'This token lacks the scope write', ', scope="write"']
  const challenge = `Bearer error="insufficient_scope"${scope}`
  return errorResponse(
    'FORBIDDEN',
    description,
    { message },
    { 'WWW-Authenticate': header('What the token lacks (RFC 6750).', challenge) },
  )
}

function stale(name: Subject) {
  return errorResponse(
    'PRECONDITION_FAILED',
    `The ${name} does not have the version that \`If-Match\` expects. It was not changed.`,
    { message: `The ${name} has changed since you read it` },
    { ETag: header(`The current version of the ${name}.`, '"v9"') },
  )
}

function errorResponse(
  error: HttpErrorCode,
  description: string,
  body: { readonly message: string; readonly details?: readonly string[] },
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return jsonResponse(description, 'Error', { error, ...body }, { ...rateLimitHeaders, ...headers })
}

/** The response to an invalid request, with the details that an operation gives as its example. */
export function invalidExample(...details: string[]) {
  const description = 'The request is invalid. `details` names every invalid field.'
  const body = { message: 'The request is not valid', details }
  return { [statusOf.VALIDATION_ERROR]: errorResponse('VALIDATION_ERROR', description, body) }
}

/** The response to an atomic batch with an operation that failed with this message. */
export function failedBatch(error: HttpErrorCode, message: string) {
  const description = 'An operation of an atomic batch failed. Nothing was changed.'
  const details = [`operations[1]: ${message}`]
  return { [statusOf[error]]: errorResponse(error, description, { message, details }) }
}

export const invalidId = invalidExample(
  'id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits',
)
