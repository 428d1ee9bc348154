import { hashApiToken, isWellFormed } from '../adapters/auth/api-token-format.ts'
import { printable, refusal, type TokenRefusal } from '../adapters/auth/refusal.ts'
import { OperatorError } from '../core/errors.ts'
import type { FoundApiToken } from '../core/ports.ts'
import type { Config } from './config.ts'
import { type Finding, ok, problem, reasonOf } from './doctor-finding.ts'
import { findPostgresToken } from './doctor-postgres.ts'
import { findSqliteToken } from './doctor-sqlite.ts'
import { describeRefusal } from './refusals.ts'

const NAME = 'token'
const METHOD = 'api_token'

/** Why an API token is refused, or for whom, for what and until when it is valid. */
export async function apiTokenFinding({ database }: Config, text: string): Promise<Finding> {
  if (!isWellFormed(text)) return refused(refusal('bad_checksum', METHOD))
  try {
    return findingOf(await find(database, hashApiToken(text)))
  } catch (error) {
    return problem(NAME, `cannot be verified: ${reasonOf(error)}`)
  }
}

function findingOf(found: FoundApiToken | null): Finding {
  if (found === null) return refused(refusal('unknown_token', METHOD))
  const { name, scopes, expires_at } = found.token
  const now = new Date()
  if (expires_at !== null && Date.parse(expires_at) <= now.getTime())
    return refused(refusal('expired', METHOD, now.toISOString(), expires_at))
  const until = expires_at === null ? 'until it is deleted' : `until ${expires_at}`
  return ok(
    NAME,
    `"${printable(name)}" is valid for the user "${printable(found.owner)}" ${until}, with the ${scopesOf(scopes)}`,
  )
}

function scopesOf(scopes: readonly string[]): string {
  return `${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(' and ')}`
}

async function find(database: Config['database'], hash: string): Promise<FoundApiToken | null> {
  switch (database.kind) {
    case 'memory':
      throw new OperatorError('the memory store keeps tokens only in the running service')
    case 'sqlite':
      return findSqliteToken(database.path, hash)
    case 'postgres':
      return findPostgresToken(database.url, hash)
  }
}

function refused(reason: TokenRefusal): Finding {
  return problem(NAME, `refused (${reason.reason}): ${describeRefusal(reason)}`)
}
