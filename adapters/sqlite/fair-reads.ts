import { TaskportError } from '../../core/errors.ts'
import type { Connection, OpenedFile, OpenFile } from './connection.ts'

/** Reads that yield after each part of about a millisecond. */
type Parts<Result> = (file: OpenFile) => Generator<void, Result>

interface LongRead {
  /** Reads the next part. @returns whether that was the last one. */
  advance(): Promise<boolean>
}

// Some milliseconds, for which other requests wait.
const PARTS_PER_TURN = 2

// How many owners are read at once. The others wait.
const OWNERS_AT_ONCE = 4

/**
 * Runs long reads, each in one transaction on a connection of its own. It reads a few parts in each turn
 * of the event loop, so that other requests are served in between. Owners take turns, and each owner has
 * one read at a time.
 *
 * @returns runs a read. Rejects like `Connection.run`, and with `unavailable` if reading takes longer
 * than the time limit.
 */
export function createFairReads(connection: Connection) {
  // In the order in which the owners take turns.
  const owners = new Map<string, LongRead[]>()

  async function readAll(): Promise<void> {
    let parts = 0
    while (owners.size > 0)
      for (const [owner, reads] of [...owners].slice(0, OWNERS_AT_ONCE)) {
        const [read] = reads
        if (!read) continue
        if (parts++ % PARTS_PER_TURN === 0) await turn()
        if (!(await read.advance())) continue
        reads.shift()
        owners.delete(owner)
        if (reads.length > 0) owners.set(owner, reads)
      }
  }

  return <Result>(owner: string, parts: Parts<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const reads = owners.get(owner) ?? []
      reads.push(createLongRead(connection, parts, resolve, reject))
      const isIdle = owners.size === 0
      owners.set(owner, reads)
      if (isIdle) readAll()
    })
}

function createLongRead<Result>(
  connection: Connection,
  parts: Parts<Result>,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): LongRead {
  let deadline = 0
  let file: OpenedFile | null = null
  let steps: Generator<void, Result> | null = null

  function start(): IteratorResult<void, Result> {
    try {
      file = connection.openReader()
      file.statement('begin').run()
      steps = parts(file)
      return steps.next()
    } catch (error) {
      end()
      throw error
    }
  }

  function end(): void {
    // Closing the file ends the transaction.
    file?.close()
    file = null
    steps = null
  }

  return {
    async advance() {
      try {
        // Waiting for the owner's earlier reads does not count.
        deadline ||= performance.now() + connection.timeoutMs
        if (performance.now() > deadline)
          throw new TaskportError('unavailable', 'A list took longer than DATABASE_TIMEOUT_MS')
        const step = steps ? steps.next() : await connection.run(start)
        if (step.done !== true) return false
        end()
        resolve(step.value)
      } catch (error) {
        end()
        reject(connection.toStoreError(error))
      }
      return true
    },
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
