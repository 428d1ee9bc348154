import { unavailable, wasRefused } from './connection/errors.ts'

interface Waiting<Call, Answer> {
  readonly call: Call
  readonly timer: NodeJS.Timeout
  resolve(answer: Answer | Promise<Answer>): void
  reject(error: unknown): void
}

// With more the server would be waiting for us, and then we for it.
const MOST_CALLS = 32

/**
 * Lets calls that arrive in one turn of the event loop, or while statements are under way, share the next
 * one: so that one round trip, and one wait for the disk, serves them all. A lone call waits for none.
 *
 * Where the server refuses a statement, each of its calls is done by itself, and holds up no other: so
 * that one that fails, or has to wait for somebody's lock, is nothing to its neighbours. Where the
 * server does not answer, all of them fail.
 *
 * @param options.run does the calls in one statement, and gives an answer for each, in their order, or one
 *   that is to come.
 * @param options.runAlone does one, and may take its time.
 * @param options.statements how many may be under way at once: more than one, so that the server works on
 *   some while the answers of others go out; no more than needed, since few with many calls take less.
 * @param options.timeoutMs longest that a call waits for its statement.
 * @param options.compare the order of calls in a statement; that of their arrival, unless told.
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
    return compare ? group.sort((a, b) => compare(a.call, b.call)) : group
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(one)
        reject(unavailable(`No statement was free in ${timeoutMs} ms`))
      }, timeoutMs)
      const one = { call, timer, resolve, reject }
      waiting.add(one)
      if (waiting.size === 1 && underWay < statements) setImmediate(startAll)
    })
}
