import { hash } from 'node:crypto'
import type { FeedPosition } from '../../core/feed.ts'

const CHECK_LENGTH = 8
const MAX_CURSOR_LENGTH = 160
const FORM =
  /^([0-9a-f]{0,16})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/**
 * The text that stands for a position in a feed: URL-safe, and in a header as it is. A digest in it
 * shows any change of it. It is no secret: a position says nothing of others' tasks, and in the feed
 * of another user it has expired.
 */
export function feedCursor({ epoch, sequence, since, id }: FeedPosition): string {
  const text = `${epoch}.${sequence}.${since}.${id}`
  const check = hash('sha256', `feed ${text}`, 'base64url').slice(0, CHECK_LENGTH)
  return Buffer.from(`${check}${text}`, 'latin1').toString('base64url')
}

/** The position that a cursor stands for, `null` for a text that is none. */
export function feedPosition(cursor: string): FeedPosition | null {
  if (cursor.length > MAX_CURSOR_LENGTH) return null
  const text = Buffer.from(cursor, 'base64url').toString('latin1').slice(CHECK_LENGTH)
  const [, epoch, sequence, since, id] = FORM.exec(text) ?? []
  if (epoch === undefined || id === undefined) return null
  const position = { epoch, sequence: Number(sequence), since: Number(since), id }
  return feedCursor(position) === cursor ? position : null
}
