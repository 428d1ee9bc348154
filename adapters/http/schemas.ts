import Type from 'typebox'
import { type Task, TaskId } from '../../core/task.ts'
import { ref } from './components.ts'
import { type HttpErrorCode, statusOf } from './errors.ts'

export const exampleTask: Task = {
  id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a90',
  text: 'Buy milk',
  completed: false,
  order: -1024,
  version: 1,
  created_at: '2026-01-31T09:30:00.000Z',
  updated_at: '2026-01-31T09:30:00.000Z',
  completed_at: null,
}

/** The `id` of a path. */
export const idParameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The id of the task, in any letter case.',
  schema: TaskId,
} as const

/** A header of a response. */
export function header(description: string, example: string) {
  return { description, schema: Type.String(), example }
}

const requestId = header(
  "The request's own id, or the new one that it got.",
  '019c1325-8e40-7c3d-9a54-1f0e6b2d7a91',
)

/** Where a caller stands; absent from a service without limits. */
export const rateLimitHeaders = {
  'RateLimit-Policy': header(
    'How many requests (`q`) the caller may send in how many seconds (`w`).',
    '"default";q=600;w=60',
  ),
  RateLimit: header(
    'How many requests are left (`r`), and in how many seconds all are again (`t`).',
    '"default";r=599;t=42',
  ),
}

/** A response with a JSON body of a named schema. */
export function jsonResponse(
  description: string,
  schema: string,
  example: unknown,
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return {
    description,
    headers: { 'X-Request-ID': requestId, ...headers },
    content: { 'application/json': { schema: ref(schema), example } },
  }
}

/** A request body of a named schema, in each of the media types. */
export function jsonBody(schema: string, example: unknown, ...types: string[]) {
  const content = { schema: ref(schema), example }
  return {
    required: true,
    content: Object.fromEntries(['application/json', ...types].map((type) => [type, content])),
  }
}

export const locationHeader = header('Where the new task is.', `/tasks/${exampleTask.id}`)

/** A response without a body, of an operation that is limited. */
export function emptyResponse(
  description: string,
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return { description, headers: { 'X-Request-ID': requestId, ...rateLimitHeaders, ...headers } }
}

const errors: Record<HttpErrorCode, ReturnType<typeof jsonResponse>> = {
  BAD_REQUEST: errorResponse('BAD_REQUEST', 'The body is empty, not JSON or not UTF-8.', {
    message: 'The body is not valid JSON in UTF-8',
  }),
  UNAUTHORIZED: errorResponse(
    'UNAUTHORIZED',
    'There is no valid token.',
    { message: 'Invalid or expired token' },
    {
      'WWW-Authenticate': header('How to authenticate (RFC 6750).', 'Bearer error="invalid_token"'),
    },
  ),
  NOT_FOUND: errorResponse('NOT_FOUND', "There is no such task among the caller's.", {
    message: 'Task not found',
  }),
  METHOD_NOT_ALLOWED: errorResponse(
    'METHOD_NOT_ALLOWED',
    'The path does not take this method.',
    { message: 'Use one of GET, HEAD, OPTIONS, POST' },
    { Allow: header('The methods that the path takes.', 'GET, HEAD, OPTIONS, POST') },
  ),
  PAYLOAD_TOO_LARGE: errorResponse('PAYLOAD_TOO_LARGE', 'The body is too large.', {
    message: 'The body is larger than 65536 bytes',
  }),
  UNSUPPORTED_MEDIA_TYPE: errorResponse(
    'UNSUPPORTED_MEDIA_TYPE',
    'The body is not announced as JSON, or is encoded.',
    { message: 'Send the body as application/json, without Content-Encoding' },
  ),
  VALIDATION_ERROR: invalidResponse('text: is required'),
  CURSOR_EXPIRED: errorResponse(
    'CURSOR_EXPIRED',
    'What has changed since that cursor can no longer be told.',
    { message: 'Start again without a cursor' },
  ),
  PRECONDITION_FAILED: errorResponse(
    'PRECONDITION_FAILED',
    'The task has another version than those in `If-Match`, and stays as it is.',
    { message: 'The task has changed since you read it' },
    { ETag: header('The version that the task has.', '"v9"') },
  ),
  PRECONDITION_REQUIRED: errorResponse(
    'PRECONDITION_REQUIRED',
    'This server wants to be told which version of the task is meant, and there is no `If-Match`.',
    { message: 'Say in If-Match which version you expect' },
  ),
  RATE_LIMITED: errorResponse(
    'RATE_LIMITED',
    'The caller sent too many requests: the user, or without a valid token the address.',
    { message: 'More than 600 requests in 60 seconds, try again later' },
    { 'Retry-After': header('When to try again, in seconds.', '42') },
  ),
  INTERNAL_ERROR: errorResponse('INTERNAL_ERROR', 'A fault of the service.', {
    message: 'Internal server error',
  }),
  SERVICE_UNAVAILABLE: errorResponse(
    'SERVICE_UNAVAILABLE',
    'The store or the issuer of tokens does not answer in time.',
    { message: 'The service is temporarily unavailable, try again' },
    { 'Retry-After': header('When to try again, in seconds.', '1') },
  ),
}

function errorResponse(
  error: HttpErrorCode,
  description: string,
  body: { readonly message: string; readonly details?: readonly string[] },
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return jsonResponse(description, 'Error', { error, ...body }, { ...rateLimitHeaders, ...headers })
}

function invalidResponse(...details: string[]) {
  return errorResponse('VALIDATION_ERROR', 'The request breaks a rule; `details` name each.', {
    message: 'The request is not valid',
    details,
  })
}

/** The response to a request that breaks a rule, with details that an operation gives as an example. */
export function invalidExample(...details: string[]) {
  return { [statusOf.VALIDATION_ERROR]: invalidResponse(...details) }
}

/** The response to an atomic batch of which one operation fails, with the message of its error. */
export function failedBatch(error: HttpErrorCode, message: string) {
  const description = 'An operation of an atomic batch fails like this, and nothing is done.'
  const details = [`operations[1]: ${message}`]
  return { [statusOf[error]]: errorResponse(error, description, { message, details }) }
}

/** The responses of an operation that end in an error. */
export function errorResponses(...codes: HttpErrorCode[]) {
  return Object.fromEntries(codes.map((code) => [statusOf[code], errors[code]]))
}
