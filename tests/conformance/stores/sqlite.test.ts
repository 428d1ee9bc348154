import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../../adapters/sqlite/store.ts'
import { newEpoch } from '../../../adapters/system/ids.ts'
import { migrate } from '../../../app/migrations.ts'
import { describeOwnerAdministration } from './administration.ts'
import { describeStore } from './suite.ts'
import { describeTaskArchive } from './task-archive.ts'

const sqlite = {
  name: 'SQLite',
  async open() {
    const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
    const open = () => openSqlite({ path: join(directory, 'tasks.db'), timeoutMs: 2000, newEpoch })
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

describeStore(sqlite, { runs: 50 })
describeTaskArchive(sqlite)
describeOwnerAdministration(sqlite)
