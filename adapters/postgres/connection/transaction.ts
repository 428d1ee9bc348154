import type postgres from 'postgres'
import { type Statement, send as sendTo, type Value } from './statement.ts'

type Send = <Row extends postgres.Row>(
  statement: Statement,
  values: readonly Value[],
) => Promise<postgres.RowList<Row[]>>

export interface Transaction {
  /**
   * Sends a statement. Statements that are sent without awaiting in between share one round trip. So
   * does the `begin`, with the first of them.
   */
  readonly send: Send
  /**
   * Sends the last statement and the `commit` in one round trip. Resolves once the server has
   * confirmed the commit; nothing can be sent afterwards.
   */
  readonly sendAndCommit: Send
}

/** Sends a query, unless the connection is lost, and rejects with the store's errors. */
export type Ask = <Result>(query: () => PromiseLike<Result>) => Promise<Result>

/**
 * Runs `work` in a transaction, and commits when it returns without having done so. Rolls back if it
 * throws.
 *
 * @param idleMs how long the transaction may wait for its next statement. The server enforces it, so
 *   that a process that freezes does not keep its locks.
 */
export async function runTransaction<Result>(
  sql: postgres.Sql,
  ask: Ask,
  idleMs: number,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  let failure: unknown
  let commit: Promise<void> | undefined
  let isOver = false

  function submit<Result>(query: () => PromiseLike<Result>): Promise<Result> {
    const result = ask(query)
    // Also marks the rejection as handled: `work` need not await every statement.
    result.catch((error) => {
      failure ??= error
    })
    return result
  }

  function send<Row extends postgres.Row>(
    statement: Statement,
    values: readonly Value[],
  ): Promise<postgres.RowList<Row[]>> {
    if (isOver) return Promise.reject(new Error('The transaction has ended'))
    return submit(() => preventRepeat(sendTo<Row>(sql, statement, values)))
  }

  async function end(): Promise<void> {
    isOver = true
    const { command } = await submit(() => sql.unsafe('commit'))
    // The server answers ROLLBACK if an earlier statement failed.
    if (command !== 'COMMIT') throw failure ?? new Error('The transaction was rolled back')
  }

  void submit(() => sql.unsafe(begin(idleMs)))
  try {
    const result = await work({
      send,
      async sendAndCommit<Row extends postgres.Row>(
        statement: Statement,
        values: readonly Value[],
      ) {
        const rows = send<Row>(statement, values)
        commit ??= end()
        await commit
        return rows
      },
    })
    commit ??= end()
    await commit
    return result
  } catch (error) {
    if (isOver) await commit?.catch(() => {})
    else {
      isOver = true
      await ask(() => sql.unsafe('rollback')).catch(() => {})
    }
    throw failure ?? error
  }
}

// A transaction that holds an owner's row must not wait long for a task's row, because another program may
// hold that and wait for the owner's. The call is retried.
const LOCK_TIMEOUT = '50ms'

/**
 * Read committed, whatever the role's default is, so that data read after waiting for a lock includes what
 * the lock's holder wrote. Statements that were planned while a table was small must not scan it later.
 * Compiling them (JIT) takes longer than running them.
 */
function begin(idleMs: number): string {
  return `
    begin isolation level read committed;
    set local idle_in_transaction_session_timeout = ${Math.max(1, Math.ceil(idleMs))};
    set local lock_timeout = '${LOCK_TIMEOUT}';
    set local enable_seqscan = off;
    set local enable_hashjoin = off;
    set local enable_mergejoin = off;
    set local jit = off`
}

/**
 * The driver repeats a prepared statement whose plan is stale. By then the `commit` may have been sent, and
 * the statement would run outside the transaction.
 */
function preventRepeat<Row extends postgres.Row>(
  query: postgres.PendingQuery<Row[]>,
): postgres.PendingQuery<Row[]> {
  // The driver's types omit these members. It sets `retried` before it repeats a query, and does not send a
  // query that is `cancelled`.
  const internal = query as unknown as { cancelled: unknown; reject(error: unknown): void }
  Object.defineProperty(query, 'retried', {
    set(error: unknown) {
      internal.cancelled = true
      internal.reject(error)
    },
  })
  return query
}
