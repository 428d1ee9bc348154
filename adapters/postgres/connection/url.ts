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
  /** Whether the host or port is typical of a connection pooler. */
  readonly looksPooled: boolean
}

const POOLER_PORTS = [6432, 6543]

/**
 * Parses the URL of a PostgreSQL database as libpq, SQLAlchemy and hosting providers write it. Uses the
 * parameters for the server's address, encryption, `application_name` and `options`. Ignores all others:
 * they are settings of other drivers, and the server would refuse them.
 *
 * @throws Error if the URL is invalid. The message contains no secrets.
 */
export function parsePostgresUrl(text: string): Target {
  const url = parse(text)
  const parameter = (name: string) => url.searchParams.get(name) || undefined
  const host = parameter('host') ?? decode(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  if (host.includes(',')) throw new Error('names several hosts; give one')
  const port = Number(parameter('port') ?? (url.port || 5432))
  if (!Number.isInteger(port)) throw new Error('has a port that is not a number')
  const user = decode(url.username) || userInfo().username
  const options = parameter('options')
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
    },
    looksPooled: host.includes('-pooler') || POOLER_PORTS.includes(port),
  }
}

function parse(text: string): URL {
  const match = /^postgres(?:ql)?(?:\+\w+)?:\/\/(.*)$/is.exec(text)
  if (match === null) throw new Error('must start with postgres:// or postgresql://')
  // Other drivers accept a user without a host; the URL standard does not.
  const address = `${match[1]}`.replace(/^([^/?#]*@)(?=[/?#]|$)/, '$1localhost')
  const url = `postgres://${address}`
  if (!URL.canParse(url) || url.includes('#'))
    throw new Error('is not a URL; special characters in the password must be percent-encoded')
  return new URL(url)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Error('has a % that is not percent-encoding; write %25')
  }
}

// libpq's `sslmode` (postgresql.org/docs/current/libpq-ssl.html), or the `ssl` of other drivers, where
// `true` means that the server must be verified.
function encryptionOf(parameters: URLSearchParams): Encryption {
  const mode = parameters.get('sslmode') || parameters.get('ssl') || 'prefer'
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
      throw new Error(
        `has sslmode or ssl "${mode}"; use disable, prefer, require, verify-ca or verify-full`,
      )
  }
}

function readCa(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error('names an sslrootcert that cannot be read', { cause })
  }
}
