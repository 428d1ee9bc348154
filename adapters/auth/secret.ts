import { type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'

export interface SecretOptions {
  /** At least 32 bytes in UTF-8, which is how the issuer takes it too. */
  readonly current: string
  /** Accepted beside the current one while a rotation lasts. */
  readonly previous?: string | undefined
  /** What `iss` must be, where it must be anything. */
  readonly issuer?: string | undefined
  /** What `aud` must be or hold, where it must be anything. */
  readonly audience?: string | undefined
}

export const secretAlgorithms: readonly string[] = ['HS256']

/** @throws a `JOSEError` where neither secret, or no rule about claims, vouches for the token. */
export type CheckWithSecret = (
  token: string,
  rules: JWTVerifyOptions,
) => Promise<{ readonly payload: JWTPayload; readonly previousSecret: boolean }>

export function createSecretCheck({ current, previous }: SecretOptions): CheckWithSecret {
  // Imported once: `jose` would do it again for every token that it is given the bytes for.
  const currentKey = importSecret(current)
  const previousKey = previous === undefined ? null : importSecret(previous)

  return async (token, rules) => {
    try {
      return {
        payload: (await jwtVerify(token, await currentKey, rules)).payload,
        previousSecret: false,
      }
    } catch (error) {
      if (previousKey === null) throw error
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
