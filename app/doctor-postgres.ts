import { type Cluster, parsePostgresUrl, type Target } from '../adapters/postgres/connection/url.ts'
import {
  findTokenOn,
  inspectServer,
  migrationsOn,
  type ServerState,
} from '../adapters/postgres/diagnosis.ts'
import { OperatorError } from '../core/errors.ts'
import type { FoundApiToken } from '../core/ports.ts'
import { isLoopback } from './address.ts'
import {
  ANSWER_MS,
  type Finding,
  ok,
  problem,
  reasonOf,
  type Subject,
  warning,
  within,
} from './doctor-finding.ts'
import { expectMigrated, migrationFindings } from './doctor-migrations.ts'

const TESTED_MAJOR = 18
// The first with gen_random_uuid(), which the schema uses.
const OLDEST_MAJOR = 13

/** A server, and what it is like or why it cannot be used. */
type Server = { readonly target: Target } & (
  | { readonly state: ServerState }
  | { readonly error: unknown }
)
type Reached = Extract<Server, { readonly state: ServerState }>

export async function postgresFindings(
  url: string,
  { directUrl, production }: Subject['config'],
): Promise<readonly Finding[]> {
  const [servers, directServers] = await Promise.all([
    inspectAll(parsePostgresUrl(url)),
    directUrl === null ? [] : inspectAll(parsePostgresUrl(directUrl)),
  ])
  const server = chosen(servers)
  const direct = chosen(directServers)
  const findings = [
    ...serverFindings('store', servers),
    ...serverFindings('direct store', directServers),
  ]
  if (server === undefined) return findings
  // Migrations run on the direct connection.
  const migrator = direct ?? server
  const { findings: migrations, arePending } = await migrationFindings(
    migrationsOn(migrator.target, ANSWER_MS),
  )
  return [
    ...findings,
    versionFinding(server.state),
    ok('store encoding', server.state.encoding),
    ...poolerFindings(server, direct, directUrl !== null),
    ...(production ? encryptionFindings(server.target) : []),
    ...rightsFindings(server.state, migrator.state, arePending),
    ...migrations,
  ]
}

/**
 * Looks up an API token by the hash of its secret.
 *
 * @throws if no server can be used.
 */
export async function findPostgresToken(url: string, hash: string): Promise<FoundApiToken | null> {
  const server = chosen(await inspectAll(parsePostgresUrl(url)))
  if (server === undefined) throw new OperatorError('the store cannot be used')
  await expectMigrated(migrationsOn(server.target, ANSWER_MS))
  return within(ANSWER_MS, findTokenOn(server.target, hash, ANSWER_MS))
}

function inspectAll({ others, ...first }: Cluster): Promise<Server[]> {
  return Promise.all(
    [first, ...others].map(async (target) => {
      try {
        return { target, state: await within(ANSWER_MS, inspectServer(target, ANSWER_MS)) }
      } catch (error) {
        return { target, error }
      }
    }),
  )
}

/** The server that the service would use; if none takes writes, one that can be inspected. */
function chosen(servers: readonly Server[]): Reached | undefined {
  const reached = servers.filter((server) => 'state' in server)
  return reached.find(({ state }) => !state.isReadOnly) ?? reached[0]
}

function serverFindings(name: string, servers: readonly Server[]): Finding[] {
  const hasWriter = servers.some((server) => 'state' in server && !server.state.isReadOnly)
  return servers.map((server) => {
    const address = addressOf(server.target)
    if ('error' in server) {
      if (server.error instanceof OperatorError) return problem(name, reasonOf(server.error))
      const found = `${address} cannot be used: ${reasonOf(server.error)}`
      return hasWriter
        ? warning(name, found, 'Repair the server: until then, a failover to it is not possible.')
        : problem(
            name,
            found,
            'Start PostgreSQL, or correct the host, port, user, password or database in the URL.',
          )
    }
    const { version, isReadOnly, isStandby } = server.state
    const found = `PostgreSQL ${version} at ${address}`
    if (!isReadOnly) return ok(name, `${found} takes writes`)
    if (hasWriter) return ok(name, `${found} is ${isStandby ? 'a standby' : 'read-only'}`)
    return problem(
      name,
      `${found} is ${isStandby ? 'a standby' : 'read-only'}, and no other host takes writes`,
      isStandby
        ? 'Name the primary in DATABASE_URL, or all hosts: postgres://user:password@db1,db2/tasks.'
        : 'Reset default_transaction_read_only for the server, the database or the role.',
    )
  })
}

function addressOf({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function versionFinding({ version, major }: ServerState): Finding {
  const name = 'store version'
  const found = `PostgreSQL ${version}`
  if (major === TESTED_MAJOR) return ok(name, found)
  if (major < OLDEST_MAJOR)
    return problem(name, found, `Update to PostgreSQL ${TESTED_MAJOR}, with which it is tested.`)
  return warning(
    name,
    found,
    `Taskport is tested with PostgreSQL ${TESTED_MAJOR}: try the other version before you rely on it.`,
  )
}

function poolerFindings(
  { state }: Reached,
  direct: Reached | undefined,
  hasDirectUrl: boolean,
): Finding[] {
  const name = 'pooler'
  if (direct !== undefined && !direct.state.isDirect)
    return [
      warning(
        name,
        'DATABASE_DIRECT_URL leads through a pooler, too',
        'Write the address of PostgreSQL itself into DATABASE_DIRECT_URL.',
      ),
    ]
  if (state.isDirect) return [ok(name, 'none: the connection is direct')]
  if (hasDirectUrl) return [ok(name, 'requests go through a pooler')]
  return [
    warning(
      name,
      'all connections go through a pooler, so readers see changes after up to a second',
      'Set DATABASE_DIRECT_URL to the address of PostgreSQL itself.',
    ),
  ]
}

function encryptionFindings({ host, encryption }: Target): Finding[] {
  const name = 'store encryption'
  if (host.startsWith('/') || isLoopback(host)) return []
  if (encryption.mode === 'require' && encryption.verify !== 'nothing')
    return [ok(name, 'required, and the certificate is checked')]
  return [
    warning(
      name,
      "the server's certificate is not checked",
      'Add sslmode=verify-full to DATABASE_URL, unless the network is trusted.',
    ),
  ]
}

function rightsFindings(
  { role, missingRights }: ServerState,
  migrator: ServerState,
  arePending: boolean,
): Finding[] {
  const name = 'store rights'
  const findings: Finding[] = []
  if (missingRights.length > 0)
    findings.push(
      problem(
        name,
        `the role ${role} lacks ${missingRights.join(', ')}`,
        `Grant them as the owner of the tables: grant ${missingRights[0]} to ${role};`,
      ),
    )
  if (arePending && !migrator.mayMigrate)
    findings.push(
      problem(
        name,
        `migrations are pending, and the role ${migrator.role} may not change the schema ${migrator.schema}`,
        'Run `taskport migrate` with the role that owns the schema and its tables.',
      ),
    )
  return findings.length > 0
    ? findings
    : [ok(name, `the role ${role} has the rights that it needs`)]
}
