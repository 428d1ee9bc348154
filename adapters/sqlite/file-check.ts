import type { Database } from 'bun:sqlite'
import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { TaskportError } from '../../core/errors.ts'

// How long reads may continue after a file has disappeared. Every write is checked.
const CHECK_EVERY_MS = 250

/** Checks that the files that SQLite has open are still at their paths. */
export interface FileCheck {
  /** Remembers the files of a database that has just been opened, if it is the first one. */
  opened(database: Database): void
  /** Checks now. @throws TaskportError `unavailable`, with a message for operators. */
  now(database: Database | null): void
  /** Checks if the last check was some time ago, or failed. */
  regularly(database: Database | null): void
}

/**
 * SQLite does not notice that a file which it has open was removed, moved or replaced: it goes on writing
 * to a file that the next start will not find.
 */
export function createFileCheck(path: string): FileCheck {
  let inodes: ReadonlyMap<string, bigint> | null = null
  let checkedAt = 0
  let isSaved = false

  function now(database: Database | null): void {
    checkedAt = 0
    for (const [name, inode] of inodes ?? []) {
      const current = inodeOf(name)
      if (current === inode) continue
      if (!isSaved && database) isSaved = save(database)
      throw new TaskportError('unavailable', messageOf(path, name, current !== null))
    }
    isSaved = false
    checkedAt = performance.now()
  }

  return {
    opened(database) {
      if (inodes !== null) return
      // Reading creates the files beside the database.
      database.query('pragma schema_version').get()
      inodes = inodesBeside(realpathSync(path))
    },
    now,
    regularly(database) {
      if (performance.now() - checkedAt >= CHECK_EVERY_MS) now(database)
    },
  }
}

function inodesBeside(path: string): ReadonlyMap<string, bigint> {
  const inodes = new Map<string, bigint>()
  for (const name of [path, `${path}-wal`, `${path}-shm`]) {
    const inode = inodeOf(name)
    if (inode !== null) inodes.set(name, inode)
  }
  return inodes
}

function inodeOf(name: string): bigint | null {
  return statSync(name, { bigint: true, throwIfNoEntry: false })?.ino ?? null
}

/**
 * Copies everything from the open log into the open database. So a database that was moved without its
 * log is complete, and the log that stays behind cannot damage a file that takes the database's place.
 */
function save(database: Database): boolean {
  try {
    const result = database.query<{ busy: number }, []>('pragma wal_checkpoint(truncate)').get()
    return result?.busy === 0
  } catch {
    return false
  }
}

function messageOf(path: string, name: string, isReplaced: boolean): string {
  const event = isReplaced ? 'replaced by another file' : 'removed or moved'
  const beside = name.endsWith('-wal') || name.endsWith('-shm')
  const advice = beside
    ? 'Restart the service.'
    : isReplaced
      ? 'Put the former file back, or restart the service to use this one.'
      : 'Put it back. A restart without it creates an empty database.'
  return `The SQLite file ${resolve(path)} cannot be used: ${name} was ${event} while the service was running. ${advice}`
}
