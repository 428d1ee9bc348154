import { Elysia } from 'elysia'
import type { Task } from '../../core/task.ts'
import type { TaskService } from '../../core/tasks.ts'
import type { createAuthentication } from './authentication.ts'
import type { createBodyReader } from './body.ts'
import { json } from './json.ts'
import type { createRateLimit, noRateLimit } from './rate-limit.ts'
import {
  errorResponses,
  exampleTask,
  idParameter,
  jsonBody,
  jsonResponse,
  locationHeader,
  noContent,
  rateLimitHeaders,
} from './schemas.ts'

type Headers = Record<string, string | number>

/** The routes of tasks: parse, use case, reply. */
export function createTaskRoutes(deps: {
  readonly tasks: TaskService
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly countUser: ReturnType<typeof createRateLimit>['countUser'] | typeof noRateLimit.countUser
  readonly readBody: ReturnType<typeof createBodyReader>
}) {
  const { tasks, authenticate, countUser, readBody } = deps
  // Elysia would parse a body before anything else, and so before the token is looked at.
  const withBody = { parse: 'none', transform: readBody } as const

  return new Elysia({ name: 'tasks' })
    .derive(authenticate)
    .onTransform(countUser)

    .get(
      '/tasks',
      async ({ owner, set }) => {
        const { tasks: list, count } = await tasks.list(owner)
        return reply(set.headers, { tasks: list.map(present), count })
      },
      { detail: operations.listTasks },
    )

    .post(
      '/tasks',
      async ({ owner, body, set }) => {
        const task = await tasks.create(owner, body)
        set.status = 201
        set.headers['location'] = `/tasks/${task.id}`
        return reply(set.headers, present(task))
      },
      { ...withBody, detail: operations.createTask },
    )

    .get(
      '/tasks/:id',
      async ({ owner, params, set }) =>
        reply(set.headers, present(await tasks.get(owner, params.id))),
      { detail: operations.getTask },
    )

    .put(
      '/tasks/:id',
      async ({ owner, params, body, set }) =>
        reply(set.headers, present(await tasks.replace(owner, params.id, body))),
      { ...withBody, detail: operations.updateTask },
    )

    .patch(
      '/tasks/:id',
      async ({ owner, params, body, set }) =>
        reply(set.headers, present(await tasks.patch(owner, params.id, body))),
      { ...withBody, detail: operations.patchTask },
    )

    .delete(
      '/tasks/:id',
      async ({ owner, params, set }) => {
        await tasks.remove(owner, params.id)
        set.status = 204
      },
      { detail: operations.deleteTask },
    )
}

/** The one place that says what of a task goes out, in which order. */
function present({ id, text, completed, created_at, updated_at, completed_at }: Task): Task {
  return { id, text, completed, created_at, updated_at, completed_at }
}

function reply(headers: Headers, body: unknown): string {
  headers['cache-control'] = 'private, no-store'
  return json(headers, body)
}

const shared = { tags: ['Tasks'], security: [{ bearer: [] }] }
const always = ['UNAUTHORIZED', 'RATE_LIMITED', 'INTERNAL_ERROR', 'SERVICE_UNAVAILABLE'] as const
const bodyErrors = [
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_ERROR',
] as const
const found = jsonResponse('The task.', 'Task', exampleTask, rateLimitHeaders)
const completed = {
  ...exampleTask,
  completed: true,
  updated_at: '2026-01-31T10:00:00.000Z',
  completed_at: '2026-01-31T10:00:00.000Z',
}

const operations = {
  listTasks: {
    ...shared,
    operationId: 'listTasks',
    summary: 'List your tasks',
    description: 'All tasks of the caller, newest first. An update does not reorder them.',
    responses: {
      200: jsonResponse(
        'The tasks.',
        'TaskList',
        { tasks: [exampleTask], count: 1 },
        rateLimitHeaders,
      ),
      ...errorResponses(...always),
    },
  },
  createTask: {
    ...shared,
    operationId: 'createTask',
    summary: 'Create a task',
    description: 'Id and times are given by the service; other members than `text` are ignored.',
    requestBody: jsonBody('TaskCreate', { text: 'Buy milk' }),
    responses: {
      201: jsonResponse('The new task.', 'Task', exampleTask, {
        ...rateLimitHeaders,
        Location: locationHeader,
      }),
      ...errorResponses(...always, ...bodyErrors),
    },
  },
  getTask: {
    ...shared,
    operationId: 'getTask',
    summary: 'Get a task',
    parameters: [idParameter],
    responses: { 200: found, ...errorResponses(...always, 'NOT_FOUND', 'VALIDATION_ERROR') },
  },
  updateTask: {
    ...shared,
    operationId: 'updateTask',
    summary: 'Replace a task',
    description: 'Sets all that can be changed. Never creates a task.',
    parameters: [idParameter],
    requestBody: jsonBody('TaskUpdate', { text: 'Buy milk', completed: true }),
    responses: {
      200: jsonResponse('The task as it now is.', 'Task', completed, rateLimitHeaders),
      ...errorResponses(...always, ...bodyErrors, 'NOT_FOUND'),
    },
  },
  patchTask: {
    ...shared,
    operationId: 'patchTask',
    summary: 'Change a task',
    description: 'Sets what is present and leaves the rest. `{}` changes nothing.',
    parameters: [idParameter],
    requestBody: jsonBody('TaskPatch', { completed: true }, 'application/merge-patch+json'),
    responses: {
      200: jsonResponse('The task as it now is.', 'Task', completed, rateLimitHeaders),
      ...errorResponses(...always, ...bodyErrors, 'NOT_FOUND'),
    },
  },
  deleteTask: {
    ...shared,
    operationId: 'deleteTask',
    summary: 'Delete a task',
    parameters: [idParameter],
    responses: { 204: noContent, ...errorResponses(...always, 'NOT_FOUND', 'VALIDATION_ERROR') },
  },
}
