import { createSqliteArchive } from './archive.ts'
import { createConnection } from './connection.ts'
import { createSqliteFeedWatch } from './feed-watch.ts'
import { createGroupCommit } from './group-commit.ts'
import { createSqliteMigrations } from './migrations.ts'
import { MANY } from './owner-tasks.ts'
import { createSqliteRepository } from './repository.ts'
import { createSqliteUpkeep } from './upkeep.ts'

/**
 * The file is opened when it is needed, so that it need not be there or free yet.
 *
 * @param options.timeoutMs longest that a call waits for a lock that another process holds.
 * @param options.many how many tasks an owner has to have added for indexes to pay.
 */
export function openSqlite(options: {
  readonly path: string
  readonly timeoutMs: number
  readonly many?: number
}) {
  const { path, timeoutMs, many = MANY } = options
  const connection = createConnection(path, timeoutMs)
  const commit = createGroupCommit(connection)
  const feed = createSqliteFeedWatch(connection)
  return {
    repository: createSqliteRepository(connection, commit, feed.tell, many),
    watch: { watch: feed.watch },
    upkeep: createSqliteUpkeep(commit, feed.tell),
    archive: createSqliteArchive(connection, commit, feed.tell, many),
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
