import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'

/** The path of a file in a new directory. Disposing removes the directory. */
export async function temporaryFile() {
  const directory = await mkdtemp(join(tmpdir(), 'taskport-'))
  return {
    path: join(directory, 'tasks.db'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  }
}

export async function openMigrated(path: string, timeoutMs = 5000) {
  const store = openSqlite({ path, timeoutMs, newEpoch })
  await migrate(store.migrations, () => {})
  return { ...store, [Symbol.asyncDispose]: () => store.close() }
}
