import { HttpError } from './errors.ts'
import type { VerifiedToken, VerifyToken } from './ports.ts'
import type { RequestContext } from './rate-limit.ts'

/**
 * Answers with whom a request speaks for, by its `Authorization: Bearer` header (RFC 6750).
 *
 * @param countStranger counts a request that is about to be refused, and may refuse it otherwise.
 */
export function createAuthentication(
  verify: VerifyToken,
  countStranger: (context: RequestContext) => Promise<void>,
) {
  return async ({ request, set }: RequestContext): Promise<VerifiedToken> => {
    const token = bearerToken(request.headers.get('authorization'))
    if (token === null) {
      await countStranger({ request, set })
      throw new HttpError('UNAUTHORIZED', 'Authentication required', {
        'www-authenticate': 'Bearer',
      })
    }
    const checking = verify(token)
    const verified = checking instanceof Promise ? await checking : checking
    if (verified === null) {
      await countStranger({ request, set })
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
