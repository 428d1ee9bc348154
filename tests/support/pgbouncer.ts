import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createServerDirectory, findProgram, startInBackground } from './background-process.ts'
import { freePort } from './port.ts'

export interface PgBouncer {
  /** The URL of the same database through the pooler. */
  through(databaseUrl: string): string
  stop(): Promise<void>
}

/**
 * Starts PgBouncer in transaction mode, with default settings, in front of a local server. It has
 * fewer server connections than clients, so one client's transactions run in several sessions.
 *
 * @param settings additional lines of its configuration.
 */
export async function startPgBouncer(
  serverUrl: string,
  settings: readonly string[] = [],
): Promise<PgBouncer> {
  const program = findProgram('pgbouncer')
  const { path: directory, pidFile, identity, remove } = await createServerDirectory('pgbouncer')
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
${settings.join('\n')}
`,
  )
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
      await remove()
    },
  }
}
