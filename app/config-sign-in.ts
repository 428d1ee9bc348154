import { OperatorError } from '../core/errors.ts'
import { isLoopback } from './address.ts'
import { withExample } from './config-problem.ts'
import { type Environment, MINIMUM_SECRET_BYTES } from './environment.ts'

/** The claims that a token must have. Any value if `undefined`. */
interface ClaimsConfig {
  readonly issuer: string | undefined
  readonly audience: string | undefined
}

export interface SecretConfig extends ClaimsConfig {
  readonly current: string
  readonly previous: string | undefined
}

export interface KeySetConfig extends ClaimsConfig {
  readonly url: string
}

/** How tokens are verified: with a secret, a key set, or both. */
export interface TokenConfig {
  readonly secrets: SecretConfig | null
  readonly keySet: KeySetConfig | null
  readonly clockToleranceSeconds: number
}

/** What clients that sign in by themselves (OAuth) need to get a token for `/mcp`. */
export interface OAuthConfig {
  /** The authorization server, as its tokens name it in `iss`. */
  readonly issuer: string
  /** The public address of `/mcp`, which its tokens must name in `aud`. */
  readonly resource: string
}

export function readSecrets(values: Environment): SecretConfig | null {
  const { BETTER_AUTH_SECRET: current, BETTER_AUTH_SECRET_PREVIOUS: previous } = values
  for (const [name, value] of Object.entries({
    BETTER_AUTH_SECRET: current,
    BETTER_AUTH_SECRET_PREVIOUS: previous,
  }))
    if (value !== undefined && Buffer.byteLength(value) < MINIMUM_SECRET_BYTES)
      throw new OperatorError(
        withExample(
          `${name}: must be at least ${MINIMUM_SECRET_BYTES} bytes, but is ${Buffer.byteLength(value)}`,
        ),
      )
  if (previous !== undefined && current === undefined)
    throw new OperatorError(
      withExample('BETTER_AUTH_SECRET: is required if BETTER_AUTH_SECRET_PREVIOUS is set'),
    )
  if (current === undefined) return null
  return { current, previous, issuer: values.JWT_ISSUER, audience: values.JWT_AUDIENCE }
}

export function readKeySet(values: Environment, production: boolean): KeySetConfig | null {
  const { JWKS_URL, JWT_ISSUER, JWT_AUDIENCE } = values
  const base = readUrl('BETTER_AUTH_URL', values.BETTER_AUTH_URL)
  const explicit = readUrl('JWKS_URL', JWKS_URL)
  if (base && (base.username || base.password || base.search || base.hash))
    throw new OperatorError(
      withExample('BETTER_AUTH_URL: must have no user name, password, query or fragment'),
    )
  const url = JWKS_URL ?? (base && keysOf(base))
  if (url === undefined) return null
  const name = explicit ? 'JWKS_URL' : 'BETTER_AUTH_URL'
  const { protocol, hostname } = new URL(url)
  if (production && protocol === 'http:' && !isLoopback(hostname))
    throw new OperatorError(
      withExample(
        `${name}: must start with https:// in production, because anyone who can replace the keys can sign tokens`,
      ),
    )
  // Better Auth puts the origin of its base URL into both claims. Tokens signed with the shared secret
  // usually have neither claim, so these defaults apply to the key set only.
  return { url, issuer: JWT_ISSUER ?? base?.origin, audience: JWT_AUDIENCE ?? base?.origin }
}

function readUrl(name: 'BETTER_AUTH_URL' | 'JWKS_URL', value: string | undefined) {
  if (value === undefined) return undefined
  if (!URL.canParse(value)) throw new OperatorError(withExample(`${name}: must be a URL`))
  return new URL(value)
}

function keysOf(base: URL): string {
  return `${authorizationServerOf(base)}/jwks`
}

// Like Better Auth: a path in the base URL replaces the default path, and trailing slashes are ignored.
function authorizationServerOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, '') || '/api/auth'}`
}

export function readOAuth(values: Environment, publicUrl: string | null): OAuthConfig | null {
  const base = URL.parse(values.BETTER_AUTH_URL ?? '')
  if (base === null || publicUrl === null) return null
  return { issuer: authorizationServerOf(base), resource: `${publicUrl}/mcp` }
}
