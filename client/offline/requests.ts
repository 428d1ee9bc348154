import { TaskportError } from '../errors.ts'
import { newKey } from '../key.ts'
import type { TaskportClient } from '../taskport.ts'
import type { TaskChange } from '../types.ts'
import { entriesOf, entriesOfSnapshot, positionAfter } from './feed.ts'
import { knownIds } from './ids.ts'
import { planNext } from './plan.ts'
import type { Entries, Replica, Sent } from './replica.ts'
import { isReflected, type Results, settle } from './settle.ts'
import type { Merge, Rejection } from './types.ts'
import type { View } from './view.ts'

const MAX_OPERATIONS = 50
const MAX_FRUITLESS = 10
const PAGE = 1000
// The service remembers a key for 24 hours.
const KEY_LIFE_MS = 23 * 3_600_000
// How long the stream of changes may take to bring what a response says.
const STREAM_DELAY_MS = 1000

export interface RequestOptions {
  readonly signal: AbortSignal
  readonly retries?: number | undefined
}

export type Requests = ReturnType<typeof createRequests>

/** Sends the queue and reads the feed. All state is in the replica, so each step may be the last one. */
export function createRequests(options: {
  readonly client: TaskportClient
  readonly replica: Replica
  readonly view: () => View
  readonly merge: Merge
  readonly now: () => Date
  /** Whether the stream of changes is connected. */
  readonly isFollowing: () => boolean
}) {
  const { client, replica, view, merge, now, isFollowing } = options
  const { data, transact } = replica
  let maxOperations = MAX_OPERATIONS

  /** Takes over changes that follow `from`, or a snapshot, unless the copy has moved on. */
  function takeOver(
    from: string | null,
    changes: readonly TaskChange[],
    cursor: string,
    entriesFrom = entriesOf,
  ): Promise<boolean> {
    return transact((old) =>
      old.position.cursor === from
        ? { entries: entriesFrom(old, changes), position: positionAfter(old, changes, cursor) }
        : null,
    )
  }

  /** Reads the feed to its end. A snapshot replaces the copy, but not the queue. */
  async function pull(
    call: RequestOptions,
    isSnapshot = data().position.cursor === null,
  ): Promise<void> {
    const from = data().position.cursor
    const changes: TaskChange[] = []
    let cursor = isSnapshot ? null : from
    try {
      for (let hasMore = true; hasMore; ) {
        const page = await client.listChanges({ cursor: cursor ?? undefined, limit: PAGE }, call)
        changes.push(...page.changes)
        cursor = page.next_cursor
        hasMore = page.has_more
      }
    } catch (error) {
      if (!(error instanceof TaskportError) || error.code !== 'CURSOR_EXPIRED') throw error
      await pull(call, true)
      return
    }
    const entriesFrom = isSnapshot ? entriesOfSnapshot : entriesOf
    const isNews = isSnapshot || changes.length > 0
    // Another reader may have been faster. Then this one starts again.
    if (isNews && !(await takeOver(from, changes, `${cursor}`, entriesFrom))) await pull(call)
  }

  /** Stores the next request before it is sent. */
  async function prepare(): Promise<void> {
    await transact((old) => {
      if (old.position.sent) return null
      const plan = planNext(old, merge, maxOperations)
      const { operations, changes, dropped, isPermanent } = plan
      if (operations.length + dropped.length === 0) return null
      const entries: Entries = new Map(dropped.map(({ key }) => [`changes:${key}`, undefined]))
      for (const id of plan.cancelled) entries.set(`trash:${id}`, view().trash.get(id))
      addRejected(entries, plan.rejected)
      const sent = { key: newKey(), at: now().toISOString(), operations, changes, isPermanent }
      return { entries, position: { sent: operations.length > 0 ? sent : null, arrived: [] } }
    })
  }

  /** Sends a request. Waits until the copy shows what it has done. */
  async function send(sent: Sent, call: RequestOptions): Promise<Results> {
    // The service has forgotten the key. What has arrived is done, and the rest is sent again.
    if (now().getTime() - Date.parse(sent.at) > KEY_LIFE_MS) {
      await pull(call)
      return arrivedResults(sent)
    }
    const results = await ask(sent, call)
    const isDone = () => isReflected(data(), sent, results)
    if (isFollowing()) await replica.until(isDone, call.signal, STREAM_DELAY_MS)
    if (!isFollowing() || !isDone()) await pull(call)
    return results
  }

  async function ask(sent: Sent, call: RequestOptions): Promise<Results> {
    const { key, operations, isPermanent } = sent
    try {
      if (isPermanent) return await erase(sent, call)
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

  async function erase({ operations }: Sent, call: RequestOptions): Promise<Results> {
    const [{ id = '', if_match = '' } = {}] = operations
    let version = Number(/\d+/.exec(if_match))
    // The feed does not tell the version of a task in the trash.
    if (!version)
      for await (const task of client.eachTask({ deleted: 'only' }, call))
        if (task.id === id) version = task.version
    if (version) await client.deleteTask(id, { ...call, ifMatch: version, permanent: true })
    return [{ status: 204 }]
  }

  function arrivedResults({ operations, changes }: Sent): Results {
    const { tasks, lists, changes: queue } = data()
    const ids = knownIds(data())
    return operations.map(({ op }, index) => {
      const change = queue.find(({ key }) => key === changes[index]?.[0])
      const id = op.startsWith('create') ? `${ids.get(`${change?.id}`)}` : ''
      const [task, list] = [tasks.get(id), lists.get(id)]
      return { status: task || list ? 201 : 412, ...(task && { task }), ...(list && { list }) }
    })
  }

  return {
    pull,
    takeOver,

    /** Sends the queue until nothing waits. */
    async sendAll(call: RequestOptions): Promise<void> {
      // Changes are merged with the copy before they are sent.
      if (data().position.cursor === null) await pull(call)
      for (let fruitless = 0; data().changes.length > 0; ) {
        await prepare()
        const { sent } = data().position
        if (!sent) continue
        const results = await send(sent, call)
        await transact((old) => {
          if (old.position.sent?.key !== sent.key) return null
          const { entries, rejected } = settle(old, sent, results)
          fruitless = entries.size > 0 ? 0 : fruitless + 1
          addRejected(entries, rejected)
          return { entries, position: { sent: null, arrived: [] } }
        })
        // Others change the same tasks all the time, so this must not go on at once.
        if (fruitless >= MAX_FRUITLESS)
          throw new TaskportError('PRECONDITION_FAILED', 'The tasks keep changing')
      }
    },
  }
}

function addRejected(entries: Entries, rejected: readonly Rejection[]): void {
  for (const one of rejected) entries.set(`rejected:${one.change.key}`, one)
}
