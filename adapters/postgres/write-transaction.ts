import { applyCall, type CallResult, type OwnerRecord, type WriteCall } from '../../core/calls.ts'
import { createDraft, type ItemChange } from '../../core/draft.ts'
import type { Owner } from '../../core/owner.ts'
import { arrayOf, TEXT_ARRAY } from './connection/statement.ts'
import type { Transaction } from './connection/transaction.ts'
import { load, type OwnedNeed } from './load.ts'
import { createWorkingSet, NotLoaded, needsOf, type WorkingSet } from './working-set.ts'
import { type OwnerEffect, storeStatement } from './write-statements.ts'

/** Calls of one owner, to be applied in order. */
export interface OwnerCalls {
  readonly owner: Owner
  readonly calls: readonly WriteCall[]
}

/** The result of an owner's calls. */
export interface OwnerResult {
  readonly effect: OwnerEffect
  /** In the order of the calls. */
  readonly results: readonly CallResult[]
}

/**
 * Applies calls in two round trips: the first locks the owners' rows and reads what the rules will need,
 * the second stores the result and commits. If the rules need more, it is read in between.
 *
 * @param waits whether to wait for rows that other transactions have locked.
 * @returns the results by owner, without the owners whose rows other transactions have locked.
 */
export async function applyCalls(
  transaction: Transaction,
  group: readonly OwnerCalls[],
  waits: boolean,
  newEpoch: () => string,
): Promise<Map<Owner, OwnerResult>> {
  const sets = new Map(group.map(({ owner }) => [owner, createWorkingSet()]))
  const needs = group.flatMap(({ owner, calls }) =>
    needsOf(calls).map((need) => ({ ...need, owner })),
  )
  const locked = await lockAndLoad(transaction, sets, needs, waits)
  const callsOf = new Map(group.map(({ owner, calls }) => [owner, calls]))
  const results = await applyLoaded(transaction, locked, (owner, set) =>
    applyTo(owner, set, callsOf.get(owner) ?? [], newEpoch),
  )
  const effects = Array.from(results.values(), ({ effect }) => effect)
  const { statement, values } = storeStatement(effects)
  if (values.length > 0) await transaction.sendAndCommit(statement, values)
  return results
}

/** Locks the owners' rows and loads what the rules will need. @returns the sets of the locked owners. */
export async function lockAndLoad(
  transaction: Pick<Transaction, 'send'>,
  sets: ReadonlyMap<Owner, WorkingSet>,
  needs: readonly OwnedNeed[],
  waits: boolean,
): Promise<Map<Owner, WorkingSet>> {
  // In this order, because data read before the lock could still change.
  const [locked] = await Promise.all([
    lockOwners(transaction, sets, waits),
    load(transaction, needs, sets),
  ])
  return new Map([...sets].filter(([owner]) => locked.has(owner)))
}

/** Runs the rules for each owner. While they need more data, loads it and runs them again: they are pure. */
export async function applyLoaded<Result>(
  transaction: Pick<Transaction, 'send'>,
  sets: ReadonlyMap<Owner, WorkingSet>,
  apply: (owner: Owner, set: WorkingSet) => Result,
): Promise<Map<Owner, Result>> {
  const results = new Map<Owner, Result>()
  while (results.size < sets.size) {
    const missing: OwnedNeed[] = []
    for (const [owner, set] of sets) {
      if (results.has(owner)) continue
      try {
        results.set(owner, apply(owner, set))
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error
        missing.push({ ...error.need, owner })
      }
    }
    await load(transaction, missing, sets)
  }
  return results
}

/** Applies the calls of one owner in order, each to the result of the previous one. */
function applyTo(
  owner: Owner,
  set: WorkingSet,
  calls: readonly WriteCall[],
  newEpoch: () => string,
): OwnerResult {
  const before = set.record
  const draft = createDraft(set, before)
  const made = new Map<string, OwnerEffect['remember'][number]>()
  const results: CallResult[] = []
  let record = before
  for (const call of calls) {
    const remembered = (key: string) => made.get(key) ?? set.remembered(key)
    const { tasks, lists } = draft
    const effect = applyCall({ record, tasks, lists, remembered }, call, newEpoch)
    for (const change of effect.taskChanges) add(tasks, change)
    for (const change of effect.listChanges) add(lists, change)
    if (effect.remember) made.set(effect.remember.key, effect.remember)
    record = effect.record
    results.push(effect.result)
  }
  const taskChanges = draft.tasks.changes()
  const listChanges = draft.lists.changes()
  const remember = [...made.values()]
  return { effect: { owner, before, record, taskChanges, listChanges, remember }, results }
}

function add<Item>(
  draft: Record<'put' | 'erase', (before: Item | null, after: Item) => void>,
  { before, after, isErased }: ItemChange<Item>,
): void {
  if (isErased) draft.erase(before, after)
  else draft.put(before, after)
}

interface OwnerRow {
  readonly user_id: Owner
  readonly epoch: string
  // The driver returns 64-bit integers as strings.
  readonly sequence: string
  readonly horizon: string
  readonly live: number
  readonly top: number | null
}

/** An owner whose row another transaction has locked. */
interface LockedRow {
  readonly user_id: Owner
  readonly epoch: null
}

const OWNER = 'user_id, epoch, sequence, horizon, live, top'

/** Locks the owners' rows, always in the same order. */
const LOCK = {
  text: `
    select ${OWNER} from owners where user_id = any($1::text[]) order by user_id for no key update`,
  types: [TEXT_ARRAY],
}

/** The same without waiting. Returns rows that another transaction has locked without an `epoch`. */
const TRY_TO_LOCK = {
  text: `
    with locked as (
      select ${OWNER} from owners where user_id = any($1::text[]) order by user_id
      for no key update skip locked
    )
    select ${OWNER} from locked
    union all
    select user_id, null, null, null, null, null from owners
    where user_id = any($1::text[]) and user_id not in (select user_id from locked)`,
  types: [TEXT_ARRAY],
}

/**
 * Locks the owners' rows until the transaction ends, and reads their records into the working sets.
 *
 * @param waits whether to wait for rows that other transactions have locked.
 * @returns the owners whose rows are now locked, or do not exist yet.
 */
export async function lockOwners(
  { send }: Pick<Transaction, 'send'>,
  sets: ReadonlyMap<Owner, WorkingSet>,
  waits: boolean,
): Promise<Set<Owner>> {
  const locked = new Set(sets.keys())
  const rows = await send<OwnerRow | LockedRow>(waits ? LOCK : TRY_TO_LOCK, [arrayOf([...locked])])
  for (const row of rows) {
    const set = sets.get(row.user_id)
    if (row.epoch === null) locked.delete(row.user_id)
    else if (set) set.record = toRecord(row)
  }
  return locked
}

function toRecord({ epoch, sequence, horizon, live, top }: OwnerRow): OwnerRecord {
  return { epoch, sequence: Number(sequence), horizon: Number(horizon), live, top }
}
