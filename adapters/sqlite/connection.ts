import { Database, SQLiteError } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { TaskportError } from '../../core/errors.ts'

export interface Connection {
  /**
   * Runs one synchronous piece of work, again and again while another process holds the lock. Opens
   * the file where it is not open, making it and its directory where they are missing.
   *
   * @throws TaskportError `unavailable` where the lock is not to be had within the time limit, or
   * the file cannot be read or written.
   */
  run<Result>(work: (database: Database) => Result): Promise<Result>
  close(): void
}

// SQLite's own wait blocks the event loop, and so every other request: kept short, and repeated.
const LOCK_WAIT_MS = 5
const RETRY_AFTER_MS = 5

/** @param timeoutMs longest that a call waits for a lock that another process holds. */
export function createConnection(path: string, timeoutMs: number): Connection {
  let database: Database | null = null
  let closed = false

  function letGo(): void {
    database?.close()
    database = null
  }

  return {
    async run(work) {
      let deadline = 0
      for (;;) {
        try {
          if (closed) throw new TaskportError('unavailable', 'The store is closed')
          database ??= open(path)
          return work(database)
        } catch (error) {
          deadline ||= performance.now() + timeoutMs
          if (isLocked(error) && performance.now() < deadline) {
            await Bun.sleep(RETRY_AFTER_MS)
            continue
          }
          // It would never notice that the file has become writable.
          if (isReadOnly(error)) letGo()
          throw toStoreError(error)
        }
      }
    },
    close() {
      closed = true
      letGo()
    },
  }
}

function open(path: string): Database {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { create: true, readwrite: true, strict: true })
  try {
    database.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    database.run('pragma journal_mode = wal')
    database.run('pragma synchronous = full')
    database.run('pragma foreign_keys = on')
    database.run('pragma trusted_schema = off')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

// Primary result codes (sqlite.org/rescode.html) that speak of the file or the machine; the others
// speak of the statement and are faults of ours.
const OUTAGES =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL|CORRUPT|NOTADB)/

function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function isReadOnly(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_READONLY')
}

/** The port's error for a file that cannot be used; every other error as it is. */
function toStoreError(error: unknown): unknown {
  const isOutage = OUTAGES.test(codeOf(error)) || isSystemError(error)
  return isOutage
    ? new TaskportError('unavailable', 'SQLite is not available', { cause: error })
    : error
}

function codeOf(error: unknown): string {
  return error instanceof SQLiteError ? (error.code ?? '') : ''
}

// Of the directory's: they have a call (nodejs.org/api/errors.html#errorsyscall).
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
