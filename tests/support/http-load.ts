import { expect, onTestFinished } from 'bun:test'
import type { Task } from '../../core/task.ts'
import { readList, readTask } from '../http/answers.ts'
import { createCounter } from '../postgres/load.ts'
import { bearer } from './config.ts'

const UNAVAILABLE = {
  error: 'SERVICE_UNAVAILABLE',
  message: 'The service is temporarily unavailable, try again',
}
const PAUSE_MS = 5

type Send = (path: string, init: RequestInit) => Promise<Response>

/** Clients that send requests continuously and remember the responses. */
export interface HttpLoad {
  /** Resolves when this many more requests have succeeded. */
  succeeded(requests: number): Promise<void>
  /** Resolves when this many more requests have failed. */
  failed(requests: number): Promise<void>
  /**
   * Stops, then compares the stored tasks with the responses. Every write that was acknowledged is
   * stored; any other write is stored completely or not at all; nothing else is stored.
   *
   * @param longestMs the longest time that any request may have taken.
   * @returns the longest time that a client went without a successful request.
   */
  stopAndVerify(longestMs: number): Promise<{ readonly longestGapMs: number }>
}

/** The states in which the task with one text may be stored. */
interface Expectation {
  readonly task: Task | null
  readonly completed: readonly boolean[]
  readonly mayBeMissing: boolean
}

/**
 * Creates, reads, completes and deletes tasks. Each client acts for its own user and sends one
 * request at a time. A request may fail with the contract's response for an unavailable store. With
 * `mayLose` it may also get no response or a gateway's 502.
 */
export async function startHttpLoad(
  send: Send,
  options: { readonly clients: number; readonly mayLose?: boolean },
): Promise<HttpLoad> {
  // A gateway retries idempotent requests, and its first attempt may have deleted the task.
  const deletedStatuses = options.mayLose ? [204, 404] : [204]
  const successes = createCounter()
  const failures = createCounter()
  const faults: unknown[] = []
  let stopped = false
  let longestMs = 0
  let longestGapMs = 0
  onTestFinished(() => {
    stopped = true
  })

  async function work(index: number) {
    const headers = { ...(await bearer(`client ${index}`)), 'content-type': 'application/json' }
    const expected = new Map<string, Expectation>()
    let succeededAt = performance.now()

    /** Sends one request. Returns the response if it has a success status, else `null`. */
    async function attempt(
      method: string,
      path: string,
      success: readonly number[],
      body?: unknown,
    ) {
      const startedAt = performance.now()
      const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
      try {
        const response = await send(path, init)
        // A response counts as received only once its whole body has arrived.
        const text = await response.text()
        if (success.includes(response.status)) {
          longestGapMs = Math.max(longestGapMs, performance.now() - succeededAt)
          succeededAt = performance.now()
          successes.count()
          return new Response(text || null)
        }
        const isRefusal =
          response.status === 503 &&
          Number(response.headers.get('retry-after')) > 0 &&
          Bun.deepEquals(JSON.parse(text), UNAVAILABLE)
        const isFromGateway = options.mayLose && response.status === 502
        if (!isRefusal && !isFromGateway)
          faults.push({ method, path, status: response.status, text })
      } catch (error) {
        if (!options.mayLose) faults.push({ method, path, error })
      } finally {
        longestMs = Math.max(longestMs, performance.now() - startedAt)
      }
      failures.count()
      // Requests that fail immediately must not starve everything else.
      await Bun.sleep(PAUSE_MS)
      return null
    }

    async function useTask(text: string): Promise<void> {
      expected.set(text, { task: null, completed: [false], mayBeMissing: true })
      const created = await attempt('POST', '/tasks', [201], { text })
      if (created === null) return
      const task = await readTask(created)
      if (task.text !== text || task.completed) faults.push({ text, task })
      expected.set(text, { task, completed: [false], mayBeMissing: false })

      const read = await attempt('GET', `/tasks/${task.id}`, [200])
      if (read !== null) expectSame(await readTask(read), task)

      expected.set(text, { task, completed: [false, true], mayBeMissing: false })
      const patched = await attempt('PATCH', `/tasks/${task.id}`, [200], { completed: true })
      if (patched === null) return
      const done = await readTask(patched)
      const { updated_at, completed_at } = done
      expectSame(done, { ...task, completed: true, version: 2, updated_at, completed_at })
      expected.set(text, { task: done, completed: [true], mayBeMissing: false })

      if (done.id.endsWith('0')) {
        expected.set(text, { task: done, completed: [true], mayBeMissing: true })
        if ((await attempt('DELETE', `/tasks/${task.id}`, deletedStatuses)) !== null)
          expected.delete(text)
      }
    }

    for (let n = 0; !stopped; n++) await useTask(`text ${n}`)
    return { headers, expected }
  }

  function expectSame(actual: unknown, wanted: unknown): void {
    if (!Bun.deepEquals(actual, wanted)) faults.push({ actual, wanted })
  }

  function check(tasks: readonly Task[], expected: ReadonlyMap<string, Expectation>): void {
    const found = new Map(tasks.map((task) => [task.text, task]))
    if (found.size !== tasks.length) faults.push('a task is listed twice')
    for (const [text, { task, mayBeMissing }] of expected)
      if (!found.has(text) && !mayBeMissing) faults.push({ lost: task })
    for (const actual of tasks) {
      const wanted = expected.get(actual.text)
      const isWhole =
        wanted?.completed.includes(actual.completed) &&
        actual.completed === (actual.completed_at !== null) &&
        (wanted.task === null || wanted.task.id === actual.id) &&
        (wanted.task?.completed !== actual.completed || Bun.deepEquals(wanted.task, actual))
      if (!isWhole) faults.push({ wanted, actual })
    }
  }

  const working = Promise.all(Array.from({ length: options.clients }, (_, index) => work(index)))

  return {
    succeeded: successes.more,
    failed: failures.more,
    async stopAndVerify(limitMs) {
      stopped = true
      for (const { headers, expected } of await working)
        check((await readList(await send('/tasks', { headers }))).tasks, expected)
      expect(faults).toBeEmpty()
      expect(longestMs).toBeLessThan(limitMs)
      return { longestGapMs }
    },
  }
}
