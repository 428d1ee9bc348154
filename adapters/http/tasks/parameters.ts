import Type from 'typebox'
import { TaskListQuery } from '../../../core/query.ts'
import { exampleTask, fromHeader, fromQuery, header } from '../docs/responses.ts'
import { IdempotencyKey } from '../middleware/idempotency.ts'
import { cursorAt, nextPage } from './list-request.ts'

export const ifMatch = fromHeader(
  'If-Match',
  'Changes the task only if it still has this version: the `ETag` that you got with the task. Also takes a list of tags, or `*` for any version. Weak tags and the suffixes that compressing proxies add, as in `"v7-gzip"`, make no difference. If the version is different, the response is 412 with the current `ETag`.',
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

const exampleCursor = cursorAt({}, { key: exampleTask.created_at, id: exampleTask.id })
const { limit, sort, completed, q, deleted } = TaskListQuery.properties

export const listParameters = [
  fromQuery(
    'limit',
    'The number of tasks on a page. Without it, you get all tasks at once.',
    limit,
    20,
  ),
  fromQuery(
    'cursor',
    'The `next_cursor` of the previous page. Send the same `sort` and filters with it.',
    Type.String(),
    exampleCursor,
  ),
  fromQuery(
    'sort',
    'The sort order; `-` sorts the latest first. `order` is the manual order, which you change by moving tasks.',
    sort,
    'order',
  ),
  fromQuery('completed', 'Returns only completed tasks, or only open ones.', completed, false),
  fromQuery(
    'q',
    'Returns only tasks whose text contains each of these words, anywhere in the text. Ignores letter case, accents and punctuation. A search without letters, digits or emoji finds nothing.',
    q,
    'milk',
  ),
  fromQuery('deleted', 'Returns the tasks in the trash instead of the others.', deleted, 'only'),
]

export const permanent = fromQuery(
  'permanent',
  'Deletes the task permanently, even if it is already in the trash.',
  Type.Boolean({ default: false }),
  true,
)

export const taskTag = { ETag: header('The version of the task.', '"v1"') }

export const listTag = {
  ETag: header(
    'Changes whenever any of your tasks changes. Lists with different parameters have different tags.',
    '"l5c1d2e3f.42"',
  ),
}

export const nextLink = {
  Link: header(
    'The URL of the next page (RFC 8288). Absent on the last page.',
    `<${nextPage({ limit: 20 }, exampleCursor)}>; rel="next"`,
  ),
}

export const replayed = {
  'Idempotency-Replayed': header(
    '`true` if this is the response to an earlier request with the same key.',
    'true',
  ),
}
