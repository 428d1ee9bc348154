import { Database, constants as sqlite } from 'bun:sqlite'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const { R_OK, W_OK, X_OK } = constants
const READ_ONLY = 'EROFS'

/** Why this process cannot create or write the file, and what to change; `null` if it can. */
export function accessProblem(path: string): string | null {
  const file = resolve(path)
  let directory = dirname(file)
  while (!existsSync(directory)) directory = dirname(directory)
  if (!statSync(directory).isDirectory()) return `${directory} is not a directory`
  if (existsSync(file) && statSync(file).isDirectory()) return `${file} is a directory`
  const problem = denial(directory, W_OK | X_OK)
  if (problem !== null) return problem
  // SQLite writes to the files beside the database too.
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    const denied = existsSync(name) ? denial(name, R_OK | W_OK) : null
    if (denied !== null) return denied
  }
  return null
}

function denial(path: string, mode: number): string | null {
  const code = accessError(path, mode)
  if (code === null) return null
  if (code === READ_ONLY)
    return `${path} is on a read-only file system; name another file in DATABASE_URL, for example DATABASE_URL=sqlite:/data/tasks.db`
  const uid = process.geteuid?.()
  return `permission denied: uid ${uid} cannot write to ${path}; change the owner, for example with chown ${uid} ${path}, or name another file in DATABASE_URL`
}

/**
 * Opens a file on a read-only file system: for reads only, and without the files beside it, which
 * SQLite would otherwise create there (sqlite.org/wal.html#read_only_databases).
 *
 * @returns `null` if the file should be opened as usual: it can be written, is missing, or has a log
 * beside it, which holds its newest part.
 */
export function openOnReadOnlyDisk(path: string): Database | null {
  if (existsSync(`${path}-wal`) || accessError(path, W_OK) !== READ_ONLY) return null
  const url = pathToFileURL(resolve(path))
  url.search = 'immutable=1'
  return new Database(url.href, sqlite.SQLITE_OPEN_READONLY | sqlite.SQLITE_OPEN_URI)
}

/** The code of the error with which the system denies access; `null` if it allows it. */
function accessError(path: string, mode: number): unknown {
  try {
    accessSync(path, mode)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : undefined
  }
}
