import { TaskportError } from '../../core/errors.ts'
import type { Connection, OpenFile } from './connection.ts'

/** A read that yields after each part of about a millisecond. */
type Parts<Result> = (file: OpenFile) => Generator<void, Result>

// Each of these owners' reads blocks other requests for one part in a turn of the event loop.
const OWNERS_AT_ONCE = 2

/**
 * Runs long reads, each on its own snapshot of the file. A turn of the event loop reads only a few parts,
 * so that other requests are served in between. Owners take turns, with one read each at a time.
 *
 * @returns runs a read. Rejects like `Connection.run`, and with `unavailable` if reading takes longer
 * than the time limit.
 */
export function createFairReads(connection: Connection) {
  const waiting: (() => void)[] = []
  let running = 0
  // The last read of each owner, which never rejects.
  const lastOf = new Map<string, Promise<void>>()

  async function read<Result>(parts: Parts<Result>): Promise<Result> {
    if (running === OWNERS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await readParts(connection, parts)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  return <Result>(owner: string, parts: Parts<Result>): Promise<Result> => {
    const reading = (lastOf.get(owner) ?? Promise.resolve()).then(() => read(parts))
    const ended = reading.then(
      () => {},
      () => {},
    )
    lastOf.set(owner, ended)
    void ended.then(() => lastOf.get(owner) === ended && lastOf.delete(owner))
    return reading
  }
}

async function readParts<Result>(connection: Connection, parts: Parts<Result>): Promise<Result> {
  // Waiting for other reads does not count.
  const deadline = performance.now() + connection.timeoutMs
  const file = await connection.openSnapshot()
  try {
    for (const steps = parts(file); ; ) {
      const step = steps.next()
      if (step.done === true) return step.value
      await new Promise((resolve) => setImmediate(resolve))
      if (performance.now() > deadline)
        throw new TaskportError('unavailable', 'A list took longer than DATABASE_TIMEOUT_MS')
    }
  } catch (error) {
    throw connection.toStoreError(error)
  } finally {
    file.close()
  }
}
