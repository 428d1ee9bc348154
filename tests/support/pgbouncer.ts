import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanUpAfterwards, startInBackground, unprivilegedUser } from './background-process.ts'
import { freePort } from './port.ts'

export interface PgBouncer {
  /** The same database, through the pooler. */
  through(databaseUrl: string): string
  stop(): Promise<void>
}

/**
 * Starts PgBouncer in transaction mode, as strict as it comes, before a server on this machine.
 * Fewer server connections than clients, so that transactions of one client meet several servers.
 */
export async function startPgBouncer(serverUrl: string): Promise<PgBouncer> {
  const identity = await unprivilegedUser()
  const directory = await mkdtemp(join(tmpdir(), 'taskport-pgbouncer-'))
  const pidFile = join(directory, 'pid')
  await cleanUpAfterwards(directory, pidFile)
  const port = await freePort()
  const { port: serverPort, username, password } = new URL(serverUrl)
  await writeFile(join(directory, 'users.txt'), `"${username}" "${password}"\n`)
  await writeFile(
    join(directory, 'pgbouncer.ini'),
    `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pidfile = ${pidFile}
auth_type = scram-sha-256
auth_file = ${join(directory, 'users.txt')}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
`,
  )
  const { uid, gid } = identity
  if (uid !== undefined && gid !== undefined) await chown(directory, uid, gid)
  // Debian keeps it where not everybody's PATH looks.
  const program = Bun.which('pgbouncer', { PATH: `${process.env['PATH']}:/usr/sbin` })
  if (program === null) throw new Error('PgBouncer is not installed: apt-get install pgbouncer')
  const server = await startInBackground(
    [program, join(directory, 'pgbouncer.ini')],
    'process up',
    identity,
  )

  return {
    through(databaseUrl) {
      const url = new URL(databaseUrl)
      url.port = `${port}`
      return url.href
    },
    async stop() {
      await server.end('SIGTERM')
      await rm(directory, { recursive: true })
    },
  }
}
