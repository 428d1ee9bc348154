import { expect } from 'bun:test'
import type { Change } from '../../core/feed.ts'
import type { Task } from '../../core/task.ts'
import type { Model } from './model.ts'
import { type Answer, type Call, ConnectionLost, type Send } from './network.ts'
import type { Random } from './random.ts'

/** A change that a user made on a device, waiting to be sent. */
type Intent =
  | { readonly kind: 'create'; readonly mark: string }
  | { readonly kind: 'append'; readonly id: string; readonly mark: string }
  | { readonly kind: 'complete'; readonly id: string; readonly completed: boolean }
  | { readonly kind: 'delete' | 'erase'; readonly id: string }
  | { readonly kind: 'restore'; readonly id: string }
  | { readonly kind: 'move'; readonly id: string; readonly place: Readonly<Record<string, string>> }

/** A request that is retried unchanged until it gets a response, and the intents it contains. */
interface Attempt {
  readonly call: Call
  readonly name: string
  readonly steps: readonly { readonly intent: Intent; readonly before: number }[]
}

interface ChangesAnswer {
  readonly changes: readonly Change[]
  readonly next_cursor: string
  readonly has_more: boolean
}

interface OperationAnswer {
  readonly status: number
  readonly task?: Task
}

const MAX_STEPS = 4

// A text may contain this many marks.
const MAX_MARKS = 20

/** How a device behaves. */
export interface Device {
  /** Does one thing: makes a change, sends a request or reads a page of the feed. */
  turn(): Promise<void>
  /** Sends all waiting changes and reads the feed to its end. */
  finish(): Promise<void>
  /** The tasks that the user sees. */
  tasks(): Task[]
}

/**
 * A device that is offline half of the time. Changes wait in a queue. Each request is retried until
 * it gets a response. Only the feed changes the local copy of the tasks.
 */
export function createDevice(options: {
  readonly user: string
  readonly name: string
  readonly authorization: string
  readonly send: Send
  readonly random: Random
  readonly model: Model
}): Device {
  const { user, name, send, random, model } = options
  const tasks = new Map<string, Task>()
  const deleted: string[] = []
  let queue: Intent[] = []
  let attempt: Attempt | null = null
  let cursor: string | null = null
  let isReadingAnew = false
  let seenAnew = new Set<string>()
  let count = 0

  const headers = { authorization: options.authorization }
  const mark = () => `${user}-${name}-${++count}`

  function decide(): Intent | null {
    const task = random.pick([...tasks.values()])
    const what = random.below(12)
    if (!task || what < 3) return { kind: 'create', mark: mark() }
    if (what < 7)
      return task.text.split(' ').length < MAX_MARKS
        ? { kind: 'append', id: task.id, mark: mark() }
        : null
    if (what < 8) return { kind: 'complete', id: task.id, completed: !task.completed }
    if (what < 9) return { kind: 'delete', id: task.id }
    if (what < 10) return { kind: 'move', id: task.id, place: placeFor(task) }
    const id = random.pick(deleted)
    if (id !== undefined) return { kind: 'restore', id }
    return random.chance(0.2) ? { kind: 'erase', id: task.id } : null
  }

  function placeFor(task: Task): Readonly<Record<string, string>> {
    const neighbour = random.pick([...tasks.values()].filter(({ id }) => id !== task.id))
    if (!neighbour || random.chance(0.3)) return { to: random.chance(0.5) ? 'top' : 'bottom' }
    return random.chance(0.5) ? { before: neighbour.id } : { after: neighbour.id }
  }

  /** Builds a request from the first intents of the queue that concern different tasks. */
  function prepare(): Attempt | null {
    const steps: { intent: Intent; before: number }[] = []
    const ids = new Set<string>()
    const rest: Intent[] = []
    for (const intent of queue) {
      const id = 'id' in intent ? intent.id : null
      const known = id === null ? undefined : tasks.get(id)
      // The task is gone, so its intents are dropped.
      if (id !== null && !known && intent.kind !== 'restore') continue
      const isFree = id === null || !ids.has(id)
      // A batch cannot delete permanently.
      const isAlone = [intent, steps[0]?.intent].some((one) => one?.kind === 'erase')
      const limit = isAlone ? 1 : MAX_STEPS
      if (steps.length < limit && isFree && rest.length === 0) {
        steps.push({ intent, before: known?.version ?? 0 })
        if (id !== null) ids.add(id)
      } else rest.push(intent)
    }
    queue = [...steps.map(({ intent }) => intent), ...rest]
    const [first] = steps
    if (!first) return null
    const attemptName = `${name}/${++count}`
    if (first.intent.kind === 'erase' || random.chance(0.4)) {
      const single = singleCall(first, attemptName)
      if (single) return { call: single, name: attemptName, steps: [first] }
    }
    const body = { atomic: random.chance(0.5), operations: steps.map(operationOf) }
    return { call: post('/tasks/batch', body, attemptName), name: attemptName, steps }
  }

  function singleCall(step: Attempt['steps'][number], key: string): Call | null {
    const { intent, before } = step
    switch (intent.kind) {
      case 'create':
        return post('/tasks', { text: intent.mark }, key)
      case 'append': {
        const call = post(`/tasks/${intent.id}`, bodyOf(intent), null)
        return {
          ...call,
          method: 'PATCH',
          headers: { ...call.headers, 'if-match': `"v${before}"` },
        }
      }
      case 'erase':
        return {
          method: 'DELETE',
          path: `/tasks/${intent.id}?permanent=true`,
          headers: { ...headers, 'if-match': `"v${before}"` },
        }
      default:
        return null
    }
  }

  function post(path: string, body: unknown, key: string | null): Call {
    const ownHeaders = { ...headers, 'content-type': 'application/json' }
    return {
      method: 'POST',
      path,
      headers: key === null ? ownHeaders : { ...ownHeaders, 'idempotency-key': key },
      body: JSON.stringify(body),
    }
  }

  function operationOf({ intent, before }: Attempt['steps'][number]) {
    if (intent.kind === 'create') return { op: 'create', body: { text: intent.mark } }
    const { kind, id } = intent
    const ifMatch = kind === 'restore' ? {} : { if_match: `"v${before}"` }
    const op = kind === 'append' || kind === 'complete' ? 'patch' : kind
    return { op, id, ...ifMatch, body: bodyOf(intent) }
  }

  function bodyOf(intent: Intent) {
    if (intent.kind === 'append') return { text: `${tasks.get(intent.id)?.text} ${intent.mark}` }
    if (intent.kind === 'complete') return { completed: intent.completed }
    return intent.kind === 'move' ? intent.place : undefined
  }

  async function push(): Promise<void> {
    attempt ??= prepare()
    if (attempt === null) return
    const current = attempt
    let answer: Answer
    try {
      answer = await send(current.call)
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error
      return
    }
    if (answer.status === 503 || answer.status === 409) return
    attempt = null
    await settle(current, answer)
  }

  /** Removes done and impossible intents from the queue. The rest is for another attempt. */
  async function settle(current: Attempt, answer: Answer): Promise<void> {
    const isBatch = current.call.path === '/tasks/batch'
    if (isBatch && answer.status === 200) {
      // Safe: the response of a batch, whose shape the HTTP suite checks.
      const { results } = answer.body as { results: readonly OperationAnswer[] }
      expect(results).toHaveLength(current.steps.length)
      for (const [index, step] of current.steps.entries())
        record(current, step, results[index] ?? { status: 0 })
      return
    }
    const [first] = current.steps
    if (isBatch) {
      // One operation failed, so none was applied. Each intent is reconsidered.
      expect([404, 412, 422]).toContain(answer.status)
      await catchUp()
      const index = Number(/operations\[(\d+)\]/.exec(JSON.stringify(answer.body))?.[1])
      if (answer.status !== 412) forget(current.steps[index]?.intent)
      return
    }
    if (!first) return
    const { intent } = first
    if (answer.status < 300) {
      // Safe: the response of these operations is the task or empty.
      const task = answer.status === 204 ? undefined : (answer.body as Task)
      record(current, first, { status: answer.status, ...(task && { task }) })
      return
    }
    expect([404, 412]).toContain(answer.status)
    await catchUp()
    if (intent.kind === 'erase') {
      // Another device may have done it: the task is not in the trash either.
      if (answer.status === 404) model.erased(user, intent.id)
      return forget(intent)
    }
    if (intent.kind !== 'append') throw new Error(`${intent.kind} was answered ${answer.status}`)
    const task = tasks.get(intent.id)
    const isThere = task?.text.split(' ').includes(intent.mark)
    // Another copy of the request may have been applied, with its response lost.
    if (isThere || !task) model.seen(user, intent.id, intent.mark)
    if (isThere || answer.status === 404) forget(intent)
  }

  function record(
    { name: maker }: Attempt,
    { intent, before }: Attempt['steps'][number],
    { status, task }: OperationAnswer,
  ): void {
    if (status === 412) return
    forget(intent)
    if (status === 404 || status === 422) return
    if (intent.kind === 'delete' || intent.kind === 'erase') {
      expect(status).toBe(204)
      if (intent.kind === 'delete') deleted.push(intent.id)
      model.deleted(user, maker, intent.id, before, intent.kind === 'erase')
      return
    }
    if (!task) throw new Error(`No task in the answer to ${intent.kind}: ${status}`)
    if (intent.kind === 'create')
      model.done(user, maker, 0, task, { kind: 'created', mark: intent.mark })
    else if (intent.kind === 'append')
      model.done(user, maker, before, task, { kind: 'appended', mark: intent.mark })
    else if (intent.kind === 'restore')
      model.done(user, maker, task.version, task, { kind: 'restored' })
    else model.done(user, maker, before, task, { kind: 'changed' })
  }

  function forget(intent: Intent | undefined): void {
    queue = queue.filter((other) => other !== intent)
  }

  /** Reads one page of the feed. Returns whether there is more. */
  async function pull(): Promise<boolean> {
    const query = cursor === null ? '' : `&cursor=${cursor}`
    const limit = 1 + random.below(10)
    let answer: Answer
    try {
      answer = await send({ method: 'GET', path: `/tasks/changes?limit=${limit}${query}`, headers })
    } catch (error) {
      if (error instanceof ConnectionLost) return true
      throw error
    }
    if (answer.status === 503) return true
    if (answer.status === 410) {
      cursor = null
      return true
    }
    expect(answer.status).toBe(200)
    // Safe: the response of the feed, whose shape the HTTP suite checks.
    const { changes, next_cursor, has_more } = answer.body as ChangesAnswer
    if (cursor === null) {
      isReadingAnew = true
      seenAnew = new Set()
    }
    for (const change of changes) apply(change)
    cursor = next_cursor
    // A snapshot lists every task, so any other task is gone.
    if (isReadingAnew && !has_more) {
      for (const id of tasks.keys()) if (!seenAnew.has(id)) tasks.delete(id)
      isReadingAnew = false
    }
    return has_more
  }

  async function catchUp(): Promise<void> {
    while (await pull());
  }

  function apply(change: Change): void {
    if (change.type === 'delete') {
      tasks.delete(change.id)
      seenAnew.delete(change.id)
      return
    }
    const { task } = change
    expect(task.text).toStartWith(`${user}-`)
    expect(task.version).toBeGreaterThanOrEqual(tasks.get(task.id)?.version ?? 1)
    tasks.set(task.id, task)
    seenAnew.add(task.id)
  }

  return {
    async turn() {
      if (random.chance(0.5)) {
        const intent = decide()
        if (intent) queue.push(intent)
        return
      }
      if (random.chance(0.5)) await push()
      else await pull()
    },

    async finish() {
      while (queue.length > 0 || attempt !== null) {
        await push()
        await catchUp()
      }
      await catchUp()
    },

    tasks: () => [...tasks.values()],
  }
}
