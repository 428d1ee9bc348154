import { Elysia } from 'elysia'
import type { TaskService } from '../../../core/tasks.ts'
import { withoutBody } from '../middleware/body.ts'
import { readPreconditions, versionTag } from '../middleware/entity-tags.ts'
import { markReplayed, readRetry } from '../middleware/idempotency.ts'
import { booleanIn, readQueryString } from '../middleware/query-string.ts'
import { createRevalidation } from '../middleware/revalidation.ts'
import { reply, replyTagged } from '../reply.ts'
import type { Steps } from '../steps.ts'
import { readOperation, representResult } from './batch.ts'
import { cursorAt, nextPage, readListRequest } from './list-request.ts'
import { taskOperations as operations } from './openapi.ts'
import { replyWithTask, representTask } from './representation.ts'

/** The task routes. Each parses the request, calls a use case and sends the result. */
export function createTaskRoutes({
  tasks,
  steps,
}: {
  readonly tasks: TaskService
  readonly steps: Steps
}) {
  const { authenticate, admit, withBody, basePath } = steps
  const sendNotModified = createRevalidation(steps)

  return new Elysia({ name: 'tasks' })
    .derive(authenticate)
    .onTransform(admit)

    .get(
      '/tasks',
      async ({ owner, request, set }) => {
        const { input, query, digest } = readListRequest(request.url)
        if (request.headers.has('if-none-match')) {
          const tag = listTag(await tasks.revision(owner), digest)
          if (await sendNotModified({ owner, request, set }, tag)) return
        }
        const { tasks: page, count, next, revision } = await tasks.list(owner, query)
        const next_cursor = next && cursorAt(input, next)
        if (next_cursor !== null)
          set.headers['link'] = `<${basePath}${nextPage(input, next_cursor)}>; rel="next"`
        return replyTagged(set, listTag(revision, digest), {
          tasks: page.map(representTask),
          count,
          next_cursor,
        })
      },
      { detail: operations.listTasks },
    )

    .post(
      '/tasks',
      async ({ owner, request, body, set }) => {
        const call = { body, ...readRetry(request, 'createTask', body) }
        const { value: task, replayed } = await tasks.create(owner, call)
        set.status = 201
        set.headers['location'] = `${basePath}/tasks/${task.id}`
        markReplayed(set, replayed)
        return replyWithTask(set, task)
      },
      { ...withBody, detail: operations.createTask },
    )

    .post(
      '/tasks/batch',
      async ({ owner, request, body, set }) => {
        const call = { body, readOperation, ...readRetry(request, 'batchTasks', body) }
        const { value, replayed } = await tasks.batch(owner, call)
        markReplayed(set, replayed)
        return reply(set, { results: value.map(representResult) })
      },
      { ...withBody, detail: operations.batchTasks },
    )

    .post(
      '/tasks/clear-completed',
      async ({ owner, set }) => {
        const { count, hasMore } = await tasks.clearCompleted(owner)
        return reply(set, { count, has_more: hasMore })
      },
      { ...withoutBody, detail: operations.clearCompleted },
    )

    .get(
      '/tasks/:id',
      async ({ owner, params, request, set }) => {
        const task = await tasks.get(owner, params.id)
        if (await sendNotModified({ owner, request, set }, versionTag(task.version))) return
        return replyWithTask(set, task)
      },
      { detail: operations.getTask },
    )

    .put(
      '/tasks/:id',
      async ({ owner, params: { id }, request, body, set }) => {
        const change = { op: 'replace', id, body, ...readPreconditions(request.headers) } as const
        return replyWithTask(set, await tasks.change(owner, change))
      },
      { ...withBody, detail: operations.updateTask },
    )

    .patch(
      '/tasks/:id',
      async ({ owner, params: { id }, request, body, set }) => {
        const change = { op: 'patch', id, body, ...readPreconditions(request.headers) } as const
        return replyWithTask(set, await tasks.change(owner, change))
      },
      { ...withBody, detail: operations.patchTask },
    )

    .delete(
      '/tasks/:id',
      async ({ owner, params: { id }, request, set }) => {
        const permanent = permanentIn(request.url)
        await tasks.remove(owner, { id, permanent, ...readPreconditions(request.headers) })
        set.status = 204
      },
      { ...withoutBody, detail: operations.deleteTask },
    )

    .post(
      '/tasks/:id/restore',
      async ({ owner, params: { id }, request, set }) => {
        const change = { op: 'restore', id, ...readPreconditions(request.headers) } as const
        return replyWithTask(set, await tasks.change(owner, change))
      },
      { ...withoutBody, detail: operations.restoreTask },
    )

    .post(
      '/tasks/:id/move',
      async ({ owner, params: { id }, request, body, set }) => {
        const change = { op: 'move', id, body, ...readPreconditions(request.headers) } as const
        return replyWithTask(set, await tasks.change(owner, change))
      },
      { ...withBody, detail: operations.moveTask },
    )
}

const PERMANENT = ['permanent']

/** The parameter `permanent` of a URL; `null` if it cannot be read. */
function permanentIn(url: string): unknown {
  const { values, problems } = readQueryString(url, PERMANENT)
  return problems.length > 0 ? null : booleanIn(values.get('permanent'))
}

/**
 * The entity tag of a list. It changes whenever any of the owner's tasks changes. The prefix changes when
 * tasks get new members, so that no client keeps a response without them.
 */
function listTag(revision: string, digest: string): string {
  return digest === '' ? `"lt${revision}"` : `"lt${revision}.${digest}"`
}
