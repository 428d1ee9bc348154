import { applyWrite } from './apply-write.ts'
import {
  createDraft,
  type Draft,
  type ListChange,
  type OwnerItems,
  type TaskChange,
} from './draft.ts'
import { type Feed, NO_FEED } from './feed.ts'
import type { Instant } from './item.ts'
import { succeeded, type Write, type WriteContext, type WriteOutcome } from './writes.ts'

/** Writes that one caller sends together. */
export interface WriteCall extends Omit<WriteContext, 'newId'> {
  /** Applied in order. The owner has nothing with the ids of creates yet. */
  readonly writes: readonly Write[]
  /** Whether the first write that does not succeed undoes those before it and skips those after it. */
  readonly atomic: boolean
  /**
   * The id of the nth task (from 0) that the rules add by themselves. Returns the same id each time, because
   * a store may run the rules again.
   */
  readonly idAt: (index: number) => string
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

/** What a store keeps about an owner besides the tasks and lists. */
export interface OwnerRecord extends Feed {
  /** How many tasks are not in the trash. */
  readonly live: number
  /** A lower bound of the orders of all tasks; `null` if there never was a task. */
  readonly top: number | null
}

/** The record of an owner who has not written anything yet. */
export const NEW_OWNER: OwnerRecord = { ...NO_FEED, live: 0, top: null }

/** The stored state of one owner, as a call reads it. */
export interface OwnerState extends OwnerItems {
  readonly record: OwnerRecord
  /** The remembered call with this key, of any age; `null` if there is none. */
  remembered(key: string): RememberedCall | null
}

/** What a store has to save after a call. */
export interface CallEffect {
  readonly result: CallResult
  /** The owner's record afterwards: the same object if the call changes nothing. */
  readonly record: OwnerRecord
  readonly taskChanges: readonly TaskChange[]
  readonly listChanges: readonly ListChange[]
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
  { record, tasks, lists, remembered }: OwnerState,
  call: WriteCall,
  newEpoch: () => string,
): CallEffect {
  const { retry, atomic, now } = call
  const unchanged = { record, taskChanges: [], listChanges: [], remember: null }
  const earlier = retry && remembered(retry.key)
  if (retry && earlier && earlier.madeAt >= retry.rememberedSince) {
    if (earlier.fingerprint !== retry.fingerprint)
      return { ...unchanged, result: { kind: 'key_reused' } }
    return { ...unchanged, result: applied(earlier.outcomes, true) }
  }

  const draft = createDraft({ tasks, lists }, record)
  const outcomes: WriteOutcome[] = []
  const failed = new Set<string>()
  let added = 0
  const context = { ...call, newId: () => call.idAt(added++) }
  for (const write of call.writes) {
    const outcome = unresolved(write, failed) ?? applyWrite(draft, write, context)
    outcomes.push(outcome)
    if (succeeded(outcome)) continue
    if (atomic) return { ...unchanged, result: applied(outcomes, false) }
    if (write.op === 'create' || write.op === 'create_list') failed.add(write.id)
  }
  const remember = retry && {
    key: retry.key,
    fingerprint: retry.fingerprint,
    madeAt: now,
    outcomes,
  }
  return {
    result: applied(outcomes, false),
    ...savedChanges(record, draft, newEpoch),
    remember,
  }
}

/** The outcome of a write that refers to a create which failed; otherwise `null`. */
function unresolved(write: Write, failed: ReadonlySet<string>): WriteOutcome | null {
  if (failed.size === 0 || !('references' in write)) return null
  const broken = write.references?.filter(({ id }) => failed.has(id)) ?? []
  if (broken.length === 0) return null
  const problems = broken.map(({ member }) => `${member}: must name an operation that succeeded`)
  return { kind: 'invalid', problems }
}

/** What to store of a draft. Changes get the next number of the owner's feed. */
export function savedChanges(
  record: OwnerRecord,
  draft: Draft,
  newEpoch: () => string,
): Pick<CallEffect, 'record' | 'taskChanges' | 'listChanges'> {
  const taskChanges = draft.tasks.changes()
  const listChanges = draft.lists.changes()
  if (taskChanges.length + listChanges.length === 0) return { record, taskChanges, listChanges }
  const { top, live } = draft
  const epoch = record.epoch || newEpoch()
  const next = { ...record, epoch, sequence: record.sequence + 1, live, top }
  return { record: next, taskChanges, listChanges }
}

function applied(outcomes: readonly WriteOutcome[], replayed: boolean): CallResult {
  return { kind: 'applied', outcomes, replayed }
}
