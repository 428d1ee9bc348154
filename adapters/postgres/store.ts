import { OperatorError } from '../../core/errors.ts'
import { createPostgresAdministration } from './administration.ts'
import { createPostgresArchive } from './archive.ts'
import { type Connect, createConnector } from './connection/connector.ts'
import { unavailable } from './connection/errors.ts'
import type { Prepare } from './connection/lane.ts'
import { listen } from './connection/listener.ts'
import { createPool } from './connection/pool.ts'
import { parsePostgresUrl } from './connection/url.ts'
import { createPostgresMaintenance } from './maintenance.ts'
import { createPostgresMigrations } from './migrations.ts'
import { createPostgresRepository } from './repository.ts'
import { createPostgresTokens } from './tokens.ts'
import { createFeedWatch } from './watch.ts'

const PING = { text: 'select 1', types: [] }

/** How long a migration waits for its connection. A suspended server takes seconds to wake up. */
const WAKE_UP_MS = 10_000

/**
 * Connections are opened on first use, so the server may start later.
 *
 * @param options.directUrl the same database without a pooler in between, for notifications and
 *   migrations; `null` if there is no pooler, or no such URL.
 * @param options.poolMax the maximum number of connections.
 * @param options.timeoutMs time limit of a call, including waiting for a connection and opening it.
 * @param options.prepare `auto` prepares statements if no pooler is in between.
 * @param options.newEpoch generates the epoch of a new owner's feed.
 * @throws Error if the URL is malformed.
 */
export function openPostgres(options: {
  readonly url: string
  readonly directUrl: string | null
  readonly poolMax: number
  readonly timeoutMs: number
  readonly prepare: Prepare
  readonly newEpoch: () => string
}) {
  const { directUrl, poolMax, timeoutMs, prepare, newEpoch } = options
  const connect = createConnector(parsePostgresUrl(options.url))
  const connectDirectly =
    directUrl === null ? connect : createConnector(parsePostgresUrl(directUrl))

  // Half the limit, so that a call has time for another connection if the first one fails.
  const pool = createPool((onClose) => connect({ prepare, timeoutMs: timeoutMs / 2, onClose }), {
    max: poolMax,
    timeoutMs,
  })

  let poolerCheck: Promise<void> | undefined

  async function openForMigration() {
    const open = (connectTo: Connect) =>
      connectTo({
        prepare: 'never',
        timeoutMs: Math.max(timeoutMs, WAKE_UP_MS),
        onClose: () => {},
      })
    try {
      if (directUrl !== null) poolerCheck ??= checkPooler(open)
      await poolerCheck
      return await open(connectDirectly)
    } catch (error) {
      if (error instanceof OperatorError) throw error
      throw unavailable('PostgreSQL cannot be reached', error)
    }
  }

  /**
   * Migrations bypass the pooler, which may be down. But settings that it rejects would fail every
   * request, so they are checked here.
   */
  async function checkPooler(open: (connectTo: Connect) => ReturnType<Connect>): Promise<void> {
    try {
      const lane = await open(connect)
      await lane.end()
    } catch (error) {
      if (error instanceof OperatorError) throw error
    }
  }

  // A pooler hands the session to other clients, so notifications would be lost.
  async function openForListening(on: {
    readonly onNotify: (payload: string) => void
    readonly onClose: () => void
  }) {
    const lane = await connectDirectly({ prepare: 'never', timeoutMs, ...on })
    if (lane.isDirect || directUrl !== null) return lane
    await lane.end()
    return null
  }

  const feeds = createFeedWatch(pool, (on) => listen(openForListening, { timeoutMs, ...on }))

  return {
    repository: createPostgresRepository({ pool, newEpoch, onWrite: feeds.wrote, timeoutMs }),
    watch: { watch: feeds.watch },
    maintenance: createPostgresMaintenance(pool),
    tokens: createPostgresTokens(pool, timeoutMs),
    archive: createPostgresArchive(pool, newEpoch, timeoutMs),
    administration: createPostgresAdministration(pool, timeoutMs),
    migrations: createPostgresMigrations(openForMigration),
    async ping(): Promise<void> {
      await pool.run(PING, [])
    },
    poolUse: pool.use,
    async close(): Promise<void> {
      await feeds.close()
      await pool.close()
    },
  }
}
