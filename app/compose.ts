import { createTokenVerifier } from '../adapters/auth/verifier.ts'
import { createHttpApp } from '../adapters/http/app.ts'
import { createMemoryRepository } from '../adapters/memory/repository.ts'
import { openPostgres } from '../adapters/postgres/store.ts'
import { openSqlite } from '../adapters/sqlite/store.ts'
import { createClock } from '../adapters/system/clock.ts'
import { createNewId } from '../adapters/system/ids.ts'
import type { TaskRepository } from '../core/ports.ts'
import { createTaskService } from '../core/tasks.ts'
import { version } from '../package.json'
import type { Config } from './config.ts'
import type { MigrationTarget } from './migrations.ts'
import type { Observe } from './observe.ts'

/** An opened store, whichever it is. */
interface Store {
  readonly repository: TaskRepository
  /** Resolves when the store answers. */
  ping(): Promise<void>
  /** `null` for a store that has no schema. */
  readonly migrations: MigrationTarget | null
  close(): Promise<void>
}

export interface App {
  readonly http: ReturnType<typeof createHttpApp>
  readonly migrations: MigrationTarget | null
  /** Closes what was opened. No request may be under way. */
  close(): Promise<void>
}

/** Opens the store that the configuration names. */
export async function openStore(config: Config): Promise<Store> {
  const { database, databaseTimeoutMs: timeoutMs } = config
  switch (database.kind) {
    case 'memory':
      return {
        repository: createMemoryRepository(),
        migrations: null,
        ping: async () => {},
        close: async () => {},
      }
    case 'sqlite':
      return openSqlite({ path: database.path, timeoutMs })
    case 'postgres':
      return openPostgres({
        url: database.url,
        poolMax: config.poolMax,
        prepare: config.prepare,
        timeoutMs,
      })
  }
}

/**
 * Makes the service's parts from its configuration and puts them together. Opens the store; binds no
 * port and applies no migration.
 *
 * @param observe told of what happens.
 */
export async function compose(config: Config, observe: Observe): Promise<App> {
  const store = await openStore(config)
  const newId = createNewId()
  const { verify } = createTokenVerifier({ ...config.tokens, now: Date.now, observe })
  return {
    http: createHttpApp({
      tasks: createTaskService({ repository: store.repository, now: createClock(), newId }),
      verifyToken: verify,
      ping: store.ping,
      newId,
      onFault: (fault, requestId) => observe({ type: 'fault', fault, requestId }),
      version,
      corsOrigins: config.corsOrigins,
      maxBodyBytes: config.maxBodyBytes,
    }),
    migrations: store.migrations,
    close: store.close,
  }
}
