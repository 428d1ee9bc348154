import { Elysia } from 'elysia'
import { readList } from '../../core/requests.ts'
import type { TaskService } from '../../core/tasks.ts'
import { versionTag } from '../../core/version.ts'
import type { createAuthentication } from './authentication.ts'
import { presentResult } from './batch.ts'
import type { createBodyReader } from './body.ts'
import { isKnown, replyNotModified } from './conditions.ts'
import { retryMark } from './idempotency.ts'
import { cursorAt, nextPage, readListRequest } from './list-request.ts'
import { booleanIn, readQueryString } from './query-string.ts'
import type { createRateLimit, noRateLimit } from './rate-limit.ts'
import { present, reply, replyTagged, replyWithTask } from './representation.ts'
import { operations } from './task-operations.ts'

type RateLimiting = ReturnType<typeof createRateLimit> | typeof noRateLimit

/** The routes of tasks: parse, use case, reply. */
export function createTaskRoutes(deps: {
  readonly tasks: TaskService
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly countUser: RateLimiting['countUser']
  readonly giveBack: RateLimiting['giveBack']
  readonly readBody: ReturnType<typeof createBodyReader>
}) {
  const { tasks, authenticate, countUser, giveBack, readBody } = deps
  // Elysia would parse a body before anything else, and so before the token is looked at.
  const withBody = { parse: 'none', transform: readBody } as const

  return new Elysia({ name: 'tasks' })
    .derive(authenticate)
    .onTransform(countUser)

    .get(
      '/tasks',
      async ({ owner, request, set }) => {
        const { input, after } = readListRequest(request.url)
        const ifNoneMatch = request.headers.get('if-none-match')
        if (ifNoneMatch !== null) {
          // A request that would be refused has no condition (RFC 9110, 13.2.1).
          readList(input, after)
          const tag = listTag(await tasks.revision(owner))
          if (isKnown(tag, ifNoneMatch)) {
            await giveBack({ owner, set })
            return replyNotModified(set, tag)
          }
        }
        const { tasks: page, count, next, revision } = await tasks.list(owner, input, after)
        const next_cursor = next && cursorAt(input, next)
        if (next_cursor !== null)
          set.headers['link'] = `<${nextPage(input, next_cursor)}>; rel="next"`
        return replyTagged(set, listTag(revision), { tasks: page.map(present), count, next_cursor })
      },
      { detail: operations.listTasks },
    )

    .post(
      '/tasks',
      async ({ owner, request, body, set }) => {
        const mark = retryMark(request, 'createTask', body)
        const { value: task, replayed } = await tasks.create(owner, body, mark)
        set.status = 201
        set.headers['location'] = `/tasks/${task.id}`
        if (replayed) set.headers['idempotency-replayed'] = 'true'
        return replyWithTask(set, task)
      },
      { ...withBody, detail: operations.createTask },
    )

    .post(
      '/tasks/batch',
      async ({ owner, request, body, set }) => {
        const mark = retryMark(request, 'batchTasks', body)
        const { value, replayed } = await tasks.batch(owner, body, mark)
        if (replayed) set.headers['idempotency-replayed'] = 'true'
        return reply(set, { results: value.map(presentResult) })
      },
      { ...withBody, detail: operations.batchTasks },
    )

    .post(
      '/tasks/clear-completed',
      async ({ owner, set }) => reply(set, { count: await tasks.clearCompleted(owner) }),
      { detail: operations.clearCompleted },
    )

    .get(
      '/tasks/:id',
      async ({ owner, params, request, set }) => {
        const task = await tasks.get(owner, params.id)
        const ifNoneMatch = request.headers.get('if-none-match')
        if (ifNoneMatch !== null && isKnown(versionTag(task.version), ifNoneMatch)) {
          await giveBack({ owner, set })
          return replyNotModified(set, versionTag(task.version))
        }
        return replyWithTask(set, task)
      },
      { detail: operations.getTask },
    )

    .put(
      '/tasks/:id',
      async ({ owner, params: { id }, request, body, set }) => {
        const ifMatch = request.headers.get('if-match')
        return replyWithTask(set, await tasks.change(owner, { op: 'replace', id, body, ifMatch }))
      },
      { ...withBody, detail: operations.updateTask },
    )

    .patch(
      '/tasks/:id',
      async ({ owner, params: { id }, request, body, set }) => {
        const ifMatch = request.headers.get('if-match')
        return replyWithTask(set, await tasks.change(owner, { op: 'patch', id, body, ifMatch }))
      },
      { ...withBody, detail: operations.patchTask },
    )

    .delete(
      '/tasks/:id',
      async ({ owner, params: { id }, request, set }) => {
        const ifMatch = request.headers.get('if-match')
        await tasks.remove(owner, { id, ifMatch, permanent: permanentIn(request.url) })
        set.status = 204
      },
      { detail: operations.deleteTask },
    )

    .post(
      '/tasks/:id/restore',
      async ({ owner, params: { id }, request, set }) => {
        const ifMatch = request.headers.get('if-match')
        return replyWithTask(set, await tasks.change(owner, { op: 'restore', id, ifMatch }))
      },
      { detail: operations.restoreTask },
    )

    .post(
      '/tasks/:id/move',
      async ({ owner, params: { id }, request, body, set }) => {
        const ifMatch = request.headers.get('if-match')
        return replyWithTask(set, await tasks.change(owner, { op: 'move', id, body, ifMatch }))
      },
      { ...withBody, detail: operations.moveTask },
    )
}

const PERMANENT = ['permanent']

/** What a URL says of `permanent`, `null` where it cannot be read. */
function permanentIn(url: string): unknown {
  const { values, problems } = readQueryString(url, PERMANENT)
  return problems.length > 0 ? null : booleanIn(values.get('permanent'))
}

/** The entity tag of a list, at whichever URL: it is another one when any task of the user is. */
function listTag(revision: string): string {
  return `"l${revision}"`
}
