import { signToken } from '../../adapters/auth/sign.ts'
import { type Config, readConfig } from '../../app/config.ts'

export const SECRET = 'a secret of the tests, at least 32 bytes long'
export const ORIGIN = 'http://localhost:3000'

/** The environment of a service in production, to which tests add a store. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: SECRET,
  RATE_LIMIT_PER_MINUTE: '0',
}

/** A test configuration on the memory store, without rate limits. */
export function testConfig(variables: Record<string, string> = {}): Config {
  const defaults = {
    DATABASE_URL: 'memory:',
    BETTER_AUTH_SECRET: SECRET,
    RATE_LIMIT_PER_MINUTE: '0',
  }
  return readConfig({ ...defaults, ...variables }, false)
}

/** A valid token of the user. */
export function tokenOf(user: string): Promise<string> {
  return signToken({ secret: SECRET, sub: user, expiresInSeconds: 600, now: Date.now() })
}

/** An `Authorization` header with a valid token of the user. */
export async function bearer(user: string): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await tokenOf(user)}` }
}
