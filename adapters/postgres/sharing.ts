import { unavailable, wasRefused } from './connection/errors.ts'

/** A call, and when its caller gives up, as `performance.now()` counts. */
export interface Shared<Call> {
  readonly call: Call
  readonly deadline: number
}

interface Waiting<Call, Answer> extends Shared<Call> {
  resolve(answer: Answer | Promise<Answer>): void
  reject(error: unknown): void
}

/** Calls in one statement or transaction. With more, the server and this process would wait in turn. */
export const MOST_CALLS = 32

/**
 * Lets reads share statements. Calls that arrive in one turn of the event loop, or while other statements
 * are under way, form the next one, which takes one round trip. A lone call starts at once.
 *
 * If the server rejects a statement, each of its calls runs alone, so that a call that fails does not fail
 * its neighbours. If the server does not answer, all of them fail.
 *
 * @param options.run runs calls in one statement until a deadline. Its answers, or promises of them, have
 *   their order.
 * @param options.runAlone runs one call until its deadline, and may retry.
 * @param options.statements how many may be under way: more than one, so that the server works while
 *   answers go out, but few, because large groups cost less.
 * @param options.timeoutMs longest that a call may take.
 */
export function createSharing<Call, Answer>(options: {
  readonly run: (group: readonly Shared<Call>[]) => Promise<readonly (Answer | Promise<Answer>)[]>
  readonly runAlone: (one: Shared<Call>) => Promise<Answer>
  readonly statements: number
  readonly timeoutMs: number
}): (call: Call) => Promise<Answer> {
  const { run, runAlone, statements, timeoutMs } = options
  const waiting = new Set<Waiting<Call, Answer>>()
  let underWay = 0

  async function start(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    underWay++
    try {
      const answers = await run(group)
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer)
    } catch (error) {
      for (const one of group)
        if (wasRefused(error)) runAlone(one).then(one.resolve, one.reject)
        else one.reject(error)
    }
    underWay--
    startAll()
  }

  function startAll(): void {
    while (waiting.size > 0 && underWay < statements) void start(nextGroup())
  }

  function nextGroup(): Waiting<Call, Answer>[] {
    const group: Waiting<Call, Answer>[] = []
    for (const one of waiting) {
      if (group.length === MOST_CALLS) break
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
      const one: Waiting<Call, Answer> = {
        call,
        deadline: performance.now() + timeoutMs,
        resolve(answer) {
          clearTimeout(timer)
          resolve(answer)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      waiting.add(one)
      if (waiting.size === 1 && underWay < statements) setImmediate(startAll)
    })
}

/** The latest of the deadlines. Each caller gives up at its own. */
export function deadlineOf(group: readonly { readonly deadline: number }[]): number {
  return Math.max(...group.map(({ deadline }) => deadline))
}
