import { createSqliteArchive } from './archive.ts'
import { createConnection } from './connection.ts'
import { createSqliteMigrations } from './migrations.ts'
import { createSqliteRepository } from './repository.ts'

/**
 * The file is opened when it is needed, so that it need not be there or free yet.
 *
 * @param timeoutMs longest that a call waits for a lock that another process holds.
 */
export function openSqlite(options: { readonly path: string; readonly timeoutMs: number }) {
  const connection = createConnection(options.path, options.timeoutMs)
  return {
    repository: createSqliteRepository(connection),
    archive: createSqliteArchive(connection),
    migrations: createSqliteMigrations(connection),
    ping: () =>
      connection.run((database) => {
        database.query('select 1 from sqlite_schema limit 1').get()
      }),
    poolUse: () => null,
    close: async () => connection.close(),
  }
}
