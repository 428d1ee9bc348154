import { createDraft, type Draft, type OwnerTasks, type TaskChange } from './draft.ts'
import type { Feed } from './feed.ts'
import { NO_FEED } from './feed.ts'
import type { Instant } from './task.ts'
import { applyWrite, succeeded, type Write, type WriteOutcome } from './writes.ts'

/** Writes that one caller sends together. */
export interface WriteCall {
  /** Applied in order. The owner has no tasks with the ids of creates yet. */
  readonly writes: readonly Write[]
  /** Whether the first write that does not succeed undoes those before it and skips those after it. */
  readonly atomic: boolean
  readonly now: Instant
  /** How many tasks outside the trash creates may lead to; no limit if absent. */
  readonly maxTasks?: number
  /** `null` if the caller will not retry the call. */
  readonly retry: Retry | null
}

/** Identifies a call that its caller may send again. */
export interface RetryKey {
  /** Chosen by the caller, unique among the owner's calls. */
  readonly key: string
  /** A digest of the request. */
  readonly fingerprint: string
}

export interface Retry extends RetryKey {
  /** Earlier calls with this key do not count. */
  readonly rememberedSince: Instant
}

/** A call with a retry key, and its outcomes. */
export interface RememberedCall extends RetryKey {
  readonly madeAt: Instant
  readonly outcomes: readonly WriteOutcome[]
}

const RETRY_HOURS = 24

/** The time before which calls are no longer remembered. */
export function rememberedSince(now: Instant): Instant {
  return new Date(Date.parse(now) - RETRY_HOURS * 3_600_000).toISOString()
}

/**
 * The result of a call, with one outcome per write. If an atomic call fails, nothing is written, and the
 * last outcome is the failure. A retried call gets the outcomes of the first.
 */
export type CallResult =
  | {
      readonly kind: 'applied'
      readonly outcomes: readonly WriteOutcome[]
      readonly replayed: boolean
    }
  /** The key belongs to an earlier call with another fingerprint. */
  | { readonly kind: 'key_reused' }

/** What a store keeps about an owner besides the tasks. */
export interface OwnerRecord extends Feed {
  /** How many tasks are not in the trash. */
  readonly live: number
  /** A lower bound of the orders of all tasks; `null` if there never was a task. */
  readonly top: number | null
}

/** The record of an owner who has not written anything yet. */
export const NEW_OWNER: OwnerRecord = { ...NO_FEED, live: 0, top: null }

/** The stored state of one owner, as a call reads it. */
export interface OwnerState {
  readonly record: OwnerRecord
  readonly tasks: Omit<OwnerTasks, 'top' | 'live'>
  /** The remembered call with this key, of any age; `null` if there is none. */
  remembered(key: string): RememberedCall | null
}

/** What a store has to save after a call. */
export interface CallEffect {
  readonly result: CallResult
  /** The owner's record afterwards: the same object if the call changes no task. */
  readonly record: OwnerRecord
  readonly changes: readonly TaskChange[]
  /** The call to remember under its key, in place of an older one; `null` for none. */
  readonly remember: RememberedCall | null
}

/**
 * Applies the rules to a call. A pure function. Stores hold the owner's lock from reading the state
 * until the effect is stored.
 *
 * @param newEpoch generates the epoch of a new owner's feed.
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
    return { ...unchanged, result: applied(earlier.outcomes, true) }
  }

  const draft = createDraft({ ...tasks, top: record.top, live: record.live })
  const outcomes: WriteOutcome[] = []
  for (const write of call.writes) {
    const outcome = applyWrite(draft, write, call)
    outcomes.push(outcome)
    if (atomic && !succeeded(outcome)) return { ...unchanged, result: applied(outcomes, false) }
  }
  const changes = draft.changes()
  const remember = retry && {
    key: retry.key,
    fingerprint: retry.fingerprint,
    madeAt: now,
    outcomes,
  }
  return {
    result: applied(outcomes, false),
    record: changes.length === 0 ? record : nextRecord(record, draft, newEpoch),
    changes,
    remember,
  }
}

/** The owner's record after a draft's changes, which get the next number of the feed. */
export function nextRecord(
  record: OwnerRecord,
  { top, live }: Pick<Draft, 'top' | 'live'>,
  newEpoch: () => string,
): OwnerRecord {
  const epoch = record.epoch || newEpoch()
  return { ...record, epoch, sequence: record.sequence + 1, live, top }
}

function applied(outcomes: readonly WriteOutcome[], replayed: boolean): CallResult {
  return { kind: 'applied', outcomes, replayed }
}
