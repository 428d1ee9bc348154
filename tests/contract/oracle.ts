import {
  type Change,
  type ChangePage,
  changePage,
  type Feed,
  type FeedPosition,
  isNews,
  startIn,
} from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { WriteCall, WriteResult } from '../../core/ports.ts'
import { atPosition, compareBy, isAskedFor, type ListQuery, positionOf } from '../../core/query.ts'
import type { Instant, Task } from '../../core/task.ts'
import { applyWrite, compareOrder, type OwnerTasks, type WriteOutcome } from '../../core/writes.ts'

interface Row {
  readonly task: Task
  readonly sequence: number
  readonly isErased: boolean
}

interface Shelf {
  rows: readonly Row[]
  feed: Feed
  readonly calls: Map<string, { fingerprint: string; at: Instant; outcomes: WriteOutcome[] }>
}

/** What a store should hold: the core's rules on plain arrays, without anything to be fast. */
export function createOracle() {
  const shelves = new Map<Owner, Shelf>()

  function shelfOf(owner: Owner): Shelf {
    const feed = { epoch: `oracle of ${owner}`, sequence: 0, horizon: 0 }
    const shelf = shelves.get(owner) ?? { rows: [], feed, calls: new Map() }
    shelves.set(owner, shelf)
    return shelf
  }

  const tasksOf = ({ rows }: Shelf) =>
    rows.filter(({ isErased }) => !isErased).map(({ task }) => task)

  function tasksToWrite(shelf: Shelf, sequence: number): OwnerTasks {
    const put = (task: Task, isErased: boolean) => {
      const others = shelf.rows.filter((row) => row.task.id !== task.id)
      shelf.rows = [...others, { task, sequence, isErased }]
    }
    return plainTasks(() => tasksOf(shelf), put)
  }

  function writeAll(shelf: Shelf, { writes, atomic, now }: Omit<WriteCall, 'retry'>) {
    const before = shelf.rows
    const sequence = shelf.feed.sequence + 1
    const outcomes: WriteOutcome[] = []
    for (const write of writes) {
      const outcome = applyWrite(tasksToWrite(shelf, sequence), write, now)
      outcomes.push(outcome)
      if (outcome.kind === 'done' || !atomic) continue
      shelf.rows = before
      return { outcomes, isKept: false }
    }
    if (shelf.rows !== before) shelf.feed = { ...shelf.feed, sequence }
    return { outcomes, isKept: true }
  }

  return {
    revision: (owner: Owner) => `${shelfOf(owner).feed.sequence}`,

    /** One page, and how many there are on all. */
    list(owner: Owner, query: ListQuery) {
      const { sort, after, limit } = query
      const compare = compareBy(sort)
      const all = tasksOf(shelfOf(owner)).filter((task) => isAskedFor(task, query))
      const rest = all
        .filter((task) => !after || compare(atPosition(sort, after), task) < 0)
        .sort(compare)
      const tasks = limit === null ? rest : rest.slice(0, limit)
      const last = tasks.length < rest.length ? tasks.at(-1) : undefined
      return { tasks, count: all.length, next: last ? positionOf(sort, last) : null }
    },

    write(owner: Owner, call: WriteCall): WriteResult {
      const shelf = shelfOf(owner)
      const { retry } = call
      const made = retry && shelf.calls.get(retry.key)
      if (made && made.at >= retry.rememberedSince)
        return made.fingerprint === retry.fingerprint
          ? { kind: 'answered', outcomes: made.outcomes, replayed: true }
          : { kind: 'key_reused' }
      const { outcomes, isKept } = writeAll(shelf, call)
      if (retry && isKept)
        shelf.calls.set(retry.key, { fingerprint: retry.fingerprint, at: call.now, outcomes })
      return { kind: 'answered', outcomes, replayed: false }
    },

    clearCompleted(owner: Owner, permanent: boolean, now: Instant): number {
      const shelf = shelfOf(owner)
      const completed = tasksOf(shelf).filter((task) => task.completed && !task.deleted_at)
      const writes = completed.map(
        ({ id }) => ({ op: 'delete', id, versions: null, permanent }) as const,
      )
      writeAll(shelf, { writes, atomic: true, now })
      return writes.length
    },

    changes(owner: Owner, after: FeedPosition | null, limit: number): ChangePage | null {
      const { rows, feed } = shelfOf(owner)
      const start = startIn(feed, after)
      if (start === null) return null
      const news = rows
        .map(({ task, sequence }) => ({ sequence, change: changeOf(task) }))
        .filter((numbered) => isNews(numbered, start))
        .sort((a, b) => a.sequence - b.sequence || (idOf(a.change) < idOf(b.change) ? -1 : 1))
      return changePage(feed, start, news.slice(0, limit + 1), limit)
    },

    sweep({ deleted, retries }: { readonly deleted: Instant; readonly retries: Instant }): void {
      for (const shelf of shelves.values()) {
        const isOld = ({ task: { deleted_at: at } }: Row) => at !== undefined && at < deleted
        const numbers = shelf.rows.filter(isOld).map(({ sequence }) => sequence)
        const horizon = Math.max(shelf.feed.horizon, ...numbers)
        if (numbers.length > 0)
          shelf.feed = { ...shelf.feed, sequence: shelf.feed.sequence + 1, horizon }
        shelf.rows = shelf.rows.filter((row) => !isOld(row))
        for (const [key, { at }] of shelf.calls) if (at < retries) shelf.calls.delete(key)
      }
    },
  }
}

/** The tasks of one owner as the core's rules see them. */
export function plainTasks(
  all: () => readonly Task[],
  put: (task: Task, isErased: boolean) => void,
): OwnerTasks {
  const sorted = () => all().toSorted(compareOrder)
  return {
    find: (id) => all().find((task) => task.id === id) ?? null,
    following: (from, count) =>
      sorted()
        .filter((task) => !from || compareOrder(from, task) < 0)
        .slice(0, count),
    preceding: (from, count) =>
      sorted()
        .toReversed()
        .filter((task) => !from || compareOrder(task, from) < 0)
        .slice(0, count),
    put: (task) => put(task, false),
    erase: (task) => put(task, true),
  }
}

function changeOf(task: Task): Change {
  const { id, deleted_at } = task
  return deleted_at === undefined ? { type: 'upsert', task } : { type: 'delete', id, deleted_at }
}

function idOf(change: Change): string {
  return change.type === 'upsert' ? change.task.id : change.id
}
