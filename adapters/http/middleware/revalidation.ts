import type { Owner } from '../../../core/owner.ts'
import type { RequestContext } from '../reply.ts'
import type { Steps } from '../steps.ts'
import { matches } from './entity-tags.ts'

/** Answers requests of clients that have the current representation already. */
export function createRevalidation({ giveBack }: Pick<Steps, 'giveBack'>) {
  /**
   * Sends 304 if `If-None-Match` has the current tag (RFC 9110, 15.4.5). Such a request does not count
   * against the rate limit.
   *
   * @returns whether 304 was sent.
   */
  return async (
    { owner, request, set }: RequestContext & { readonly owner: Owner },
    tag: string,
  ): Promise<boolean> => {
    if (!matches(tag, request.headers.get('if-none-match'))) return false
    await giveBack({ owner, set })
    set.status = 304
    set.headers['etag'] = tag
    set.headers['cache-control'] = 'private, no-cache'
    return true
  }
}
