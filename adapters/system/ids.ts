import { randomBytes } from 'node:crypto'
import { V7Generator } from 'uuidv7'
import type { NewId } from '../../core/ports.ts'

// The generator starts over when it is given a time this much before the last one. It never is.
const ROLLBACK_ALLOWANCE_MS = 10_000

/**
 * UUIDv7 (RFC 9562) with a counter, so that ids of one millisecond rise too.
 *
 * @param milliseconds the time since the Unix epoch; another source only in tests.
 */
export function createNewId(milliseconds: () => number = Date.now): NewId {
  const generator = new V7Generator()
  let latest = 0
  return () => {
    latest = Math.max(latest, milliseconds())
    return generator.generateOrResetCore(latest, ROLLBACK_ALLOWANCE_MS).toString()
  }
}

/** A name for the feeds of a store that begins empty: unlike that of any store before it. */
export function newEpoch(): string {
  return randomBytes(4).toString('hex')
}
