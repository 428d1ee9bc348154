import { unavailable, wasRefused } from './connection/errors.ts'

interface Waiting<Call, Answer> {
  readonly call: Call
  readonly timer: NodeJS.Timeout
  resolve(answer: Answer | Promise<Answer>): void
  reject(error: unknown): void
}

// With more, the server would wait for this process, and then this process for the server.
const MOST_CALLS = 32

/**
 * Lets reads share statements. Calls that arrive in one turn of the event loop, or while other statements
 * are under way, form the next one, which takes one round trip. A lone call starts at once.
 *
 * If the server rejects a statement, each of its calls runs alone, so that a call that fails does not fail
 * its neighbours. If the server does not answer, all of them fail.
 *
 * @param options.run runs calls in one statement. Its answers, or promises of them, have their order.
 * @param options.runAlone runs one call, and may retry.
 * @param options.statements how many may be under way: more than one, so that the server works while
 *   answers go out, but few, because large groups cost less.
 * @param options.timeoutMs longest that a call waits for its statement.
 */
export function createSharing<Call, Answer>(options: {
  readonly run: (calls: readonly Call[]) => Promise<readonly (Answer | Promise<Answer>)[]>
  readonly runAlone: (call: Call) => Promise<Answer>
  readonly statements: number
  readonly timeoutMs: number
}): (call: Call) => Promise<Answer> {
  const { run, runAlone, statements, timeoutMs } = options
  const waiting = new Set<Waiting<Call, Answer>>()
  let underWay = 0

  async function start(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    underWay++
    try {
      const answers = await run(group.map(({ call }) => call))
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer)
    } catch (error) {
      for (const { call, resolve, reject } of group)
        if (wasRefused(error)) runAlone(call).then(resolve, reject)
        else reject(error)
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
      clearTimeout(one.timer)
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
      const one = { call, timer, resolve, reject }
      waiting.add(one)
      if (waiting.size === 1 && underWay < statements) setImmediate(startAll)
    })
}
