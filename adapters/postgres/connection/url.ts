import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'

/** How a connection is encrypted. `ca`: the authorities to trust instead of the system's. */
export type Encryption =
  | { readonly mode: 'disable' }
  | { readonly mode: 'prefer' }
  | {
      readonly mode: 'require'
      readonly verify: 'nothing' | 'certificate' | 'certificate and host'
      readonly ca?: string
    }

/** Where the server is and how to log in. */
export interface Target {
  /** A name, an address, or the directory of the server's Unix socket if it starts with `/`. */
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
  readonly encryption: Encryption
  /** Start-up parameters of a session, besides database and user. */
  readonly session: Readonly<Record<string, string>>
  /** The `search_path` that every session must have; `null` for the default of the role or database. */
  readonly searchPath: string | null
  /** Whether the host or port is typical of a connection pooler. */
  readonly looksPooled: boolean
}

const POOLER_PORTS = [6432, 6543]
const HIGHEST_PORT = 65_535

const EXAMPLE = 'postgres://user:password@host:5432/database'

/** The URL is not valid. `message` says what it must be, without secrets; `example` is a valid URL. */
export class PostgresUrlError extends Error {
  override readonly name = 'PostgresUrlError'
  readonly example: string

  constructor(message: string, example: string = EXAMPLE) {
    super(message)
    this.example = example
  }
}

/**
 * Parses the URL of a PostgreSQL database as libpq, SQLAlchemy and hosting providers write it. Uses the
 * parameters for the server's address, encryption, `application_name`, `search_path` and `options`.
 * Rejects those that would change where tasks are stored or how the service logs in. Ignores all others:
 * they are settings of other drivers, and the server would refuse them.
 *
 * @throws PostgresUrlError
 */
export function parsePostgresUrl(text: string): Target {
  const url = parse(text)
  const parameter = (name: string) => url.searchParams.get(name) || undefined
  const host = parameter('host') ?? decode(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (host.includes(',') || url.searchParams.getAll('host').length > 1)
    throw new PostgresUrlError('must name one host only')
  const port = Number(parameter('port') ?? (url.port || 5432))
  if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT)
    throw new PostgresUrlError(`must have a port from 1 to ${HIGHEST_PORT}`)
  refuseUnsupported(url.searchParams)
  const user = decode(url.username) || userInfo().username
  const options = parameter('options')
  const searchPath = parameter('search_path')
  if (searchPath?.includes(','))
    throw new PostgresUrlError(
      'must name one schema in search_path, so that all tables are in it',
      `${EXAMPLE}?search_path=app`,
    )
  return {
    host: host || 'localhost',
    port,
    database: decode(url.pathname.slice(1)) || user,
    user,
    password: decode(url.password),
    encryption: host.startsWith('/') ? { mode: 'disable' } : encryptionOf(url.searchParams),
    session: {
      application_name: parameter('application_name') ?? 'taskport',
      ...(options && { options }),
      ...(searchPath && { search_path: searchPath }),
    },
    searchPath: searchPath ?? searchPathIn(options) ?? null,
    looksPooled: host.includes('-pooler') || POOLER_PORTS.includes(port),
  }
}

function parse(text: string): URL {
  const match = /^postgres(?:ql)?(?:\+\w+)?:\/\/(.*)$/is.exec(text)
  if (match === null) throw new PostgresUrlError('must start with postgres:// or postgresql://')
  // Other drivers accept a user without a host; the URL standard does not.
  const address = `${match[1]}`.replace(/^([^/?#]*@)(?=[:/?#]|$)/, '$1localhost')
  const url = `postgres://${address}`
  if (!URL.canParse(url) || url.includes('#'))
    throw new PostgresUrlError(
      `must be a URL with a port from 1 to ${HIGHEST_PORT}, and special characters in the password must be percent-encoded`,
      'postgres://user:p%23ss@host:5432/database',
    )
  return new URL(url)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new PostgresUrlError(
      'must percent-encode each % as %25',
      'postgres://user:p%25ss@host:5432/database',
    )
  }
}

function refuseUnsupported(parameters: URLSearchParams): void {
  const schema = parameters.get('currentSchema') ?? parameters.get('schema')
  // Prisma adds `schema=public` to every URL.
  if (schema && (parameters.has('currentSchema') || schema !== 'public'))
    throw new PostgresUrlError(
      'must name the schema in search_path, not in currentSchema or schema',
      `${EXAMPLE}?search_path=app`,
    )
  for (const name of ['sslcert', 'sslkey'])
    if (parameters.get(name))
      throw new PostgresUrlError(
        `must not have ${name}: the service logs in with a password, not with a client certificate`,
      )
}

/** The `search_path` in `options`, such as `-c search_path=app`. */
function searchPathIn(options: string | undefined): string | undefined {
  const match = /(?:-c\s*|--)search_path=((?:\\.|\S)+)/s.exec(options ?? '')
  return match?.[1]?.replaceAll(/\\(.)/gs, '$1')
}

// libpq's `sslmode` (postgresql.org/docs/current/libpq-ssl.html), or the `ssl` of other drivers, where
// `true` means that the server must be verified.
function encryptionOf(parameters: URLSearchParams): Encryption {
  const given = parameters.get('sslmode') || parameters.get('ssl') || 'prefer'
  const mode = given.toLowerCase()
  const rootCertificate = parameters.get('sslrootcert')
  const ca =
    rootCertificate && rootCertificate !== 'system' ? { ca: readCa(rootCertificate) } : undefined
  switch (mode) {
    case 'disable':
    case 'false':
      return { mode: 'disable' }
    case 'allow':
    case 'prefer':
      return { mode: 'prefer' }
    case 'no-verify':
      return { mode: 'require', verify: 'nothing' }
    case 'require':
      return { mode: 'require', verify: ca ? 'certificate' : 'nothing', ...ca }
    case 'verify-ca':
      return { mode: 'require', verify: 'certificate', ...ca }
    case 'verify-full':
    case 'true':
      return { mode: 'require', verify: 'certificate and host', ...ca }
    default:
      throw new PostgresUrlError(
        `must have sslmode disable, allow, prefer, require, verify-ca or verify-full, not "${given}"`,
        `${EXAMPLE}?sslmode=verify-full`,
      )
  }
}

function readCa(path: string): string {
  try {
    const certificates = readFileSync(path, 'utf8')
    new X509Certificate(certificates)
    return certificates
  } catch {
    throw new PostgresUrlError(
      `must name a readable file of PEM certificates in sslrootcert, not "${path}"`,
      `${EXAMPLE}?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca.pem`,
    )
  }
}
