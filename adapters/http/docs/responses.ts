import Type from 'typebox'
import { ref } from './schemas.ts'

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

/** The header with the version of a task or list. */
export function versionHeader(name: Name) {
  return { ETag: header(`The version of the ${name}.`, '"v1"') }
}

export const replayed = {
  'Idempotency-Replayed': header(
    '`true` if this is the response to an earlier request with the same key.',
    'true',
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

type Name = 'task' | 'list'

const SCHEMAS = { task: 'Task', list: 'List' }

/** The responses to a request for a task or list: with it, and if the client has its current version. */
export function foundItem(name: Name, example: unknown) {
  const tag = versionHeader(name)
  const headers = { ...rateLimitHeaders, ...tag }
  return {
    200: jsonResponse(`The ${name}.`, SCHEMAS[name], example, headers),
    304: notModified(tag),
  }
}

/** The response with a new task or list. */
export function createdItem(name: Name, example: { readonly id: string }) {
  return jsonResponse(`The new ${name}.`, SCHEMAS[name], example, {
    ...rateLimitHeaders,
    ...versionHeader(name),
    ...replayed,
    Location: header(`The URL of the new ${name}.`, `/${name}s/${example.id}`),
  })
}

/** The response with a changed task or list. */
export function changedItem(name: Name, example: unknown) {
  const { ETag } = versionHeader(name)
  return jsonResponse(`The ${name} after the change.`, SCHEMAS[name], example, {
    ...rateLimitHeaders,
    ETag: { ...ETag, example: '"v2"' },
  })
}

/** Documents 304, with the ETag that the client has. */
export function notModified(tag: ReturnType<typeof versionHeader>) {
  return emptyResponse('Nothing has changed since the response with this `ETag`.', tag)
}
