import { Elysia } from 'elysia'
import type { ChangePage } from '../../../core/feed.ts'
import type { TaskService } from '../../../core/tasks.ts'
import type { createAuthentication } from '../middleware/authentication.ts'
import type { Timeouts } from '../middleware/timeouts.ts'
import type { HttpEvent, VerifiedToken } from '../ports.ts'
import { reply } from '../reply.ts'
import type { Admit } from '../steps.ts'
import { createEventStreams } from './event-stream.ts'
import { representChange } from './events.ts'
import { createHeldRequests, type HeldRequests } from './held-requests.ts'
import { feedOperations } from './openapi.ts'
import { type ChangesRequest, feedCursor, readChangesRequest, readStreamStart } from './request.ts'

/** Limits for waiting requests and streams, and how often streams are checked. */
export interface FeedLimits {
  /** Waiting requests and streams of one user in this process. */
  readonly heldPerUser: number
  /** Those of all users together. */
  readonly heldTotal: number
  /** How long a stream may be silent: half of the time limit for a request without progress. */
  readonly commentEveryMs: number
  /** How often streams are checked for conditions that depend on time, such as an expired token. */
  readonly tickMs: number
}

export const FEED_LIMITS: FeedLimits = {
  heldPerUser: 32,
  heldTotal: 10_000,
  commentEveryMs: 15_000,
  tickMs: 1000,
}

/** For a response that outlives its handler: resolves when it ends. Otherwise `null`. */
export function streamState(): { streamEnd: Promise<void> | null } {
  return { streamEnd: null }
}

/** The routes of the feed: changes as pages and as a stream. */
export function createFeedRoutes(deps: {
  readonly tasks: TaskService
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly admit: Admit
  readonly observe: (event: HttpEvent) => void
  readonly timeouts: Timeouts
  /** Aborted when the service stops. From then on no request is held open. */
  readonly stopping: AbortSignal
  readonly limits: FeedLimits
}) {
  const { tasks, authenticate, admit, observe, timeouts, stopping, limits } = deps
  const { heldPerUser: perUser, heldTotal: total, commentEveryMs, tickMs } = limits
  const held = createHeldRequests({ perUser, total, stopping, observe })
  const poll = createLongPoll({ tasks, held })
  const streams = createEventStreams({ tasks, held, observe, commentEveryMs, tickMs })

  return new Elysia({ name: 'feed' })
    .decorate(streamState())
    .derive(authenticate)
    .onTransform(admit)

    .get(
      '/tasks/changes',
      async ({ owner, expiresAt, watch, request, set }) => {
        const changesRequest = readChangesRequest(request.url)
        const { after, limit, waitSeconds } = changesRequest
        // A first page is a valid response even if it is empty.
        const waits = waitSeconds > 0 && after !== null && request.method !== 'HEAD'
        if (waits) timeouts.beforeWait(request)
        const { changes, next, hasMore } = waits
          ? await poll({ owner, expiresAt, watch }, changesRequest, request.signal)
          : await tasks.changes(owner, after, limit)
        if (waits) timeouts.beforeIdle(request)
        return reply(set, {
          changes: changes.map(representChange),
          next_cursor: feedCursor(next),
          has_more: hasMore,
        })
      },
      { detail: feedOperations.listChanges },
    )

    .get(
      '/tasks/events',
      async (context) => {
        const { owner, expiresAt, watch, request, set } = context
        const after = readStreamStart(request)
        set.headers['content-type'] = 'text/event-stream'
        set.headers['cache-control'] = 'private, no-store'
        // Without it, nginx would buffer events.
        set.headers['x-accel-buffering'] = 'no'
        if (request.method === 'HEAD') {
          await tasks.changes(owner, after, 1)
          return new Response()
        }
        timeouts.beforeStream(request)
        const { body, ended } = await streams.open({
          owner,
          expiresAt,
          watchToken: watch,
          after,
          requestId: `${set.headers['x-request-id']}`,
          closeSoon: () => timeouts.closeSoon(request),
          end: () => timeouts.beforeIdle(request),
        })
        context.streamEnd = ended
        return new Response(body)
      },
      { detail: feedOperations.streamChanges },
    )
}

/**
 * Reads changes, and waits for one if there is none. Returns an empty page when the time is over, the
 * client disconnects, the token expires or is deleted, or the service stops.
 */
function createLongPoll(deps: {
  readonly tasks: Pick<TaskService, 'changes' | 'watch'>
  readonly held: HeldRequests
}) {
  const { tasks, held } = deps

  return async (
    { owner, expiresAt, watch }: Pick<VerifiedToken, 'owner' | 'expiresAt' | 'watch'>,
    { after, limit, waitSeconds }: ChangesRequest,
    disconnected: AbortSignal,
  ): Promise<ChangePage> => {
    let happened = Promise.withResolvers<void>()
    let isOver = disconnected.aborted
    let release = () => {}
    function end(): void {
      isOver = true
      happened.resolve()
    }
    // Watches before it reads, so that no change in between is missed.
    const unwatch = tasks.watch(owner, () => happened.resolve())
    const token = watch(end)
    const timer = setTimeout(end, Math.min(waitSeconds * 1000, expiresAt - Date.now()))
    disconnected.addEventListener('abort', end)
    try {
      let page = await tasks.changes(owner, after, limit)
      if (page.changes.length === 0) release = held.hold(owner, end)
      while (page.changes.length === 0 && !isOver) {
        await happened.promise
        happened = Promise.withResolvers()
        if (!token.isConfirmed()) break
        if (!isOver) page = await tasks.changes(owner, page.next, limit)
      }
      return page
    } finally {
      clearTimeout(timer)
      disconnected.removeEventListener('abort', end)
      unwatch()
      token.stop()
      release()
    }
  }
}
