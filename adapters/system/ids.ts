import { randomBytes } from 'node:crypto'
import { V7Generator } from 'uuidv7'
import type { NewId } from '../../core/ports.ts'

// The generator would reset if the time went back by more than this. Here it never goes back.
const ROLLBACK_ALLOWANCE_MS = 10_000

/**
 * Generates UUIDv7 ids (RFC 9562), which increase even within one millisecond.
 *
 * @param milliseconds the time since the Unix epoch. Tests pass their own.
 */
export function createNewId(milliseconds: () => number = Date.now): NewId {
  const generator = new V7Generator()
  let latest = 0
  return () => {
    latest = Math.max(latest, milliseconds())
    return generator.generateOrResetCore(latest, ROLLBACK_ALLOWANCE_MS).toString()
  }
}

/** A random name for a new, empty store. It distinguishes the cursors of this store from those of others. */
export function newEpoch(): string {
  return randomBytes(4).toString('hex')
}
