import { unavailable, wasRefused } from './errors.ts'

interface Waiting<Call, Answer> {
  readonly call: Call
  resolve(answer: Answer): void
  reject(error: unknown): void
}

// Enough for one statement to serve all that arrive while another is under way.
const MOST_CALLS = 100

/**
 * Lets calls that arrive while a statement is under way share the next one: so that one round trip, and
 * one wait for the disk, serves them all. A call that finds no statement under way goes at once, alone.
 *
 * Where the server refuses a statement, each of its calls is done by itself, and holds up no other: so
 * that one that fails, or has to wait for somebody's lock, is nothing to its neighbours. Where the
 * server does not answer, all of them fail.
 *
 * @param options.run does the calls in one statement, and gives an answer for each in their order.
 * @param options.runAlone does one, and may take its time.
 * @param options.timeoutMs longest that a call waits for its statement.
 */
export function createSharing<Call, Answer>(options: {
  readonly run: (calls: readonly Call[]) => Promise<readonly Answer[]>
  readonly runAlone: (call: Call) => Promise<Answer>
  readonly timeoutMs: number
}): (call: Call) => Promise<Answer> {
  const { run, runAlone, timeoutMs } = options
  const waiting = new Set<Waiting<Call, Answer>>()
  let isUnderWay = false

  async function start(group: readonly Waiting<Call, Answer>[]): Promise<void> {
    isUnderWay = true
    try {
      const answers = await run(group.map(({ call }) => call))
      for (const [index, answer] of answers.entries()) group[index]?.resolve(answer)
    } catch (error) {
      for (const { call, resolve, reject } of group)
        if (wasRefused(error)) runAlone(call).then(resolve, reject)
        else reject(error)
    }
    isUnderWay = false
    if (waiting.size > 0) void start(nextGroup())
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
      if (!isUnderWay) {
        void start([{ call, resolve, reject }])
        return
      }
      const timer = setTimeout(() => {
        waiting.delete(one)
        reject(unavailable(`No statement was free in ${timeoutMs} ms`))
      }, timeoutMs)
      const one = {
        call,
        resolve(answer: Answer) {
          clearTimeout(timer)
          resolve(answer)
        },
        reject(error: unknown) {
          clearTimeout(timer)
          reject(error)
        },
      }
      waiting.add(one)
    })
}
