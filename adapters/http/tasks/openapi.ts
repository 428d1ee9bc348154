import {
  ALWAYS,
  errorsFor,
  failedBatch,
  invalidExample,
  invalidId,
  ON_BODIES,
  ON_CHANGES,
  ON_WRITES,
} from '../docs/error-responses.ts'
import { EXAMPLE_CHANGED_AT, exampleTask } from '../docs/examples.ts'
import { idempotencyKey, idOf, ifMatch, ifNoneMatch } from '../docs/parameters.ts'
import {
  changedItem,
  createdItem,
  emptyResponse,
  foundItem,
  jsonBody,
  jsonResponse,
  notModified,
  rateLimitHeaders,
  replayed,
} from '../docs/responses.ts'
import * as examples from './examples.ts'
import { listParameters, listTag, nextLink, permanent } from './parameters.ts'

const shared = { tags: ['Tasks'], security: [{ bearer: [] }] }
const errors = errorsFor('task')
const id = idOf('task')
const textRequired = invalidExample('text: is required')

const AT = EXAMPLE_CHANGED_AT
const completed = {
  ...exampleTask,
  completed: true,
  version: 2,
  updated_at: AT,
  completed_at: AT,
}
const moved = { ...exampleTask, order: -2048, version: 2, updated_at: AT }
const restored = { ...exampleTask, version: 3, updated_at: AT }

/** The OpenAPI descriptions of the routes of tasks. */
export const taskOperations = {
  listTasks: {
    ...shared,
    operationId: 'listTasks',
    summary: 'List your tasks',
    description:
      'Returns all of your tasks, newest first. Updates do not reorder them. With `limit`, returns them in pages: a task that does not change while you read the pages is on exactly one of them, even if others are added, moved or deleted meanwhile. Empty parameters count as absent.',
    parameters: [...listParameters, ifNoneMatch],
    responses: {
      200: jsonResponse(
        'The tasks, or one page of them.',
        'TaskList',
        { tasks: [exampleTask], count: 1, next_cursor: null },
        { ...rateLimitHeaders, ...listTag, ...nextLink },
      ),
      304: notModified(listTag),
      ...errors(...ALWAYS),
      ...invalidExample('limit: must be a whole number from 1 to 1000'),
    },
  },
  createTask: {
    ...shared,
    operationId: 'createTask',
    summary: 'Create a task',
    description:
      'Creates a task at the top of the manual order. Only `text` is required. Members that the service sets, such as the id, the order and the times, are ignored. A subtask is in the list of its parent.',
    parameters: [idempotencyKey],
    requestBody: jsonBody('TaskCreate', examples.newTasks),
    responses: {
      201: createdItem('task', exampleTask),
      ...errors(...ON_WRITES, ...ON_BODIES),
      ...textRequired,
    },
  },
  batchTasks: {
    ...shared,
    operationId: 'batchTasks',
    summary: 'Run up to 100 operations',
    description:
      'Runs operations in the order given: `create`, `patch`, `delete`, `restore` and `move` on tasks, `create_list`, `patch_list`, `delete_list` and `move_list` on lists. Each takes the `id` of its task or list (except creates), the `body` that a separate request would have, and optionally `if_match`, which works like the header `If-Match`. In place of an id, `$0` stands for the task or list that operation 0 of the same batch creates. If `atomic` is true, all of them succeed or none does: the response is the error of the first operation that fails, and its `details` tell which one failed. Otherwise each operation has its own result.',
    parameters: [idempotencyKey],
    requestBody: jsonBody('TaskBatch', examples.batches),
    responses: {
      200: jsonResponse(
        'The result of each operation.',
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
      ...errors(...ON_WRITES, ...ON_BODIES),
      ...invalidExample('operations[1]: text: is required'),
      ...failedBatch('NOT_FOUND', 'Task not found'),
      ...failedBatch('PRECONDITION_FAILED', 'The task has changed since you read it'),
      ...failedBatch('PRECONDITION_REQUIRED', 'Say in if_match which version you expect'),
    },
  },
  clearCompleted: {
    ...shared,
    operationId: 'clearCompleted',
    summary: 'Delete completed tasks',
    description:
      'Moves completed tasks and their subtasks to the trash, up to 500 at once. Completed tasks with open subtasks stay. If `has_more` is true, send the request again. The body is ignored.',
    responses: {
      200: jsonResponse(
        'The number of tasks that this request deleted, and whether there are more.',
        'ClearedTasks',
        { count: 3, has_more: false },
        rateLimitHeaders,
      ),
      ...errors(...ON_WRITES),
    },
  },
  getTask: {
    ...shared,
    operationId: 'getTask',
    summary: 'Get a task',
    description: 'Returns one task that is not in the trash.',
    parameters: [id, ifNoneMatch],
    responses: {
      ...foundItem('task', exampleTask),
      ...errors(...ALWAYS, 'NOT_FOUND'),
      ...invalidId,
    },
  },
  updateTask: {
    ...shared,
    operationId: 'updateTask',
    summary: 'Replace a task',
    description:
      'Sets `text` and `completed`, which are both required, and the other members that are present. Never creates a task.',
    parameters: [id, ifMatch],
    requestBody: jsonBody('TaskUpdate', examples.replacements),
    responses: {
      200: changedItem('task', completed),
      ...errors(...ON_WRITES, ...ON_BODIES, ...ON_CHANGES),
      ...textRequired,
    },
  },
  patchTask: {
    ...shared,
    operationId: 'patchTask',
    summary: 'Change a task',
    description:
      'Sets the members that are present and keeps the others. `null` stands for the default. `{}` changes nothing. Completing a task with a `recurrence` creates the next one, and `successor_id` is its id. Making the task open again takes that back, unless the next task has been changed.',
    parameters: [id, ifMatch],
    requestBody: jsonBody('TaskPatch', examples.patches, 'application/merge-patch+json'),
    responses: {
      200: changedItem('task', completed),
      ...errors(...ON_WRITES, ...ON_BODIES, ...ON_CHANGES),
      ...invalidExample('completed: must be true or false'),
    },
  },
  deleteTask: {
    ...shared,
    operationId: 'deleteTask',
    summary: 'Delete a task',
    description:
      'Moves the task and its subtasks to the trash, from which you can restore them for 30 days, unless this server is configured otherwise. With `permanent=true`, deletes them permanently.',
    parameters: [id, permanent, ifMatch],
    responses: {
      204: emptyResponse('The task was deleted.'),
      ...errors(...ON_WRITES, ...ON_CHANGES),
      ...invalidId,
    },
  },
  restoreTask: {
    ...shared,
    operationId: 'restoreTask',
    summary: 'Restore a task',
    description:
      'Moves a task out of the trash, to its old position, together with the subtasks that were deleted with it. A task that is not in the trash stays as it is. The body is ignored.',
    parameters: [id, ifMatch],
    responses: {
      200: changedItem('task', restored),
      ...errors(...ON_WRITES, 'NOT_FOUND', 'PRECONDITION_FAILED'),
      ...invalidId,
    },
  },
  moveTask: {
    ...shared,
    operationId: 'moveTask',
    summary: 'Move a task',
    description:
      'Moves the task in the manual order (`sort=order`): before or after another of your tasks, or to the top or the bottom.',
    parameters: [id, ifMatch],
    requestBody: jsonBody('TaskMove', examples.moves),
    responses: {
      200: changedItem('task', moved),
      ...errors(...ON_WRITES, ...ON_BODIES, ...ON_CHANGES),
      ...invalidExample('before: must be the id of another of your tasks'),
    },
  },
}
