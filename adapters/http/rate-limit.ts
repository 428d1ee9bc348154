import type { Server } from 'bun'
import type { Owner } from '../../core/owner.ts'
import { clientAddress } from './client-address.ts'
import { HttpError } from './errors.ts'
import type { HttpEvent, RateLimit, RateLimitCount } from './ports.ts'

/** What of a request its address is found by, and where its headers go. */
export interface RequestContext {
  readonly request: Request
  readonly server: Server<unknown> | null
  readonly set: { readonly headers: Record<string, string | number> }
}

/**
 * Holds callers to a limit: users by their id, whoever has no valid token by address. Tells them
 * where they stand in the headers of draft-ietf-httpapi-ratelimit-headers.
 *
 * @param options.trustedProxies how many proxies in front append to `X-Forwarded-For`.
 * @param options.observe told of each request that is refused.
 */
export function createRateLimit(options: {
  readonly limit: RateLimit
  readonly trustedProxies: number
  readonly observe: (event: HttpEvent) => void
}) {
  const { limit, trustedProxies, observe } = options
  const policy = `"default";q=${limit.requests};w=${limit.windowSeconds}`

  function answer(
    { allowed, remaining, resetSeconds }: RateLimitCount,
    { headers }: RequestContext['set'],
    by: 'user' | 'address',
  ): void {
    headers['ratelimit-policy'] = policy
    headers['ratelimit'] = `"default";r=${remaining};t=${resetSeconds}`
    if (allowed) return
    observe({ type: 'rate_limited', by })
    throw new HttpError(
      'RATE_LIMITED',
      `More than ${limit.requests} requests in ${limit.windowSeconds} seconds, try again later`,
      { 'retry-after': `${resetSeconds}` },
    )
  }

  return {
    /** Counts a request of a known user. */
    async countUser({ owner, set }: { readonly owner: Owner } & Pick<RequestContext, 'set'>) {
      const counting = limit.count(owner)
      answer(counting instanceof Promise ? await counting : counting, set, 'user')
    },

    /** Counts a request without a valid token. */
    async countStranger({ request, server, set }: RequestContext) {
      const address = clientAddress(
        server?.requestIP(request)?.address ?? null,
        request.headers.get('x-forwarded-for'),
        trustedProxies,
      )
      // No user's id has a control character, so that none can pass for an address.
      answer(await limit.count(`\u0000${address ?? ''}`), set, 'address')
    },
  }
}

/** For a service without limits. */
export const noRateLimit = { countUser() {}, async countStranger() {} }
