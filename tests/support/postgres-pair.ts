import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { type PostgresServer, startServer } from './postgres-server.ts'

/** A primary and its synchronous replica. A commit is acknowledged once both have it. */
export interface PostgresPair {
  primary(): PostgresServer
  replica(): PostgresServer
  /** Creates an empty database, and returns its name. */
  createDatabase(): Promise<string>
  /** Runs statements as the superuser of a server. */
  administer(server: PostgresServer, ...statements: string[]): Promise<postgres.Row[]>
  /** Makes the replica the primary. The former primary keeps its state: see `rejoin`. */
  promote(): Promise<void>
  /** Makes the former primary, in whatever state it is, the synchronous replica. */
  rejoin(): Promise<void>
  remove(): Promise<void>
}

const SETTINGS = [
  // Only a crash of the operating system would lose what is written. Makes `rejoin` four times as fast.
  'fsync=off',
  // How soon a replica that has lost its primary connects again.
  'wal_retrieve_retry_interval=50ms',
]

export async function startPair(): Promise<PostgresPair> {
  const start = () => startServer({ durable: true, settings: SETTINGS })
  let [primary, replica] = await Promise.all([start(), start()])

  async function administer(server: PostgresServer, ...statements: string[]) {
    const sql = postgres(server.url, { max: 1, fetch_types: false, onnotice: () => {} })
    try {
      let rows: postgres.Row[] = []
      for (const statement of statements) rows = await sql.unsafe(statement)
      return rows
    } finally {
      await sql.end()
    }
  }

  async function rejoin(): Promise<void> {
    await replica.follow(primary)
    // Not earlier, because the copy would have the setting, and wait for a replica once it is promoted.
    await administer(
      primary,
      `alter system set synchronous_standby_names = '*'`,
      'select pg_reload_conf()',
    )
  }

  await rejoin()
  return {
    primary: () => primary,
    replica: () => replica,
    async createDatabase() {
      const name = `taskport_${randomUUID().replaceAll('-', '')}`
      await administer(primary, 'set synchronous_commit = remote_apply', `create database ${name}`)
      return name
    },
    administer,
    async promote() {
      await administer(replica, 'select pg_promote()')
      ;[primary, replica] = [replica, primary]
    },
    rejoin,
    async remove() {
      await Promise.all([primary.remove(), replica.remove()])
    },
  }
}
