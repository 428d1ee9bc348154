import { createSqliteAdministration } from './administration.ts'
import { createSqliteArchive } from './archive.ts'
import { createConnection } from './connection.ts'
import { createGroupCommit } from './group-commit.ts'
import { createSqliteMaintenance } from './maintenance.ts'
import { createSqliteMigrations } from './migrations.ts'
import { createSqliteRepository } from './repository.ts'
import { createSqliteTokens } from './tokens.ts'
import { createSqliteFeedWatch } from './watch.ts'

/**
 * The file is opened on first use, so it may be missing or locked until then.
 *
 * @param options.timeoutMs longest that a call waits for another process's lock.
 * @param options.newEpoch generates the epoch of a new owner's feed.
 */
export function openSqlite(options: {
  readonly path: string
  readonly timeoutMs: number
  readonly newEpoch: () => string
}) {
  const { path, timeoutMs, newEpoch } = options
  const connection = createConnection(path, timeoutMs)
  const commit = createGroupCommit(connection)
  const feed = createSqliteFeedWatch(connection)
  return {
    repository: createSqliteRepository(connection, commit, newEpoch, feed.notify),
    watch: { watch: feed.watch },
    maintenance: createSqliteMaintenance(connection, commit, feed.notify),
    tokens: createSqliteTokens(connection, commit),
    archive: createSqliteArchive(connection, commit, newEpoch, feed.notify),
    administration: createSqliteAdministration(connection, commit, newEpoch, feed.notify),
    migrations: createSqliteMigrations(connection),
    ping: () =>
      connection.run(({ database }) => {
        database.query('select 1 from sqlite_schema limit 1').get()
      }),
    poolUse: () => null,
    async close() {
      feed.stop()
      connection.close()
    },
  }
}
