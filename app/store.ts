import { createMemoryStore } from '../adapters/memory/repository.ts'
import { createMemoryTokens } from '../adapters/memory/tokens.ts'
import { openPostgres } from '../adapters/postgres/store.ts'
import type { PoolUse } from '../adapters/prometheus/metrics.ts'
import { openSqlite } from '../adapters/sqlite/store.ts'
import { newEpoch } from '../adapters/system/ids.ts'
import type {
  ApiTokenStore,
  FeedWatch,
  OwnerAdministration,
  TaskArchive,
  TaskMaintenance,
  TaskRepository,
} from '../core/ports.ts'
import type { Config } from './config.ts'
import type { MigrationTarget } from './migrations.ts'

/** An open store of any kind. */
interface Store {
  readonly repository: TaskRepository
  readonly watch: FeedWatch
  readonly maintenance: TaskMaintenance
  readonly tokens: ApiTokenStore
  /** `null` for the memory store. */
  readonly archive: TaskArchive | null
  /** `null` for the memory store. */
  readonly administration: OwnerAdministration | null
  /** Resolves if the store answers. */
  ping(): Promise<void>
  /** The use of the connection pool; `null` if there is none. */
  poolUse(): PoolUse | null
  /** `null` for a store without a schema. */
  readonly migrations: MigrationTarget | null
  close(): Promise<void>
}

/** Opens the store that the configuration names. */
export async function openStore(config: Config): Promise<Store> {
  const { database, databaseTimeoutMs: timeoutMs } = config
  switch (database.kind) {
    case 'memory': {
      const memory = createMemoryStore(newEpoch)
      return {
        repository: memory,
        watch: memory,
        maintenance: memory,
        tokens: createMemoryTokens(),
        archive: null,
        administration: null,
        migrations: null,
        ping: async () => {},
        poolUse: () => null,
        close: async () => {},
      }
    }
    case 'sqlite':
      return openSqlite({ path: database.path, timeoutMs, newEpoch })
    case 'postgres':
      return openPostgres({
        url: database.url,
        directUrl: config.directUrl,
        poolMax: config.poolMax,
        prepare: config.prepare,
        timeoutMs,
        newEpoch,
      })
  }
}
