import { openSqlite } from '../../adapters/sqlite/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'

const { migrations } = openSqlite({ path: 'never-opened.db', timeoutMs: 1, newEpoch })
const files = await migrations.files()

/** What `taskport migrate` prints on SQLite if every migration is in the same state. */
export function migrationLines(state: 'applied' | 'pending'): string {
  return files.map(({ name }) => `${state}  ${name}\n`).join('')
}
