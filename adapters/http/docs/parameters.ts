import Type, { type TSchema } from 'typebox'
import { Id } from '../../../core/item.ts'
import { IdempotencyKey } from '../middleware/idempotency.ts'

/** The parameter `id` of a path. */
export function idOf(name: 'task' | 'list' | 'token') {
  return {
    name: 'id',
    in: 'path',
    required: true,
    description: `The id of the ${name}, in any letter case.`,
    schema: Id,
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

export const ifMatch = fromHeader(
  'If-Match',
  'Makes the change only if the task or list still has this version: the `ETag` that you got with it. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.',
  Type.String(),
  '"v7"',
)

export const ifNoneMatch = fromHeader(
  'If-None-Match',
  'The `ETag` of the response that you have. If nothing has changed since then, the response is 304, without a body, and does not count against the rate limit.',
  Type.String(),
  '"v7"',
)

export const idempotencyKey = fromHeader(
  'Idempotency-Key',
  'A unique key for this request, such as a random UUID, which makes it safe to retry. If you send the request again with the same key within 24 hours, it does not run again, and you get the same response.',
  IdempotencyKey,
  '5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f',
)
