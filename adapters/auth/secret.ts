import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'

export interface SecretOptions {
  /** At least 32 bytes in UTF-8. */
  readonly current: string
  /** Also accepted, during a rotation. */
  readonly previous?: string | undefined
  /** The required `iss` claim. Any if absent. */
  readonly issuer?: string | undefined
  /** The value that the `aud` claim must be or contain. Any if absent. */
  readonly audience?: string | undefined
}

export const secretAlgorithms: readonly string[] = ['HS256']

/** @throws `JOSEError` if neither secret verifies the token, or its claims are not acceptable. */
export type CheckWithSecret = (
  token: string,
  rules: JWTVerifyOptions,
) => Promise<{ readonly payload: JWTPayload; readonly previousSecret: boolean }>

export function createSecretCheck({ current, previous }: SecretOptions): CheckWithSecret {
  // Imported once: given bytes, `jose` would import them for every token.
  const currentKey = importSecret(current)
  const previousKey = previous === undefined ? null : importSecret(previous)

  return async (token, rules) => {
    try {
      return {
        payload: (await jwtVerify(token, await currentKey, rules)).payload,
        previousSecret: false,
      }
    } catch (error) {
      const isSignedOtherwise = error instanceof errors.JWSSignatureVerificationFailed
      if (previousKey === null || !isSignedOtherwise) throw error
      return {
        payload: (await jwtVerify(token, await previousKey, rules)).payload,
        previousSecret: true,
      }
    }
  }
}

function importSecret(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}
