import { createHmac, randomBytes } from 'node:crypto'
import type { Owner } from '../core/owner.ts'

const CACHE_SIZE = 10_000
const LENGTH = 16

/**
 * Replaces user ids in logs with hashes: lines of one user can be found without revealing who it is.
 *
 * @param secret makes all processes use the same hashes. Without it they last as long as this process.
 */
export function createUserHash(secret: string | undefined): (owner: Owner) => string {
  const key =
    secret === undefined
      ? randomBytes(32)
      : createHmac('sha256', secret).update('users in logs').digest()
  const hashes = new Map<Owner, string>()
  return (owner) => {
    const cached = hashes.get(owner)
    if (cached !== undefined) return cached
    if (hashes.size >= CACHE_SIZE) hashes.clear()
    const hash = createHmac('sha256', key).update(owner).digest('hex').slice(0, LENGTH)
    hashes.set(owner, hash)
    return hash
  }
}
