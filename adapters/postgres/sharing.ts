import { unavailable, wasRefused } from './connection/errors.ts'

interface Waiting<Call, Answer> {
  readonly call: Call
  readonly timer: NodeJS.Timeout
  resolve(answer: Answer | Promise<Answer>): void
  reject(error: unknown): void
}

// In larger groups, server and client would wait for each other in turn.
const MAX_CALLS = 32

/**
 * Groups calls that arrive in one turn of the event loop, or while other statements run, into one
 * statement, so that they share a round trip and a wait for the disk. A single call waits for no other.
 *
 * If the server refuses a group's statement, each of its calls runs alone, so that a call that fails or
 * waits for a lock does not affect its neighbors. If the server does not answer, all of them fail.
 *
 * @param options.run runs a group in one statement. Returns an answer, or a promise of one, for each call,
 *   in the same order.
 * @param options.runAlone runs one call, which may take long.
 * @param options.statements how many statements may run at once. More than one keeps the server busy while
 *   answers are processed; more than needed makes the groups smaller and so less efficient.
 * @param options.timeoutMs how long a call may wait for its statement to start.
 * @param options.compare the order of the calls in a statement. The default is the order of arrival.
 */
export function createSharing<Call, Answer>(options: {
  readonly run: (calls: readonly Call[]) => Promise<readonly (Answer | Promise<Answer>)[]>
  readonly runAlone: (call: Call) => Promise<Answer>
  readonly statements: number
  readonly timeoutMs: number
  readonly compare?: (a: Call, b: Call) => number
}): (call: Call) => Promise<Answer> {
  const { run, runAlone, statements, timeoutMs, compare } = options
  const waiting = new Set<Waiting<Call, Answer>>()
  let running = 0

  async function start(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    running++
    try {
      const answers = await run(group.map(({ call }) => call))
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer)
    } catch (error) {
      for (const { call, resolve, reject } of group)
        if (wasRefused(error)) runAlone(call).then(resolve, reject)
        else reject(error)
    }
    running--
    startAll()
  }

  function startAll(): void {
    while (waiting.size > 0 && running < statements) void start(nextGroup())
  }

  function nextGroup(): Waiting<Call, Answer>[] {
    const group: Waiting<Call, Answer>[] = []
    for (const waiter of waiting) {
      if (group.length === MAX_CALLS) break
      waiting.delete(waiter)
      clearTimeout(waiter.timer)
      group.push(waiter)
    }
    return compare ? group.sort((a, b) => compare(a.call, b.call)) : group
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(waiter)
        reject(unavailable(`No statement could start within ${timeoutMs} ms`))
      }, timeoutMs)
      const waiter = { call, timer, resolve, reject }
      waiting.add(waiter)
      if (waiting.size === 1 && running < statements) setImmediate(startAll)
    })
}
