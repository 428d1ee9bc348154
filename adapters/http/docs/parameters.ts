import Type from 'typebox'
import { IdempotencyKey } from '../middleware/idempotency.ts'
import { fromHeader, header, type ItemName } from './responses.ts'

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

/** The header with the version of a task or list. */
export function versionHeader(name: ItemName) {
  return { ETag: header(`The version of the ${name}.`, '"v1"') }
}

export const replayed = {
  'Idempotency-Replayed': header(
    '`true` if this is the response to an earlier request with the same key.',
    'true',
  ),
}
