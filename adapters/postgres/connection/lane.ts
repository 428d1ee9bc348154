import type { Socket } from 'node:net'
import postgres from 'postgres'
import { OperatorError } from '../../../core/errors.ts'
import { toOperatorError, unavailable } from './errors.ts'
import { type Backend, cancelStatement, openSocket } from './socket.ts'
import type { Target } from './url.ts'

/** Whether the server keeps prepared statements for the session. `auto`: unless a pooler is detected. */
export type Prepare = 'auto' | 'always' | 'never'

/** A connection that has logged in. Once it is lost it is never reopened: open a new one. */
export interface Lane {
  /** Statements run one after the other, in the order in which they are sent. */
  readonly sql: postgres.Sql
  /** The server. */
  readonly target: Target
  /** Whether the connection goes to the server itself, as far as can be detected. */
  readonly isDirect: boolean
  /** Rejects if the connection is lost, or if the server must take writes and has become read-only. */
  ping(): Promise<void>
  /** Closes an idle connection gracefully. Never rejects. */
  end(): Promise<void>
  /** Drops the connection at once. Statements that still run on it reject. */
  destroy(): void
  /** Asks the server to cancel the running statement, then calls `destroy`. */
  abort(): void
}

export interface LaneOptions {
  readonly prepare: Prepare
  /** The limit for connecting, encrypting and logging in together. */
  readonly timeoutMs: number
  /** Called once when the connection is closed, by either side. */
  readonly onClose: () => void
  /** Called with the payload of each notification that the session listens for. */
  readonly onNotify?: (payload: string) => void
}

/** @throws OperatorError if the database cannot store tasks, or the server refuses the URL's parameters. */
export async function openLane(target: Target, options: LaneOptions): Promise<Lane> {
  const sockets: Socket[] = []
  let usable = true

  function destroy(): void {
    usable = false
    for (const socket of sockets) socket.destroy()
  }

  // The driver calls this whenever it wants to connect, but a lane is never reopened.
  function openOnce(): Promise<Socket> {
    if (!usable || sockets.length > 0) throw new Error('the server closed the connection')
    return openSocket(target, (socket) => {
      sockets.push(socket)
      if (!usable) socket.destroy()
    })
  }

  // All are set, because the driver reads missing ones from the environment.
  const settings = {
    host: target.host,
    port: target.port,
    database: target.database,
    username: target.user,
    // A function, because the driver treats an empty string as missing.
    password: () => target.password,
    connection: target.session,
    socket: openOnce,
    ssl: false,
    max: 1,
    connect_timeout: 0,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    prepare: false,
    onnotice: refuseUnconfirmed,
    onclose: options.onClose,
    onnotify: (_channel: string, payload: string) => options.onNotify?.(payload),
  }
  const sql = postgres(settings)

  const timer = setTimeout(destroy, options.timeoutMs)
  try {
    const backend = await greet(sql, target)
    const isDirect = !target.looksPooled && backend.direct
    sql.options.prepare = options.prepare === 'always' || (options.prepare === 'auto' && isDirect)
    return {
      sql,
      target,
      isDirect,
      async ping() {
        const statement = target.mustWrite ? `select ${READ_ONLY}` : 'select 1'
        const [row] = await sql.unsafe<Partial<Greeting>[]>(statement)
        refuseReadOnly(row?.read_only === true, target)
      },
      async end() {
        await sql.end({ timeout: 1 }).catch(() => {})
        destroy()
      },
      destroy,
      abort() {
        void cancelStatement(target, backend, options.timeoutMs).finally(destroy)
      },
    }
  } catch (error) {
    destroy()
    throw toOperatorError(error)
  } finally {
    clearTimeout(timer)
  }
}

/**
 * A commit waits for the synchronous standby. If an operator cancels the wait, the server warns and reports
 * success, although a failover may lose the commit. The driver rejects the statement with what this throws.
 */
function refuseUnconfirmed({ routine }: postgres.Notice): void {
  if (routine === 'SyncRepWaitForLSN')
    throw unavailable('The synchronous standby has not confirmed the commit')
}

const READ_ONLY = `current_setting('transaction_read_only')::boolean as read_only`

const GREETING = `
  select pg_backend_pid() as pid, current_setting('server_encoding') as encoding,
    current_setting('search_path') as search_path, current_schema() as schema,
    current_setting('array_nulls')::boolean as array_nulls, ${READ_ONLY}`

interface Greeting {
  readonly pid: number
  readonly encoding: string
  readonly search_path: string
  /** `null` if no schema of the search path exists. */
  readonly schema: string | null
  readonly array_nulls: boolean
  /** Also if the server is a standby. */
  readonly read_only: boolean
}

// A pooler reports a process id of its own, and may run each transaction in a different server process. A
// statement that was prepared in one process is missing, or a different one, in the next.
async function greet(
  sql: postgres.Sql,
  target: Target,
): Promise<Backend & { readonly direct: boolean }> {
  const rows = await sql.unsafe<[Greeting]>(GREETING)
  const { pid, secret } = rows.state
  refuseReadOnly(rows[0].read_only, target)
  check(rows[0], target)
  return { pid, secret, direct: rows[0].pid === pid }
}

function refuseReadOnly(isReadOnly: boolean, { mustWrite }: Target): void {
  if (isReadOnly && mustWrite) throw new Error('the server is read-only')
}

/** Checks settings that a session cannot change, at least not through a pooler. */
function check(greeting: Greeting, { database, searchPath }: Target): void {
  const { encoding, search_path: actual, schema, array_nulls: hasArrayNulls } = greeting
  if (encoding !== 'UTF8')
    throw new OperatorError(
      `DATABASE_URL: The database "${database}" has the encoding ${encoding}, but must have UTF8. Create another one, for example with: create database tasks encoding 'UTF8' template template0`,
    )
  if (searchPath !== null && actual !== searchPath)
    throw new OperatorError(
      `DATABASE_URL: The connection pooler ignores search_path=${searchPath}. Remove it from the URL and set it for the role, for example with: alter role tasks set search_path = app`,
    )
  if (schema === null)
    throw new OperatorError(
      `DATABASE_URL: The search_path of the connection, ${actual}, names no schema that exists and that the role may use. Create it, for example with: create schema app`,
    )
  if (!hasArrayNulls)
    throw new OperatorError(
      `DATABASE_URL: The database "${database}" has the setting array_nulls = off, but must have it on. Change it, for example with: alter database tasks reset array_nulls`,
    )
}
