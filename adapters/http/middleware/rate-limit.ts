import type { Owner } from '../../../core/owner.ts'
import { HttpError } from '../errors.ts'
import type { HttpEvent, RateLimit, RateLimitCount } from '../ports.ts'
import type { RequestContext, ResponseHead } from '../reply.ts'
import { clientAddress } from './client-address.ts'

type UserContext = { readonly owner: Owner } & Pick<RequestContext, 'set'>

/**
 * Limits the requests of each caller: users by their id, callers without a valid token by their
 * address. Reports the limit in the headers of draft-ietf-httpapi-ratelimit-headers.
 *
 * @param options.peerOf the address of the connection of a request; `null` if it has none.
 * @param options.trustedProxies how many trusted proxies append to `X-Forwarded-For`.
 * @param options.observe called for each request that is refused.
 */
export function createRateLimit(options: {
  readonly limit: RateLimit
  readonly peerOf: (request: Request) => string | null
  readonly trustedProxies: number
  readonly observe: (event: HttpEvent) => void
}) {
  const { limit, peerOf, trustedProxies, observe } = options
  const policy = `"default";q=${limit.requests};w=${limit.windowSeconds}`

  function report({ remaining, resetSeconds }: RateLimitCount, { headers }: ResponseHead): void {
    headers['ratelimit-policy'] = policy
    headers['ratelimit'] = `"default";r=${remaining};t=${resetSeconds}`
  }

  function check(count: RateLimitCount, set: ResponseHead, by: 'user' | 'address'): void {
    report(count, set)
    if (count.allowed) return
    observe({ type: 'rate_limited', by })
    throw new HttpError(
      'RATE_LIMITED',
      `More than ${limit.requests} requests in ${limit.windowSeconds} seconds, try again later`,
      { 'retry-after': `${count.resetSeconds}` },
    )
  }

  return {
    /** Counts a request with a valid token. */
    async countUser({ owner, set }: UserContext) {
      const counting = limit.count(owner)
      check(counting instanceof Promise ? await counting : counting, set, 'user')
    },

    /** Uncounts a request that cost almost nothing. */
    async giveBack({ owner, set }: UserContext) {
      const counting = limit.giveBack(owner)
      report(counting instanceof Promise ? await counting : counting, set)
    },

    /** Counts a request without a valid token. */
    async countAnonymous({ request, set }: RequestContext) {
      const address = clientAddress(
        peerOf(request),
        request.headers.get('x-forwarded-for'),
        trustedProxies,
      )
      // User ids contain no control characters, so an address cannot be mistaken for a user.
      check(await limit.count(`\u0000${address ?? ''}`), set, 'address')
    },
  }
}

/** Limits nothing. */
export const noRateLimit = { countUser() {}, async giveBack() {}, async countAnonymous() {} }
