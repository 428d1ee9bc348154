import { unavailable, wasRefused } from './connection/errors.ts'

/** A call, and its deadline in `performance.now()` time, when its caller gives up. */
export interface Shared<Call> {
  readonly call: Call
  readonly deadline: number
}

interface Waiting<Call, Result> extends Shared<Call> {
  resolve(result: Result | Promise<Result>): void
  reject(error: unknown): void
}

/**
 * How many calls share a statement or transaction. With larger groups, the server and this process would
 * wait for each other in turn.
 */
export const MAX_CALLS = 32

/**
 * Runs reads in shared statements. Calls that arrive in the same turn of the event loop, or while other
 * statements are in progress, share the next one, and so one round trip. A lone call starts at once.
 *
 * If the server rejects a statement, each of its calls runs alone, so that one bad call does not fail the
 * others. If the server does not respond, all of them fail.
 *
 * @param options.run runs calls in one statement, until the latest deadline. Returns results, or promises
 *   of them, in the order of the calls.
 * @param options.runAlone runs one call until its deadline, and may retry.
 * @param options.statements the maximum number in progress: more than one, so that the server is busy while
 *   results are processed, but few, because large groups cost less per call.
 * @param options.timeoutMs time limit of a call.
 */
export function createSharing<Call, Result>(options: {
  readonly run: (group: readonly Shared<Call>[]) => Promise<readonly (Result | Promise<Result>)[]>
  readonly runAlone: (one: Shared<Call>) => Promise<Result>
  readonly statements: number
  readonly timeoutMs: number
}): (call: Call) => Promise<Result> {
  const { run, runAlone, statements, timeoutMs } = options
  const waiting = new Set<Waiting<Call, Result>>()
  let inProgress = 0

  async function start(group: readonly Waiting<Call, Result>[]): Promise<void> {
    inProgress++
    try {
      const results = await run(group)
      for (const [index, result] of results.entries()) group[index]?.resolve(result)
    } catch (error) {
      for (const one of group)
        if (wasRefused(error)) runAlone(one).then(one.resolve, one.reject)
        else one.reject(error)
    }
    inProgress--
    startAll()
  }

  function startAll(): void {
    while (waiting.size > 0 && inProgress < statements) void start(nextGroup())
  }

  function nextGroup(): Waiting<Call, Result>[] {
    const group: Waiting<Call, Result>[] = []
    for (const one of waiting) {
      if (group.length === MAX_CALLS) break
      waiting.delete(one)
      group.push(one)
    }
    return group
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(one)
        reject(unavailable(`PostgreSQL did not answer within ${timeoutMs} ms`))
      }, timeoutMs)
      const one: Waiting<Call, Result> = {
        call,
        deadline: performance.now() + timeoutMs,
        resolve(result) {
          clearTimeout(timer)
          // Handles a rejection even if this call has already expired.
          Promise.resolve(result).then(resolve, reject)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      waiting.add(one)
      if (waiting.size === 1 && inProgress < statements) setImmediate(startAll)
    })
}

/** The latest deadline. Each call still ends at its own. */
export function deadlineOf(group: readonly { readonly deadline: number }[]): number {
  return Math.max(...group.map(({ deadline }) => deadline))
}
