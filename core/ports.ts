import type { ApiToken } from './api-token.ts'
import type { ArchivedItem, ArchivedKey } from './archive.ts'
import type { CallResult, WriteCall } from './calls.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { Instant } from './item.ts'
import type { List, ListPage } from './list.ts'
import type { Owner } from './owner.ts'
import type { TaskPage, TaskQuery } from './query.ts'
import type { Task } from './task.ts'

/**
 * Stores tasks and lists. Ids are in lower case. Every method is atomic and durable once its promise resolves,
 * sees everything that resolved before it, and rejects with a `TaskportError` (`unavailable`) if the
 * store is down or does not answer in time. No method ever reads or writes anything of another owner.
 */
export interface TaskRepository {
  /** One page of tasks with the total count and the revision, all read at the same moment. */
  list(owner: Owner, query: TaskQuery): Promise<TaskPage>

  /** The task; `null` if the owner has none with that id outside the trash. */
  get(owner: Owner, id: string): Promise<Task | null>

  /** All lists in their order, with the revision, all read at the same moment. */
  lists(owner: Owner): Promise<ListPage>

  /** The list; `null` if the owner has none with that id. */
  getList(owner: Owner, id: string): Promise<List | null>

  /**
   * A text that changes whenever any of the owner's lists or tasks changes, including the trash.
   * Reads one row by its key.
   */
  revision(owner: Owner): Promise<string>

  /**
   * Reads the owner's state, runs `applyCall` and stores its effect, isolated from the owner's other
   * writes. If a call is sent twice with a retry key, the two may run in either order: the second to run
   * gets the outcomes of the first.
   */
  write(owner: Owner, call: WriteCall): Promise<CallResult>

  /**
   * The changes since a position, oldest first, each task and list once in its current state.
   *
   * @param after `null` for every list, and every task that is not in the trash.
   * @returns `null` if the position is too old.
   */
  changes(owner: Owner, after: FeedPosition | null, limit: number): Promise<ChangePage | null>
}

/** Notifies listeners of changes. */
export interface FeedWatch {
  /**
   * Calls `listener` within a second after any write of the owner, in any process, as long as the
   * store answers. Spurious calls are allowed.
   *
   * @returns a function that stops watching.
   */
  watch(owner: Owner, listener: () => void): () => void
}

/** The periodic maintenance of a store. */
export interface TaskMaintenance {
  /**
   * Runs one small batch of maintenance without blocking requests: purges tasks and lists that were deleted
   * before a given time, raises the horizon of their owners' feeds, and deletes old retry keys. Several
   * processes may run it at once.
   *
   * @returns whether there may be more to do.
   */
  run(before: { readonly deleted: Instant; readonly retries: Instant }): Promise<boolean>
}

/** Everything of every owner, to move it to another store. Rejects like `TaskRepository`. */
export interface TaskArchive {
  /**
   * The next page (at most a few hundred; empty at the end) of one section of what one owner or all owners
   * (`null`) have, including the trash. Sorted by owner and id in the store's own collation. Something that
   * does not change meanwhile is returned exactly once; one that is written between two pages may be missed.
   *
   * @param after the last item of the previous page; `null` for the first page.
   */
  read(
    section: ArchiveSection,
    owner: Owner | null,
    after: ArchivedKey | null,
  ): Promise<ArchivedItem[]>

  /**
   * Adds tasks and lists unchanged, all or none. Skips what its owner already has; replaces tombstones.
   * Tasks without an order go to the top, newest first; tasks without a version get version 1. Tasks in
   * lists that do not exist go to the inbox, and subtasks of tasks that do not exist become tasks of their
   * own. The feeds report what was added.
   *
   * @returns how many were added.
   * @throws TaskportError `invalid` if the schedule of a task is not valid.
   */
  add(items: readonly ArchivedItem[]): Promise<number>
}

/** What operators do with everything of a user. Rejects like `TaskRepository`. */
export interface OwnerAdministration {
  /** How many owners there are, and those with the most tasks outside the trash, most first. */
  largest(count: number): Promise<{ readonly owners: number; readonly largest: OwnerSummary[] }>

  /** What there is of an owner. */
  contents(owner: Owner): Promise<OwnerContents>

  /**
   * Deletes a part of what there is of an owner, to be repeated until there is no more. Each part is atomic,
   * and each ends the owner's feed: readers start again. Subtasks go before their parents, and tasks before
   * their lists, so what is left is consistent. The last part leaves nothing of the owner.
   */
  deleteSome(owner: Owner): Promise<{ readonly deleted: OwnerContents; readonly hasMore: boolean }>

  /**
   * Starts new feeds for the next owners, and raises the versions of their tasks and lists by
   * `VERSION_JUMP`, so that nothing that a client remembers is valid any more. Owners are locked as for writes.
   *
   * @param after the place that the previous call returned; `null` for the first call.
   * @throws OperatorError if a version would be too large for the store.
   */
  renewFeeds(after: RenewalPlace | null): Promise<Renewal>
}

/** How many there are of each. */
export interface OwnerContents {
  /** Including the trash. */
  readonly tasks: number
  readonly lists: number
  readonly remembered_calls: number
  readonly tokens: number
}

export interface OwnerSummary {
  readonly owner: Owner
  /** Outside the trash. */
  readonly tasks: number
  /** Those of them that are not completed. */
  readonly open: number
  readonly lists: number
  /** About what the rows of tasks and lists take, without indexes. */
  readonly bytes: number
  /** When a task or list was last changed or deleted; `null` if there is none. */
  readonly last_write: Instant | null
}

/** More than the writes that a restored backup can have lost. */
export const VERSION_JUMP = 1_000_000

/** How far a renewal has come. */
export interface RenewalPlace {
  readonly owner: Owner
  /** The last task of this owner that was renewed; `null` if the owner is complete. */
  readonly task: string | null
}

export interface Renewal {
  /** How many owners were completed. */
  readonly owners: number
  /** Where to continue; `null` at the end. */
  readonly place: RenewalPlace | null
}

/** What an archive consists of, in this order: lists before their tasks, tasks before their subtasks. */
export const ARCHIVE_SECTIONS = ['lists', 'tasks', 'subtasks'] as const
export type ArchiveSection = (typeof ARCHIVE_SECTIONS)[number]

/** A token that was found by its hash, and its owner. */
export interface FoundApiToken {
  readonly owner: Owner
  readonly token: ApiToken
}

/**
 * Stores API tokens, each with the hash of its secret. Like `TaskRepository`, with one exception: a request
 * names only the secret, so `find` takes no owner.
 */
export interface ApiTokenStore {
  /**
   * Adds a token, unless its owner has `most` already, even if several are added at once.
   *
   * @param hash the SHA-256 of the secret in hexadecimal digits.
   * @returns whether it was added.
   */
  create(owner: Owner, token: ApiToken, hash: string, most: number): Promise<boolean>

  /** The owner's tokens, by id. */
  list(owner: Owner): Promise<ApiToken[]>

  /** The token with this hash, even if it has expired. */
  find(hash: string): Promise<FoundApiToken | null>

  /** @returns whether the owner had the token. */
  remove(owner: Owner, id: string): Promise<boolean>

  /** Sets `last_used_at`, unless it is later already or the token is gone. */
  touch(owner: Owner, id: string, at: Instant): Promise<void>

  /**
   * Removes a small batch of tokens that expired before a time.
   *
   * @returns whether there may be more.
   */
  purge(expiredBefore: Instant): Promise<boolean>
}

/** The current time. Never goes back within a process. */
export type Clock = () => Instant

/** A new UUIDv7 in lower case, greater than every earlier one of the process. */
export type NewId = () => string
