import { Database, constants as sqlite } from 'bun:sqlite'
import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { accessProblem } from './file-access.ts'
import { createSqliteMigrations } from './migrations.ts'
import { createStatements } from './statements.ts'
import { findToken } from './tokens.ts'

/** The version of the SQLite library that is part of Bun. */
export function libraryVersion(): string {
  using memory = new Database(':memory:')
  return `${memory.query<{ version: string }, []>('select sqlite_version() as version').get()?.version}`
}

/** What can be said about a file without reading it. */
export interface FileState {
  readonly path: string
  readonly exists: boolean
  /** Why this process cannot create or write the file; `null` if it can. */
  readonly accessProblem: string | null
  /** What is free on the disk for this user. */
  readonly freeBytes: number
}

export function inspectFile(path: string): FileState {
  let directory = dirname(resolve(path))
  while (!existsSync(directory)) directory = dirname(directory)
  const { bavail, bsize } = statfsSync(directory)
  return {
    path: resolve(path),
    exists: existsSync(path),
    accessProblem: accessProblem(path),
    freeBytes: bavail * bsize,
  }
}

/**
 * Opens an existing file for reads only, without creating the files beside it: without a log there, no
 * other process has the file open, and SQLite may read it as one that never changes
 * (sqlite.org/uri.html#uriimmutable).
 *
 * @returns `null` if the file has a log without an index, which SQLite would have to create.
 */
export function openForInspection(path: string) {
  const url = pathToFileURL(resolve(path))
  const hasLog = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0
  if (!hasLog) url.search = 'immutable=1'
  else if (!existsSync(`${path}-shm`)) return null
  const database = new Database(url.href, sqlite.SQLITE_OPEN_READONLY | sqlite.SQLITE_OPEN_URI)
  const statements = createStatements(database, 1)
  const file = { database, statement: statements.prepare }
  return {
    encoding: () =>
      `${database.query<{ encoding: string }, []>('pragma encoding').get()?.encoding}`,
    migrations: createSqliteMigrations({ path, run: async (work) => work(file) }),
    findToken: (hash: string) => findToken(file, hash),
    close() {
      statements.close()
      database.close()
    },
  }
}
