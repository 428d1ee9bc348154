import {
  emptyResponse,
  errorResponses,
  exampleTask,
  failedBatch,
  idParameter,
  invalidExample,
  jsonBody,
  jsonResponse,
  locationHeader,
  rateLimitHeaders,
} from './schemas.ts'
import {
  idempotencyKey,
  ifMatch,
  ifNoneMatch,
  listParameters,
  listTag,
  nextLink,
  permanent,
  replayed,
  taskTag,
} from './task-parameters.ts'

const shared = { tags: ['Tasks'], security: [{ bearer: [] }] }
const always = ['UNAUTHORIZED', 'RATE_LIMITED', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'] as const
const bodyErrors = [
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
] as const
const changeErrors = ['NOT_FOUND', 'PRECONDITION_FAILED', 'PRECONDITION_REQUIRED'] as const

const AT = '2026-01-31T10:00:00.000Z'
const completed = {
  ...exampleTask,
  completed: true,
  version: 2,
  updated_at: AT,
  completed_at: AT,
}
const moved = { ...exampleTask, order: -2048, version: 2, updated_at: AT }
const restored = { ...exampleTask, version: 3, updated_at: AT }

/** The answer with a task that was changed. */
function changedTask(example: unknown) {
  const headers = { ...rateLimitHeaders, ETag: { ...taskTag.ETag, example: '"v2"' } }
  return jsonResponse('The task as it now is.', 'Task', example, headers)
}

const notModified = (tag: typeof taskTag | typeof listTag) =>
  emptyResponse('Nothing has changed: the answer that you have is the one you would get.', tag)

const invalidId = invalidExample('id: must be a UUID, written as 8-4-4-4-12 hexadecimal digits')

/** What the OpenAPI document says of the routes of tasks. */
export const operations = {
  listTasks: {
    ...shared,
    operationId: 'listTasks',
    summary: 'List your tasks',
    description:
      'Without parameters: all of your tasks, newest first; an update does not reorder them. With `limit` they come in pages. A task that stands still while you read the pages is on exactly one of them, whatever happens to the others.',
    parameters: [...listParameters, ifNoneMatch],
    responses: {
      200: jsonResponse(
        'The tasks, or a page of them.',
        'TaskList',
        { tasks: [exampleTask], count: 1, next_cursor: null },
        { ...rateLimitHeaders, ...listTag, ...nextLink },
      ),
      304: notModified(listTag),
      ...errorResponses(...always),
      ...invalidExample('limit: must be a whole number from 1 to 1000'),
    },
  },
  createTask: {
    ...shared,
    operationId: 'createTask',
    summary: 'Create a task',
    description:
      'Id, order, version and times are given by the service; other members than `text` are ignored. The task comes to stand above all others.',
    parameters: [idempotencyKey],
    requestBody: jsonBody('TaskCreate', { text: 'Buy milk' }),
    responses: {
      201: jsonResponse('The new task.', 'Task', exampleTask, {
        ...rateLimitHeaders,
        ...taskTag,
        ...replayed,
        Location: locationHeader,
      }),
      ...errorResponses(...always, ...bodyErrors),
    },
  },
  batchTasks: {
    ...shared,
    operationId: 'batchTasks',
    summary: 'Do up to 100 changes at once',
    description:
      'Does the operations in their order: `create`, `patch`, `delete`, `restore` and `move`. Each takes the `id` of its task (but for `create`), the `body` that its own request would have, and in `if_match` what would be in `If-Match`. With `atomic` all of them happen or none: the first that fails undoes the others, and the whole request is answered with its error, whose `details` tell which one it was. Otherwise each has its own outcome.',
    parameters: [idempotencyKey],
    requestBody: jsonBody('TaskBatch', {
      atomic: false,
      operations: [
        { op: 'create', body: { text: 'Buy milk' } },
        { op: 'patch', id: exampleTask.id, if_match: '"v1"', body: { completed: true } },
        { op: 'delete', id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a92' },
      ],
    }),
    responses: {
      200: jsonResponse(
        'What became of each operation.',
        'BatchResults',
        {
          results: [
            { status: 201, task: { ...exampleTask, id: '019c1325-8e40-7c3d-9a54-1f0e6b2d7a93' } },
            { status: 200, task: completed },
            { status: 404, error: { error: 'NOT_FOUND', message: 'Task not found' } },
          ],
        },
        { ...rateLimitHeaders, ...replayed },
      ),
      ...errorResponses(...always, ...bodyErrors),
      ...invalidExample('operations[1]: text: is required'),
      ...failedBatch('NOT_FOUND', 'Task not found'),
      ...failedBatch('PRECONDITION_FAILED', 'The task has changed since you read it'),
      ...failedBatch('PRECONDITION_REQUIRED', 'Say in if_match which version you expect'),
    },
  },
  clearCompleted: {
    ...shared,
    operationId: 'clearCompleted',
    summary: 'Delete all completed tasks',
    description: 'Moves them to the trash, all at once. A body is not read.',
    responses: {
      200: jsonResponse('How many there were.', 'ClearedTasks', { count: 3 }, rateLimitHeaders),
      ...errorResponses(...always),
    },
  },
  getTask: {
    ...shared,
    operationId: 'getTask',
    summary: 'Get a task',
    description:
      'One task that is not in the trash. With the tag that you have of it in `If-None-Match`, an unchanged one is answered 304, without a body.',
    parameters: [idParameter, ifNoneMatch],
    responses: {
      200: jsonResponse('The task.', 'Task', exampleTask, { ...rateLimitHeaders, ...taskTag }),
      304: notModified(taskTag),
      ...errorResponses(...always, 'NOT_FOUND'),
      ...invalidId,
    },
  },
  updateTask: {
    ...shared,
    operationId: 'updateTask',
    summary: 'Replace a task',
    description: 'Sets its text and whether it is completed. Never creates a task.',
    parameters: [idParameter, ifMatch],
    requestBody: jsonBody('TaskUpdate', { text: 'Buy milk', completed: true }),
    responses: {
      200: changedTask(completed),
      ...errorResponses(...always, ...bodyErrors, ...changeErrors),
    },
  },
  patchTask: {
    ...shared,
    operationId: 'patchTask',
    summary: 'Change a task',
    description: 'Sets what is present and leaves the rest. `{}` changes nothing.',
    parameters: [idParameter, ifMatch],
    requestBody: jsonBody('TaskPatch', { completed: true }, 'application/merge-patch+json'),
    responses: {
      200: changedTask(completed),
      ...errorResponses(...always, ...bodyErrors, ...changeErrors),
      ...invalidExample('completed: must be true or false'),
    },
  },
  deleteTask: {
    ...shared,
    operationId: 'deleteTask',
    summary: 'Delete a task',
    description:
      'Moves it to the trash, from where it can be restored for as long as this server keeps it there (30 days, unless it is set up otherwise), or deletes it for good.',
    parameters: [idParameter, permanent, ifMatch],
    responses: {
      204: emptyResponse('Done; there is nothing to say.'),
      ...errorResponses(...always, ...changeErrors),
      ...invalidId,
    },
  },
  restoreTask: {
    ...shared,
    operationId: 'restoreTask',
    summary: 'Take a task out of the trash',
    description:
      'The task is as it was, in its place. One that is not in the trash stays as it is. A body is not read.',
    parameters: [idParameter, ifMatch],
    responses: {
      200: changedTask(restored),
      ...errorResponses(...always, 'NOT_FOUND', 'PRECONDITION_FAILED'),
      ...invalidId,
    },
  },
  moveTask: {
    ...shared,
    operationId: 'moveTask',
    summary: 'Move a task',
    description:
      'Puts it before or after another one of your tasks, or to the top or the bottom of them all, in the list that is sorted by `order`.',
    parameters: [idParameter, ifMatch],
    requestBody: jsonBody('TaskMove', { to: 'top' }),
    responses: {
      200: changedTask(moved),
      ...errorResponses(...always, ...bodyErrors, ...changeErrors),
      ...invalidExample('before: must be the id of another of your tasks'),
    },
  },
}
