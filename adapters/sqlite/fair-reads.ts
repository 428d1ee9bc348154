import { TaskportError } from '../../core/errors.ts'
import { revisionOf } from '../../core/feed.ts'
import { type Connection, inReadTransaction, type OpenFile } from './connection.ts'
import { readRecord } from './owner-state.ts'

/** A read that yields after each part of about a millisecond. */
type Parts<Result> = (file: OpenFile) => Generator<void, Result>

/** Why a read was given up, although the file can be read. */
export class SlowRead extends Error {
  override readonly name = 'SlowRead'
}

// Each of these owners' reads blocks other requests for one part in a turn of the event loop.
const OWNERS_AT_ONCE = 2

/**
 * Runs long reads. A turn of the event loop reads only a few parts, so that other requests are served in
 * between. Owners take turns, with one read each at a time.
 *
 * A read begins again if its owner's tasks change meanwhile, and then goes on with a snapshot of the file.
 * A snapshot needs a connection of its own, which has none of the file in memory and takes several times
 * as long.
 *
 * @returns runs a read. Rejects like `Connection.run`, and with `unavailable` if the read has not ended
 * within the time limit; the cause is `SlowRead`.
 */
export function createFairReads(connection: Connection) {
  const waiting: (() => void)[] = []
  let running = 0
  // The last read of each owner, which never rejects.
  const lastOf = new Map<string, Promise<void>>()

  async function read<Result>(
    owner: string,
    parts: Parts<Result>,
    deadline: number,
  ): Promise<Result> {
    if (running === OWNERS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      const read = await readUnchanged(connection, owner, parts, deadline)
      return read ? read.result : await readSnapshot(connection, parts, deadline)
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  return <Result>(owner: string, parts: Parts<Result>): Promise<Result> => {
    const deadline = performance.now() + connection.timeoutMs
    const reading = (lastOf.get(owner) ?? Promise.resolve()).then(() =>
      read(owner, parts, deadline),
    )
    const ended = reading.then(
      () => {},
      () => {},
    )
    lastOf.set(owner, ended)
    void ended.then(() => lastOf.get(owner) === ended && lastOf.delete(owner))
    return reading
  }
}

/** @returns `null` if the owner's tasks changed meanwhile. */
async function readUnchanged<Result>(
  { run }: Connection,
  owner: string,
  parts: Parts<Result>,
  deadline: number,
): Promise<{ readonly result: Result } | null> {
  let state: { file: OpenFile; revision: string; steps: Generator<void, Result> } | null = null
  for (;;) {
    checkTime(deadline)
    const step = await run((file) =>
      inReadTransaction(file, () => {
        const revision = revisionOf(readRecord(file, owner))
        state ??= { file, revision, steps: parts(file) }
        const isSame = state.file === file && state.revision === revision
        return isSame ? state.steps.next() : null
      }),
    )
    if (step === null) return null
    if (step.done === true) return { result: step.value }
    await nextTurn()
  }
}

async function readSnapshot<Result>(
  connection: Connection,
  parts: Parts<Result>,
  deadline: number,
): Promise<Result> {
  checkTime(deadline)
  const file = await connection.openSnapshot()
  try {
    for (const steps = parts(file); ; ) {
      const step = steps.next()
      if (step.done === true) return step.value
      await nextTurn()
      checkTime(deadline)
    }
  } catch (error) {
    throw connection.toStoreError(error)
  } finally {
    file.close()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function checkTime(deadline: number): void {
  if (performance.now() <= deadline) return
  const cause = new SlowRead('A list took longer than DATABASE_TIMEOUT_MS')
  throw new TaskportError('unavailable', cause.message, { cause })
}
