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
  /** Whether to refuse a server that is read-only. */
  readonly mustWrite: boolean
}

/** The first server of a URL, and the others in their order. They have the same database. */
export interface Cluster extends Target {
  readonly others: readonly Target[]
}

interface Address {
  readonly host: string
  readonly port: number
}

const POOLER_PORTS = [6432, 6543]
const DEFAULT_PORT = 5432
const HIGHEST_PORT = 65_535

const EXAMPLE = 'postgres://user:password@host:5432/database'
const CLUSTER_EXAMPLE =
  'postgres://user:password@db1:5432,db2:5432/database?target_session_attrs=read-write'

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
 * parameters for the servers' addresses, encryption, `application_name`, `search_path`, `options` and
 * `target_session_attrs`. Rejects those that would change where tasks are stored or how the service logs in.
 * Ignores all others: they are settings of other drivers, and the server would refuse them.
 *
 * @throws PostgresUrlError
 */
export function parsePostgresUrl(text: string): Cluster {
  const { url, servers } = parse(text)
  const parameter = (name: string) => url.searchParams.get(name) || undefined
  const [first, ...others] = addressesOf(url.searchParams, servers)
  const asksForWrites = readSessionAttributes(parameter('target_session_attrs'))
  refuseUnsupported(url.searchParams)
  const user = decode(url.username) || userInfo().username
  const options = parameter('options')
  const searchPath = parameter('search_path')
  if (searchPath?.includes(','))
    throw new PostgresUrlError(
      'must name one schema in search_path, so that all tables are in it',
      `${EXAMPLE}?search_path=app`,
    )

  function targetAt({ host, port }: Address): Target {
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
      mustWrite: asksForWrites || others.length > 0,
    }
  }

  return { ...targetAt(first), others: others.map(targetAt) }
}

/** Parses the servers separately, because a URL of the standard has only one. */
function parse(text: string): { readonly url: URL; readonly servers: readonly URL[] } {
  const match = /^postgres(?:ql)?(?:\+\w+)?:\/\/([^/?#]*@)?([^/?#]*)(.*)$/is.exec(text)
  if (match === null) throw new PostgresUrlError('must start with postgres:// or postgresql://')
  const [, login = '', servers = '', rest = ''] = match
  return {
    url: parseStandardUrl(`postgres://${login}localhost${rest}`),
    servers: servers
      .split(',')
      // Other drivers accept a port without a host; the standard does not.
      .map((server) => parseStandardUrl(`postgres://${server.replace(/^:/, 'localhost:')}`)),
  }
}

function parseStandardUrl(url: string): URL {
  if (!URL.canParse(url) || url.includes('#'))
    throw new PostgresUrlError(
      `must be a URL with a port from 1 to ${HIGHEST_PORT}, and special characters in the password must be percent-encoded`,
      'postgres://user:p%23ss@host:5432/database',
    )
  return new URL(url)
}

/** As in libpq, the parameters `host` and `port` replace the hosts and ports before the path. */
function addressesOf(
  parameters: URLSearchParams,
  servers: readonly URL[],
): readonly [Address, ...Address[]] {
  if (parameters.getAll('host').length > 1)
    throw new PostgresUrlError(
      'must name all hosts in one parameter, separated by commas',
      'postgres://user:password@/database?host=db1,db2&port=5432',
    )
  const names = servers.map(({ hostname }) => decode(hostname.replace(/^\[(.*)\]$/, '$1')))
  const [host = '', ...others] = (parameters.get('host') || names.join()).split(',')
  if (others.length > 0 && [host, ...others].includes(''))
    throw new PostgresUrlError('must have a host on both sides of each comma', CLUSTER_EXAMPLE)
  const ports = (parameters.get('port') || servers.map(({ port }) => port).join())
    .split(',')
    .map(readPort)
  const [port = DEFAULT_PORT, ...otherPorts] = ports
  if (otherPorts.length > 0 && otherPorts.length !== others.length)
    throw new PostgresUrlError('must have one port for all hosts, or one for each', CLUSTER_EXAMPLE)
  return [
    { host, port },
    ...others.map((other, index) => ({ host: other, port: otherPorts[index] ?? port })),
  ]
}

function readPort(text: string): number {
  const port = Number(text || DEFAULT_PORT)
  if (!Number.isInteger(port) || port < 1 || port > HIGHEST_PORT)
    throw new PostgresUrlError(`must have a port from 1 to ${HIGHEST_PORT}`)
  return port
}

/** Whether libpq's `target_session_attrs` asks for a server that takes writes. */
function readSessionAttributes(given = 'any'): boolean {
  switch (given) {
    case 'any':
      return false
    case 'read-write':
    case 'primary':
      return true
    case 'read-only':
    case 'standby':
    case 'prefer-standby':
      throw new PostgresUrlError(
        `must have target_session_attrs=read-write, not ${given}, because the service writes to the database`,
        CLUSTER_EXAMPLE,
      )
    default:
      throw new PostgresUrlError(
        `must have target_session_attrs any, primary or read-write, not "${given}"`,
        CLUSTER_EXAMPLE,
      )
  }
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
