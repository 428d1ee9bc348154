import { openSqlite } from '../../adapters/sqlite/store.ts'

const { files } = openSqlite({ path: 'never-opened.db', timeoutMs: 1 }).migrations

/** What `taskport migrate` prints on SQLite if every migration is in the same state. */
export function migrationLines(state: 'applied' | 'pending'): string {
  return files.map(({ name }) => `${state}  ${name}\n`).join('')
}
