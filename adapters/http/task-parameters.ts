import Type, { type TSchema } from 'typebox'
import { TaskListQuery } from '../../core/query.ts'
import { IdempotencyKey } from './idempotency.ts'
import { cursorAt, nextPage } from './list-request.ts'
import { exampleTask, header } from './schemas.ts'

/** A header that an operation takes. */
export function fromHeader(name: string, description: string, schema: TSchema, example: string) {
  return { name, in: 'header', required: false, description, schema, example } as const
}

/** A parameter of the query that an operation takes. */
export function fromQuery(name: string, description: string, schema: TSchema, example: unknown) {
  return { name, in: 'query', required: false, description, schema, example } as const
}

export const ifMatch = fromHeader(
  'If-Match',
  'The `ETag` of the task as you know it, several of them, or `*` for any. Nothing is written where the task has another version: 412 tells which.',
  Type.String(),
  '"v7"',
)

export const ifNoneMatch = fromHeader(
  'If-None-Match',
  'The `ETag` of the answer that you have. If nothing has changed since, 304 says so, and does not count against the rate limit.',
  Type.String(),
  '"v7"',
)

export const idempotencyKey = fromHeader(
  'Idempotency-Key',
  'Your own name for this request, such as a random UUID. Send the request again with the same key whenever you are in doubt: for 24 hours it is done once, and answered alike.',
  IdempotencyKey,
  '5f0c2f0e-8a5b-4d0c-9d6e-0a1b2c3d4e5f',
)

const exampleCursor = cursorAt({}, { key: exampleTask.created_at, id: exampleTask.id })
const { limit, sort, completed, q, deleted } = TaskListQuery.properties

export const listParameters = [
  fromQuery('limit', 'How many tasks a page has. Without it all tasks come at once.', limit, 20),
  fromQuery(
    'cursor',
    'The `next_cursor` of the page before, of a list with the same `sort` and filters.',
    Type.String(),
    exampleCursor,
  ),
  fromQuery(
    'sort',
    'What the tasks are sorted by; `-` for the latest first. `order` is the one that moves change.',
    sort,
    'order',
  ),
  fromQuery(
    'completed',
    'Only tasks that are completed, or only those that are not.',
    completed,
    false,
  ),
  fromQuery(
    'q',
    'Only tasks whose text has all of these words, in any letter case; the last may be the beginning of a word.',
    q,
    'buy mil',
  ),
  fromQuery('deleted', 'The tasks in the trash, in place of the others.', deleted, 'only'),
]

export const permanent = fromQuery(
  'permanent',
  'Whether the task is deleted for good, in the trash or not.',
  Type.Boolean({ default: false }),
  true,
)

export const taskTag = { ETag: header('The version of the task.', '"v1"') }

export const listTag = {
  ETag: header(
    'The state of all of your tasks: another one when any of them has changed.',
    '"l5c1d2e3f.42"',
  ),
}

export const nextLink = {
  Link: header(
    'Where the next page is (RFC 8288); absent where there is none.',
    `<${nextPage({ limit: 20 }, exampleCursor)}>; rel="next"`,
  ),
}

export const replayed = {
  'Idempotency-Replayed': header(
    'Present where a request with this key was done before, whose answer this is.',
    'true',
  ),
}
