import type { CallResult, WriteCall } from '../../core/calls.ts'
import { TaskportError } from '../../core/errors.ts'
import type { Owner } from '../../core/owner.ts'
import { isClash, isConflict, unavailable, wasRefused } from './connection/errors.ts'
import type { Pool } from './connection/pool.ts'
import { applyCalls } from './write-transaction.ts'

// With more, the server would wait for this process, and then this process for the server.
const MOST_CALLS = 32

// How many groups may be under way: a distant server needs more of them to stay busy.
const GROUPS = 2
const GROUPS_OF_DISTANT_SERVER = 4
const DISTANT_MS = 4

// Each waits for another transaction for as long as its lock_timeout, and needs a connection.
const MOST_BLOCKED = 2

// Another process may insert the row of a new owner at the same time. The next attempt sees it.
const MOST_CONFLICTS = 3

interface Queued {
  readonly call: WriteCall
  /** When the caller gives up, as `performance.now()` counts. */
  readonly deadline: number
  /** Whether another transaction has kept it from finishing. */
  isBlocked: boolean
  resolve(result: CallResult): void
  reject(error: unknown): void
}

interface QueuedOfOwner {
  readonly owner: Owner
  readonly queued: readonly Queued[]
}

/**
 * Applies calls in groups. Calls that arrive in one turn of the event loop, or while other groups are under
 * way, form the next group, which shares a transaction. An owner is in one group at a time.
 *
 * If another process has locked an owner's row, a transaction of its own waits for it instead of the
 * group. If a group fails, its owners are tried one by one, and then their calls, so that only a call that
 * cannot succeed is rejected. A call that another transaction blocks is retried until its time limit, and
 * other calls, also those of its owner, pass it.
 *
 * @param options.newEpoch names the feed of a new owner.
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
  const waiting = new Map<Owner, Set<Queued>>()
  const busy = new Set<Owner>()
  let underWay = 0
  let blockedUnderWay = 0
  let isScheduled = false
  let fastestMs = 0

  function startGroups(): void {
    isScheduled = false
    startBlocked()
    const most = fastestMs < DISTANT_MS ? GROUPS : GROUPS_OF_DISTANT_SERVER
    while (underWay < most) {
      const group = nextGroup()
      if (group.length === 0) return
      void runGroup(group)
    }
  }

  /** Tries blocked calls again, each alone and beside the groups. */
  function startBlocked(): void {
    for (const [owner, [first]] of waiting) {
      if (blockedUnderWay === MOST_BLOCKED) return
      if (first?.isBlocked && !busy.has(owner)) void runBlocked(take(owner, [first]))
    }
  }

  async function runBlocked(own: QueuedOfOwner): Promise<void> {
    blockedUnderWay++
    await runCalls(own)
    blockedUnderWay--
    busy.delete(own.owner)
    startGroups()
  }

  function nextGroup(): QueuedOfOwner[] {
    const group: QueuedOfOwner[] = []
    let room = MOST_CALLS
    for (const [owner, queue] of waiting) {
      if (room === 0) break
      if (busy.has(owner)) continue
      const queued = [...queue].filter(({ isBlocked }) => !isBlocked).slice(0, room)
      if (queued.length === 0) continue
      room -= queued.length
      group.push(take(owner, queued))
    }
    return group
  }

  function take(owner: Owner, queued: readonly Queued[]): QueuedOfOwner {
    const queue = waiting.get(owner)
    for (const one of queued) queue?.delete(one)
    if (queue?.size === 0) waiting.delete(owner)
    busy.add(owner)
    return { owner, queued }
  }

  async function runGroup(group: readonly QueuedOfOwner[]): Promise<void> {
    underWay++
    let left = group
    try {
      const done = await attempt(group, group.length === 1)
      left = group.filter(({ owner }) => !done.has(owner))
    } catch (error) {
      if (isLost(error)) {
        for (const own of group) rejectAll(own, error)
        left = []
      }
    }
    underWay--
    for (const { owner } of group) busy.delete(owner)
    for (const own of left) {
      busy.add(own.owner)
      void runOwner(own)
    }
    startGroups()
  }

  async function runOwner(own: QueuedOfOwner): Promise<void> {
    await runCalls(own)
    busy.delete(own.owner)
    startGroups()
  }

  /** Runs calls together and, if that fails, one by one. */
  async function runCalls({ owner, queued }: QueuedOfOwner): Promise<void> {
    try {
      await retryConflicts({ owner, queued })
    } catch (error) {
      if (isClash(error)) block(owner, queued, error)
      else if (queued.length === 1 || isLost(error)) rejectAll({ queued }, error)
      else for (const one of queued) await runCalls({ owner, queued: [one] })
    }
  }

  /** Lets the owner's other calls pass those that another transaction keeps from finishing. */
  function block(owner: Owner, queued: readonly Queued[], error: unknown): void {
    const now = performance.now()
    rejectAll({ queued: queued.filter(({ deadline }) => deadline <= now) }, error)
    for (const one of queued.filter(({ deadline }) => deadline > now)) {
      one.isBlocked = true
      enqueue(owner, one)
    }
  }

  function enqueue(owner: Owner, queued: Queued): void {
    const queue = waiting.get(owner) ?? new Set()
    waiting.set(owner, queue.add(queued))
  }

  async function retryConflicts(own: QueuedOfOwner): Promise<void> {
    for (let conflicts = 1; ; conflicts++)
      try {
        await attempt([own], true)
        return
      } catch (error) {
        if (isClash(error) || !isConflict(error) || conflicts === MOST_CONFLICTS) throw error
      }
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
      { deadline: deadlineOf(group) },
    )
    // Rises slowly again, in case the server has become more distant.
    fastestMs = Math.min(fastestMs * 1.1 + 0.01, performance.now() - startedAt)
    for (const { owner, queued } of group) {
      const result = done.get(owner)
      if (!result) continue
      const { before, record } = result.effect
      if (record !== before) onWrite(owner, record.sequence)
      for (const [index, { resolve }] of queued.entries()) {
        const answer = result.results[index]
        if (answer) resolve(answer)
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
        isBlocked: false,
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
      setImmediate(startGroups)
    })
}

/** Whether the connection or the server failed, so that no part of a group has a better chance. */
function isLost(error: unknown): boolean {
  return error instanceof TaskportError && !wasRefused(error)
}

function rejectAll({ queued }: Pick<QueuedOfOwner, 'queued'>, error: unknown): void {
  for (const { reject } of queued) reject(error)
}

function deadlineOf(group: readonly QueuedOfOwner[]): number {
  return Math.max(...group.flatMap(({ queued }) => queued.map(({ deadline }) => deadline)))
}
