import { HttpError } from '../errors.ts'
import type { HttpEvent, VerifiedToken, VerifyToken } from '../ports.ts'
import type { RequestContext } from '../reply.ts'

/**
 * Verifies the token in a request's `Authorization: Bearer` header (RFC 6750).
 *
 * @param countAnonymous counts a request without a valid token. Throws if its caller is over the limit.
 */
export function createAuthentication(
  verify: VerifyToken,
  countAnonymous: (context: RequestContext) => Promise<void>,
  observe: (event: HttpEvent) => void,
) {
  return async ({ request, set }: RequestContext): Promise<VerifiedToken> => {
    const token = bearerToken(request.headers.get('authorization'))
    const requestId = `${set.headers['x-request-id']}`
    if (token === null) {
      observe({ type: 'token_missing', requestId })
      await countAnonymous({ request, set })
      throw new HttpError('UNAUTHORIZED', 'Authentication required', {
        'www-authenticate': 'Bearer',
      })
    }
    const verifying = verify(token, requestId)
    const verified = verifying instanceof Promise ? await verifying : verifying
    if (verified === null) {
      await countAnonymous({ request, set })
      throw new HttpError('UNAUTHORIZED', 'Invalid or expired token', {
        'www-authenticate': 'Bearer error="invalid_token"',
      })
    }
    return verified
  }
}

const SCHEME = 'bearer '

function bearerToken(authorization: string | null): string | null {
  if (authorization === null) return null
  if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return null
  return authorization.slice(SCHEME.length).trim() || null
}
