import {
  type Connection,
  isLocked,
  isOutage,
  type OpenFile,
  RETRY_AFTER_MS,
  toStoreError,
} from './connection.ts'

/**
 * Does a synchronous piece of work in a transaction that holds the writers' lock, together with all
 * other work that is handed over in the same turn of the event loop: so that one wait for the disk
 * serves them all. Resolves once everything is on the disk. Work that throws is undone alone, and may
 * be done twice: it depends on the file and nothing else.
 *
 * @throws TaskportError `unavailable` as `Connection.run` does; whatever the work throws.
 */
export type GroupCommit = <Result>(work: (file: OpenFile) => Result) => Promise<Result>

interface Call {
  /** Does the work and returns what tells the caller. */
  attempt(file: OpenFile): () => void
  reject(error: unknown): void
  /** Until when it waits for the lock; 0 as long as it had not to. */
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
      for (const tell of connection.use((file) => commit(file, group))) tell()
    } catch (error) {
      if (isLocked(error)) waitForLock(group, error)
      else for (const { reject } of group) reject(toStoreError(error))
    }
  }

  /** Leaves those whose time is up, and tries again soon with the others and all that come until then. */
  function waitForLock(group: readonly Call[], error: unknown): void {
    const now = performance.now()
    for (const call of group) {
      call.deadline ||= now + connection.timeoutMs
      if (now < call.deadline) waiting.push(call)
      else call.reject(toStoreError(error))
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
      // Runs once everything that has arrived meanwhile was looked at.
      setImmediate(flush)
    })
}

/** @returns what tells the callers, once it is on the disk. */
function commit(file: OpenFile, group: readonly Call[]): (() => void)[] {
  try {
    return inTransaction(file, () => group.map((call) => call.attempt(file)))
  } catch (error) {
    if (isOutage(error)) throw error
    // Somebody's work failed: each is done apart from the others.
    return inTransaction(file, () => group.map((call) => attemptApart(file, call)))
  }
}

function inTransaction<Result>(file: OpenFile, work: () => Result): Result {
  // Locks at once: a lock that comes later cannot be waited for.
  file.statement('begin immediate').run()
  try {
    const result = work()
    file.statement('commit').run()
    return result
  } catch (error) {
    // Some failures have ended it already.
    if (file.database.inTransaction) file.statement('rollback').run()
    throw error
  }
}

function attemptApart(file: OpenFile, call: Call): () => void {
  try {
    return undoable(file, () => ({ result: call.attempt(file), isKept: true }))
  } catch (error) {
    if (isOutage(error)) throw error
    return () => call.reject(error)
  }
}

/** Does work within a transaction, all of which is undone where it throws or is not to be kept. */
export function undoable<Result>(
  file: OpenFile,
  work: () => { readonly result: Result; readonly isKept: boolean },
): Result {
  file.statement('savepoint work').run()
  try {
    const { result, isKept } = work()
    if (!isKept) file.statement('rollback to work').run()
    file.statement('release work').run()
    return result
  } catch (error) {
    if (file.database.inTransaction) {
      file.statement('rollback to work').run()
      file.statement('release work').run()
    }
    throw error
  }
}
