import { parsePostgresUrl, type Target } from '../adapters/postgres/connection/url.ts'

/** What to do instead of `taskport backup FILE`. */
export function dumpCommand(url: string, file: string): string {
  return `Back up PostgreSQL with its own tool, which must not be older than the server:

  pg_dump --format=custom --file=${quote(file)}${schemaOption(url)} ${quote(libpqUrl(url))}

${PASSWORD}`
}

/** What to do instead of `taskport restore FILE`. */
export function restoreCommands(url: string, file: string): string {
  return `Restore PostgreSQL with its own tool. Stop the service, and then run:

  pg_restore --clean --if-exists --no-owner --single-transaction --dbname=${quote(libpqUrl(url))} ${quote(file)}
  taskport migrate
  taskport feeds renew

${PASSWORD} Without \`taskport feeds renew\`, clients would not notice that their newest changes are gone.`
}

const PASSWORD = 'The password is left out: set PGPASSWORD, or enter it when you are asked.'

/** The URL as libpq reads it, without the password and without parameters that only other drivers know. */
function libpqUrl(text: string): string {
  const first = parsePostgresUrl(text)
  const { user, database, encryption, mustWrite } = first
  const targets = [first, ...first.others]
  const parameters = new URLSearchParams()
  const isLocal = first.host.startsWith('/')
  if (isLocal) {
    parameters.set('host', targets.map(({ host }) => host).join())
    parameters.set('port', targets.map(({ port }) => port).join())
  }
  if (mustWrite) parameters.set('target_session_attrs', 'read-write')
  if (encryption.mode !== 'prefer' && !isLocal) parameters.set('sslmode', sslMode(encryption))
  const certificates = new URL(text.replace(/@[^/?#]*/, '@localhost')).searchParams.get(
    'sslrootcert',
  )
  if (certificates) parameters.set('sslrootcert', certificates)
  else if (sslMode(encryption) === 'verify-full') parameters.set('sslrootcert', 'system')
  const query = parameters.size === 0 ? '' : `?${parameters}`
  return `postgresql://${encodeURIComponent(user)}@${addressesOf(targets)}/${encodeURIComponent(database)}${query}`
}

function addressesOf(targets: readonly Target[]): string {
  return targets
    .filter(({ host }) => !host.startsWith('/'))
    .map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
    .join()
}

function sslMode(encryption: Target['encryption']): string {
  if (encryption.mode !== 'require') return encryption.mode
  const modes = {
    nothing: 'require',
    certificate: 'verify-ca',
    'certificate and host': 'verify-full',
  }
  return modes[encryption.verify]
}

function schemaOption(url: string): string {
  const { searchPath } = parsePostgresUrl(url)
  return searchPath === null ? '' : ` --schema=${quote(searchPath)}`
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
