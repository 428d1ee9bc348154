import type postgres from 'postgres'
import { isClash, isReadOnly, toStoreError, unavailable, wasRefused } from './errors.ts'
import type { Lane } from './lane.ts'
import { type Statement, send, type Value } from './statement.ts'
import { runTransaction, type Transaction } from './transaction.ts'
import type { Target } from './url.ts'

interface Limit {
  /**
   * When to give up, in `performance.now()` time. The pool's own limit applies if it is earlier.
   */
  readonly deadline?: number
}

/**
 * Every call rejects with TaskportError `unavailable` if the connection is lost, or if it does not
 * finish within its time limit, which includes waiting for a connection.
 */
export interface Pool {
  /**
   * Runs one statement on its own connection. Repeats it if it clashes with another transaction, unless
   * `isRepeated` is false.
   */
  run<Row extends postgres.Row>(
    statement: Statement,
    values: readonly Value[],
    options?: Limit & { readonly isRepeated?: boolean },
  ): Promise<postgres.RowList<Row[]>>
  /**
   * Runs `work` in a transaction at isolation level read committed. Commits when `work` returns, rolls
   * back when it throws, and never retries: see `isConflict`. Resolves with the result of `work` once
   * the server has confirmed the commit.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: Limit,
  ): Promise<Result>
  /** How many connections are in use and how many are free, and how many calls wait for one. */
  use(): { readonly busy: number; readonly idle: number; readonly waiting: number }
  /** Rejects new and waiting calls, waits for running ones, and closes all connections. */
  close(): Promise<void>
}

// Short, so that a recovered server is used again without delay.
const RETRY_MS = 100

// Connections are replaced from time to time, so that load moves to new servers behind the same name.
const LIFETIME_MS = 30 * 60_000

interface Entry {
  readonly lane: Lane
  expiresAt: number
  answeredAt: number
  /** Whether the connection is lost, or in an unknown state. */
  isBroken: boolean
}

/** A call that waits for a connection. */
interface Waiter {
  take(entry: Entry): void
  fail(error: unknown): void
}

/**
 * Each connection serves one call at a time, so that a slow call delays no other. A connection that
 * fails or stops responding is discarded.
 *
 * @param open opens a connection, and calls `onClose` when it is closed.
 */
export function createPool(
  open: (onClose: () => void) => Promise<Lane>,
  options: { readonly max: number; readonly timeoutMs: number },
): Pool {
  const { max, timeoutMs } = options
  const entries = new Set<Entry>()
  const idle: Entry[] = []
  const waiting = new Set<Waiter>()
  const emptied = Promise.withResolvers<void>()
  let opening = 0
  let retryAt = 0
  let closed = false

  function run<Row extends postgres.Row>(
    statement: Statement,
    values: readonly Value[],
    { isRepeated = true, deadline }: Limit & { readonly isRepeated?: boolean } = {},
  ): Promise<postgres.RowList<Row[]>> {
    return lend(deadline, async (entry) => {
      for (;;)
        try {
          return await ask(entry, () => send<Row>(entry.lane.sql, statement, values))
        } catch (error) {
          if (!isRepeated || closed || entry.isBroken || !isClash(error)) throw error
        }
    })
  }

  function transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    { deadline }: Limit = {},
  ): Promise<Result> {
    return lend(deadline, (entry, endsAt) =>
      runTransaction(
        entry.lane.sql,
        (query) => ask(entry, query),
        endsAt - performance.now(),
        work,
      ),
    )
  }

  async function ask<Result>(entry: Entry, query: () => PromiseLike<Result>): Promise<Result> {
    if (entry.isBroken) throw unavailable('The connection to PostgreSQL is lost')
    try {
      return await query()
    } catch (error) {
      if (!wasRefused(error)) entry.isBroken = true
      if (isReadOnly(error)) leave(entry.lane.target)
      throw toStoreError(error)
    }
  }

  /** Takes a connection for as long as `work` runs, at most until the deadline. */
  function lend<Result>(
    deadline: number | undefined,
    work: (entry: Entry, endsAt: number) => Promise<Result>,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const calledAt = performance.now()
      const endsAt = Math.min(calledAt + timeoutMs, deadline ?? Number.POSITIVE_INFINITY)
      if (closed) return reject(unavailable('The store is closed'))
      if (calledAt >= endsAt) return reject(unavailable('The time limit has passed'))
      let lent: { readonly entry: Entry; readonly since: number } | undefined

      function expire(): void {
        reject(unavailable(`PostgreSQL did not answer within ${Math.round(endsAt - calledAt)} ms`))
        waiting.delete(waiter)
        if (lent) abort(lent.entry, lent.since)
      }

      const waiter: Waiter = {
        take(entry) {
          lent = { entry, since: performance.now() }
          work(entry, endsAt)
            .then(resolve, reject)
            .finally(() => {
              clearTimeout(timer)
              takeBack(entry)
            })
        },
        fail(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      const timer = setTimeout(expire, endsAt - calledAt)
      const entry = idle.pop()
      if (entry) waiter.take(entry)
      else waiting.add(waiter)
      openMore()
    })
  }

  function takeBack(entry: Entry): void {
    // `abort` has removed it, and closes it after the server has canceled the statement.
    if (!entries.has(entry)) return
    if (entry.isBroken) {
      discard(entry)
      return
    }
    entry.answeredAt = performance.now()
    if (closed || entry.answeredAt > entry.expiresAt) {
      void entry.lane.end().finally(() => forget(entry))
      return
    }
    const [next] = waiting
    if (next === undefined) {
      idle.push(entry)
      return
    }
    waiting.delete(next)
    next.take(entry)
  }

  function discard(entry: Entry): void {
    entry.lane.destroy()
    forget(entry)
  }

  // If one connection hangs, others often do too, so idle ones that have not responded since are
  // discarded as well.
  function abort(hanging: Entry, since: number): void {
    hanging.lane.abort()
    forget(hanging)
    for (const entry of idle.filter(({ answeredAt }) => answeredAt < since)) discard(entry)
  }

  /** Closes the connections to a server that does not take writes, as soon as their calls have ended. */
  function leave(server: Target): void {
    for (const entry of entries) if (entry.lane.target === server) entry.expiresAt = 0
    for (const entry of idle.filter(({ expiresAt }) => expiresAt === 0)) discard(entry)
  }

  function forget(entry: Entry): void {
    entry.isBroken = true
    if (!entries.delete(entry)) return
    const index = idle.indexOf(entry)
    if (index >= 0) idle.splice(index, 1)
    openMore()
  }

  function openMore(): void {
    if (closed) {
      if (entries.size + opening === 0) emptied.resolve()
      return
    }
    if (performance.now() < retryAt) return
    while (waiting.size > opening && entries.size + opening < max) void openOne()
  }

  async function openOne(): Promise<void> {
    let entry: Entry | undefined
    opening++
    try {
      const lane = await open(() => entry && discard(entry))
      const expiresAt = performance.now() + LIFETIME_MS * (1 + Math.random())
      entry = { lane, expiresAt, answeredAt: 0, isBroken: false }
      entries.add(entry)
    } catch (error) {
      retryAt = performance.now() + RETRY_MS
      setTimeout(openMore, RETRY_MS + 1)
      // If other connections exist, calls wait for those.
      if (entries.size === 0 && opening === 1)
        failAll(unavailable('PostgreSQL cannot be reached', error))
    }
    opening--
    if (entry) takeBack(entry)
    else openMore()
  }

  function failAll(error: unknown): void {
    for (const waiter of waiting) waiter.fail(error)
    waiting.clear()
  }

  async function close(): Promise<void> {
    closed = true
    failAll(unavailable('The store is closed'))
    for (const entry of idle.splice(0)) takeBack(entry)
    openMore()
    await emptied.promise
  }

  function use() {
    return { busy: entries.size - idle.length, idle: idle.length, waiting: waiting.size }
  }

  return { run, transaction, use, close }
}
