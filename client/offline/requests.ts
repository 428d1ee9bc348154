import { TaskportError } from '../errors.ts'
import type { TaskportClient } from '../taskport.ts'
import type { TaskChange } from '../types.ts'
import { entriesOf, entriesOfSnapshot, newIds } from './feed.ts'
import { knownIds, randomText } from './ids.ts'
import { pauseOrEnd } from './pause.ts'
import { type Limits, planNext } from './plan.ts'
import type { Data, Entries, Replica, Sent } from './replica.ts'
import { isReflected, type Result, settle } from './settle.ts'
import type { Merge, Rejection } from './types.ts'
import type { View } from './view.ts'

// `MAX_BODY_BYTES` is 256 KiB by default.
const MOST: Limits = { operations: 50, bytes: 200_000 }
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
  const { data } = replica
  let mostOperations = MOST.operations

  /** Takes over changes that follow `from`, unless the copy has moved on. */
  function takeOver(from: string, changes: readonly TaskChange[], cursor: string) {
    return replica.transact((old) => {
      if (old.position.cursor !== from) return null
      return { entries: entriesOf(old, changes), position: positionAt(cursor, old, changes) }
    })
  }

  /** Reads the feed to its end. */
  async function pull(call: RequestOptions): Promise<void> {
    for (;;) {
      const { cursor } = data().position
      if (cursor === null) {
        await pullAll(call)
        return
      }
      try {
        const page = await client.listChanges({ cursor, limit: PAGE }, call)
        const isTaken =
          page.changes.length === 0 || (await takeOver(cursor, page.changes, page.next_cursor))
        if (isTaken && !page.has_more) return
      } catch (error) {
        if (!(error instanceof TaskportError) || error.code !== 'CURSOR_EXPIRED') throw error
        await pullAll(call)
        return
      }
    }
  }

  /** Replaces the copy by a snapshot. The queue stays. */
  async function pullAll(call: RequestOptions): Promise<void> {
    const before = data().position.cursor
    const changes: TaskChange[] = []
    let cursor: string | undefined
    for (let hasMore = true; hasMore; ) {
      const page = await client.listChanges({ cursor, limit: PAGE }, call)
      changes.push(...page.changes)
      cursor = page.next_cursor
      hasMore = page.has_more
    }
    const end = cursor ?? null
    await replica.transact((old) => {
      // Another tab may have read one meanwhile.
      if (old.position.cursor !== before) return null
      return { entries: entriesOfSnapshot(old, changes), position: positionAt(end, old, changes) }
    })
  }

  function addRejected(entries: Entries, rejected: readonly Rejection[]): void {
    for (const one of rejected) entries.set(`rejected:${one.change.key}`, one)
  }

  /** Stores the next request before it is sent. Returns `null` if nothing waits. */
  async function prepare(): Promise<Sent | null> {
    await replica.transact((before) => {
      if (before.position.sent) return null
      const limits = { ...MOST, operations: mostOperations }
      const plan = planNext(before, merge, limits)
      if (plan.operations.length + plan.dropped.length === 0) return null
      const entries: Entries = new Map()
      for (const { key } of plan.dropped) entries.set(`change:${key}`, undefined)
      for (const id of plan.cancelled) {
        const task = view().trash.get(id)
        if (task) entries.set(`trash:${id}`, task)
      }
      addRejected(entries, plan.rejected)
      const { operations, changes, isPermanent } = plan
      const at = now().toISOString()
      const sent = { key: randomText(), at, operations, changes, isPermanent }
      return { entries, position: { sent: operations.length > 0 ? sent : null, arrived: [] } }
    })
    return data().position.sent
  }

  /** The version of a task in the trash, which the feed does not tell. */
  async function versionInTrash(id: string, call: RequestOptions): Promise<number | null> {
    for await (const task of client.eachTask({ deleted: 'only' }, call))
      if (task.id === id) return task.version
    return null
  }

  async function send(sent: Sent, call: RequestOptions): Promise<readonly Result[]> {
    const { key, operations, isPermanent } = sent
    if (!isPermanent) {
      const body = { atomic: false, operations }
      return (await client.batchTasks(body, { ...call, idempotencyKey: key })).results
    }
    const [{ id = '', if_match } = {}] = operations
    const ifMatch =
      if_match === undefined ? await versionInTrash(id, call) : Number(/\d+/.exec(if_match))
    if (ifMatch === null) return [{ status: 404 }]
    try {
      await client.deleteTask(id, { ...call, ifMatch, permanent: true })
      return [{ status: 204 }]
    } catch (error) {
      if (!(error instanceof TaskportError) || error.status !== 412) throw error
      return [{ status: 412 }]
    }
  }

  /** Ends a request without a response, so that its changes are sent with another key. */
  function abandon(sent: Sent, entries: Entries = new Map()) {
    return replica.transact(({ position }) =>
      position.sent?.key === sent.key ? { entries, position: { sent: null, arrived: [] } } : null,
    )
  }

  /** Ends a request whose key is no longer valid. Creations that have arrived are done. */
  async function expire(sent: Sent, call: RequestOptions): Promise<void> {
    await pull(call)
    const entries: Entries = new Map()
    const ids = knownIds(data())
    const keys = sent.changes.flat()
    for (const { key, op, id } of data().changes) {
      if (!keys.includes(key) || !op.startsWith('create') || !ids.has(id)) continue
      entries.set(`change:${key}`, undefined)
      entries.set(`id:${id}`, ids.get(id))
    }
    await abandon(sent, entries)
  }

  /** Handles the refusal of a whole request: sends less at once, until the cause stands alone. */
  async function divide(sent: Sent, error: TaskportError): Promise<void> {
    const entries: Entries = new Map()
    if (sent.operations.length > 1) {
      mostOperations = error.status === 413 ? Math.ceil(sent.operations.length / 2) : 1
    } else {
      const { code, message, details } = error
      const keys = sent.changes.flat()
      const changes = data().changes.filter(({ key }) => keys.includes(key))
      for (const { key } of changes) entries.set(`change:${key}`, undefined)
      addRejected(
        entries,
        changes.map((change) => ({ change, code, message, details })),
      )
    }
    await abandon(sent, entries)
  }

  /** Waits until the copy shows what a response says. */
  async function catchUp(sent: Sent, results: readonly Result[], call: RequestOptions) {
    const isDone = () => isReflected(data(), sent, results)
    if (isFollowing()) await until(isDone, STREAM_DELAY_MS, call.signal)
    if (!isFollowing() || !isDone()) await pull(call)
  }

  async function until(isDone: () => boolean, ms: number, signal: AbortSignal): Promise<void> {
    if (isDone()) return
    const waiting = new AbortController()
    const unsubscribe = replica.subscribe(() => {
      if (isDone()) waiting.abort()
    })
    await pauseOrEnd(ms, waiting, signal)
    unsubscribe()
  }

  /** Sends one request, or the one that was sent before and has no response. */
  async function deliver(sent: Sent, call: RequestOptions): Promise<void> {
    if (now().getTime() - Date.parse(sent.at) > KEY_LIFE_MS) return expire(sent, call)
    let results: readonly Result[]
    try {
      results = await send(sent, call)
    } catch (error) {
      const isRefused =
        error instanceof TaskportError && [400, 413, 422, 428].includes(error.status ?? 0)
      if (!isRefused) throw error
      return divide(sent, error)
    }
    mostOperations = Math.min(MOST.operations, 2 * mostOperations)
    await catchUp(sent, results, call)
    await replica.transact((before) => {
      if (before.position.sent?.key !== sent.key) return null
      const { entries, rejected } = settle(before, sent, results)
      addRejected(entries, rejected)
      return { entries, position: { sent: null, arrived: [] } }
    })
  }

  return {
    pull,
    takeOver,

    /** Sends the queue until nothing waits. */
    async sendAll(call: RequestOptions): Promise<void> {
      // Changes are merged with the copy before they are sent.
      if (data().position.cursor === null) await pull(call)
      for (;;) {
        const sent = data().position.sent ?? (await prepare())
        if (sent) await deliver(sent, call)
        else if (data().changes.length === 0) return
      }
    },
  }
}

/** The position after these changes. Remembers what is new while a request has no response yet. */
function positionAt(cursor: string | null, data: Data, changes: readonly TaskChange[]) {
  const { sent, arrived = [] } = data.position
  return { cursor, arrived: sent ? [...arrived, ...newIds(data, changes)] : [] }
}
