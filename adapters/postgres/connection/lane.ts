import type { Socket } from 'node:net'
import postgres from 'postgres'
import { type Backend, cancelStatement, openSocket } from './socket.ts'
import type { Target } from './url.ts'

/** Whether statements get names, which a server keeps for the session: where that is safe, or as told. */
export type Prepare = 'auto' | 'always' | 'never'

/** One connection that has answered once. It never comes back from the dead: open another. */
export interface Lane {
  /** For one statement at a time. */
  readonly sql: postgres.Sql
  /** Whether no pooler is in between, as far as that can be seen. */
  readonly isDirect: boolean
  /** Says goodbye. Only for a lane that is doing nothing. Never rejects. */
  end(): Promise<void>
  /** Cuts the connection at once: what runs on it rejects. */
  destroy(): void
  /** As `destroy`, once the server has been asked to give up what runs. */
  abort(): void
}

/**
 * @param options.timeoutMs longest that connecting, encrypting and logging in may take together.
 * @param options.onClose called once when the connection has gone, whoever ended it.
 * @param options.onNotify called with what others send to a channel that the session listens to.
 */
export async function openLane(
  target: Target,
  options: {
    readonly prepare: Prepare
    readonly timeoutMs: number
    readonly onClose: () => void
    readonly onNotify?: (payload: string) => void
  },
): Promise<Lane> {
  const sockets: Socket[] = []
  let usable = true

  function destroy(): void {
    usable = false
    for (const socket of sockets) socket.destroy()
  }

  // Called by the driver, which would connect again and again.
  function openOnce(): Promise<Socket> {
    if (!usable || sockets.length > 0) throw new Error('the server closed the connection')
    return openSocket(target, (socket) => {
      sockets.push(socket)
      if (!usable) socket.destroy()
    })
  }

  // All of them given, since the driver looks in the environment for those that are not.
  const settings = {
    host: target.host,
    port: target.port,
    database: target.database,
    username: target.user,
    // A function, because an empty string counts as not given.
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
    onnotice: () => {},
    onclose: options.onClose,
    onnotify: (_channel: string, payload: string) => options.onNotify?.(payload),
  }
  const sql = postgres(settings)

  const timer = setTimeout(destroy, options.timeoutMs)
  try {
    const backend = await greet(sql)
    const isDirect = !target.looksPooled && backend.direct
    sql.options.prepare = options.prepare === 'always' || (options.prepare === 'auto' && isDirect)
    return {
      sql,
      isDirect,
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
    throw error
  } finally {
    clearTimeout(timer)
  }
}

// A pooler introduces itself with numbers of its own, and hands each transaction to any server
// process: statements that one of them knows by name are unknown, or others, to the next.
async function greet(sql: postgres.Sql): Promise<Backend & { readonly direct: boolean }> {
  const rows = await sql.unsafe<[{ pid: number }]>('select pg_backend_pid() as pid')
  const { pid, secret } = rows.state
  return { pid, secret, direct: rows[0].pid === pid }
}
