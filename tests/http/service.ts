import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { compose } from '../../app/compose.ts'
import type { NewId } from '../../core/ports.ts'
import { createTaskService, type TaskService } from '../../core/tasks.ts'
import { testConfig } from '../support/config.ts'
import { createDatabase } from '../support/postgres.ts'

/** A service that takes requests, in this process or in one of its own. */
export interface Service {
  send(path: string, init?: RequestInit): Promise<Response>
  /** Fails where the service met a fault that no test asked for. */
  close(): Promise<void>
}

/** How a service lends itself to the suites of this folder. */
export interface ServiceUnderTest {
  readonly name: string
  open(): Promise<Service>
}

/** The use cases, on a store that is empty. */
export function tasksInMemory(newId: NewId): TaskService {
  const store = createMemoryStore(newEpoch)
  return createTaskService({
    repository: store,
    watch: store.watch,
    now: createClock(),
    newId,
    keepsTrash: true,
    requireVersion: false,
  })
}

/** The service in this process, with the whole of its wiring but the port. */
async function openService(
  variables: Record<string, string>,
  cleanUp = async () => {},
): Promise<Service> {
  const faults: unknown[] = []
  const app = await compose(testConfig(variables), (event) => {
    if (event.type === 'fault') faults.push(event.fault)
  })
  await app.migrate(() => {})
  return {
    send: async (path, init) => app.http.handle(new Request(`http://localhost${path}`, init)),
    async close() {
      await app.close()
      await cleanUp()
      if (faults.length > 0) throw new AggregateError(faults, 'The service met faults')
    },
  }
}

export const onMemory: ServiceUnderTest = { name: 'memory', open: () => openService({}) }

export const onSqlite: ServiceUnderTest = {
  name: 'SQLite',
  async open() {
    const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
    return openService({ DATABASE_URL: `sqlite:${join(directory, 'tasks.db')}` }, () =>
      rm(directory, { recursive: true }),
    )
  },
}

export const onPostgres: ServiceUnderTest = {
  name: 'PostgreSQL',
  async open() {
    const { url, drop } = await createDatabase()
    return openService({ DATABASE_URL: url }, drop)
  },
}
