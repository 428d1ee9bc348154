import type { Instant, Task } from './task.ts'

/** What became of one task since the reader last looked. */
export type Change =
  | { readonly type: 'upsert'; readonly task: Task }
  | { readonly type: 'delete'; readonly id: string; readonly deleted_at: Instant }

/**
 * The numbers behind an owner's feed. Each write that changes something takes the next number while
 * no other write of that owner can, and so in the order in which they become visible.
 */
export interface Feed {
  /** Which feed it is: another one after the store was emptied. Empty as long as nothing was written. */
  readonly epoch: string
  /** The number of the last write. */
  readonly sequence: number
  /** Up to which number deletions are no longer told: those tasks have been forgotten. */
  readonly horizon: number
}

/** The feed of an owner who never wrote. */
export const NO_FEED: Feed = { epoch: '', sequence: 0, horizon: 0 }

/** How far a reader has come in a feed. */
export interface FeedPosition {
  readonly epoch: string
  /** Everything with a lower number has been read, */
  readonly sequence: number
  /** and of those with this number, everything up to this id. */
  readonly id: string
  /** The feed's number when the reader began: deletions up to it were never the reader's. */
  readonly since: number
}

/** One task with the number of the write that it comes from. */
export interface NumberedChange {
  readonly sequence: number
  readonly change: Change
}

/** A part of a feed. */
export interface ChangePage {
  readonly changes: Change[]
  readonly next: FeedPosition
  /** Whether there is more to be read at once. */
  readonly hasMore: boolean
}

// Greater than every id.
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Where to read on in a feed, for `null` from its beginning; `null` where that cannot be told. */
export function startIn(feed: Feed, after: FeedPosition | null): FeedPosition | null {
  const { epoch, sequence, horizon } = feed
  if (after === null) return { epoch, sequence: -1, id: LAST_ID, since: sequence }
  if (after.epoch === '') return horizon > 0 ? null : { ...after, epoch }
  const isOfThisFeed = after.epoch === epoch && after.sequence <= sequence
  const readWhole = after.id === LAST_ID ? after.sequence : after.sequence - 1
  return isOfThisFeed && horizon <= Math.max(readWhole, after.since) ? after : null
}

/** Whether a change comes after a position and is the reader's. */
export function isNews({ sequence, change }: NumberedChange, after: FeedPosition): boolean {
  const id = change.type === 'upsert' ? change.task.id : change.id
  if (sequence < after.sequence || (sequence === after.sequence && id <= after.id)) return false
  return change.type === 'upsert' || sequence > after.since
}

/**
 * Makes a page of what was found after a position.
 *
 * @param found by number and id, one more than the page holds where there are as many.
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

/** The text that names a state of an owner's tasks. */
export function revisionOf({ epoch, sequence }: Feed): string {
  return `${epoch}.${sequence}`
}

/** Tells listeners, by a key, that something happened. */
export function createListeners<Key>() {
  const listeners = new Map<Key, Set<() => void>>()
  return {
    /** Calls `listener` at every `tell` of the key, until the returned function is called. */
    listen(key: Key, listener: () => void): () => void {
      const own = () => listener()
      const those = listeners.get(key) ?? new Set()
      listeners.set(key, those.add(own))
      return () => {
        if (those.delete(own) && those.size === 0) listeners.delete(key)
      }
    },
    tell(key: Key): void {
      const those = listeners.get(key)
      // Of a copy: who listens again when told waits for the next time.
      for (const listener of [...(those ?? [])]) if (those?.has(listener)) listener()
    },
    /** Those that somebody listens for. */
    keys: (): Key[] => [...listeners.keys()],
  }
}
