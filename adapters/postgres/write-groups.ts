import type { CallResult, WriteCall } from '../../core/calls.ts'
import { TaskportError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import { isClash, isConflict, unavailable, wasRefused } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import { deadlineOf, MAX_CALLS } from './sharing.ts'
import { applyCalls } from './write-transaction.ts'

// A batch has up to 100 writes. A group of many batches would hold its locks for too long.
const MAX_WRITES = 200

// The maximum number of groups in progress. A distant server needs more of them to stay busy.
const GROUPS = 2
const GROUPS_OF_DISTANT_SERVER = 4
const DISTANT_MS = 4

// Transactions outside groups wait for locks, and occupy a connection meanwhile.
const MAX_SEPARATE = 2

// Another process may insert a new owner's row at the same time. The next attempt sees it.
const MAX_CONFLICTS = 3

interface Queued {
  readonly call: WriteCall
  /** When the caller gives up, in `performance.now()` time. */
  readonly deadline: number
  /**
   * Which calls it may share a transaction with: at first any; if another process has locked the owner's
   * row, only calls of the same owner; after an error, none.
   */
  sharesWith: 'group' | 'owner' | 'none'
  conflicts: number
  resolve(result: CallResult): void
  reject(error: unknown): void
}

interface QueuedOfOwner {
  readonly owner: Owner
  readonly queued: readonly Queued[]
}

/**
 * Applies calls in groups, each in one transaction. Calls that arrive in the same turn of the event loop, or
 * while other groups are in progress, form the next group. An owner is in one transaction at a time.
 *
 * A group does not wait for rows that other processes have locked: the calls of those owners run in separate
 * transactions. If a transaction fails, each of its calls runs alone, so that one bad call does not fail the
 * others. A call that another transaction blocks is retried until its deadline; other calls, including those
 * of the same owner, may overtake it.
 *
 * @param options.newEpoch generates the epoch of a new owner's feed.
 * @param options.onWrite called with the new number of an owner's feed.
 * @param options.timeoutMs time limit of a call.
 */
export function createWriteGroups(options: {
  readonly pool: Pick<Pool, 'transaction'>
  readonly newEpoch: () => string
  readonly onWrite: (owner: Owner, sequence: number) => void
  readonly timeoutMs: number
}): (owner: Owner, call: WriteCall) => Promise<CallResult> {
  const { pool, newEpoch, onWrite, timeoutMs } = options
  // Owners take turns in this order.
  const waiting = new Map<Owner, Set<Queued>>()
  const busy = new Set<Owner>()
  const running = { groups: 0, separate: 0 }
  let isScheduled = false
  let fastestMs = 0

  function startAll(): void {
    isScheduled = false
    const maxGroups = fastestMs < DISTANT_MS ? GROUPS : GROUPS_OF_DISTANT_SERVER
    while (running.separate < MAX_SEPARATE) {
      const own = nextSeparate()
      if (own === null) break
      void run('separate', [own])
    }
    while (running.groups < maxGroups) {
      const group = nextGroup()
      if (group.length === 0) break
      void run('groups', group)
    }
  }

  function nextGroup(): QueuedOfOwner[] {
    const group: QueuedOfOwner[] = []
    let calls = 0
    let writes = 0
    for (const [owner, queue] of waiting) {
      if (busy.has(owner)) continue
      const queued: Queued[] = []
      for (const one of queue) {
        if (one.sharesWith !== 'group') continue
        const isFull = calls === MAX_CALLS || writes + one.call.writes.length > MAX_WRITES
        if (isFull && calls > 0) break
        queued.push(one)
        calls++
        writes += one.call.writes.length
      }
      if (queued.length > 0) group.push(take(owner, queued))
    }
    return group
  }

  /** The next calls of one owner that run in a separate transaction. */
  function nextSeparate(): QueuedOfOwner | null {
    for (const [owner, queue] of waiting) {
      const [first] = queue
      if (busy.has(owner) || !first || first.sharesWith === 'group') continue
      if (first.sharesWith === 'none') return take(owner, [first])
      return take(
        owner,
        [...queue].filter(({ sharesWith }) => sharesWith === 'owner'),
      )
    }
    return null
  }

  function take(owner: Owner, queued: readonly Queued[]): QueuedOfOwner {
    const queue = waiting.get(owner)
    for (const one of queued) queue?.delete(one)
    waiting.delete(owner)
    // At the end, so that every owner gets its turn.
    if (queue && queue.size > 0) waiting.set(owner, queue)
    busy.add(owner)
    return { owner, queued }
  }

  async function run(kind: keyof typeof running, group: readonly QueuedOfOwner[]): Promise<void> {
    running[kind]++
    try {
      const done = await attempt(group, kind === 'separate')
      for (const own of group) if (!done.has(own.owner)) requeue(own, 'owner')
    } catch (error) {
      for (const own of group) retryOrReject(own, error)
    }
    running[kind]--
    for (const { owner } of group) busy.delete(owner)
    startAll()
  }

  /** After an error, queues the calls again that may still succeed, and rejects the others. */
  function retryOrReject({ owner, queued }: QueuedOfOwner, error: unknown): void {
    const now = performance.now()
    for (const one of queued) {
      const wasAlone = one.sharesWith === 'none'
      const isBlocked = isClash(error) || (isConflict(error) && ++one.conflicts < MAX_CONFLICTS)
      if (isLost(error) || (wasAlone && !isBlocked) || now >= one.deadline) one.reject(error)
      else requeue({ owner, queued: [one] }, 'none')
    }
  }

  function requeue({ owner, queued }: QueuedOfOwner, sharesWith: Queued['sharesWith']): void {
    for (const one of queued) {
      // Its time limit has passed: its caller gets an error, so it must not be applied later.
      if (performance.now() >= one.deadline) continue
      one.sharesWith = sharesWith
      enqueue(owner, one)
    }
  }

  function enqueue(owner: Owner, queued: Queued): void {
    const queue = waiting.get(owner) ?? new Set()
    waiting.set(owner, queue.add(queued))
  }

  /**
   * @param waits whether to wait for rows that other transactions have locked.
   * @returns the owners whose calls were applied.
   */
  async function attempt(group: readonly QueuedOfOwner[], waits: boolean): Promise<Set<Owner>> {
    const calls = group.map(({ owner, queued }) => ({
      owner,
      calls: queued.map(({ call }) => call),
    }))
    const startedAt = performance.now()
    const done = await pool.transaction(
      (transaction) => applyCalls(transaction, calls, waits, newEpoch),
      { deadline: deadlineOf(group.flatMap(({ queued }) => queued)) },
    )
    // Rises slowly, to adapt if the server becomes more distant.
    fastestMs = Math.min(fastestMs * 1.1 + 0.01, performance.now() - startedAt)
    for (const { owner, queued } of group) {
      const result = done.get(owner)
      if (!result) continue
      const { before, record } = result.effect
      if (record !== before) onWrite(owner, record.sequence)
      for (const [index, { resolve, reject }] of queued.entries()) {
        const callResult = result.results[index]
        if (callResult) resolve(callResult)
        else reject(new Error('A call has no result'))
      }
    }
    return new Set(done.keys())
  }

  return (owner, call) =>
    new Promise((resolve, reject) => {
      function expire(): void {
        const queue = waiting.get(owner)
        if (queue?.delete(queued) && queue.size === 0) waiting.delete(owner)
        reject(unavailable(`PostgreSQL did not answer within ${timeoutMs} ms`))
      }
      const timer = setTimeout(expire, timeoutMs)
      const queued: Queued = {
        call,
        deadline: performance.now() + timeoutMs,
        sharesWith: 'group',
        conflicts: 0,
        resolve(result) {
          clearTimeout(timer)
          resolve(result)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      enqueue(owner, queued)
      if (isScheduled) return
      isScheduled = true
      setImmediate(startAll)
    })
}

/** Whether the connection or the server failed, so that running calls alone is pointless. */
function isLost(error: unknown): boolean {
  return error instanceof TaskportError && !wasRefused(error)
}
