import { Database, SQLiteError } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { TaskportError } from '../../core/errors.ts'

export interface Connection {
  readonly database: Database
  /**
   * Runs one synchronous piece of work, again and again while another process holds the lock.
   *
   * @throws TaskportError `unavailable` where the lock is not to be had within the time limit, or
   * the file cannot be read or written.
   */
  run<Result>(work: (database: Database) => Result): Promise<Result>
}

// SQLite's own wait blocks the event loop, and so every other request: kept short, and repeated.
const LOCK_WAIT_MS = 5
const RETRY_AFTER_MS = 5

/**
 * Opens the file, making it and its directory where they are missing.
 *
 * @param timeoutMs longest that a call waits for a lock that another process holds.
 */
export async function openConnection(path: string, timeoutMs: number): Promise<Connection> {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { create: true, readwrite: true, strict: true })

  async function run<Result>(work: (database: Database) => Result): Promise<Result> {
    let deadline = 0
    for (;;) {
      try {
        return work(database)
      } catch (error) {
        if (!(error instanceof SQLiteError)) throw error
        deadline ||= performance.now() + timeoutMs
        if (!isLocked(error) || performance.now() >= deadline) throw storeError(error)
        await Bun.sleep(RETRY_AFTER_MS)
      }
    }
  }

  await run(() => {
    database.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    database.run('pragma journal_mode = wal')
    database.run('pragma synchronous = full')
    database.run('pragma foreign_keys = on')
    database.run('pragma trusted_schema = off')
  })
  return { database, run }
}

function isLocked({ code = '' }: SQLiteError): boolean {
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')
}

// Primary result codes (sqlite.org/rescode.html) that speak of the file or the machine; the others
// speak of the statement and are faults of ours.
const OUTAGES =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL|CORRUPT|NOTADB)/

function storeError(error: SQLiteError): Error {
  if (!OUTAGES.test(error.code ?? '')) return error
  return new TaskportError('unavailable', 'SQLite is not available', { cause: error })
}
