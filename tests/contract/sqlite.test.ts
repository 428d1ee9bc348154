import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { migrate } from '../../app/migrations.ts'
import { describeStore } from './suite.ts'
import { describeTaskArchive } from './task-archive.ts'

/** @param many from how many tasks on an owner's tasks are in indexes. */
function sqlite(name: string, many: { readonly many?: number }) {
  return {
    name,
    async open() {
      const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
      const open = () => openSqlite({ path: join(directory, 'tasks.db'), timeoutMs: 2000, ...many })
      const store = open()
      const opened = [store]
      await migrate(store.migrations, () => {})
      return {
        ...store,
        async openAgain() {
          const again = open()
          opened.push(again)
          return again
        },
        async close() {
          for (const one of opened) await one.close()
          await rm(directory, { recursive: true })
        },
      }
    },
  }
}

for (const store of [sqlite('SQLite', {}), sqlite('SQLite whose owners have many', { many: 2 })]) {
  describeStore(store, { runs: 50 })
  describeTaskArchive(store)
}
