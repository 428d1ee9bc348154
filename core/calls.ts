import { createDraft, type Draft, type OwnerTasks, type TaskChange } from './draft.ts'
import type { Feed } from './feed.ts'
import { NO_FEED } from './feed.ts'
import type { Instant } from './task.ts'
import { applyWrite, succeeded, type Write, type WriteOutcome } from './writes.ts'

/** Writes that one caller sends together. */
export interface WriteCall {
  /** Applied in this order. The ids of tasks to create are new to the owner. */
  readonly writes: readonly Write[]
  /** Whether the first write that does not succeed undoes those before it and skips those after it. */
  readonly atomic: boolean
  readonly now: Instant
  /** How many tasks outside the trash creating may lead to; any number if absent. */
  readonly maxTasks?: number
  /** `null` if the caller will not retry the call. */
  readonly retry: Retry | null
}

/** How a caller marks a call that it may send again. */
export interface Retry {
  /** The caller's name for the call, unique among the owner's calls. */
  readonly key: string
  /** A digest of what the call asks for. */
  readonly fingerprint: string
  /** Calls with this key from before this time are forgotten. */
  readonly rememberedSince: Instant
}

/** A call with a retry key, and what became of it. */
export interface RememberedCall {
  readonly key: string
  readonly fingerprint: string
  readonly madeAt: Instant
  readonly outcomes: readonly WriteOutcome[]
}

/**
 * What became of a call. There is an outcome for each write, unless the call is atomic and failed: then
 * the last outcome is the one that failed, and nothing was written. A retried call gets its first
 * outcomes again.
 */
export type CallResult =
  | {
      readonly kind: 'answered'
      readonly outcomes: readonly WriteOutcome[]
      readonly replayed: boolean
    }
  /** The key belongs to an earlier call with another fingerprint. */
  | { readonly kind: 'key_reused' }

/** What a store keeps about an owner beside the tasks. */
export interface OwnerRecord extends Feed {
  /** How many tasks are not in the trash. */
  readonly live: number
  /** A lower bound of the orders of all tasks; `null` if there never was a task. */
  readonly top: number | null
}

/** The record of an owner who has not written anything yet. */
export const NEW_OWNER: OwnerRecord = { ...NO_FEED, live: 0, top: null }

/** What one owner has, as a call finds it. */
export interface OwnerState {
  readonly record: OwnerRecord
  readonly tasks: Omit<OwnerTasks, 'top' | 'live'>
  /** The remembered call with this key, however old; `null` for none. */
  remembered(key: string): RememberedCall | null
}

/** What a call does to the store. */
export interface CallEffect {
  readonly result: CallResult
  /** The owner's record afterwards: the same object if the call changes no task. */
  readonly record: OwnerRecord
  readonly changes: readonly TaskChange[]
  /** The call to remember under its key, in place of an older one; `null` for none. */
  readonly remember: RememberedCall | null
}

/**
 * Decides what a call does. Stores run it while no other call of the owner can come between reading the
 * state and storing the effect. It reads and writes nothing but its arguments.
 *
 * @param newEpoch names the feed of an owner who has none yet.
 */
export function applyCall(
  { record, tasks, remembered }: OwnerState,
  call: WriteCall,
  newEpoch: () => string,
): CallEffect {
  const { retry, atomic, now } = call
  const unchanged = { record, changes: [], remember: null }
  const earlier = retry && remembered(retry.key)
  if (retry && earlier && earlier.madeAt >= retry.rememberedSince) {
    if (earlier.fingerprint !== retry.fingerprint)
      return { ...unchanged, result: { kind: 'key_reused' } }
    return { ...unchanged, result: answered(earlier.outcomes, true) }
  }

  const draft = createDraft({ ...tasks, top: record.top, live: record.live })
  const outcomes: WriteOutcome[] = []
  for (const write of call.writes) {
    const outcome = applyWrite(draft, write, call)
    outcomes.push(outcome)
    if (atomic && !succeeded(outcome)) return { ...unchanged, result: answered(outcomes, false) }
  }
  const changes = draft.changes()
  const remember = retry && {
    key: retry.key,
    fingerprint: retry.fingerprint,
    madeAt: now,
    outcomes,
  }
  return {
    result: answered(outcomes, false),
    record: changes.length === 0 ? record : nextRecord(record, draft, newEpoch),
    changes,
    remember,
  }
}

/** The record after the changes of a draft, which take the next number of the owner's feed. */
export function nextRecord(
  record: OwnerRecord,
  { top, live }: Pick<Draft, 'top' | 'live'>,
  newEpoch: () => string,
): OwnerRecord {
  const epoch = record.epoch || newEpoch()
  return { ...record, epoch, sequence: record.sequence + 1, live, top }
}

function answered(outcomes: readonly WriteOutcome[], replayed: boolean): CallResult {
  return { kind: 'answered', outcomes, replayed }
}
