import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { signToken } from '../adapters/auth/sign.ts'
import type { Config } from './config.ts'

const DEMO_USER = 'demo'
const THIRTY_DAYS_IN_SECONDS = 30 * 24 * 60 * 60

/**
 * The secret of demo mode: kept beside the SQLite file, for its owner alone, so that a token outlives
 * a restart; with any other store made anew at each start.
 */
export async function demoSecret(database: Config['database']): Promise<string> {
  const fresh = crypto.getRandomValues(new Uint8Array(32)).toBase64()
  if (database.kind !== 'sqlite') return fresh
  const path = `${database.path}.demo-secret`
  const draft = `${path}.${crypto.randomUUID()}`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, fresh, { mode: 0o600 })
    // Of processes that start at once, the first one's secret is everybody's, and is whole.
    await link(draft, path)
    return fresh
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    await chmod(path, 0o600)
    return await readFile(path, 'utf8')
  } finally {
    await rm(draft, { force: true })
  }
}

/** The configuration with the secret of demo mode in it. */
export function withSecret(config: Config, current: string): Config {
  const secrets = { current, previous: undefined, issuer: undefined, audience: undefined }
  return { ...config, tokens: { ...config.tokens, secrets } }
}

/** The configuration of a worker of demo mode, which has its secret from the process that made it. */
export function asDemo(config: Config): Config {
  return { ...config, demo: !config.production }
}

/** A token of demo mode for a user, good for thirty days. */
export function demoToken(secret: string, user: string = DEMO_USER): Promise<string> {
  return signToken({ secret, sub: user, expiresInSeconds: THIRTY_DAYS_IN_SECONDS, now: Date.now() })
}

/**
 * Makes tokens for the page at `/docs`, so that it needs no sign-in; `null` outside demo mode.
 *
 * @param config with the secret in it.
 */
export function demoTokenSource(config: Config): (() => Promise<string>) | null {
  const secret = config.tokens.secrets?.current
  return config.demo && secret !== undefined ? () => demoToken(secret) : null
}

/** What a person sees who started the service without configuring it. */
export function demoGreeting(address: string, token: string): string {
  return `
  Taskport runs in demo mode: it made its own secret. Do not expose it to a network.

  API          ${address}/tasks
  Explore      ${address}/docs

  Token for the user "${DEMO_USER}" (30 days):
  ${token}

  Create a task:
  curl -X POST ${address}/tasks -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '{"text":"Buy milk"}'

`
}
