import { TaskportError } from '../errors.ts'
import { newKey } from '../key.ts'
import type { TaskportClient } from '../taskport.ts'
import { knownIds } from './ids.ts'
import { planNext } from './plan.ts'
import type { Reader, RequestOptions } from './reader.ts'
import type { Replica, Sent } from './replica.ts'
import { isReflected, type Results, settle } from './settle.ts'
import type { Merge } from './types.ts'

const MAX_OPERATIONS = 50
const MAX_FRUITLESS = 10
// The service remembers a key for 24 hours.
const KEY_LIFE_MS = 23 * 3_600_000

/** Sends the queue. All state is in the replica, so each step may be the last one. */
export function createSender(options: {
  readonly client: TaskportClient
  readonly replica: Replica
  readonly reader: Reader
  readonly merge: Merge
  readonly now: () => Date
}) {
  const { client, reader, merge, now } = options
  const { data, transact } = options.replica
  let maxOperations = MAX_OPERATIONS

  /** Stores the next request before it is sent. */
  function prepare(): Promise<boolean> {
    return transact((old) => {
      if (old.sent) return null
      const { operations, steps, entries } = planNext(old, merge, maxOperations)
      if (operations.length + entries.size === 0) return null
      const sent = { key: newKey(), at: now().getTime(), operations, steps }
      return { entries, sent: operations.length > 0 ? sent : null, arrived: [] }
    })
  }

  /** Sends a request. Waits until the copy shows what it has done. */
  async function send(sent: Sent, call: RequestOptions): Promise<Results> {
    // The service has forgotten the key. What has arrived is done, and the rest is sent again.
    if (now().getTime() - sent.at > KEY_LIFE_MS) {
      await reader.pull(call)
      const ids = knownIds(data())
      return sent.steps.map(({ op, id }) => {
        const item = op.startsWith('create') && data().items.get(`${ids.get(id)}`)
        // Safe: only the id counts, of which tasks and lists have one.
        return item ? { status: 201, task: item as never } : { status: 412 }
      })
    }
    const results = await ask(sent, call)
    await reader.catchUp(() => isReflected(data(), sent, results), call)
    return results
  }

  async function ask({ key, operations, steps }: Sent, call: RequestOptions): Promise<Results> {
    try {
      if (steps[0]?.op === 'erase') return await erase(operations[0], call)
      const keyed = { ...call, idempotencyKey: key }
      const { results } = await client.batchTasks({ atomic: false, operations }, keyed)
      maxOperations = Math.min(MAX_OPERATIONS, 2 * maxOperations)
      return results
    } catch (error) {
      if (!(error instanceof TaskportError)) throw error
      const { status, code, message, details } = error
      if (!status || ![400, 412, 413, 422, 428].includes(status)) throw error
      // Safe: the service has answered with one of its codes.
      if (operations.length === 1)
        return [{ status, error: { error: code as never, message, details } }]
      // Sends less at once, until the cause stands alone.
      maxOperations = status === 413 ? operations.length >> 1 : 1
      return operations.map(() => ({ status: 412 }))
    }
  }

  async function erase(
    { id = '', if_match = '' }: Partial<Sent['operations'][number]> = {},
    call: RequestOptions,
  ): Promise<Results> {
    let version = Number(/\d+/.exec(if_match))
    // The feed does not tell the version of a task in the trash.
    if (!version)
      for await (const task of client.eachTask({ deleted: 'only' }, call))
        if (task.id === id) version = task.version
    if (version) await client.deleteTask(id, { ...call, ifMatch: version, permanent: true })
    return [{ status: 204 }]
  }

  /** Sends the queue until nothing waits. */
  return async function sendAll(call: RequestOptions): Promise<void> {
    // Changes are merged with the copy before they are sent.
    if (data().cursor === null) await reader.pull(call)
    for (let fruitless = 0; data().changes.length > 0; ) {
      await prepare()
      const { sent } = data()
      if (!sent) continue
      const results = await send(sent, call)
      await transact((old) => {
        if (old.sent?.key !== sent.key) return null
        const entries = settle(old, sent, results)
        fruitless = entries.size > 0 ? 0 : fruitless + 1
        return { entries, sent: null, arrived: [] }
      })
      // Others change the same tasks all the time, so this must not go on at once.
      if (fruitless >= MAX_FRUITLESS)
        throw new TaskportError('PRECONDITION_FAILED', 'The tasks keep changing')
    }
  }
}
