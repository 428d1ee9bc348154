import {
  type Connection,
  isDamage,
  isLocked,
  isOutage,
  type OpenFile,
  RETRY_AFTER_MS,
} from './connection.ts'

/**
 * Runs a synchronous piece of work in a transaction that holds the write lock. Work that arrives in
 * the same turn of the event loop shares one transaction, and so one wait for the disk. The promise
 * resolves once everything is on the disk. If work throws, only that work is undone. Work may run twice,
 * so it must depend only on the file.
 *
 * @throws TaskportError `unavailable` like `Connection.run`, and any error of the work.
 */
export type GroupCommit = <Result>(work: (file: OpenFile) => Result) => Promise<Result>

interface Work {
  /** Runs the work. @returns a function that resolves the caller's promise. */
  attempt(file: OpenFile): () => void
  reject(error: unknown): void
  /** When to stop waiting for the lock; 0 if it has not waited yet. */
  deadline: number
}

export function createGroupCommit(connection: Connection): GroupCommit {
  let waiting: Work[] = []
  let isScheduled = false

  function flush(): void {
    const group = waiting
    waiting = []
    isScheduled = false
    try {
      const settle = connection.use((file) => commit(file, group))
      // Writes to a file that the next start would not find are not acknowledged.
      connection.checkFile()
      for (const settleWork of settle) settleWork()
    } catch (error) {
      if (isLocked(error)) waitForLock(group, error)
      else for (const { reject } of group) reject(error)
    }
  }

  /** Rejects work whose time is up. The rest is tried again soon, with what arrives until then. */
  function waitForLock(group: readonly Work[], error: unknown): void {
    const now = performance.now()
    for (const work of group) {
      work.deadline ||= now + connection.timeoutMs
      if (now < work.deadline) waiting.push(work)
      else work.reject(error)
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
      const rejectWork = (error: unknown) => reject(connection.toStoreError(error))
      waiting.push({ attempt, reject: rejectWork, deadline: 0 })
      if (isScheduled) return
      isScheduled = true
      // Runs after all requests that have arrived in this turn.
      setImmediate(flush)
    })
}

/** @returns functions that settle the callers' promises, to be called once the transaction is on disk. */
function commit(file: OpenFile, group: readonly Work[]): (() => void)[] {
  const rejected = new Map<Work, () => void>()
  for (;;) {
    let current: Work | null = null
    try {
      return inTransaction(file, () => {
        const settle = group.map((work) => {
          current = work
          return rejected.get(work) ?? work.attempt(file)
        })
        current = null
        return settle
      })
    } catch (error) {
      if (current === null || (isOutage(error) && !isDamage(error))) throw error
      // The transaction was rolled back, so all other work runs again.
      const { reject }: Work = current
      rejected.set(current, () => reject(error))
    }
  }
}

function inTransaction<Result>(file: OpenFile, work: () => Result): Result {
  // Takes the write lock at once, because SQLite does not wait for it later in a transaction.
  file.statement('begin immediate').run()
  try {
    const result = work()
    file.statement('commit').run()
    return result
  } catch (error) {
    // Some errors end the transaction.
    if (file.database.inTransaction) file.statement('rollback').run()
    throw error
  }
}
