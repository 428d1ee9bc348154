import { openConnection } from './connection.ts'
import { createSqliteMigrations } from './migrations.ts'
import { createSqliteRepository } from './repository.ts'

/** @param timeoutMs longest that a call waits for a lock that another process holds. */
export async function openSqlite(options: { readonly path: string; readonly timeoutMs: number }) {
  const connection = await openConnection(options.path, options.timeoutMs)
  return {
    repository: createSqliteRepository(connection),
    migrations: createSqliteMigrations(connection),
    ping: () =>
      connection.run((database) => {
        database.query('select 1 from sqlite_schema limit 1').get()
      }),
    close: async () => connection.database.close(),
  }
}
