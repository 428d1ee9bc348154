import type { Change } from '../../core/feed.ts'
import { representTask } from './representation.ts'

/** Why a stream ends, as its last event says. */
export const END_REASONS = [
  'TOKEN_EXPIRED',
  'CURSOR_EXPIRED',
  'SHUTTING_DOWN',
  'INTERNAL_ERROR',
] as const
export type EndReason = (typeof END_REASONS)[number]

/** What a change looks like to a caller. */
export function representChange(change: Change): Change {
  if (change.type === 'upsert') return { type: 'upsert', task: representTask(change.task) }
  const { type, id, deleted_at } = change
  return { type, id, deleted_at }
}

/**
 * Changes as server-sent events (html.spec.whatwg.org, 9.2), each named by its type.
 *
 * @param cursor where a reader goes on that has all of them. Only the last event carries it: who has
 * half of them reads all of them again.
 * @param synced whether the reader now has everything: `snapshot` for one that began without a
 * cursor, `null` for not yet.
 */
export function changeEvents(
  changes: readonly Change[],
  cursor: string,
  synced: { readonly snapshot: boolean } | null,
): string {
  const events = changes.map((change) => eventOf(change.type, representChange(change)))
  if (synced) events.push(eventOf('synced', synced))
  return events.length === 0 ? '' : `${events.join('\n')}id: ${cursor}\n\n`
}

/** How long a reader that is cut off waits until it comes back. */
export function retryField(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`
}

/** The last event of a stream. A reader whose cursor has expired is to forget it. */
export function endEvent(reason: EndReason): string {
  const forget = reason === 'CURSOR_EXPIRED' ? 'id\n' : ''
  return `${eventOf('end', { reason })}${forget}\n`
}

function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n`
}
