import { TaskportError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import { HttpError } from './errors.ts'
import type { HttpEvent } from './ports.ts'

const RETRY_AFTER_SECONDS = '5'

/** The requests that this process holds open: those that wait for changes, and event streams. */
export interface HeldRequests {
  /**
   * Counts a request as held.
   *
   * @param end called when the service stops, at once where it does already.
   * @returns says that it is held no longer; may be called again.
   * @throws where the user, or the process, holds too many.
   */
  hold(owner: Owner, end: () => void): () => void
}

/**
 * Bounds what callers can make the process hold open, which costs memory for as long as they like.
 *
 * @param options.stopping aborted when the service stops.
 */
export function createHeldRequests(options: {
  readonly perUser: number
  readonly inAll: number
  readonly stopping: AbortSignal
  readonly observe: (event: HttpEvent) => void
}): HeldRequests {
  const { perUser, inAll, stopping, observe } = options
  const countOf = new Map<Owner, number>()
  // Objects of their own: two requests may have the same function to end them.
  const held = new Set<{ readonly end: () => void }>()

  stopping.addEventListener('abort', () => {
    for (const { end } of held) end()
  })

  return {
    hold(owner, end) {
      const count = countOf.get(owner) ?? 0
      if (count >= perUser) {
        observe({ type: 'rate_limited', by: 'user' })
        throw new HttpError(
          'RATE_LIMITED',
          `More than ${perUser} requests are held open, end one or try again later`,
          { 'retry-after': RETRY_AFTER_SECONDS },
        )
      }
      if (held.size >= inAll)
        throw new TaskportError('unavailable', 'The process holds as many requests as it may')
      const one = { end }
      countOf.set(owner, count + 1)
      held.add(one)
      if (stopping.aborted) end()
      return () => {
        if (!held.delete(one)) return
        const rest = (countOf.get(owner) ?? 1) - 1
        if (rest === 0) countOf.delete(owner)
        else countOf.set(owner, rest)
      }
    },
  }
}
