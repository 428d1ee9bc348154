import { SignJWT } from 'jose'

/**
 * Creates a token for `sub` that `createTokenVerifier` accepts if it has the same secret.
 *
 * @param options.now milliseconds since 1970.
 */
export function signToken(options: {
  readonly secret: string
  readonly sub: string
  readonly expiresInSeconds: number
  readonly now: number
}): Promise<string> {
  const issuedAt = Math.floor(options.now / 1000)
  return new SignJWT({ sub: options.sub })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + options.expiresInSeconds)
    .sign(new TextEncoder().encode(options.secret))
}
