import type { FoundApiToken } from '../../core/ports.ts'
import { type Lane, openLane } from './connection/lane.ts'
import { send } from './connection/statement.ts'
import type { Target } from './connection/url.ts'
import { createPostgresMigrations } from './migrations.ts'
import { findTokens } from './tokens.ts'

/** What a server and its database are like for the role that logs in. */
export interface ServerState {
  /** Such as `18.1`. */
  readonly version: string
  readonly major: number
  readonly encoding: string
  readonly role: string
  readonly schema: string
  readonly isStandby: boolean
  /** Also if the server is a standby. */
  readonly isReadOnly: boolean
  /** Whether no pooler is in between, as far as can be detected. */
  readonly isDirect: boolean
  /** Whether the role may create tables in the schema, and owns the tables that are there. */
  readonly mayMigrate: boolean
  /** Rights that the service needs and the role lacks, such as `insert on tasks`. Missing tables need none. */
  readonly missingRights: readonly string[]
}

const NEEDED_RIGHTS: Readonly<Record<string, readonly string[]>> = {
  tasks: ['select', 'insert', 'update', 'delete'],
  lists: ['select', 'insert', 'update', 'delete'],
  owners: ['select', 'insert', 'update', 'delete'],
  remembered_calls: ['select', 'insert', 'update', 'delete'],
  api_tokens: ['select', 'insert', 'update', 'delete'],
  taskport_migrations: ['select'],
}

const needed = Object.entries(NEEDED_RIGHTS).flatMap(([table, rights]) =>
  rights.map((right) => `('${table}', '${right}')`),
)

const STATE = `
  with needed (name, privilege) as (values ${needed.join()}),
    present as (
      select name, privilege, pg_class.oid, relowner
      from needed join pg_class on pg_class.oid = to_regclass(name))
  select current_setting('server_version') as version,
    current_setting('server_version_num')::integer / 10000 as major,
    current_setting('server_encoding') as encoding,
    current_user::text as role,
    current_schema()::text as schema,
    pg_is_in_recovery() as is_standby,
    current_setting('transaction_read_only')::boolean as is_read_only,
    has_schema_privilege(current_schema(), 'create')
      and not exists (select from present where not pg_has_role(relowner, 'usage')) as may_migrate,
    (select string_agg(privilege || ' on ' || name, ', ') from present
      where not has_table_privilege(oid, privilege)) as missing_rights`

interface Row {
  readonly version: string
  readonly major: number
  readonly encoding: string
  readonly role: string
  readonly schema: string
  readonly is_standby: boolean
  readonly is_read_only: boolean
  readonly may_migrate: boolean
  readonly missing_rights: string | null
}

/**
 * Looks at a server, and changes nothing.
 *
 * @param timeoutMs when the connection is dropped.
 * @throws OperatorError if the service could not use the database.
 */
export function inspectServer(target: Target, timeoutMs: number): Promise<ServerState> {
  return withLane(target, timeoutMs, async (lane) => {
    const [row] = await lane.sql.unsafe<[Row]>(STATE)
    return {
      version: row.version,
      major: row.major,
      encoding: row.encoding,
      role: row.role,
      schema: row.schema,
      isStandby: row.is_standby,
      isReadOnly: row.is_read_only,
      isDirect: lane.isDirect,
      mayMigrate: row.may_migrate,
      missingRights: row.missing_rights?.split(', ') ?? [],
    }
  })
}

/** Looks up an API token by the hash of its secret. */
export function findTokenOn(
  target: Target,
  hash: string,
  timeoutMs: number,
): Promise<FoundApiToken | null> {
  return withLane(target, timeoutMs, async ({ sql }) => {
    const [found = null] = await findTokens(
      (statement, values) => send(sql, statement, values),
      [hash],
    )
    return found
  })
}

/** The schema's files as one server sees them. */
export function migrationsOn(target: Target, timeoutMs: number) {
  return createPostgresMigrations(() => open(target, timeoutMs))
}

async function withLane<Result>(
  target: Target,
  timeoutMs: number,
  work: (lane: Lane) => Promise<Result>,
): Promise<Result> {
  const lane = await open(target, timeoutMs)
  const timer = setTimeout(lane.destroy, timeoutMs)
  try {
    return await work(lane)
  } finally {
    clearTimeout(timer)
    lane.destroy()
  }
}

/** Unlike the service, also opens a connection to a server that is read-only. */
function open(target: Target, timeoutMs: number) {
  const options = { prepare: 'never', timeoutMs, onClose() {} } as const
  return openLane({ ...target, mustWrite: false }, options)
}
