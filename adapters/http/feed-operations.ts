import Type from 'typebox'
import { feedCursor } from './feed-cursor.ts'
import { changeEvents, END_REASONS } from './feed-events.ts'
import { ChangesQuery } from './feed-request.ts'
import {
  emptyResponse,
  errorResponses,
  exampleTask,
  invalidExample,
  jsonResponse,
  rateLimitHeaders,
} from './schemas.ts'
import { fromHeader, fromQuery } from './task-parameters.ts'

const shared = { tags: ['Tasks'], security: [{ bearer: [] }] }
const errors = {
  ...errorResponses(
    'UNAUTHORIZED',
    'CURSOR_EXPIRED',
    'RATE_LIMITED',
    'INTERNAL_ERROR',
    'SERVICE_UNAVAILABLE',
  ),
  ...invalidExample('cursor: must be the next_cursor of an earlier answer, or the id of an event'),
}

const exampleCursor = feedCursor({
  epoch: '5c1d2e3f',
  sequence: 42,
  since: 0,
  id: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
})
const exampleChanges = [
  { type: 'upsert', task: exampleTask },
  {
    type: 'delete',
    id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a92',
    deleted_at: '2026-01-31T10:00:00.000Z',
  },
] as const

const cursor = fromQuery(
  'cursor',
  'The `next_cursor` of the answer before, or the `id` of an event. Without one, every task comes first.',
  Type.String(),
  exampleCursor,
)
const { limit, wait } = ChangesQuery.properties

/** What the OpenAPI document says of the routes of the feed. */
export const feedOperations = {
  listChanges: {
    ...shared,
    operationId: 'listChanges',
    summary: 'List what has changed',
    description:
      'Without a cursor every task that is not in the trash, and with the one of the answer before everything that has changed since: each task once, as it now is, and those that went away as `delete`. Nothing is ever left out; a change may come twice. Keep `next_cursor` once you have kept the changes, and ask again: at once where `has_more`, else when you like, or with `wait`.',
    parameters: [
      cursor,
      fromQuery('limit', 'How many changes come at most.', limit, 1000),
      fromQuery(
        'wait',
        'For how many seconds the answer waits for a change where there is none yet. Without a cursor it does not wait.',
        wait,
        25,
      ),
    ],
    responses: {
      200: jsonResponse(
        'The changes, oldest first; none where there are none.',
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
    summary: 'Be told what changes, as it happens',
    description: `The changes of \`listChanges\` as server-sent events: \`upsert\` and \`delete\`, with the change as JSON; \`synced\` once you have everything, \`{"snapshot": true}\` where the stream began with every task; \`end\` before the service ends the stream, with one of the reasons ${END_REASONS.join(', ')}. Changes that belong together come together, and the last of them has an \`id\`: come back with it as \`Last-Event-ID\`, or as \`cursor\`, and the stream goes on from there. A browser's \`EventSource\` cannot send a token; use \`fetch\` and read its body.`,
    parameters: [
      cursor,
      fromHeader(
        'Last-Event-ID',
        'The `id` of the last event that you have. Goes before `cursor`.',
        Type.String(),
        exampleCursor,
      ),
    ],
    responses: {
      200: {
        ...emptyResponse('The stream. It goes on until one of the two sides ends it.'),
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
