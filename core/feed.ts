import type { Instant } from './item.ts'
import type { List } from './list.ts'
import type { Task } from './task.ts'

/** A change of one task or list since the reader's last page. */
export type Change =
  | { readonly type: 'list'; readonly list: List }
  | { readonly type: 'list_deleted'; readonly id: string; readonly deleted_at: Instant }
  | { readonly type: 'upsert'; readonly task: Task }
  | { readonly type: 'delete'; readonly id: string; readonly deleted_at: Instant }

/**
 * The state of an owner's feed. Every call that changes something takes the next number under the owner's
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
  /** The reader has every change with a lower number. */
  readonly sequence: number
  /** Of those with this number, it has the lists up to `id` (`list`), or all lists and the tasks up to `id`. */
  readonly kind: 'list' | 'task'
  readonly id: string
  /** The feed's number when the reader began. It never saw what was deleted before. */
  readonly since: number
}

/** One page of a feed. */
export interface ChangePage {
  readonly changes: Change[]
  readonly next: FeedPosition
  /** Whether there is more to read right away. */
  readonly hasMore: boolean
}

// Less and greater than every id.
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

// A reader without a cursor gets all lists first, as if they had this number.
const SNAPSHOT = -1

/** The position of a reader that has nothing yet. */
export function beginningOf({ epoch, sequence }: Feed): FeedPosition {
  return { epoch, sequence: SNAPSHOT, kind: 'list', id: FIRST_ID, since: sequence }
}

/** The position to continue from (`null` is the beginning). Returns `null` if it is too old. */
export function startIn(feed: Feed, after: FeedPosition | null): FeedPosition | null {
  const { epoch, sequence, horizon } = feed
  if (after === null) return beginningOf(feed)
  if (after.epoch === '') return horizon > 0 ? null : { ...after, epoch }
  const isOfThisFeed = after.epoch === epoch && after.sequence <= sequence
  const isWhole = after.kind === 'task' && after.id === LAST_ID
  const readWhole = isWhole ? after.sequence : after.sequence - 1
  return isOfThisFeed && horizon <= Math.max(readWhole, after.since) ? after : null
}

/** A place in one kind of items, sorted by number and id. */
export interface NumberAndId {
  readonly sequence: number
  readonly id: string
}

/** Which items come after a position. */
export interface NewsRanges {
  /** Tasks after this place. Tombstones only with a number greater than `since`. */
  readonly tasks: NumberAndId
  /** Lists and their tombstones after this place. */
  readonly lists: NumberAndId
  /** All lists with a greater id, without tombstones, as the snapshot has them; `null` for none. */
  readonly snapshot: string | null
  readonly since: number
}

export function newsRanges({ sequence, kind, id, since }: FeedPosition): NewsRanges {
  const isOfList = kind === 'list'
  const isNewList = isOfList && sequence > since
  return {
    tasks: { sequence, id: isOfList ? FIRST_ID : id },
    lists: { sequence: Math.max(sequence, since), id: isNewList ? id : LAST_ID },
    snapshot: isOfList && sequence === SNAPSHOT ? id : null,
    since,
  }
}

/** Whether something comes after a place. */
export function isAfter(one: NumberAndId, place: NumberAndId): boolean {
  return one.sequence > place.sequence || (one.sequence === place.sequence && one.id > place.id)
}

/** A task or a list, its tombstone, or what to report of it, with the number of its last change. */
export interface Numbered<Item> {
  readonly sequence: number
  readonly item: Item
}

/** What a store found in the ranges, each sorted and up to `limit + 1`. */
export interface FoundNews {
  readonly snapshot: readonly List[]
  readonly lists: readonly Numbered<List>[]
  readonly tasks: readonly Numbered<Task>[]
}

/** Makes a page. Among the changes with one number, lists come before tasks. */
export function changePage(
  feed: Feed,
  start: FeedPosition,
  { snapshot, lists, tasks }: FoundNews,
  limit: number,
): ChangePage {
  const found: Numbered<Change>[] = [
    ...snapshot.map((list) => ({ sequence: SNAPSHOT, item: listChange(list) })),
    ...lists.map(({ sequence, item }) => ({ sequence, item: listChange(item) })),
    ...tasks.map(({ sequence, item }) => ({ sequence, item: taskChange(item) })),
  ]
  // Stable: keeps lists before tasks, and both in the order of their ids.
  if (lists.length > 0) found.sort((a, b) => a.sequence - b.sequence)
  const taken = found.slice(0, limit)
  const last = taken.at(-1)
  const hasMore = found.length > limit
  const { epoch, sequence } = feed
  const next: FeedPosition =
    hasMore && last
      ? { ...start, epoch, sequence: last.sequence, ...kindAndId(last.item) }
      : { ...start, epoch, sequence, kind: 'task', id: LAST_ID }
  return { changes: taken.map(({ item }) => item), next, hasMore }
}

function kindAndId(change: Change): Pick<FeedPosition, 'kind' | 'id'> {
  switch (change.type) {
    case 'list':
      return { kind: 'list', id: change.list.id }
    case 'list_deleted':
      return { kind: 'list', id: change.id }
    case 'upsert':
      return { kind: 'task', id: change.task.id }
    case 'delete':
      return { kind: 'task', id: change.id }
  }
}

function taskChange(task: Task): Change {
  const { id, deleted_at } = task
  return deleted_at === undefined ? { type: 'upsert', task } : { type: 'delete', id, deleted_at }
}

function listChange(list: List): Change {
  const { id, deleted_at } = list
  return deleted_at === undefined
    ? { type: 'list', list }
    : { type: 'list_deleted', id, deleted_at }
}

/** A text that changes whenever any of the owner's tasks or lists changes. */
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
