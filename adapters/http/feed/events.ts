import type { Change } from '../../../core/feed.ts'
import { representList } from '../lists/representation.ts'
import { representTask } from '../tasks/representation.ts'

/** Why a stream ends, as its last event reports. */
export const END_REASONS = [
  'TOKEN_EXPIRED',
  'CURSOR_EXPIRED',
  'SHUTTING_DOWN',
  'INTERNAL_ERROR',
] as const
export type EndReason = (typeof END_REASONS)[number]

/** A change as clients see it. */
export function representChange(change: Change): Change {
  switch (change.type) {
    case 'upsert':
      return { type: 'upsert', task: representTask(change.task) }
    case 'list':
      return { type: 'list', list: representList(change.list) }
    case 'delete':
    case 'list_deleted': {
      const { type, id, deleted_at } = change
      return { type, id, deleted_at }
    }
  }
}

/**
 * Changes as server-sent events (html.spec.whatwg.org, 9.2), each named by its type.
 *
 * @param cursor where a reader continues after these changes. Only the last event carries it, so that a
 * reader that received only some of them reads all of them again.
 * @param synced whether the reader now has everything; `snapshot` says that it began without a cursor.
 * `null` if there is more to come.
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

/** How long a reader waits before it reconnects. */
export function retryField(milliseconds: number): string {
  return `retry: ${milliseconds}\n\n`
}

/** The last event of a stream. Makes a reader forget a cursor that has expired. */
export function endEvent(reason: EndReason): string {
  const forget = reason === 'CURSOR_EXPIRED' ? 'id\n' : ''
  return `${eventOf('end', { reason })}${forget}\n`
}

function eventOf(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n`
}
