import type { ChangePage } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { TaskService } from '../../core/tasks.ts'
import type { ChangesRequest } from './feed-request.ts'
import type { HeldRequests } from './held-requests.ts'

/**
 * Answers with changes as soon as there are any: at once, or while the caller waits. With none where
 * its time is over, it leaves, or the service stops.
 */
export function createLongPoll(deps: {
  readonly tasks: Pick<TaskService, 'changes' | 'watch'>
  readonly held: HeldRequests
}) {
  const { tasks, held } = deps

  return async (
    owner: Owner,
    { after, limit, waitSeconds }: ChangesRequest,
    left: AbortSignal,
  ): Promise<ChangePage> => {
    let happened = Promise.withResolvers<void>()
    let isOver = left.aborted
    let release = () => {}
    function end(): void {
      isOver = true
      happened.resolve()
    }
    // Listens before it looks: what comes in between is not missed.
    const unwatch = tasks.watch(owner, () => happened.resolve())
    const timer = setTimeout(end, waitSeconds * 1000)
    left.addEventListener('abort', end)
    try {
      let page = await tasks.changes(owner, after, limit)
      if (page.changes.length === 0) release = held.hold(owner, end)
      while (page.changes.length === 0 && !isOver) {
        await happened.promise
        happened = Promise.withResolvers()
        if (!isOver) page = await tasks.changes(owner, page.next, limit)
      }
      return page
    } finally {
      clearTimeout(timer)
      left.removeEventListener('abort', end)
      unwatch()
      release()
    }
  }
}
