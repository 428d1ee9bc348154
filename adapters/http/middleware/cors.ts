const EXPOSED =
  'X-Request-ID, Location, Retry-After, ETag, RateLimit, RateLimit-Policy, Link, Idempotency-Replayed'
const MAX_AGE_SECONDS = '600'

type Headers = Record<string, string | number>

/** Allows requests from an exact list of origins (CORS protocol, fetch.spec.whatwg.org). */
export function createCors(origins: readonly string[]) {
  const allowed = new Set(origins)
  const isAllowed = (origin: string | null): origin is string =>
    origin !== null && allowed.has(origin)

  return {
    /** Sets the CORS headers of a response, for a listed origin only. */
    mark(request: Request, headers: Headers): void {
      headers['vary'] = 'Origin'
      if (allowed.size === 0) return
      const origin = request.headers.get('origin')
      if (!isAllowed(origin)) return
      headers['access-control-allow-origin'] = origin
      headers['access-control-allow-credentials'] = 'true'
      headers['access-control-expose-headers'] = EXPOSED
    },

    /** Answers a preflight: which methods scripts may use. They may send any header. */
    preflight(request: Request, methods: string, headers: Headers): void {
      headers['vary'] = 'Origin, Access-Control-Request-Headers'
      if (!isAllowed(request.headers.get('origin'))) return
      if (!request.headers.has('access-control-request-method')) return
      headers['access-control-allow-methods'] = methods
      headers['access-control-allow-headers'] =
        request.headers.get('access-control-request-headers') ?? ''
      headers['access-control-max-age'] = MAX_AGE_SECONDS
    },
  }
}
