import { Elysia } from 'elysia'
import type { TaskService } from '../../core/tasks.ts'
import type { createAuthentication } from './authentication.ts'
import { createEventStreams } from './event-stream.ts'
import { feedCursor } from './feed-cursor.ts'
import { representChange } from './feed-events.ts'
import { feedOperations } from './feed-operations.ts'
import { readChangesRequest, readStreamStart } from './feed-request.ts'
import { createHeldRequests } from './held-requests.ts'
import { createLongPoll } from './long-poll.ts'
import type { HttpEvent } from './ports.ts'
import type { createRateLimit, noRateLimit } from './rate-limit.ts'
import { reply } from './representation.ts'

/** How much is held open for readers, and how often it is looked after. */
export interface FeedLimits {
  /** Waiting requests and streams of one user, in this process. */
  readonly heldPerUser: number
  /** Those of all users. */
  readonly heldInAll: number
  /** How long a stream is silent: half of what the server takes for an idle connection. */
  readonly commentEveryMs: number
  /** How often streams are looked at for what only time brings, such as the end of a token. */
  readonly tickMs: number
}

export const FEED_LIMITS: FeedLimits = {
  heldPerUser: 32,
  heldInAll: 10_000,
  commentEveryMs: 15_000,
  tickMs: 1000,
}

// More than the longest wait and what the store may take before and after it.
const WAITING_CONNECTION_SECONDS = 120
// The shortest that the server knows.
const CUT_SECONDS = 1

/** When a response that goes on after its handler has ended: `null` for one that does not. */
export function responseState(): { ended: Promise<void> | null } {
  return { ended: null }
}

/** The routes of the feed: what changed, when asked, and as it happens. */
export function createFeedRoutes(deps: {
  readonly tasks: TaskService
  readonly authenticate: ReturnType<typeof createAuthentication>
  readonly countUser: ReturnType<typeof createRateLimit>['countUser'] | typeof noRateLimit.countUser
  readonly observe: (event: HttpEvent) => void
  /** Aborted when the service stops: nothing is held open from then on. */
  readonly stopping: AbortSignal
  readonly limits: FeedLimits
}) {
  const { tasks, authenticate, countUser, observe, stopping, limits } = deps
  const { heldPerUser: perUser, heldInAll: inAll, commentEveryMs, tickMs } = limits
  const held = createHeldRequests({ perUser, inAll, stopping, observe })
  const poll = createLongPoll({ tasks, held })
  const streams = createEventStreams({ tasks, held, observe, commentEveryMs, tickMs })

  return new Elysia({ name: 'feed' })
    .decorate(responseState())
    .derive(authenticate)
    .onTransform(countUser)

    .get(
      '/tasks/changes',
      async ({ owner, request, server, set }) => {
        const asked = readChangesRequest(request.url)
        const { after, limit, waitSeconds } = asked
        // A first page is an answer, also where there are no tasks yet.
        const waits = waitSeconds > 0 && after !== null && request.method !== 'HEAD'
        if (waits) server?.timeout(request, WAITING_CONNECTION_SECONDS)
        const { changes, next, hasMore } = waits
          ? await poll(owner, asked, request.signal)
          : await tasks.changes(owner, after, limit)
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
        const { owner, expiresAt, request, server, set } = context
        const after = readStreamStart(request)
        set.headers['content-type'] = 'text/event-stream'
        set.headers['cache-control'] = 'private, no-store'
        // nginx would gather events otherwise.
        set.headers['x-accel-buffering'] = 'no'
        if (request.method === 'HEAD') {
          await tasks.changes(owner, after, 1)
          return new Response()
        }
        const { body, ended } = await streams.open({
          owner,
          expiresAt,
          after,
          requestId: `${set.headers['x-request-id']}`,
          cut: () => server?.timeout(request, CUT_SECONDS),
        })
        context.ended = ended
        return new Response(body)
      },
      { detail: feedOperations.streamChanges },
    )
}
