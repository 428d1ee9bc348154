import { Database, SQLiteError, type SQLQueryBindings, type Statement } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { TaskportError } from '../../core/errors.ts'

/** The file, open. */
export interface OpenFile {
  readonly database: Database
  /**
   * A statement that is made once: for texts that are few. `Database.query` would make any beyond the
   * first twenty anew each time.
   */
  statement<Row, Values extends SQLQueryBindings[]>(sql: string): Statement<Row, Values>
}

export interface Connection {
  /**
   * Runs one synchronous piece of work. Opens the file where it is not open, making it and its
   * directory where they are missing. Throws whatever is thrown; see `isLocked` and `toStoreError`.
   */
  use<Result>(work: (file: OpenFile) => Result): Result
  /**
   * The same, again and again while another process holds the lock.
   *
   * @throws TaskportError `unavailable` where the lock is not to be had within the time limit, or
   * the file cannot be read or written.
   */
  run<Result>(work: (file: OpenFile) => Result): Promise<Result>
  /** Longest that a call waits for a lock that another process holds. */
  readonly timeoutMs: number
  close(): void
}

// SQLite's own wait blocks the event loop, and so every other request: kept short, and repeated.
const LOCK_WAIT_MS = 5
export const RETRY_AFTER_MS = 5

export function createConnection(path: string, timeoutMs: number): Connection {
  let file: (OpenFile & { close(): void }) | null = null
  let closed = false

  function letGo(): void {
    file?.close()
    file = null
  }

  function use<Result>(work: (file: OpenFile) => Result): Result {
    if (closed) throw new TaskportError('unavailable', 'The store is closed')
    try {
      file ??= open(path)
      return work(file)
    } catch (error) {
      // It would never notice that the file has become writable.
      if (isReadOnly(error)) letGo()
      throw error
    }
  }

  return {
    use,
    async run(work) {
      let deadline = 0
      for (;;) {
        try {
          return use(work)
        } catch (error) {
          deadline ||= performance.now() + timeoutMs
          if (!isLocked(error) || performance.now() >= deadline) throw toStoreError(error)
          await Bun.sleep(RETRY_AFTER_MS)
        }
      }
    },
    timeoutMs,
    close() {
      closed = true
      letGo()
    },
  }
}

function open(path: string): OpenFile & { close(): void } {
  mkdirSync(dirname(path), { recursive: true })
  const database = new Database(path, { create: true, readwrite: true, strict: true })
  try {
    database.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    database.run('pragma journal_mode = wal')
    database.run('pragma synchronous = full')
    // Four times SQLite's own: pages that are written again and again are then copied to the file once.
    // The log comes to 16 MB; reading does not get slower by it.
    database.run('pragma wal_autocheckpoint = 4000')
    // The log of a migration can be larger than the file; it need not stay so.
    database.run('pragma journal_size_limit = 67108864')
    database.run('pragma foreign_keys = on')
    database.run('pragma trusted_schema = off')
  } catch (error) {
    database.close()
    throw error
  }
  const statements = new Map<string, Statement>()
  return {
    database,
    statement<Row, Values extends SQLQueryBindings[]>(sql: string) {
      let statement = statements.get(sql)
      if (statement === undefined) {
        statement = database.prepare(sql)
        statements.set(sql, statement)
      }
      // The caller knows what its text takes and gives; bun:sqlite takes its word for it too.
      return statement as Statement<Row, Values>
    },
    close() {
      for (const statement of statements.values()) statement.finalize()
      database.close()
    },
  }
}

// Primary result codes (sqlite.org/rescode.html) that speak of the file or the machine; the others
// speak of the statement and are faults of ours.
const OUTAGES =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL|CORRUPT|NOTADB)/

export function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function isReadOnly(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_READONLY')
}

/** Whether the file cannot be used, or the machine; else the work itself is at fault. */
export function isOutage(error: unknown): boolean {
  return OUTAGES.test(codeOf(error)) || isSystemError(error)
}

/** The port's error for a file that cannot be used; every other error as it is. */
export function toStoreError(error: unknown): unknown {
  return isOutage(error)
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
