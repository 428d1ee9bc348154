import { readFileSync } from 'node:fs'
import { type FetchedKeySet, fetchKeySet } from '../adapters/auth/key-set.ts'
import { printable } from '../adapters/auth/refusal.ts'
import { createTokenVerifier } from '../adapters/auth/verifier.ts'
import { TaskportError } from '../core/errors.ts'
import type { Config } from './config.ts'
import type { KeySetConfig, SecretConfig } from './config-sign-in.ts'
import { secretPath, withSecret } from './demo.ts'
import { type Finding, ok, problem, reasonOf, type Subject, warning } from './doctor-finding.ts'
import { describeRefusal } from './refusals.ts'

// A few seconds are usual without NTP.
const USUAL_SKEW_SECONDS = 2

/** Which tokens are accepted. */
export function checkSignIn({ config }: Subject): Finding[] {
  const { secrets, keySet } = config.tokens
  return [
    ...(config.demo ? [demoFinding()] : []),
    ...(secrets ? [secretFinding(secrets)] : []),
    ...(keySet ? [claimsFinding(keySet)] : []),
  ]
}

function demoFinding(): Finding {
  return warning(
    'sign-in',
    'demo mode: the service makes a secret of its own',
    'Set BETTER_AUTH_SECRET, BETTER_AUTH_URL or JWKS_URL to accept the tokens of your users.',
  )
}

function secretFinding({ previous, ...required }: SecretConfig): Finding {
  const rotation = previous === undefined ? '' : ' or BETTER_AUTH_SECRET_PREVIOUS'
  return ok(
    'sign-in',
    `tokens signed with BETTER_AUTH_SECRET${rotation} (HS256), ${claimsOf(required)}`,
  )
}

function claimsFinding(required: KeySetConfig): Finding {
  const found = `tokens signed with the key set, ${claimsOf(required)}`
  if (required.issuer !== undefined && required.audience !== undefined) return ok('sign-in', found)
  return warning(
    'sign-in',
    found,
    'Set JWT_ISSUER and JWT_AUDIENCE, so that tokens that the issuer signs for other services are refused.',
  )
}

function claimsOf({ issuer, audience }: Pick<KeySetConfig, 'issuer' | 'audience'>): string {
  const claim = (name: string, value: string | undefined) =>
    value === undefined ? `any ${name}` : `${name} "${value}"`
  return `with ${claim('issuer (iss)', issuer)} and ${claim('audience (aud)', audience)}`
}

/** The key set and the clock of its server. */
export async function checkKeySet({ config }: Subject): Promise<Finding[]> {
  const { keySet, clockToleranceSeconds } = config.tokens
  if (keySet === null) return []
  const name = 'key set'
  const startedAt = Date.now()
  let fetched: FetchedKeySet
  try {
    fetched = await fetchKeySet(keySet.url)
  } catch (error) {
    const found = `${withoutSecrets(keySet.url)} cannot be used: ${reasonOf(error)}`
    const advice =
      'Correct BETTER_AUTH_URL or JWKS_URL, or start the issuer. It must answer there with its public keys.'
    return [problem(name, found, advice)]
  }
  const { keys, servedAt } = fetched
  const described = keys.map(
    ({ kid, alg, crv, kty }) =>
      `${printable(kid) ?? 'without kid'} (${printable(alg ?? crv ?? kty) ?? 'unknown'})`,
  )
  return [
    keys.length > 0
      ? ok(name, `${withoutSecrets(keySet.url)} has ${described.join(', ')}`)
      : problem(
          name,
          `${withoutSecrets(keySet.url)} has no usable public key`,
          'Let the issuer publish its keys: EdDSA, ES256, ES512, or RSA with at least 2048 bits.',
        ),
    clockFinding(servedAt, { startedAt, endedAt: Date.now() }, clockToleranceSeconds),
  ]
}

/** Parts of a URL that may be secret stay out of the output. */
function withoutSecrets(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/**
 * @param servedAt a whole second. The server sent the response within that second, and between the start and
 *   the end of the request, so the difference is only known within these limits.
 */
function clockFinding(
  servedAt: number | null,
  { startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number },
  tolerance: number,
): Finding {
  const name = 'clock'
  if (servedAt === null) return ok(name, 'the issuer sends no Date to compare with')
  const behind = servedAt - endedAt
  const ahead = startedAt - (servedAt + 1000)
  const seconds = Math.round(Math.max(behind, ahead, 0) / 1000)
  if (seconds === 0) return ok(name, "agrees with the issuer's")
  const found = `${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the issuer's`
  if (seconds > tolerance)
    return problem(
      name,
      `${found}, but JWT_CLOCK_TOLERANCE_SECONDS is ${tolerance}, so valid tokens are refused`,
      'Set both clocks by NTP.',
    )
  return seconds > USUAL_SKEW_SECONDS
    ? warning(name, found, 'Set both clocks by NTP.')
    : ok(name, found)
}

/** Why a token is refused, or for whom and until when it is valid. */
export async function tokenFinding(config: Config, token: string): Promise<Finding> {
  const name = 'token'
  if (token === '')
    return problem(
      name,
      'standard input has no token',
      'Write the token there, for example: printf %s "$TOKEN" | taskport doctor --token',
    )
  const configured = config.demo ? withDemoSecret(config) : config
  if (configured === null)
    return problem(
      name,
      'the secret of demo mode is not known yet',
      'Start the service once with SQLite, which keeps the secret, or configure how tokens are signed.',
    )
  try {
    const result = await createTokenVerifier({ ...configured.tokens, now: Date.now }).inspect(token)
    if ('reason' in result)
      return problem(name, `refused (${result.reason}): ${describeRefusal(result)}`)
    const until = new Date(result.expiresAt).toISOString()
    return ok(name, `valid for the user "${printable(result.owner)}" until ${until}`)
  } catch (error) {
    if (!(error instanceof TaskportError)) throw error
    return problem(name, `cannot be verified: ${reasonOf(error)}`)
  }
}

/** Unlike `demoSecret`, creates nothing. `null` if there is no secret. */
function withDemoSecret(config: Config): Config | null {
  const { database } = config
  if (database.kind !== 'sqlite') return null
  try {
    return withSecret(config, readFileSync(secretPath(database), 'utf8'))
  } catch {
    return null
  }
}
