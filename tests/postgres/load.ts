import { expect, onTestFinished } from 'bun:test'
import { TaskportError } from '../../core/errors.ts'
import type { TaskRepository } from '../../core/ports.ts'
import { EVERYTHING } from '../../core/query.ts'
import type { Task } from '../../core/task.ts'
import { changeTask } from '../../core/task-changes.ts'
import { createCaller, taskIn, writing } from '../conformance/stores/caller.ts'
import { ownerNamed, second, taskNumber } from '../conformance/stores/store.ts'

const WORKERS = 16
const COMPLETE = { completed: true }

/** Calls a repository in a loop, and remembers each result. */
export interface Load {
  /** Resolves when this many more calls have succeeded. */
  succeeded(calls: number): Promise<void>
  /** Resolves when this many more calls have failed. */
  failed(calls: number): Promise<void>
  /**
   * Stops, and compares the stored tasks with the results: what resolved is stored, what rejected is
   * stored completely or not at all, and there is nothing else.
   *
   * @param longestMs the longest time that any call may have taken.
   */
  stopAndVerify(longestMs: number): Promise<void>
}

/** Starts workers that insert, read and complete tasks, each for its own owner, one call at a time. */
export function startLoad(repository: TaskRepository): Load {
  let stopped = false
  let longestMs = 0
  const faults: unknown[] = []
  onTestFinished(() => {
    stopped = true
  })
  const successes = createCounter()
  const failures = createCounter()

  /** Resolves with `undefined` if the call rejects. */
  async function attempt<Result>(call: Promise<Result>): Promise<Result | undefined> {
    const startedAt = performance.now()
    const result = await call.then(
      (value) => {
        successes.count()
        return value
      },
      (error) => {
        if (!(error instanceof TaskportError && error.code === 'unavailable')) faults.push(error)
        failures.count()
        return undefined
      },
    )
    longestMs = Math.max(longestMs, performance.now() - startedAt)
    // Calls that fail immediately must not starve the event loop.
    if (result === undefined) await new Promise(setImmediate)
    return result
  }

  async function work(index: number) {
    const owner = ownerNamed(`worker ${index}`)
    const possible = new Map<string, (Task | null)[]>()
    const { one, get } = createCaller(repository, owner)
    for (let n = index * 1_000_000; !stopped; n++) {
      const task = taskNumber(n)
      const completed = changeTask(task, COMPLETE, second(n + 1))
      possible.set(task.id, [null, task])
      const created = await attempt(one(writing.create(n), second(n)))
      if (created === undefined) continue
      expectSame(taskIn(created), task)
      possible.set(task.id, [task])

      const read = await attempt(get(n))
      if (read !== undefined) expectSame(read, task)

      possible.set(task.id, [task, completed])
      const update = await attempt(one(writing.patch(n, COMPLETE), second(n + 1)))
      if (update === undefined) continue
      expectSame(taskIn(update), completed)
      possible.set(task.id, [completed])
    }
    return { owner, possible }
  }

  function expectSame(actual: Task | null, expected: Task): void {
    if (!isSame(actual, expected)) faults.push({ actual, expected })
  }

  const working = Promise.all(Array.from({ length: WORKERS }, (_, index) => work(index)))

  return {
    succeeded: successes.more,
    failed: failures.more,
    async stopAndVerify(limitMs) {
      stopped = true
      for (const { owner, possible } of await working) {
        const { tasks: all } = await repository.list(owner, EVERYTHING)
        const found = new Map(all.map((task) => [task.id, task]))
        for (const [id, tasks] of possible) {
          const task = found.get(id) ?? null
          if (!tasks.some((candidate) => isSame(candidate, task))) faults.push({ tasks, task })
        }
        for (const id of found.keys()) if (!possible.has(id)) faults.push({ unknown: id })
      }
      expect(faults).toBeEmpty()
      expect(longestMs).toBeLessThan(limitMs)
    },
  }
}

// Ignores the order: it depends on earlier tasks, and so on calls whose outcome is unknown.
function isSame(actual: Task | null, expected: Task | null): boolean {
  return Bun.deepEquals(actual && { ...actual, order: 0 }, expected && { ...expected, order: 0 })
}

export function createCounter() {
  let count = 0
  const waiting = new Map<() => void, number>()
  return {
    count(): void {
      count++
      for (const [resolve, goal] of waiting) {
        if (count < goal) continue
        waiting.delete(resolve)
        resolve()
      }
    },
    more: (calls: number) =>
      new Promise<void>((resolve) => {
        waiting.set(resolve, count + calls)
      }),
  }
}
