import type { ApiToken } from '../../../core/api-token.ts'
import { EXAMPLE_CHANGED_AT } from '../docs/examples.ts'
import {
  emptyResponse,
  errorResponses,
  idOf,
  invalidExample,
  jsonBody,
  jsonResponse,
  rateLimitHeaders,
  tokenErrors,
} from '../docs/responses.ts'

const shared = { tags: ['Tokens'], security: [{ bearer: [] }] }
const always = errorResponses(
  'UNAUTHORIZED',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
)
const errors = { ...always, ...tokenErrors.FORBIDDEN }

const exampleToken: ApiToken = {
  id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a97',
  name: 'CI',
  scopes: ['read', 'write'],
  created_at: EXAMPLE_CHANGED_AT,
  expires_at: null,
  last_used_at: null,
}

// Not a real one: scanners of source code check the last six characters.
const EXAMPLE_TEXT = `tp_${'0'.repeat(43)}xxxxxx`

/** The OpenAPI descriptions of the routes of API tokens. */
export const tokenOperations = {
  listTokens: {
    ...shared,
    operationId: 'listTokens',
    summary: 'List your API tokens',
    description:
      'Returns all of your API tokens, oldest first, without their secrets. A token that has expired is removed 30 days later.',
    responses: {
      200: jsonResponse(
        'The tokens.',
        'ApiTokenList',
        { tokens: [{ ...exampleToken, last_used_at: '2026-01-31T11:00:00.000Z' }] },
        rateLimitHeaders,
      ),
      ...errors,
    },
  },
  createToken: {
    ...shared,
    operationId: 'createToken',
    summary: 'Create an API token',
    description:
      'Creates a token for a program that cannot sign in. Only this response contains the token itself: store it at once. You can have up to 50 tokens. Do not retry without need: a repeated request creates another token, and `Idempotency-Key` is ignored, because the service keeps no copy of the token. Other members than `name`, `scopes` and `expires_at` are ignored.',
    requestBody: jsonBody('ApiTokenCreate', {
      plain: ['A token that may write', { name: 'CI', scopes: ['read', 'write'] }],
      limited: [
        'A token that may only read, for some time',
        { name: 'Dashboard', scopes: ['read'], expires_at: '2099-12-31T00:00:00Z' },
      ],
    }),
    responses: {
      201: jsonResponse(
        'The new token. Send `token` as `Authorization: Bearer`.',
        'NewApiToken',
        { ...exampleToken, token: EXAMPLE_TEXT },
        rateLimitHeaders,
      ),
      ...errors,
      ...errorResponses('BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'),
      ...invalidExample('scopes: must be ["read"] or ["read", "write"]'),
    },
  },
  deleteToken: {
    ...shared,
    operationId: 'deleteToken',
    summary: 'Delete an API token',
    description:
      'Deletes the token. Within 30 seconds, no request with it succeeds any more, and its event streams end.',
    parameters: [idOf('token')],
    responses: {
      204: emptyResponse('The token was deleted.'),
      ...errors,
      ...tokenErrors.NOT_FOUND,
      ...invalidExample('id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits'),
    },
  },
}
