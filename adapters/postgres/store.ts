import { createPostgresArchive } from './archive.ts'
import { unavailable } from './errors.ts'
import { openLane, type Prepare } from './lane.ts'
import { createPostgresMigrations } from './migrations.ts'
import { createPool } from './pool.ts'
import { createPostgresRepository } from './repository.ts'
import { parsePostgresUrl } from './url.ts'

const PING = { text: 'select 1', types: [] }

/** Longest that a migration waits for its connection: a server that sleeps takes seconds to wake. */
const WAKE_UP_MS = 10_000

/**
 * Connections are made when they are needed, so that the server need not be up yet.
 *
 * @param options.poolMax how many connections there are at most.
 * @param options.timeoutMs longest that a call may take: waiting for a connection, making one and
 * the server's answer together.
 * @param options.prepare `auto` prepares statements where no pooler is in between.
 * @throws Error where the URL cannot be understood.
 */
export function openPostgres(options: {
  readonly url: string
  readonly poolMax: number
  readonly timeoutMs: number
  readonly prepare: Prepare
}) {
  const { poolMax, timeoutMs, prepare } = options
  const target = parsePostgresUrl(options.url)

  // Half the limit, so that a call that has waited for a connection in vain has time for another.
  const pool = createPool(
    (onClose) => openLane(target, { prepare, timeoutMs: timeoutMs / 2, onClose }),
    { max: poolMax, timeoutMs },
  )

  async function openForMigration() {
    try {
      return await openLane(target, {
        prepare: 'never',
        timeoutMs: Math.max(timeoutMs, WAKE_UP_MS),
        onClose: () => {},
      })
    } catch (error) {
      throw unavailable('PostgreSQL cannot be reached', error)
    }
  }

  return {
    repository: createPostgresRepository(pool),
    archive: createPostgresArchive(pool),
    migrations: createPostgresMigrations(openForMigration),
    async ping(): Promise<void> {
      await pool.run(PING, [])
    },
    poolUse: pool.use,
    close: pool.close,
  }
}
