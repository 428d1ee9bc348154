import type { ResponseHead } from '../reply.ts'

const EXPOSED =
  'X-Request-ID, Location, Retry-After, ETag, RateLimit, RateLimit-Policy, Link, Idempotency-Replayed'
const MAX_AGE_SECONDS = '600'

// A token (RFC 9110, 5.6.2).
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

type ResponseHeaders = ResponseHead['headers']

function requestedMethod(headers: Headers): string {
  return headers.get('access-control-request-method') ?? ''
}

/** Allows requests from an exact list of origins (CORS protocol, fetch.spec.whatwg.org). */
export function createCors(origins: readonly string[]) {
  const allowed = new Set(origins)
  const isAllowed = (origin: string | null): origin is string =>
    origin !== null && allowed.has(origin)
  const isPreflight = ({ headers }: Request): boolean =>
    isAllowed(headers.get('origin')) && METHOD.test(requestedMethod(headers))

  return {
    /** Sets the CORS headers of a response, for a listed origin only. */
    mark(request: Request, headers: ResponseHeaders): void {
      headers['vary'] = 'Origin'
      if (allowed.size === 0) return
      const origin = request.headers.get('origin')
      if (!isAllowed(origin)) return
      headers['access-control-allow-origin'] = origin
      headers['access-control-allow-credentials'] = 'true'
      headers['access-control-expose-headers'] = EXPOSED
    },

    /** Whether a request is the preflight of a listed origin. */
    isPreflight,

    /**
     * Answers a preflight with the methods that scripts may use; any header is allowed. The requested
     * method is always allowed, so that scripts see a 404 or 405 instead of a CORS error.
     *
     * @param methods those of the path; empty if the path is unknown.
     */
    preflight(request: Request, methods: readonly string[], headers: ResponseHeaders): void {
      headers['vary'] = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'
      if (!isPreflight(request)) return
      const requested = requestedMethod(request.headers)
      const all = methods.includes(requested) ? methods : [...methods, requested]
      headers['access-control-allow-methods'] = all.join(', ')
      headers['access-control-allow-headers'] =
        request.headers.get('access-control-request-headers') ?? ''
      headers['access-control-max-age'] = MAX_AGE_SECONDS
    },
  }
}
