import { Elysia } from 'elysia'
import type { ListService } from '../../../core/lists.ts'
import type { TaskService } from '../../../core/tasks.ts'
import { withoutBody } from '../middleware/body.ts'
import { readPreconditions, versionTag } from '../middleware/entity-tags.ts'
import { markReplayed, readRetry } from '../middleware/idempotency.ts'
import { createRevalidation } from '../middleware/revalidation.ts'
import { replyTagged } from '../reply.ts'
import type { Steps } from '../steps.ts'
import { listOperations as operations } from './openapi.ts'
import { replyWithList, representCounted } from './representation.ts'

/** The routes of lists. Each parses the request, calls a use case and sends the result. */
export function createListRoutes(deps: {
  readonly lists: ListService
  readonly revision: TaskService['revision']
  readonly steps: Steps
}) {
  const { lists, revision: currentRevision, steps } = deps
  const { authenticate, admit, withBody, basePath } = steps
  const sendNotModified = createRevalidation(steps)

  return new Elysia({ name: 'lists' })
    .derive(authenticate)
    .onTransform(admit)

    .get(
      '/lists',
      async ({ owner, request, set }) => {
        if (request.headers.has('if-none-match')) {
          const tag = listsTag(await currentRevision(owner))
          if (await sendNotModified({ owner, request, set }, tag)) return
        }
        const { lists: all, revision } = await lists.all(owner)
        return replyTagged(set, listsTag(revision), {
          lists: all.map(representCounted),
          count: all.length,
        })
      },
      { detail: operations.listLists },
    )

    .post(
      '/lists',
      async ({ owner, request, body, set }) => {
        const call = { body, ...readRetry(request, 'createList', body) }
        const { value: list, replayed } = await lists.create(owner, call)
        set.status = 201
        set.headers['location'] = `${basePath}/lists/${list.id}`
        markReplayed(set, replayed)
        return replyWithList(set, list)
      },
      { ...withBody, detail: operations.createList },
    )

    .get(
      '/lists/:id',
      async ({ owner, params, request, set }) => {
        const list = await lists.get(owner, params.id)
        if (await sendNotModified({ owner, request, set }, versionTag(list.version))) return
        return replyWithList(set, list)
      },
      { detail: operations.getList },
    )

    .patch(
      '/lists/:id',
      async ({ owner, params: { id }, request, body, set }) => {
        const change = {
          op: 'patch_list',
          id,
          body,
          ...readPreconditions(request.headers),
        } as const
        return replyWithList(set, await lists.change(owner, change))
      },
      { ...withBody, detail: operations.patchList },
    )

    .delete(
      '/lists/:id',
      async ({ owner, params: { id }, request, set }) => {
        await lists.remove(owner, { id, ...readPreconditions(request.headers) })
        set.status = 204
      },
      { ...withoutBody, detail: operations.deleteList },
    )

    .post(
      '/lists/:id/move',
      async ({ owner, params: { id }, request, body, set }) => {
        const change = { op: 'move_list', id, body, ...readPreconditions(request.headers) } as const
        return replyWithList(set, await lists.change(owner, change))
      },
      { ...withBody, detail: operations.moveList },
    )
}

/** The entity tag of all lists with their numbers of open tasks. Any change of a list or task changes it. */
function listsTag(revision: string): string {
  return `"ls${revision}"`
}
