import { expect } from 'bun:test'
import type { Change } from '../../core/feed.ts'
import type { List } from '../../core/list.ts'
import type { Task } from '../../core/task.ts'
import { createCopy } from './copy.ts'
import type { Device } from './device.ts'
import {
  bodyOf,
  createUser,
  effectOf,
  type Intent,
  isOfList,
  isSensible,
  operationName,
} from './intents.ts'
import type { Model } from './model.ts'
import { type Answer, type Call, ConnectionLost, type Send } from './network.ts'
import type { Random } from './random.ts'

/** An intent, as a request contains it. */
interface Step {
  readonly intent: Intent
  /** The version that the change expects; 0 for none. */
  readonly before: number
  readonly body: object | undefined
}

/** A request that is retried unchanged until it gets a response. */
interface Attempt {
  readonly call: Call
  readonly name: string
  readonly steps: readonly Step[]
}

interface ChangesAnswer {
  readonly changes: readonly Change[]
  readonly next_cursor: string
  readonly has_more: boolean
}

interface OperationAnswer {
  readonly status: number
  readonly task?: Task
  readonly list?: List
}

const MAX_STEPS = 4

/**
 * A program without the client, whose requests the client's store does not make: single ones, some without
 * a version, and atomic batches. Changes wait in a queue. Each request is retried until it gets a response.
 * Only the feed changes the local copy of the tasks.
 */
export function createCaller(options: {
  readonly user: string
  readonly name: string
  readonly authorization: string
  readonly send: Send
  readonly random: Random
  readonly model: Model
}): Device {
  const { user, name, send, random, model } = options
  const { tasks, lists, take } = createCopy(user, model)
  const deleted: string[] = []
  let queue: Intent[] = []
  let attempt: Attempt | null = null
  let cursor: string | null = null
  let count = 0

  const headers = { authorization: options.authorization }
  const mark = () => `${user}-${name}-${++count}`
  const decide = createUser(random, mark, model.isOriginal)

  /** Builds a request from the first intents of the queue that concern different tasks. */
  function prepare(): Attempt | null {
    const steps: Step[] = []
    const ids = new Set<string>()
    const rest: Intent[] = []
    for (const intent of queue) {
      const id = 'id' in intent ? intent.id : null
      const task = id === null ? undefined : tasks.get(id)
      const known = task ?? (id === null ? undefined : lists.get(id))
      // The task or list is gone, so its intents are dropped.
      if (id !== null && !known && intent.kind !== 'restore') continue
      if (task && !isSensible(intent, task)) continue
      const isFree = id === null || !ids.has(id)
      // A batch cannot delete permanently.
      const isAlone = [intent, steps[0]?.intent].some((one) => one?.kind === 'erase')
      const limit = isAlone ? 1 : MAX_STEPS
      if (steps.length < limit && isFree && rest.length === 0) {
        const body = withReference(intent, steps, bodyOf(intent, task))
        steps.push({ intent, before: known?.version ?? 0, body })
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
    const operations = steps.map(operationOf)
    const call = post('/tasks/batch', { atomic: random.chance(0.5), operations }, attemptName)
    return { call, name: attemptName, steps }
  }

  /** Lets a new task refer to the list or the task that the operation before it creates. */
  function withReference(intent: Intent, steps: readonly Step[], body: object | undefined) {
    const last = steps.at(-1)
    if (intent.kind !== 'create' || random.chance(0.5)) return body
    const reference = `$${steps.length - 1}`
    const { mark: text, members } = intent
    if (last?.intent.kind === 'create_list') return { text, list_id: reference }
    const isTask = last?.intent.kind === 'create' && !('parent_id' in { ...last.body })
    if (isTask && !members.recurrence) return { text, parent_id: reference }
    return body
  }

  function singleCall({ intent, before, body }: Step, key: string): Call | null {
    const ifMatch = { 'if-match': `"v${before}"` }
    switch (intent.kind) {
      case 'create':
        return post('/tasks', { text: intent.mark, ...intent.members }, key)
      case 'create_list':
        return post('/lists', body, key)
      case 'append':
        return patch(intent.id, body, ifMatch)
      case 'complete':
        // Without a version: a late copy of it completes or reopens the task again.
        model.doubtMember(user, intent.id, 'completed')
        return patch(intent.id, body, {})
      case 'erase':
        return remove(`/tasks/${intent.id}?permanent=true`, ifMatch)
      case 'delete_list':
        return remove(`/lists/${intent.id}`, ifMatch)
      default:
        return null
    }
  }

  function patch(id: string, body: unknown, ifMatch: Readonly<Record<string, string>>): Call {
    const call = post(`/tasks/${id}`, body, null)
    return { ...call, method: 'PATCH', headers: { ...call.headers, ...ifMatch } }
  }

  function remove(path: string, ifMatch: Readonly<Record<string, string>>): Call {
    return { method: 'DELETE', path, headers: { ...headers, ...ifMatch } }
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

  function operationOf({ intent, before, body }: Step) {
    const op = operationName(intent)
    if (!('id' in intent)) return { op, body }
    const ifMatch = intent.kind === 'restore' ? {} : { if_match: `"v${before}"` }
    return { op, id: intent.id, ...ifMatch, body }
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
    if (answer.status === 422) doubt(current, answer)
    if (isBatch) {
      // One operation failed, so none was applied. Each intent is reconsidered.
      expect([404, 412, 422]).toContain(answer.status)
      await catchUp()
      const index = Number(/operations\[(\d+)\]/.exec(JSON.stringify(answer.body))?.[1])
      if (answer.status !== 412) forget(current.steps[index]?.intent)
      return
    }
    const [first] = current.steps
    if (first) await settleSingle(current, first, answer)
  }

  async function settleSingle(current: Attempt, step: Step, answer: Answer): Promise<void> {
    const { intent } = step
    const { status } = answer
    if (status < 300) {
      // Safe: the response of these operations is the task or the list, or empty.
      if (status === 204) return record(current, step, { status })
      const list = isOfList(intent) ? (answer.body as List) : undefined
      const task = isOfList(intent) ? undefined : (answer.body as Task)
      return record(current, step, { status, ...(list && { list }), ...(task && { task }) })
    }
    await catchUp()
    switch (intent.kind) {
      case 'create':
        expect(status).toBe(422)
        return forget(intent)
      case 'complete':
        expect(status).toBe(404)
        return forget(intent)
      case 'erase':
      case 'delete_list':
        expect([404, 412]).toContain(status)
        if (status === 412) return
        // Another device may have done it: a task is not in the trash either.
        if (intent.kind === 'erase') model.erased(user, intent.id)
        else model.listDeleted(user, intent.id)
        return forget(intent)
      case 'append': {
        expect([404, 412]).toContain(status)
        const task = tasks.get(intent.id)
        const isThere = task?.text.split(' ').includes(intent.mark)
        // Another copy of the request may have been applied, with its response lost.
        if (isThere || !task) model.seen(user, intent.id, intent.mark)
        if (isThere || status === 404) forget(intent)
        return
      }
      default:
        throw new Error(`${intent.kind} was answered ${status}`)
    }
  }

  /** A refused request may be applied when a copy of it arrives late, unless it can never succeed. */
  function doubt({ steps }: Attempt, { body }: Answer): void {
    const isFinal = JSON.stringify(body).includes('list_id: must be the id of one of your lists')
    if (!isFinal) for (const { intent } of steps) model.doubt(user, intent)
  }

  function record(
    { name: maker, call }: Attempt,
    { intent, before }: Step,
    { status, task, list }: OperationAnswer,
  ): void {
    if (status === 412) return
    forget(intent)
    if (status === 404 || status === 422) return
    if (intent.kind === 'delete' || intent.kind === 'erase') {
      expect(status).toBe(204)
      if (intent.kind === 'delete') deleted.push(intent.id)
      model.deleted(user, maker, intent.id, before, intent.kind === 'erase')
    } else if (intent.kind === 'delete_list') {
      expect(status).toBe(204)
      for (const { id, list_id } of tasks.values()) if (list_id === intent.id) deleted.push(id)
      model.listDeleted(user, intent.id)
    } else if (list) model.listDone(user, maker, before, list, effectOf(intent))
    else if (task) {
      const expectsAny =
        intent.kind === 'restore' || (call.method === 'PATCH' && intent.kind === 'complete')
      model.done(user, maker, expectsAny ? task.version : before, task, effectOf(intent))
    } else throw new Error(`No task in the answer to ${intent.kind}: ${status}`)
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
    const page = answer.body as ChangesAnswer
    take(page, cursor === null)
    cursor = page.next_cursor
    return page.has_more
  }

  async function catchUp(): Promise<void> {
    while (await pull());
  }

  return {
    async turn() {
      if (random.chance(0.5)) {
        const intent = decide({ tasks, lists, deleted })
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
    lists: () => [...lists.values()],
  }
}
