import Type from 'typebox'
import { ALWAYS, errorsFor, invalidExample } from '../docs/error-responses.ts'
import {
  EXAMPLE_CHANGED_AT,
  EXAMPLE_OTHER_TASK,
  exampleList,
  exampleTask,
} from '../docs/examples.ts'
import { fromHeader, fromQuery } from '../docs/parameters.ts'
import { emptyResponse, jsonResponse, rateLimitHeaders } from '../docs/responses.ts'
import { changeEvents, END_REASONS } from './events.ts'
import { ChangesQuery, feedCursor } from './request.ts'

const shared = { tags: ['Feed'], security: [{ bearer: [] }] }
const errors = {
  ...errorsFor('task')(...ALWAYS, 'CURSOR_EXPIRED'),
  ...invalidExample(
    'cursor: must be the next_cursor of an earlier response, or the id of an event',
  ),
}

const exampleCursor = feedCursor({
  epoch: '5c1d2e3f',
  sequence: 42,
  since: 0,
  kind: 'task',
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
})
const exampleChanges = [
  { type: 'list', list: exampleList },
  { type: 'upsert', task: exampleTask },
  { type: 'delete', id: EXAMPLE_OTHER_TASK, deleted_at: EXAMPLE_CHANGED_AT },
] as const

const cursor = fromQuery(
  'cursor',
  'The `next_cursor` of an earlier response, or the `id` of an event. Without a cursor, you get every list and task first.',
  Type.String(),
  exampleCursor,
)
const { limit, wait } = ChangesQuery.properties

/** The OpenAPI descriptions of the routes of the feed. */
export const feedOperations = {
  listChanges: {
    ...shared,
    operationId: 'listChanges',
    summary: 'List changes',
    description:
      'Without a cursor, returns every list, and then every task that is not in the trash. With the cursor of an earlier response, returns what has changed since: each list (`list`) and each task (`upsert`) once, in its current state, and deleted ones as `list_deleted` and `delete`. Ignore changes of types that you do not know. No change is left out, but one may come twice. Store `next_cursor` together with the changes, then ask again: right away if `has_more` is true, otherwise at any time, or with `wait`.',
    parameters: [
      cursor,
      fromQuery('limit', 'The maximum number of changes.', limit, 1000),
      fromQuery(
        'wait',
        'How many seconds the server waits for a change if there is none yet (long polling). Without a cursor it does not wait.',
        wait,
        25,
      ),
    ],
    responses: {
      200: jsonResponse(
        'The changes, oldest first; an empty list if there are none.',
        'ChangeList',
        { changes: exampleChanges, next_cursor: exampleCursor, has_more: false },
        rateLimitHeaders,
      ),
      ...errors,
    },
  },
  streamChanges: {
    ...shared,
    operationId: 'streamChanges',
    summary: 'Stream changes',
    description: `Sends the changes of \`listChanges\` as server-sent events, as soon as they happen. The events are \`list\`, \`list_deleted\`, \`upsert\` and \`delete\`, with the change as JSON; \`synced\` when you have everything, with \`{"snapshot": true}\` if the stream began with every list and task; and \`end\` before the server closes the stream, with one of the reasons ${END_REASONS.join(', ')}. Changes that belong together arrive together, and the last of them has an \`id\`. Ignore events that you do not know. To resume, reconnect with that id as \`Last-Event-ID\` or as \`cursor\`. The \`EventSource\` of browsers cannot send a token, so use \`fetch\` and read the body.`,
    parameters: [
      cursor,
      fromHeader(
        'Last-Event-ID',
        'The `id` of the last event that you received. Takes precedence over `cursor`.',
        Type.String(),
        exampleCursor,
      ),
    ],
    responses: {
      200: {
        ...emptyResponse('The stream. It stays open until the client or the server closes it.'),
        content: {
          'text/event-stream': {
            schema: Type.String(),
            example: `retry: 3000\n\n${changeEvents(exampleChanges, exampleCursor, { snapshot: true })}`,
          },
        },
      },
      ...errors,
    },
  },
}
