import { hash } from 'node:crypto'

const DIGEST_LENGTH = 12

/**
 * A cursor, safe in URLs and headers: an ASCII text, and a digest that ties it to a scope and detects
 * modifications. The digest need not be secret, because a position only points into the caller's own
 * tasks. In other users' lists and feeds it reveals nothing.
 *
 * @param scope what the cursor is valid for, such as the parameters of a list.
 */
export function cursorOf(scope: string, text: string): string {
  const digest = hash('sha256', `${scope} ${text}`, 'base64url').slice(0, DIGEST_LENGTH)
  return Buffer.from(`${digest}${text}`, 'latin1').toString('base64url')
}

/** The text of a cursor; `null` if it is not a cursor of this scope. */
export function readCursor(scope: string, cursor: string): string | null {
  const text = Buffer.from(cursor, 'base64url').toString('latin1').slice(DIGEST_LENGTH)
  return cursorOf(scope, text) === cursor ? text : null
}
