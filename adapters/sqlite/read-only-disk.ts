import { Database, constants as sqlite } from 'bun:sqlite'
import { accessSync, constants, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Opens a file on a read-only file system: for reads only, and without the files beside it, which
 * SQLite would otherwise create there (sqlite.org/wal.html#read_only_databases).
 *
 * @returns `null` if the file should be opened as usual: it can be written, is missing, or has a log
 * beside it, which holds its newest part.
 */
export function openOnReadOnlyDisk(path: string): Database | null {
  if (!existsSync(path) || existsSync(`${path}-wal`) || !isOnReadOnlyDisk(path)) return null
  const url = pathToFileURL(resolve(path))
  url.search = 'immutable=1'
  return new Database(url.href, sqlite.SQLITE_OPEN_READONLY | sqlite.SQLITE_OPEN_URI)
}

function isOnReadOnlyDisk(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS'
  }
}
