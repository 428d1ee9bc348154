import type { Owner } from '../../core/owner.ts'
import { clientAddress } from './client-address.ts'
import { HttpError } from './errors.ts'
import type { HttpEvent, RateLimit, RateLimitCount } from './ports.ts'

/** A request, and where the headers of its answer go. */
export interface RequestContext {
  readonly request: Request
  readonly set: { readonly headers: Record<string, string | number> }
}

type UserContext = { readonly owner: Owner } & Pick<RequestContext, 'set'>

/**
 * Holds callers to a limit: users by their id, whoever has no valid token by address. Tells them
 * where they stand in the headers of draft-ietf-httpapi-ratelimit-headers.
 *
 * @param options.peerOf the address of the connection that a request came on; `null` where there is none.
 * @param options.trustedProxies how many proxies in front append to `X-Forwarded-For`.
 * @param options.observe told of each request that is refused.
 */
export function createRateLimit(options: {
  readonly limit: RateLimit
  readonly peerOf: (request: Request) => string | null
  readonly trustedProxies: number
  readonly observe: (event: HttpEvent) => void
}) {
  const { limit, peerOf, trustedProxies, observe } = options
  const policy = `"default";q=${limit.requests};w=${limit.windowSeconds}`

  function tell(
    { remaining, resetSeconds }: RateLimitCount,
    { headers }: RequestContext['set'],
  ): void {
    headers['ratelimit-policy'] = policy
    headers['ratelimit'] = `"default";r=${remaining};t=${resetSeconds}`
  }

  function answer(count: RateLimitCount, set: RequestContext['set'], by: 'user' | 'address'): void {
    tell(count, set)
    if (count.allowed) return
    observe({ type: 'rate_limited', by })
    throw new HttpError(
      'RATE_LIMITED',
      `More than ${limit.requests} requests in ${limit.windowSeconds} seconds, try again later`,
      { 'retry-after': `${count.resetSeconds}` },
    )
  }

  return {
    /** Counts a request of a known user. */
    async countUser({ owner, set }: UserContext) {
      const counting = limit.count(owner)
      answer(counting instanceof Promise ? await counting : counting, set, 'user')
    },

    /** Takes it back, for a request that cost next to nothing. */
    async giveBack({ owner, set }: UserContext) {
      const counting = limit.giveBack(owner)
      tell(counting instanceof Promise ? await counting : counting, set)
    },

    /** Counts a request without a valid token. */
    async countStranger({ request, set }: RequestContext) {
      const address = clientAddress(
        peerOf(request),
        request.headers.get('x-forwarded-for'),
        trustedProxies,
      )
      // No user's id has a control character, so that none can pass for an address.
      answer(await limit.count(`\u0000${address ?? ''}`), set, 'address')
    },
  }
}

/** For a service without limits. */
export const noRateLimit = { countUser() {}, async giveBack() {}, async countStranger() {} }
