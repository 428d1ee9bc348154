import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { migrate } from '../../app/migrations.ts'
import { describeConcurrency } from './concurrency.ts'
import { describeModel } from './model.ts'
import { describeTaskArchive } from './task-archive.ts'
import { describeTaskRepository } from './task-repository.ts'

const sqlite = {
  name: 'SQLite',
  async open() {
    const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
    const store = openSqlite({ path: join(directory, 'tasks.db'), timeoutMs: 2000 })
    await migrate(store.migrations, () => {})
    return {
      repository: store.repository,
      archive: store.archive,
      async close() {
        await store.close()
        await rm(directory, { recursive: true })
      },
    }
  },
}

describeTaskRepository(sqlite)
describeTaskArchive(sqlite)
describeConcurrency(sqlite)
describeModel(sqlite, 50)
