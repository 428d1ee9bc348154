import {
  type Connection,
  isDamage,
  isLocked,
  isOutage,
  type OpenFile,
  RETRY_AFTER_MS,
} from './connection.ts'

/**
 * Runs a synchronous piece of work in a transaction that holds the writers' lock. Work that arrives in
 * the same turn of the event loop shares one transaction, and so one wait for the disk. The promise
 * resolves once everything is on the disk. Work that throws is undone by itself; it may run twice, so it
 * must depend on nothing but the file.
 *
 * @throws TaskportError `unavailable` like `Connection.run`; and whatever the work throws.
 */
export type GroupCommit = <Result>(work: (file: OpenFile) => Result) => Promise<Result>

interface Call {
  /** Runs the work. @returns resolves the caller's promise. */
  attempt(file: OpenFile): () => void
  reject(error: unknown): void
  /** When to stop waiting for the lock; 0 if it has not waited yet. */
  deadline: number
}

export function createGroupCommit(connection: Connection): GroupCommit {
  let waiting: Call[] = []
  let isScheduled = false

  function flush(): void {
    const group = waiting
    waiting = []
    isScheduled = false
    try {
      const settle = connection.use((file) => commit(file, group))
      // Nothing is acknowledged that went to a file which the next start will not find.
      connection.checkFile()
      for (const settleCall of settle) settleCall()
    } catch (error) {
      if (isLocked(error)) waitForLock(group, error)
      else for (const { reject } of group) reject(error)
    }
  }

  /** Rejects the calls whose time is up. The others try again soon, with those that arrive until then. */
  function waitForLock(group: readonly Call[], error: unknown): void {
    const now = performance.now()
    for (const call of group) {
      call.deadline ||= now + connection.timeoutMs
      if (now < call.deadline) waiting.push(call)
      else call.reject(error)
    }
    if (waiting.length === 0) return
    isScheduled = true
    setTimeout(flush, RETRY_AFTER_MS)
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const attempt = (file: OpenFile) => {
        const result = work(file)
        return () => resolve(result)
      }
      const rejectCall = (error: unknown) => reject(connection.toStoreError(error))
      waiting.push({ attempt, reject: rejectCall, deadline: 0 })
      if (isScheduled) return
      isScheduled = true
      // Runs after all requests that have arrived in this turn.
      setImmediate(flush)
    })
}

/** @returns what settles the callers' promises once the transaction is on the disk. */
function commit(file: OpenFile, group: readonly Call[]): (() => void)[] {
  try {
    return inTransaction(file, () => group.map((call) => call.attempt(file)))
  } catch (error) {
    if (isOutage(error) && !isDamage(error)) throw error
    return commitApart(file, group)
  }
}

/** Runs each call in a savepoint of its own after one of them has failed. */
function commitApart(file: OpenFile, group: readonly Call[]): (() => void)[] {
  const rejected = new Map<Call, () => void>()
  for (;;) {
    let current: Call | null = null
    try {
      return inTransaction(file, () =>
        group.map((call) => {
          const settle = rejected.get(call)
          if (settle) return settle
          current = call
          const attempted = attemptApart(file, call)
          current = null
          return attempted
        }),
      )
    } catch (error) {
      // After this error the transaction cannot be committed. The other calls run again.
      if (current === null || (isOutage(error) && !isDamage(error))) throw error
      const { reject }: Call = current
      rejected.set(current, () => reject(error))
    }
  }
}

function inTransaction<Result>(file: OpenFile, work: () => Result): Result {
  // Takes the writers' lock at once: SQLite does not wait for it later in a transaction.
  file.statement('begin immediate').run()
  try {
    const result = work()
    file.statement('commit').run()
    return result
  } catch (error) {
    // Some errors have ended the transaction already.
    if (file.database.inTransaction) file.statement('rollback').run()
    throw error
  }
}

function attemptApart(file: OpenFile, call: Call): () => void {
  file.statement('savepoint work').run()
  try {
    const resolve = call.attempt(file)
    file.statement('release work').run()
    return resolve
  } catch (error) {
    // SQLite commits nothing of a transaction in which it has met a damaged page.
    if (isOutage(error) || !file.database.inTransaction) throw error
    file.statement('rollback to work').run()
    file.statement('release work').run()
    return () => call.reject(error)
  }
}
