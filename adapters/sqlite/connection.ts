import { Database, SQLiteError, type SQLQueryBindings, type Statement } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { TaskportError } from '../../core/errors.ts'
import { accessProblem, openOnReadOnlyDisk } from './file-access.ts'
import { createFileCheck } from './file-check.ts'
import { createStatements } from './statements.ts'

/** An open file. */
export interface OpenFile {
  readonly database: Database
  /** Returns a prepared statement, to be used before the next is prepared. */
  statement<Row, Values extends SQLQueryBindings[]>(sql: string): Statement<Row, Values>
}

export interface Connection {
  /**
   * Runs a synchronous piece of work. Opens the file if needed, and creates it and its directory if they
   * are missing. Errors are thrown unchanged; see `isLocked`.
   */
  use<Result>(work: (file: OpenFile) => Result): Result
  /**
   * The same, but retries while another process holds the lock.
   *
   * @throws TaskportError `unavailable` if the lock stays taken until the time limit, or the file cannot
   * be read or written.
   */
  run<Result>(work: (file: OpenFile) => Result): Promise<Result>
  /** @throws TaskportError `unavailable` if the open file is not the one at the path any more. */
  checkFile(): void
  /** Opens the file again, for several reads of its present state while this connection is used. */
  openSnapshot(): Promise<OpenedFile>
  /**
   * The port's error, which names the file, if the file cannot be used; every other error unchanged, but
   * those of SQLite name the file, too.
   */
  toStoreError(error: unknown): unknown
  readonly path: string
  /** Longest that a call waits for another process's lock. */
  readonly timeoutMs: number
  close(): void
}

export interface OpenedFile extends OpenFile {
  close(): void
}

// SQLite's own wait blocks the event loop, and so every other request: wait briefly, then retry.
const LOCK_WAIT_MS = 5
export const RETRY_AFTER_MS = 5

// More than a service uses often.
const MAX_STATEMENTS = 200

// Holds 10,000 tasks with long texts and descriptions, which then take a third of the time to read.
const CACHE_KIB = 32_000

export function createConnection(path: string, timeoutMs: number): Connection {
  const check = createFileCheck(path)
  let file: OpenedFile | null = null
  let hasOpened = false
  let closed = false

  function closeFile(): void {
    file?.close()
    file = null
  }

  function openFile(): OpenedFile {
    if (!hasOpened) mkdirSync(dirname(path), { recursive: true })
    const opened = open(path, !hasOpened)
    try {
      check.opened(opened.database)
    } catch (error) {
      opened.close()
      throw error
    }
    hasOpened = true
    return opened
  }

  function use<Result>(work: (file: OpenFile) => Result): Result {
    if (closed) throw new TaskportError('unavailable', 'The store is closed')
    try {
      check.regularly(file?.database ?? null)
      file ??= openFile()
      return work(file)
    } catch (error) {
      // An open connection does not notice when the file becomes writable.
      if (isReadOnly(error)) closeFile()
      throw error
    }
  }

  function toStoreError(error: unknown): unknown {
    if (error instanceof TaskportError) return error
    if (!isOutage(error)) return nameFile(error, resolve(path))
    const problem = isDenial(error) ? accessProblem(path) : null
    const cause = problem === null ? error : new Error(problem, { cause: error })
    return new TaskportError('unavailable', `The SQLite file ${resolve(path)} cannot be used`, {
      cause,
    })
  }

  async function run<Result>(work: (file: OpenFile) => Result): Promise<Result> {
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
  }

  return {
    use,
    run,
    toStoreError,
    path,
    checkFile: () => check.now(file?.database ?? null),
    openSnapshot: () =>
      run(() => {
        const opened = open(path, false)
        try {
          opened.statement('begin').run()
          // Reading takes the snapshot, after which no other process's lock matters.
          opened.statement('select 1 from sqlite_schema').get()
          return opened
        } catch (error) {
          opened.close()
          throw error
        }
      }),
    timeoutMs,
    close() {
      closed = true
      try {
        // Saves the newest writes if the file has just been moved.
        check.now(file?.database ?? null)
      } catch {
        // Requests report it.
      }
      closeFile()
    },
  }
}

function open(path: string, create: boolean): OpenedFile {
  const database =
    openOnReadOnlyDisk(path) ?? new Database(path, { create, readwrite: true, strict: true })
  try {
    database.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    database.run('pragma journal_mode = wal')
    database.run('pragma synchronous = full')
    // Four times the default: a page that is written often is then copied to the file less often. The log
    // grows to 16 MB, which does not slow reads down.
    database.run('pragma wal_autocheckpoint = 4000')
    database.run(`pragma cache_size = -${CACHE_KIB}`)
    // A migration can grow the log beyond the size of the file: truncate it afterwards.
    database.run('pragma journal_size_limit = 67108864')
    database.run('pragma foreign_keys = on')
    database.run('pragma trusted_schema = off')
  } catch (error) {
    database.close()
    throw error
  }
  const statements = createStatements(database, MAX_STATEMENTS)
  return {
    database,
    statement: statements.prepare,
    close() {
      statements.close()
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

/** Whether a part of the file cannot be read: work that does not need this part still succeeds. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|IOERR_(READ|SHORT_READ|CORRUPTFS|DATA))/.test(codeOf(error))
}

/** Whether the permissions of the file or its directory may be the reason. */
function isDenial(error: unknown): boolean {
  return /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(codeOf(error)) || isSystemError(error)
}

/** @returns the same error. */
function nameFile(error: unknown, path: string): unknown {
  if (error instanceof SQLiteError && !error.message.includes(path))
    error.message = `${error.message} (in ${path})`
  return error
}

function codeOf(error: unknown): string {
  return error instanceof SQLiteError ? (error.code ?? '') : ''
}

// Errors of creating the directory have a `syscall` (nodejs.org/api/errors.html#errorsyscall).
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** Runs several reads in one transaction, so that they see the same state. */
export function inReadTransaction<Result>(file: OpenFile, read: () => Result): Result {
  file.statement('begin').run()
  try {
    return read()
  } finally {
    if (file.database.inTransaction) file.statement('commit').run()
  }
}
