import { createHmac, randomBytes } from 'node:crypto'
import type { Owner } from '../core/owner.ts'

const REMEMBERED = 10_000
const LENGTH = 16

/**
 * Names users in logs, so that the lines of one of them can be found and nobody learns who it is.
 *
 * @param secret makes the same names in every process; without one they last as long as this one.
 */
export function createUserHash(secret: string | undefined): (owner: Owner) => string {
  const key =
    secret === undefined
      ? randomBytes(32)
      : createHmac('sha256', secret).update('users in logs').digest()
  const known = new Map<Owner, string>()
  return (owner) => {
    const name = known.get(owner)
    if (name !== undefined) return name
    if (known.size >= REMEMBERED) known.clear()
    const fresh = createHmac('sha256', key).update(owner).digest('hex').slice(0, LENGTH)
    known.set(owner, fresh)
    return fresh
  }
}
