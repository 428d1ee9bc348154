import { Database, SQLiteError, type SQLQueryBindings, type Statement } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { TaskportError } from '../../core/errors.ts'
import { accessProblem } from './file-access.ts'
import { openOnReadOnlyDisk } from './read-only-disk.ts'

/** An open file. */
export interface OpenFile {
  readonly database: Database
  /**
   * A prepared statement that is kept as long as the file is open: for a bounded number of texts.
   * `Database.query` keeps only twenty.
   */
  statement<Row, Values extends SQLQueryBindings[]>(sql: string): Statement<Row, Values>
}

export interface Connection {
  /**
   * Runs a synchronous piece of work. Opens the file if needed, and creates it and its directory if they
   * are missing. Throws what is thrown; see `isLocked`.
   */
  use<Result>(work: (file: OpenFile) => Result): Result
  /**
   * The same, but retries while another process holds the lock.
   *
   * @throws TaskportError `unavailable` if the lock stays taken until the time limit, or the file cannot
   * be read or written.
   */
  run<Result>(work: (file: OpenFile) => Result): Promise<Result>
  /** The port's error, which names the file, if the file cannot be used; every other error unchanged. */
  toStoreError(error: unknown): unknown
  readonly path: string
  /** Longest that a call waits for another process's lock. */
  readonly timeoutMs: number
  close(): void
}

// SQLite's own wait blocks the event loop, and so every other request: wait briefly, then retry.
const LOCK_WAIT_MS = 5
export const RETRY_AFTER_MS = 5

export function createConnection(path: string, timeoutMs: number): Connection {
  let file: (OpenFile & { close(): void }) | null = null
  let closed = false

  function closeFile(): void {
    file?.close()
    file = null
  }

  function use<Result>(work: (file: OpenFile) => Result): Result {
    if (closed) throw new TaskportError('unavailable', 'The store is closed')
    try {
      file ??= open(path)
      return work(file)
    } catch (error) {
      // An open file never notices that it has become writable.
      if (isReadOnly(error)) closeFile()
      throw error
    }
  }

  function toStoreError(error: unknown): unknown {
    if (!isOutage(error)) return error
    const problem = isDenial(error) ? accessProblem(path) : null
    const cause = problem === null ? error : new Error(problem, { cause: error })
    return new TaskportError('unavailable', `The SQLite file ${resolve(path)} cannot be used`, {
      cause,
    })
  }

  return {
    use,
    toStoreError,
    path,
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
      closeFile()
    },
  }
}

function open(path: string): OpenFile & { close(): void } {
  mkdirSync(dirname(path), { recursive: true })
  const database =
    openOnReadOnlyDisk(path) ?? new Database(path, { create: true, readwrite: true, strict: true })
  try {
    database.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    database.run('pragma journal_mode = wal')
    database.run('pragma synchronous = full')
    // Four times the default: a page that is written often is then copied to the file less often. The log
    // grows to 16 MB, which does not slow reads down.
    database.run('pragma wal_autocheckpoint = 4000')
    // 16 MB: reading all tasks of a large owner takes half as long as with the default of 2 MB.
    database.run('pragma cache_size = -16000')
    // A migration can grow the log beyond the size of the file: truncate it afterwards.
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
      // Only the caller knows which values its SQL takes and returns.
      return statement as Statement<Row, Values>
    },
    close() {
      for (const statement of statements.values()) statement.finalize()
      database.close()
    },
  }
}

// Primary result codes (sqlite.org/rescode.html) that mean a problem with the file or the machine. The
// others mean a wrong statement: a bug.
const OUTAGES =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL|CORRUPT|NOTADB)/

export function isLocked(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

function isReadOnly(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_READONLY')
}

/** Whether the file or the machine failed, and not the work itself. */
export function isOutage(error: unknown): boolean {
  return OUTAGES.test(codeOf(error)) || isSystemError(error)
}

/** Whether the permissions of the file or its directory may be the reason. */
function isDenial(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(codeOf(error)) || isSystemError(error)
}

function codeOf(error: unknown): string {
  return error instanceof SQLiteError ? (error.code ?? '') : ''
}

// Errors of creating the directory have a `syscall` (nodejs.org/api/errors.html#errorsyscall).
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
