import { SignJWT } from 'jose'

/**
 * A token for `sub` that `createTokenVerifier` with the same secret accepts.
 *
 * @param options.now milliseconds.
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
