import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { signToken } from '../adapters/auth/sign.ts'
import type { DemoSignIn } from '../adapters/http/docs/demo-sign-in.ts'
import { accessProblem } from '../adapters/sqlite/file-access.ts'
import { OperatorError } from '../core/errors.ts'
import { isLoopback } from './address.ts'
import type { Config } from './config.ts'

export const DEMO_USER = 'demo'
/** The playground shows with this user that users see only their own tasks. */
const OTHER_DEMO_USER = 'guest'
const THIRTY_DAYS_IN_SECONDS = 30 * 24 * 60 * 60

/**
 * The secret of demo mode. With SQLite, it is kept in a file beside the database, readable only by its
 * owner, so that tokens survive a restart. With other stores, each start generates a new one.
 */
export async function demoSecret(database: Config['database']): Promise<string> {
  const fresh = crypto.getRandomValues(new Uint8Array(32)).toBase64()
  if (database.kind !== 'sqlite') return fresh
  const path = secretPath(database)
  const draft = `${path}.${crypto.randomUUID()}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(draft, fresh, { mode: 0o600 })
    // Atomic: of several processes that start at once, the first one decides for all.
    await link(draft, path)
    return fresh
  } catch (error) {
    if (!isExisting(error) || !existsSync(path)) throw unusable(path, error)
    return await readSecret(path)
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

/** Where the secret of demo mode is kept with SQLite. */
export function secretPath({ path }: { readonly path: string }): string {
  return `${path}.demo-secret`
}

async function readSecret(path: string): Promise<string> {
  try {
    await chmod(path, 0o600)
    return await readFile(path, 'utf8')
  } catch (error) {
    throw unusable(path, error)
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function unusable(path: string, error: unknown): OperatorError {
  const reason = accessProblem(path) ?? (error instanceof Error ? error.message : `${error}`)
  return new OperatorError(
    `DATABASE_URL: must name a file in a writable directory, because the secret of demo mode is stored beside it, for example DATABASE_URL=sqlite:./data/tasks.db (${reason})`,
  )
}

/** Adds the secret of demo mode to the configuration. */
export function withSecret(config: Config, current: string): Config {
  const secrets = { current, previous: undefined, issuer: undefined, audience: undefined }
  return { ...config, tokens: { ...config.tokens, secrets } }
}

/** The configuration of a worker in demo mode, which gets its secret from the first process. */
export function asDemo(config: Config): Config {
  return { ...config, demo: !config.production }
}

/** Creates a demo-mode token for a user, valid for 30 days. */
export function demoToken(secret: string, user: string = DEMO_USER): Promise<string> {
  return signToken({ secret, sub: user, expiresInSeconds: THIRTY_DAYS_IN_SECONDS, now: Date.now() })
}

/**
 * The secret that signs a browser in at `/` and `/docs`. It follows from the secret of demo mode, so all workers
 * accept it, and it can be printed again. It reveals nothing of that secret.
 */
function signInSecret(secret: string): string {
  return createHmac('sha256', secret).update('sign-in at /docs').digest('base64url')
}

/**
 * The addresses that sign a browser in: of the playground and of Swagger UI. Servers and their logs never
 * see the fragment of an address.
 */
export function demoAddresses(address: string, secret: string) {
  const fragment = `#demo=${signInSecret(secret)}`
  return { playground: `${address}/${fragment}`, docs: `${address}/docs${fragment}` }
}

/**
 * Signs the pages at `/` and `/docs` in. `null` outside demo mode.
 *
 * @param config includes the secret.
 */
export function createDemoSignIn(config: Config): DemoSignIn | null {
  const secret = config.tokens.secrets?.current
  if (!config.demo || secret === undefined) return null
  // Digests have the same length, which a comparison in constant time requires.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(signInSecret(secret))
  return {
    isLocal: isLoopback(config.host),
    users: [DEMO_USER, OTHER_DEMO_USER],
    exchange: async (offered, user) =>
      timingSafeEqual(digest(offered), expected) ? demoToken(secret, user) : null,
  }
}

/** Printed after a start in demo mode. */
export async function demoGreeting(address: string, secret: string): Promise<string> {
  const token = await demoToken(secret)
  const { playground, docs } = demoAddresses(address, secret)
  return `
  Open         ${playground}

  Taskport runs in demo mode, with a secret that it generated. Do not expose it to a network.
  To leave demo mode, set BETTER_AUTH_SECRET or BETTER_AUTH_URL.

  API          ${address}/tasks
  Explore      ${docs}

  Both long addresses sign your browser in. Token for the user "${DEMO_USER}", valid for 30 days:
  ${token}

  Create a task:
  curl -X POST ${address}/tasks -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"text":"Buy milk"}'

`
}
