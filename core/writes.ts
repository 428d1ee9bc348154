import type { Instant } from './item.ts'
import type { List, ListCreate, ListPatch } from './list.ts'
import type { Destination } from './moves.ts'
import type { Task, TaskCreate, TaskPatch } from './task.ts'

/**
 * The versions that a write accepts; `null` for any. An empty list accepts none. `except` lists those that
 * it refuses. It is part of the write because a task that is read first may change before it is written.
 */
export type Versions = readonly number[] | { readonly except: readonly number[] } | null

/** A create of an earlier write of the same call that this write refers to. */
export interface Reference {
  readonly id: string
  /** The member that refers to it. */
  readonly member: string
}

/** What every write of one task or list has. The id is in lower case. */
interface Target {
  readonly id: string
  /** Creates of the same call that must have succeeded. */
  readonly references?: readonly Reference[]
}

interface Change extends Target {
  readonly versions: Versions
}

/** A change of one task. */
export type TaskWrite =
  | (Target & { readonly op: 'create'; readonly task: TaskCreate })
  | (Change & { readonly op: 'patch'; readonly patch: TaskPatch })
  /** `permanent` skips the trash, or deletes a task that is in it. */
  | (Change & { readonly op: 'delete'; readonly permanent: boolean })
  | (Change & { readonly op: 'restore' })
  | (Change & { readonly op: 'move'; readonly destination: Destination })

/** A change of one list. Deleting a list also deletes its tasks. */
export type ListWrite =
  | (Target & { readonly op: 'create_list'; readonly list: ListCreate })
  | (Change & { readonly op: 'patch_list'; readonly patch: ListPatch })
  | (Change & { readonly op: 'delete_list'; readonly permanent: boolean })
  | (Change & { readonly op: 'move_list'; readonly destination: Destination })

/** Deletes completed tasks, at most `limit`. */
export interface ClearWrite {
  readonly op: 'clear_completed'
  readonly permanent: boolean
  readonly limit: number
}

export type ItemWrite = TaskWrite | ListWrite
export type Write = ItemWrite | ClearWrite

/**
 * The outcome of a write.
 *
 * - `done`: `task` is the task afterwards, `null` if it was deleted.
 * - `list_done`: `list` is the list afterwards, `null` if it was deleted.
 * - `cleared`: how many tasks were deleted, and whether there are more to delete.
 * - `not_found`: the owner has no such task or list.
 * - `stale`: `version` is the current version, which the write does not accept.
 * - `invalid`: one `member: what is wrong` for each member that breaks a rule.
 */
export type WriteOutcome =
  | { readonly kind: 'done'; readonly task: Task | null }
  | { readonly kind: 'list_done'; readonly list: List | null }
  | { readonly kind: 'cleared'; readonly count: number; readonly hasMore: boolean }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'stale'; readonly version: number }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }

/** What the rules need besides the owner's data. */
export interface WriteContext {
  readonly now: Instant
  /** How many tasks outside the trash creates may lead to; no limit if absent. */
  readonly maxTasks?: number
  /** Makes the id of a task that a write adds by itself. */
  readonly newId: () => string
}

/** Whether a write succeeded. */
export function succeeded({ kind }: WriteOutcome): boolean {
  return kind === 'done' || kind === 'list_done' || kind === 'cleared'
}

/** The outcome of a write that breaks rules. */
export function invalidWrite(...problems: string[]): WriteOutcome {
  return { kind: 'invalid', problems }
}

/** The outcome of a move next to something that the owner does not have. */
export function unknownNeighbour(destination: Destination, items: 'tasks' | 'lists'): WriteOutcome {
  const member = 'before' in destination ? 'before' : 'after'
  return invalidWrite(`${member}: must be the id of another of your ${items}`)
}

export function accepts(versions: Versions, version: number): boolean {
  if (versions === null) return true
  if ('except' in versions) return !versions.except.includes(version)
  return versions.includes(version)
}
