import { type Connection, isLocked, isOutage, type OpenFile, RETRY_AFTER_MS } from './connection.ts'

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
      for (const resolve of connection.use((file) => commit(file, group))) resolve()
    } catch (error) {
      if (isLocked(error)) waitForLock(group, error)
      else for (const { reject } of group) reject(connection.toStoreError(error))
    }
  }

  /** Rejects the calls whose time is up. The others try again soon, with those that arrive until then. */
  function waitForLock(group: readonly Call[], error: unknown): void {
    const now = performance.now()
    for (const call of group) {
      call.deadline ||= now + connection.timeoutMs
      if (now < call.deadline) waiting.push(call)
      else call.reject(connection.toStoreError(error))
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
      waiting.push({ attempt, reject, deadline: 0 })
      if (isScheduled) return
      isScheduled = true
      // Runs after all requests that have arrived in this turn.
      setImmediate(flush)
    })
}

/** @returns what resolves the callers' promises once the transaction is on the disk. */
function commit(file: OpenFile, group: readonly Call[]): (() => void)[] {
  try {
    return inTransaction(file, () => group.map((call) => call.attempt(file)))
  } catch (error) {
    if (isOutage(error)) throw error
    // One call failed: now each runs in a savepoint of its own.
    return inTransaction(file, () => group.map((call) => attemptApart(file, call)))
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
    if (isOutage(error) || !file.database.inTransaction) throw error
    file.statement('rollback to work').run()
    file.statement('release work').run()
    return () => call.reject(error)
  }
}
