import type postgres from 'postgres'
import { isClash, isRefusal, toStoreError, unavailable } from './errors.ts'
import type { Lane } from './lane.ts'
import { type Statement, send, type Value } from './statement.ts'

export interface Pool {
  /**
   * Runs one statement on a connection of its own, again where it clashed with another transaction,
   * unless `isRepeated` says otherwise.
   *
   * @throws TaskportError `unavailable` where there is no answer within the time limit, in which
   * waiting for a connection counts, or the connection is lost.
   */
  run<Row extends postgres.Row>(
    statement: Statement,
    values: readonly Value[],
    options?: { readonly isRepeated: boolean },
  ): Promise<postgres.RowList<Row[]>>
  /** How many connections run a statement or are free, and how many calls wait for one. */
  use(): { readonly busy: number; readonly idle: number; readonly waiting: number }
  /** Refuses what comes or waits, lets what runs come to its end, and says goodbye. */
  close(): Promise<void>
}

// After a failure the next try comes soon: a server that is back is in use again without delay.
const RETRY_MS = 100

// Connections are renewed now and then, so that load moves to new servers behind the same name.
const LIFETIME_MS = 30 * 60_000

interface Entry {
  readonly lane: Lane
  readonly expiresAt: number
  answeredAt: number
}

interface Job {
  start(entry: Entry): void
  fail(error: unknown): void
}

/**
 * Connections that each run one statement at a time, so that a slow one holds up no other. One that
 * fails or falls silent is thrown away and never used again.
 *
 * @param open opens a connection and calls `onClose` when it has gone.
 */
export function createPool(
  open: (onClose: () => void) => Promise<Lane>,
  options: { readonly max: number; readonly timeoutMs: number },
): Pool {
  const { max, timeoutMs } = options
  const entries = new Set<Entry>()
  const idle: Entry[] = []
  const waiting = new Set<Job>()
  const emptied = Promise.withResolvers<void>()
  let opening = 0
  let retryAt = 0
  let closed = false

  function run<Row extends postgres.Row>(
    statement: Statement,
    values: readonly Value[],
    options = { isRepeated: true },
  ): Promise<postgres.RowList<Row[]>> {
    return new Promise((resolve, reject) => {
      let running: Entry | undefined
      let startedAt = 0
      let isOver = false

      function fail(error: unknown): void {
        isOver = true
        clearTimeout(timer)
        reject(error)
      }

      function submit(): void {
        const entry = idle.pop()
        if (entry) job.start(entry)
        else waiting.add(job)
        openMore()
      }

      function expire(): void {
        isOver = true
        reject(unavailable(`PostgreSQL did not answer within ${timeoutMs} ms`))
        waiting.delete(job)
        if (running) abort(running, startedAt)
        openMore()
      }

      const job: Job = {
        fail,
        start(entry) {
          running = entry
          startedAt = performance.now()
          send<Row>(entry.lane.sql, statement, values).then(
            (rows) => {
              clearTimeout(timer)
              resolve(rows)
              release(entry)
            },
            (error) => {
              running = undefined
              const isRepeated = options.isRepeated && isClash(error) && !isOver && !closed
              if (!isRepeated) fail(toStoreError(error))
              if (isRefusal(error)) release(entry)
              else discard(entry)
              if (isRepeated) submit()
            },
          )
        },
      }
      const timer = setTimeout(expire, timeoutMs)
      if (closed) return fail(unavailable('The store is closed'))
      submit()
    })
  }

  function release(entry: Entry): void {
    if (!entries.has(entry)) return
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
    next.start(entry)
  }

  function discard(entry: Entry): void {
    entry.lane.destroy()
    forget(entry)
  }

  // What cut off one connection has often cut off all: those that have not answered since are not
  // trusted with another call.
  function abort(silent: Entry, since: number): void {
    silent.lane.abort()
    forget(silent)
    for (const entry of idle.filter(({ answeredAt }) => answeredAt < since)) discard(entry)
  }

  function forget(entry: Entry): void {
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
      entry = { lane, expiresAt, answeredAt: 0 }
      entries.add(entry)
    } catch (error) {
      retryAt = performance.now() + RETRY_MS
      setTimeout(openMore, RETRY_MS + 1)
      // The others wait for the connections that there are.
      if (entries.size === 0 && opening === 1)
        failAll(unavailable('PostgreSQL cannot be reached', error))
    }
    opening--
    if (entry) release(entry)
    else openMore()
  }

  function failAll(error: unknown): void {
    for (const job of waiting) job.fail(error)
    waiting.clear()
  }

  async function close(): Promise<void> {
    closed = true
    failAll(unavailable('The store is closed'))
    for (const entry of idle.splice(0)) release(entry)
    openMore()
    await emptied.promise
  }

  function use() {
    return { busy: entries.size - idle.length, idle: idle.length, waiting: waiting.size }
  }

  return { run, use, close }
}
