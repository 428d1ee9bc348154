import { HttpError } from '../errors.ts'
import type { VerifiedToken } from '../ports.ts'

/** What a route requires of a token. `sign_in` is a token from signing in: API tokens cannot manage tokens. */
export type Right = 'read' | 'write' | 'sign_in'

/**
 * The right that a route requires. It follows from the method and the path alone, so a new route cannot lack
 * one: what is not a read is a write. At `/mcp` it depends on the tool, which the route checks.
 *
 * @param route the route's template, such as `/tasks/:id`.
 */
export function rightOf(method: string, route: string): Right {
  if (route === '/tokens' || route.startsWith('/tokens/')) return 'sign_in'
  if (route === '/mcp') return 'read'
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write'
}

/** @throws HttpError `FORBIDDEN` if the token does not have the right (RFC 6750, 3.1). */
export function expectRight(
  right: Right,
  { kind, scopes }: Pick<VerifiedToken, 'kind' | 'scopes'>,
): void {
  if (kind === 'sign_in') return
  if (right === 'sign_in')
    throw forbidden('API tokens cannot manage tokens: use a token from signing in')
  if (!scopes.includes(right))
    throw forbidden(`This token lacks the scope ${right}`, `, scope="${right}"`)
}

function forbidden(message: string, scope = ''): HttpError {
  return new HttpError('FORBIDDEN', message, {
    'www-authenticate': `Bearer error="insufficient_scope"${scope}`,
  })
}
