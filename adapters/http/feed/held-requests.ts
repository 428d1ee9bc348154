import { TaskportError } from '../../../core/errors.ts'
import type { Owner } from '../../../core/owner.ts'
import { HttpError } from '../errors.ts'
import type { HttpEvent } from '../ports.ts'

const RETRY_AFTER_SECONDS = '5'

/** The requests that this process holds open: long polls and event streams. */
export interface HeldRequests {
  /**
   * Counts a request as held.
   *
   * @param end called when the service stops, at once if it has stopped.
   * @returns a function that releases the request; it may be called twice.
   * @throws if the user or the process holds too many.
   */
  hold(owner: Owner, end: () => void): () => void
}

/**
 * Limits how many requests are held open, because each costs memory until its client disconnects.
 *
 * @param options.stopping aborted when the service stops.
 */
export function createHeldRequests(options: {
  readonly perUser: number
  readonly total: number
  readonly stopping: AbortSignal
  readonly observe: (event: HttpEvent) => void
}): HeldRequests {
  const { perUser, total, stopping, observe } = options
  const countOf = new Map<Owner, number>()
  // Wrapped, because two requests may pass the same function.
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
      if (held.size >= total)
        throw new TaskportError('unavailable', 'Too many requests are held open')
      const request = { end }
      countOf.set(owner, count + 1)
      held.add(request)
      observe({ type: 'request_held' })
      if (stopping.aborted) end()
      return () => {
        if (!held.delete(request)) return
        observe({ type: 'request_released' })
        const rest = (countOf.get(owner) ?? 1) - 1
        if (rest === 0) countOf.delete(owner)
        else countOf.set(owner, rest)
      }
    },
  }
}
