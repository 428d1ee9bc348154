import type { Instant, Task } from './task.ts'

/** A change of one task since the reader's last page. */
export type Change =
  | { readonly type: 'upsert'; readonly task: Task }
  | { readonly type: 'delete'; readonly id: string; readonly deleted_at: Instant }

/**
 * The state of an owner's feed. Every call that changes tasks takes the next number under the owner's
 * lock, so numbers become visible in order.
 */
export interface Feed {
  /** Identifies the feed; a store that was emptied starts a new one. Empty until the first change. */
  readonly epoch: string
  /** The number of the last change. */
  readonly sequence: number
  /** The tombstones of deletions up to this number were purged. */
  readonly horizon: number
}

/** The feed of an owner without any change. */
export const NO_FEED: Feed = { epoch: '', sequence: 0, horizon: 0 }

/** How far a reader has read. */
export interface FeedPosition {
  readonly epoch: string
  /** The reader has every change with a lower number, */
  readonly sequence: number
  /** and those with this number up to this id. */
  readonly id: string
  /** The feed's number when the reader began. It never saw tasks that were deleted before. */
  readonly since: number
}

/** One change with its number. */
export interface NumberedChange {
  readonly sequence: number
  readonly change: Change
}

/** One page of a feed. */
export interface ChangePage {
  readonly changes: Change[]
  readonly next: FeedPosition
  /** Whether there is more to read right away. */
  readonly hasMore: boolean
}

// Greater than every id.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The position to continue from (`null` is the beginning). Returns `null` if it is too old. */
export function startIn(feed: Feed, after: FeedPosition | null): FeedPosition | null {
  const { epoch, sequence, horizon } = feed
  if (after === null) return { epoch, sequence: -1, id: LAST_ID, since: sequence }
  if (after.epoch === '') return horizon > 0 ? null : { ...after, epoch }
  const isOfThisFeed = after.epoch === epoch && after.sequence <= sequence
  const readWhole = after.id === LAST_ID ? after.sequence : after.sequence - 1
  return isOfThisFeed && horizon <= Math.max(readWhole, after.since) ? after : null
}

/** Whether a change comes after a position and concerns its reader. */
export function isNews({ sequence, change }: NumberedChange, after: FeedPosition): boolean {
  const id = idOf(change)
  if (sequence < after.sequence || (sequence === after.sequence && id <= after.id)) return false
  return change.type === 'upsert' || sequence > after.since
}

/** The change that readers get for a task or a tombstone. */
export function changeOf(task: Task): Change {
  const { id, deleted_at } = task
  return deleted_at === undefined ? { type: 'upsert', task } : { type: 'delete', id, deleted_at }
}

/**
 * Makes a page.
 *
 * @param found the changes after `start`, by number and id, up to `limit + 1`.
 */
export function changePage(
  feed: Feed,
  start: FeedPosition,
  found: readonly NumberedChange[],
  limit: number,
): ChangePage {
  const taken = found.slice(0, limit)
  const last = taken.at(-1)
  const hasMore = found.length > limit
  const { epoch, sequence } = feed
  const next =
    hasMore && last
      ? { ...start, epoch, sequence: last.sequence, id: idOf(last.change) }
      : { ...start, epoch, sequence, id: LAST_ID }
  return { changes: taken.map(({ change }) => change), next, hasMore }
}

function idOf(change: Change): string {
  return change.type === 'upsert' ? change.task.id : change.id
}

/** A text that changes whenever any of the owner's tasks changes. */
export function revisionOf({ epoch, sequence }: Feed): string {
  return `${epoch}.${sequence}`
}

/** Listeners by key. */
export function createListeners<Key>() {
  const listeners = new Map<Key, Set<() => void>>()
  return {
    /** Calls `listener` on every `notify` of the key. @returns removes the listener. */
    listen(key: Key, listener: () => void): () => void {
      // Wrapped, because the same function may be added twice.
      const own = () => listener()
      const ofKey = listeners.get(key) ?? new Set()
      listeners.set(key, ofKey.add(own))
      return () => {
        if (ofKey.delete(own) && ofKey.size === 0) listeners.delete(key)
      }
    },
    notify(key: Key): void {
      const ofKey = listeners.get(key)
      // A copy, so that listeners added during the loop are not called.
      for (const listener of [...(ofKey ?? [])]) if (ofKey?.has(listener)) listener()
    },
  }
}
