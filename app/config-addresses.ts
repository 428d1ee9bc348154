import { parsePostgresUrl } from '../adapters/postgres/connection/url.ts'
import { OperatorError } from '../core/errors.ts'
import { withExample, wrongUrl } from './config-problem.ts'
import { type Database, parseDatabaseUrl } from './database-url.ts'
import type { Environment } from './environment.ts'

export function readOrigins(list: string): string[] {
  return list
    .split(',')
    .map((written) => written.trim())
    .filter((written) => written !== '')
    .map((written) => {
      const origin = written.replace(/\/$/, '')
      if (!isOrigin(origin))
        throw new OperatorError(
          `CORS_ORIGINS: "${written}" is not an origin; list origins in the form scheme://host or scheme://host:port, separated by commas, for example CORS_ORIGINS=https://app.example.com,http://localhost:3000`,
        )
      return origin
    })
}

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@:*,[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/**
 * Whether a text is an origin as a browser sends it. Origins are compared as text, so one that a browser
 * would write differently, such as with a default port, would match nothing. `URL` knows origins of web
 * schemes only: for `tauri://localhost` it returns `null`.
 */
function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false
  const { origin } = new URL(text)
  return origin === 'null' || origin === text
}

export function readPublicUrl({ PUBLIC_URL: text }: Environment): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (!url || url.search || url.hash || url.username || url.password || /[?#]/.test(text))
    throw new OperatorError(
      withExample('PUBLIC_URL: must be an http:// or https:// URL, without a query'),
    )
  return url.href.replace(/\/+$/, '')
}

export function readDirectUrl(
  { DATABASE_DIRECT_URL: url }: Environment,
  database: Database | undefined,
): string | null {
  if (url === undefined) return null
  const parsed = parseDatabaseUrl(url)
  if ('problem' in parsed) throw wrongUrl('DATABASE_DIRECT_URL', parsed)
  const example = 'postgres://user:password@host:5432/database'
  if (parsed.kind !== 'postgres')
    throw wrongUrl('DATABASE_DIRECT_URL', {
      problem: 'must be the URL of a PostgreSQL server',
      example,
    })
  if (
    database?.kind === 'postgres' &&
    parsePostgresUrl(database.url).searchPath !== parsePostgresUrl(parsed.url).searchPath
  )
    throw wrongUrl('DATABASE_DIRECT_URL', {
      problem: 'must have the same search_path as DATABASE_URL',
      example: `${example}?search_path=app`,
    })
  return parsed.url
}

export function readRedisUrl({ REDIS_URL: url }: Environment): string | null {
  if (url === undefined) return null
  // The value is not repeated, because it may contain a password.
  if (!URL.canParse(url))
    throw new OperatorError(withExample('REDIS_URL: must be a redis:// or rediss:// URL'))
  const { port, pathname, username, password } = new URL(url)
  if (!isPercentEncoded(username) || !isPercentEncoded(password))
    throw new OperatorError(
      withExample('REDIS_URL: must have % as %25 in its user name and password'),
    )
  if (port === '0' || !/^(\/\d{0,4})?$/.test(pathname))
    throw new OperatorError(
      withExample(
        'REDIS_URL: must have a port from 1 to 65535, and a path that is the number of a database',
      ),
    )
  return url
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

export function checkAddresses(values: Environment): void {
  const { PORT, ADMIN_PORT, OTEL_EXPORTER_OTLP_ENDPOINT: collector } = values
  if (PORT !== 0 && PORT === ADMIN_PORT)
    throw new OperatorError(withExample('ADMIN_PORT: must differ from PORT'))
  if (collector !== undefined && !URL.canParse(collector))
    throw new OperatorError(withExample('OTEL_EXPORTER_OTLP_ENDPOINT: must be a URL'))
}
