import { createPostgresArchive } from './archive.ts'
import { unavailable } from './connection/errors.ts'
import { openLane, type Prepare } from './connection/lane.ts'
import { listen } from './connection/listener.ts'
import { createPool } from './connection/pool.ts'
import { parsePostgresUrl } from './connection/url.ts'
import { createPostgresMaintenance } from './maintenance.ts'
import { createPostgresMigrations } from './migrations.ts'
import { createPostgresRepository } from './repository.ts'
import { createFeedWatch } from './watch.ts'

const PING = { text: 'select 1', types: [] }

/** Longest that a migration waits for its connection: a server that sleeps takes seconds to wake. */
const WAKE_UP_MS = 10_000

/**
 * Connections are made when they are needed, so that the server need not be up yet.
 *
 * @param options.directUrl the same database without a pooler in between, for notifications and
 * migrations; `null` where `url` is that already, or there is none.
 * @param options.poolMax how many connections there are at most.
 * @param options.timeoutMs longest that a call may take: waiting for a connection, making one and
 * the server's answer together.
 * @param options.prepare `auto` prepares statements where no pooler is in between.
 * @param options.newEpoch names the feed of a new owner.
 * @throws Error where the URL cannot be understood.
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
  const target = parsePostgresUrl(options.url)
  const directTarget = directUrl === null ? target : parsePostgresUrl(directUrl)

  // Half the limit, so that a call that has waited for a connection in vain has time for another.
  const pool = createPool(
    (onClose) => openLane(target, { prepare, timeoutMs: timeoutMs / 2, onClose }),
    { max: poolMax, timeoutMs },
  )

  async function openForMigration() {
    try {
      return await openLane(directTarget, {
        prepare: 'never',
        timeoutMs: Math.max(timeoutMs, WAKE_UP_MS),
        onClose: () => {},
      })
    } catch (error) {
      throw unavailable('PostgreSQL cannot be reached', error)
    }
  }

  // A pooler hands the session to others, and would lose what it is told.
  async function openForListening(on: {
    readonly onNotify: (payload: string) => void
    readonly onClose: () => void
  }) {
    const lane = await openLane(directTarget, { prepare: 'never', timeoutMs, ...on })
    if (lane.isDirect || directUrl !== null) return lane
    await lane.end()
    return null
  }

  const feeds = createFeedWatch(pool, (on) => listen(openForListening, { timeoutMs, ...on }))

  return {
    repository: createPostgresRepository({ pool, newEpoch, onWrite: feeds.wrote, timeoutMs }),
    watch: { watch: feeds.watch },
    maintenance: createPostgresMaintenance(pool),
    archive: createPostgresArchive(pool, newEpoch),
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
