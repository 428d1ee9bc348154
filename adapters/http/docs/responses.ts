import Type, { type TSchema } from 'typebox'
import { TaskId } from '../../../core/task.ts'
import { type HttpErrorCode, statusOf } from '../errors.ts'
import { ref } from './schemas.ts'

/** What the id in a path, or a version, belongs to. */
export type ItemName = 'task' | 'list'

/** The parameter `id` of a path. */
export function idOf(name: ItemName | 'token') {
  return {
    name: 'id',
    in: 'path',
    required: true,
    description: `The id of the ${name}, in any letter case.`,
    schema: TaskId,
  } as const
}

/** An optional header of a request. */
export function fromHeader(name: string, description: string, schema: TSchema, example: string) {
  return { name, in: 'header', required: false, description, schema, example } as const
}

/** An optional parameter of a query string. */
export function fromQuery(name: string, description: string, schema: TSchema, example: unknown) {
  return { name, in: 'query', required: false, description, schema, example } as const
}

/** An optional parameter of a query string that may be given several times. */
export function repeatedInQuery(
  name: string,
  description: string,
  schema: TSchema,
  example: readonly string[],
) {
  const parameter = fromQuery(name, description, schema, example)
  return { ...parameter, style: 'form', explode: true } as const
}

/** A header of a response. */
export function header(description: string, example: string) {
  return { description, schema: Type.String(), example }
}

const requestId = header(
  'The id that you sent with the request, or a generated one.',
  '019c1325-8e40-7c3d-9a54-1f0e6b2d7a91',
)

/** The headers of the rate limit. A server without a limit does not send them. */
export const rateLimitHeaders = {
  'RateLimit-Policy': header('The limit: `q` requests in `w` seconds.', '"default";q=600;w=60'),
  RateLimit: header(
    'What is left: `r` requests until the count restarts in `t` seconds.',
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

/** What the HTTP parser answers by itself; documented with the operations that have no other error. */
export const headersTooLarge = {
  431: {
    description:
      'The headers of the request are too large. The HTTP parser sends this response, without a body, before the request reaches the service; any request can get it.',
  },
}

/**
 * A request body of a named schema, in each of the media types.
 *
 * @param examples a summary and a body for each name.
 */
export function jsonBody(
  schema: string,
  examples: Readonly<Record<string, readonly [summary: string, body: object]>>,
  ...types: string[]
) {
  const named = Object.entries(examples).map(([name, [summary, value]]) => [
    name,
    { summary, value },
  ])
  const content = { schema: ref(schema), examples: Object.fromEntries(named) }
  return {
    required: true,
    content: Object.fromEntries(['application/json', ...types].map((type) => [type, content])),
  }
}

/** A response without a body, from an operation with a rate limit. */
export function emptyResponse(
  description: string,
  headers: Record<string, ReturnType<typeof header>> = {},
) {
  return { description, headers: { 'X-Request-ID': requestId, ...rateLimitHeaders, ...headers } }
}

const NOT_FOUND = { task: 'Task not found', list: 'List not found', token: 'Token not found' }

const errors: Record<HttpErrorCode, ReturnType<typeof jsonResponse>> = {
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
  FORBIDDEN: forbidden('The token may only read.', 'This token lacks the scope write', 'write'),
  NOT_FOUND: notFound('task'),
  METHOD_NOT_ALLOWED: errorResponse(
    'METHOD_NOT_ALLOWED',
    'The path does not support this method.',
    { message: 'Use one of GET, HEAD, OPTIONS, POST' },
    { Allow: header('The methods that the path supports.', 'GET, HEAD, OPTIONS, POST') },
  ),
  PAYLOAD_TOO_LARGE: errorResponse('PAYLOAD_TOO_LARGE', 'The body is too large.', {
    message: 'The body is larger than 262144 bytes',
  }),
  UNSUPPORTED_MEDIA_TYPE: errorResponse(
    'UNSUPPORTED_MEDIA_TYPE',
    'The `Content-Type` is not JSON, or there is a `Content-Encoding`.',
    { message: 'Send the body as application/json, without Content-Encoding' },
  ),
  VALIDATION_ERROR: invalidResponse('text: is required'),
  CURSOR_EXPIRED: errorResponse(
    'CURSOR_EXPIRED',
    'The changes since this cursor are no longer known. Start again without a cursor.',
    { message: 'Start again without a cursor' },
  ),
  PRECONDITION_FAILED: stale('task'),
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

function notFound(name: keyof typeof NOT_FOUND) {
  const message = NOT_FOUND[name]
  return errorResponse('NOT_FOUND', `You have no ${name} with this id.`, { message })
}

function forbidden(description: string, message: string, scope: string | null) {
  const challenge = `Bearer error="insufficient_scope"${scope === null ? '' : `, scope="${scope}"`}`
  return errorResponse(
    'FORBIDDEN',
    description,
    { message },
    { 'WWW-Authenticate': header('What the token lacks (RFC 6750).', challenge) },
  )
}

function stale(name: ItemName) {
  return errorResponse(
    'PRECONDITION_FAILED',
    `The ${name} does not have the version that \`If-Match\` expects. It was not changed.`,
    { message: `The ${name} has changed since you read it` },
    { ETag: header(`The current version of the ${name}.`, '"v9"') },
  )
}

/** The error responses of an operation on one list. */
export const listErrors = {
  NOT_FOUND: { [statusOf.NOT_FOUND]: notFound('list') },
  PRECONDITION_FAILED: { [statusOf.PRECONDITION_FAILED]: stale('list') },
}

/** The error responses of operations on API tokens. */
export const tokenErrors = {
  NOT_FOUND: { [statusOf.NOT_FOUND]: notFound('token') },
  FORBIDDEN: {
    [statusOf.FORBIDDEN]: forbidden(
      'The token is an API token.',
      'API tokens cannot manage tokens: use a token from signing in',
      null,
    ),
  },
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
  return errorResponse(
    'VALIDATION_ERROR',
    'The request is invalid. `details` names every invalid field.',
    {
      message: 'The request is not valid',
      details,
    },
  )
}

/** The response to an invalid request, with the details that an operation gives as its example. */
export function invalidExample(...details: string[]) {
  return { [statusOf.VALIDATION_ERROR]: invalidResponse(...details) }
}

/** The response to an atomic batch with an operation that failed with this message. */
export function failedBatch(error: HttpErrorCode, message: string) {
  const description = 'An operation of an atomic batch failed. Nothing was changed.'
  const details = [`operations[1]: ${message}`]
  return { [statusOf[error]]: errorResponse(error, description, { message, details }) }
}

/** The error responses of an operation. */
export function errorResponses(...codes: HttpErrorCode[]) {
  return Object.fromEntries(codes.map((code) => [statusOf[code], errors[code]]))
}
