import type { CallResult, WriteCall } from '../../core/calls.ts'
import { TaskportError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import { isClash, isConflict, unavailable, wasRefused } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import { deadlineOf, MOST_CALLS } from './sharing.ts'
import { applyCalls } from './write-transaction.ts'

// A batch has up to 100 writes. A group of many would hold its locks for too long.
const MOST_WRITES = 200

// How many groups may be under way: a distant server needs more of them to stay busy.
const GROUPS = 2
const GROUPS_OF_DISTANT_SERVER = 4
const DISTANT_MS = 4

// Transactions outside of groups wait for locks, and each needs a connection.
const MOST_APART = 2

// Another process may insert the row of a new owner at the same time. The next attempt sees it.
const MOST_CONFLICTS = 3

interface Queued {
  readonly call: WriteCall
  /** When the caller gives up, as `performance.now()` counts. */
  readonly deadline: number
  /**
   * What it may share a transaction with: a group; after the owner's row was locked by another process,
   * other calls of the owner; after that transaction failed, nothing.
   */
  companions: 'group' | 'owner' | 'none'
  conflicts: number
  resolve(result: CallResult): void
  reject(error: unknown): void
}

interface QueuedOfOwner {
  readonly owner: Owner
  readonly queued: readonly Queued[]
}

/**
 * Applies calls in groups. Calls that arrive in one turn of the event loop, or while other groups are under
 * way, form the next group, which shares a transaction. An owner is in one transaction at a time.
 *
 * A group does not wait for rows that other processes have locked: the calls of those owners run apart from
 * it. If a transaction fails, its calls run apart from each other, so that only a call that cannot succeed
 * is rejected. A call that another transaction blocks is retried until its deadline; other calls, also those
 * of its owner, overtake it.
 *
 * @param options.newEpoch generates the epoch of a new owner's feed.
 * @param options.onWrite called with the new number of an owner's feed.
 * @param options.timeoutMs longest that a call may take.
 */
export function createWriteGroups(options: {
  readonly pool: Pick<Pool, 'transaction'>
  readonly newEpoch: () => string
  readonly onWrite: (owner: Owner, sequence: number) => void
  readonly timeoutMs: number
}): (owner: Owner, call: WriteCall) => Promise<CallResult> {
  const { pool, newEpoch, onWrite, timeoutMs } = options
  // In the order in which owners get their turn.
  const waiting = new Map<Owner, Set<Queued>>()
  const busy = new Set<Owner>()
  const running = { groups: 0, apart: 0 }
  let isScheduled = false
  let fastestMs = 0

  function startAll(): void {
    isScheduled = false
    const most = fastestMs < DISTANT_MS ? GROUPS : GROUPS_OF_DISTANT_SERVER
    while (running.apart < MOST_APART) {
      const own = nextApart()
      if (own === null) break
      void run('apart', [own])
    }
    while (running.groups < most) {
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
        if (one.companions !== 'group') continue
        const isFull = calls === MOST_CALLS || writes + one.call.writes.length > MOST_WRITES
        if (isFull && calls > 0) break
        queued.push(one)
        calls++
        writes += one.call.writes.length
      }
      if (queued.length > 0) group.push(take(owner, queued))
    }
    return group
  }

  /** Calls of one owner that run in a transaction of their own, if they are the owner's next. */
  function nextApart(): QueuedOfOwner | null {
    for (const [owner, queue] of waiting) {
      const [first] = queue
      if (busy.has(owner) || !first || first.companions === 'group') continue
      if (first.companions === 'none') return take(owner, [first])
      return take(
        owner,
        [...queue].filter(({ companions }) => companions === 'owner'),
      )
    }
    return null
  }

  function take(owner: Owner, queued: readonly Queued[]): QueuedOfOwner {
    const queue = waiting.get(owner)
    for (const one of queued) queue?.delete(one)
    waiting.delete(owner)
    // Behind the others, so that every owner gets its turn.
    if (queue && queue.size > 0) waiting.set(owner, queue)
    busy.add(owner)
    return { owner, queued }
  }

  async function run(kind: keyof typeof running, group: readonly QueuedOfOwner[]): Promise<void> {
    running[kind]++
    try {
      const done = await attempt(group, kind === 'apart')
      for (const own of group) if (!done.has(own.owner)) requeue(own, 'owner')
    } catch (error) {
      for (const own of group) runLater(own, error)
    }
    running[kind]--
    for (const { owner } of group) busy.delete(owner)
    startAll()
  }

  /** After an error: queues again what may still succeed. */
  function runLater({ owner, queued }: QueuedOfOwner, error: unknown): void {
    const now = performance.now()
    for (const one of queued) {
      const wasAlone = one.companions === 'none'
      const isInTheWay = isClash(error) || (isConflict(error) && ++one.conflicts < MOST_CONFLICTS)
      if (isLost(error) || (wasAlone && !isInTheWay) || now >= one.deadline) one.reject(error)
      else requeue({ owner, queued: [one] }, 'none')
    }
  }

  function requeue({ owner, queued }: QueuedOfOwner, companions: Queued['companions']): void {
    for (const one of queued) {
      one.companions = companions
      enqueue(owner, one)
    }
  }

  function enqueue(owner: Owner, queued: Queued): void {
    const queue = waiting.get(owner) ?? new Set()
    waiting.set(owner, queue.add(queued))
  }

  /**
   * @param waits whether to wait for rows that other transactions have locked.
   * @returns the owners whose calls are done.
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
    // Rises slowly again, in case the server has become more distant.
    fastestMs = Math.min(fastestMs * 1.1 + 0.01, performance.now() - startedAt)
    for (const { owner, queued } of group) {
      const result = done.get(owner)
      if (!result) continue
      const { before, record } = result.effect
      if (record !== before) onWrite(owner, record.sequence)
      for (const [index, { resolve, reject }] of queued.entries()) {
        const answer = result.results[index]
        if (answer) resolve(answer)
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
        companions: 'group',
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

/** Whether the connection or the server failed, so that no call has a better chance by itself. */
function isLost(error: unknown): boolean {
  return error instanceof TaskportError && !wasRefused(error)
}
