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

  /** Reads the feed to its end. */
  async function pull(call: RequestOptions): Promise<void> {
    for (;;) {
      const { cursor } = data().position
      try {
        if (cursor === null) return await pullAll(call)
        const page = await client.listChanges({ cursor, limit: PAGE }, call)
        const isTaken =
          page.changes.length === 0 || (await takeOver(cursor, page.changes, page.next_cursor))
        if (isTaken && !page.has_more) return
      } catch (error) {
        if (!isExpired(error)) throw error
        return await pullAll(call)
      }
    }
  }

  /** Replaces the copy by a snapshot. The queue stays. */
  async function pullAll(call: RequestOptions): Promise<void> {
    const from = data().position.cursor
    const changes: TaskChange[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await client.listChanges({ cursor, limit: PAGE }, call)
      changes.push(...page.changes)
      cursor = page.next_cursor
      if (page.has_more) continue
      await takeOver(from, changes, cursor, entriesOfSnapshot)
      return
    }
  }

  /** Stores the next request before it is sent. */
  async function prepare(): Promise<void> {
    await transact((old) => {
      const plan = planNext(old, merge, maxOperations)
      const { operations, changes, dropped, isPermanent } = plan
      if (old.position.sent || operations.length + dropped.length === 0) return null
      const entries: Entries = new Map(dropped.map(({ key }) => [`changes:${key}`, undefined]))
      for (const id of plan.cancelled) entries.set(`trash:${id}`, view().trash.get(id))
      addRejected(entries, plan.rejected)
      const sent = { key: newKey(), at: now().toISOString(), operations, changes, isPermanent }
      return { entries, position: { sent: operations.length > 0 ? sent : null, arrived: [] } }
    })
  }

  /** Sends a request and waits until the copy shows what it has done. */
  async function send(sent: Sent, call: RequestOptions): Promise<Results> {
    const { key, operations } = sent
    // The service has forgotten the key. What has arrived is done, and the rest is sent again.
    if (now().getTime() - Date.parse(sent.at) > KEY_LIFE_MS) {
      await pull(call)
      return arrivedResults(sent)
    }
    try {
      const results = sent.isPermanent
        ? await erase(sent, call)
        : (await client.batchTasks({ atomic: false, operations }, { ...call, idempotencyKey: key }))
            .results
      const isDone = () => isReflected(data(), sent, results)
      if (isFollowing()) await replica.until(isDone, call.signal, STREAM_DELAY_MS)
      if (!isFollowing() || !isDone()) await pull(call)
      maxOperations = Math.min(MAX_OPERATIONS, 2 * maxOperations)
      return results
    } catch (error) {
      if (!(error instanceof TaskportError)) throw error
      const { status, code, message, details } = error
      if (status === 412) return pull(call).then(() => [{ status }])
      if (status === null || ![400, 413, 422, 428].includes(status)) throw error
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

  function arrivedResults(sent: Sent): Results {
    const { ids, tasks, lists, changes } = { ...data(), ids: knownIds(data()) }
    return sent.changes.map(([key]) => {
      const id = ids.get(changes.find((change) => change.key === key)?.id ?? '') ?? ''
      const [task, list] = [tasks.get(id), lists.get(id)]
      return task ? { status: 201, task } : list ? { status: 201, list } : { status: 412 }
    })
  }

  return {
    pull,
    takeOver,

    /** Sends the queue until nothing waits. */
    async sendAll(call: RequestOptions): Promise<void> {
      // Changes are merged with the copy before they are sent.
      if (data().position.cursor === null) await pull(call)
      while (data().changes.length > 0) {
        await prepare()
        const { sent } = data().position
        if (!sent) continue
        const results = await send(sent, call)
        await transact((old) => {
          if (old.position.sent?.key !== sent.key) return null
          const { entries, rejected } = settle(old, sent, results)
          addRejected(entries, rejected)
          return { entries, position: { sent: null, arrived: [] } }
        })
      }
    },
  }
}

function addRejected(entries: Entries, rejected: readonly Rejection[]): void {
  for (const one of rejected) entries.set(`rejected:${one.change.key}`, one)
}

function isExpired(error: unknown): boolean {
  return error instanceof TaskportError && error.code === 'CURSOR_EXPIRED'
}
