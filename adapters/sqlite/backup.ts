import { Database, SQLiteError } from 'bun:sqlite'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { OperatorError } from '../../core/errors.ts'
import { openOnReadOnlyDisk } from './file-access.ts'

const LOCK_WAIT_MS = 10_000

/**
 * Writes a consistent copy of a database to a new file, checks it, and saves it on the disk. Other processes
 * may go on writing to the database. If this fails, there is no copy.
 *
 * @param onStep called before each step that takes long.
 * @throws OperatorError if `to` exists, or the database cannot be copied.
 */
export function copyDatabase(
  from: string,
  to: string,
  onStep: (step: 'copy' | 'check', bytes: number) => void,
): void {
  const found = statSync(from, { throwIfNoEntry: false })
  if (!found) throw new OperatorError(`There is no file ${resolve(from)}`)
  // Reserves the name. The copy is as private as the database.
  createFile(to, found.mode)
  try {
    onStep('copy', found.size)
    using source =
      openOnReadOnlyDisk(from) ?? new Database(from, { create: false, readwrite: true })
    source.run(`pragma busy_timeout = ${LOCK_WAIT_MS}`)
    source.query('vacuum into ?').run(resolve(to))
    onStep('check', statSync(to).size)
    check(to)
    // SQLite itself does not wait for the disk here.
    syncToDisk(to)
  } catch (error) {
    for (const suffix of SUFFIXES) rmSync(`${to}${suffix}`, { force: true })
    throw toCopyError(error, from)
  }
}

const SUFFIXES = ['', '-journal', '-wal', '-shm']

function createFile(path: string, mode: number): void {
  try {
    closeSync(openSync(path, 'wx', mode & 0o777))
  } catch (error) {
    if (isExisting(error)) throw new OperatorError(`${resolve(path)} exists and is not overwritten`)
    throw new OperatorError(`${resolve(path)} cannot be written: ${messageOf(error)}`)
  }
}

function check(path: string): void {
  using copy = new Database(path, { readonly: true })
  const [row] = copy.query<{ integrity_check: string }, []>('pragma integrity_check(1)').all()
  if (row?.integrity_check !== 'ok')
    throw new OperatorError(`The copy is damaged: ${row?.integrity_check}`)
}

function toCopyError(error: unknown, from: string): unknown {
  if (!(error instanceof SQLiteError)) return error
  if (isNoDatabase(error))
    return new OperatorError(`${resolve(from)} is not an SQLite database`, { cause: error })
  return new OperatorError(`${resolve(from)} cannot be copied: ${error.message}`, { cause: error })
}

/** Gives a file its final name, and overwrites nothing. @throws OperatorError if the name is taken. */
export function publish(file: string, name: string): void {
  try {
    linkSync(file, name)
    unlinkSync(file)
  } catch (error) {
    // Some file systems have no links.
    if (existsSync(name)) {
      rmSync(file, { force: true })
      throw new OperatorError(`${resolve(name)} exists and is not overwritten`)
    }
    if (!isSystemError(error)) throw error
    renameSync(file, name)
  }
  syncToDisk(dirname(resolve(name)))
}

/** The file of a service that can be replaced, because no process has it open. */
export interface ReplaceableFile {
  /**
   * Puts another file in its place. A service never sees it missing.
   *
   * @param aside where the present file goes.
   * @returns whether there was a file.
   */
  replaceBy(file: string, aside: string): boolean
  /** Lets other processes open the file. */
  release(): void
}

/**
 * Locks a database so that no process opens it, and completes its file from the log beside it. The system
 * keeps the lock, so it ends with this process, and no file is left that tells of it.
 *
 * @param path the file, which may be missing, and not a symbolic link.
 * @throws OperatorError if another process has it open.
 */
export function lockForReplacement(path: string): ReplaceableFile {
  const exists = existsSync(path)
  if (!exists && existsSync(`${path}-wal`))
    throw new OperatorError(
      `${path} is missing, but ${path}-wal is there and would be added to the restored file. Move it to another directory first.`,
    )
  const lock = exists ? lockFile(path) : null
  return {
    replaceBy(file, aside) {
      if (exists) {
        copyAccess(path, file)
        setAside(path, aside)
        // The log of a file that cannot be read stays beside it. The index of the log is of no use.
        if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${aside}-wal`)
        rmSync(`${path}-shm`, { force: true })
      }
      renameSync(file, path)
      syncToDisk(dirname(path))
      return exists
    },
    release: () => lock?.close(),
  }
}

/**
 * In journal mode WAL, every process that has the file open holds a shared lock on it. This mode can be left
 * only when no other process holds one (sqlite.org/wal.html).
 *
 * @returns `null` if the file cannot be read as a database, and so not be locked either. A service that still
 *   has it open acknowledges no more writes once it is replaced.
 */
function lockFile(path: string): Database | null {
  const database = new Database(path, { create: false, readwrite: true })
  try {
    database.run('pragma locking_mode = exclusive')
    database.run('pragma journal_mode = delete')
    database.run('begin exclusive')
    return database
  } catch (error) {
    database.close()
    if (isNoDatabase(error)) return null
    if (error instanceof SQLiteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code ?? ''))
      throw new OperatorError(
        `A process has ${path} open. Stop the service, and every other program that uses the file, and run the command again.`,
        { cause: error },
      )
    throw new OperatorError(`${path} cannot be replaced: ${messageOf(error)}`, { cause: error })
  }
}

/** Gives a file the mode and the owner of another: the service may run as another user than the command. */
function copyAccess(path: string, file: string): void {
  const { mode, uid, gid } = statSync(path)
  chmodSync(file, mode & 0o777)
  if (uid === process.geteuid?.()) return
  try {
    chownSync(file, uid, gid)
  } catch (error) {
    throw new OperatorError(
      `${path} belongs to the user with uid ${uid}. Run the command as this user, or as root: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

/** Gives a file a second name, so that it is not missing until another replaces it. */
function setAside(path: string, aside: string): void {
  try {
    linkSync(path, aside)
  } catch (error) {
    if (existsSync(aside) || !isSystemError(error)) throw error
    renameSync(path, aside)
  }
}

function syncToDisk(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

function isNoDatabase(error: unknown): boolean {
  return error instanceof SQLiteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code ?? '')
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`
}
