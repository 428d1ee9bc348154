import {
  type ChangePage,
  changePage,
  createListeners,
  NO_FEED,
  revisionOf,
  startIn,
} from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch, TaskRepository, TaskUpkeep, WriteCall } from '../../core/ports.ts'
import { atPosition, isAskedFor, type ListQuery, positionOf } from '../../core/query.ts'
import { isLive, type Task } from '../../core/task.ts'
import { applyWrite, type WriteOutcome } from '../../core/writes.ts'
import { createOwner } from './owner-tasks.ts'

/** What became of a call with a key. */
interface Remembered {
  readonly fingerprint: string
  readonly at: string
  readonly outcomes: readonly WriteOutcome[]
}

interface Shelf {
  readonly tasks: ReturnType<typeof createOwner>
  readonly calls: Map<string, Remembered>
}

/**
 * Keeps tasks as long as the process lives. Copies go in and copies come out.
 *
 * @param newEpoch names the feeds of this store, unlike those of any other.
 */
export function createMemoryStore(newEpoch: () => string): TaskRepository & FeedWatch & TaskUpkeep {
  const shelves = new Map<Owner, Shelf>()
  const listeners = createListeners<Owner>()

  function shelfOf(owner: Owner): Shelf {
    const shelf = shelves.get(owner) ?? { tasks: createOwner(newEpoch()), calls: new Map() }
    shelves.set(owner, shelf)
    return shelf
  }

  function writeAll(owner: Owner, { writes, atomic, now }: WriteCall): WriteOutcome[] {
    const { tasks } = shelfOf(owner)
    const outcomes: WriteOutcome[] = []
    const { sequence } = tasks.feed()
    tasks.write((own) => {
      for (const write of writes) {
        const outcome = applyWrite(own, write, now)
        outcomes.push(outcome)
        if (atomic && outcome.kind !== 'done') return false
      }
      return true
    })
    if (tasks.feed().sequence > sequence) listeners.tell(owner)
    return outcomes.map(copyOutcome)
  }

  return {
    async list(owner, query) {
      const tasks = shelves.get(owner)?.tasks
      if (!tasks) return { tasks: [], count: 0, next: null, revision: revisionOf(NO_FEED) }
      const { limit, sort } = query
      const found: Task[] = []
      let isCut = false
      for (const task of inOrder(tasks, query)) {
        if (!isAskedFor(task, query)) continue
        isCut = found.length === limit
        if (isCut) break
        found.push({ ...task })
      }
      const last = found.at(-1)
      return {
        tasks: found,
        count: countOf(tasks, query),
        next: isCut && last ? positionOf(sort, last) : null,
        revision: revisionOf(tasks.feed()),
      }
    },

    async get(owner, id) {
      const task = shelves.get(owner)?.tasks.find(id)
      return task && isLive(task) ? { ...task } : null
    },

    revision: async (owner) => revisionOf(shelves.get(owner)?.tasks.feed() ?? NO_FEED),

    async write(owner, call) {
      const { retry } = call
      if (!retry) return { kind: 'answered', outcomes: writeAll(owner, call), replayed: false }
      const { calls } = shelfOf(owner)
      const remembered = calls.get(retry.key)
      if (remembered && remembered.at >= retry.rememberedSince) {
        if (remembered.fingerprint !== retry.fingerprint) return { kind: 'key_reused' }
        return { kind: 'answered', outcomes: remembered.outcomes.map(copyOutcome), replayed: true }
      }
      const outcomes = writeAll(owner, call)
      if (!call.atomic || outcomes.every(({ kind }) => kind === 'done'))
        calls.set(retry.key, {
          fingerprint: retry.fingerprint,
          at: call.now,
          outcomes: outcomes.map(copyOutcome),
        })
      return { kind: 'answered', outcomes, replayed: false }
    },

    async clearCompleted(owner, permanent, now) {
      const tasks = shelves.get(owner)?.tasks
      const completed = [...(tasks?.byCreation.upwards(null) ?? [])].filter(
        (task) => task.completed && isLive(task),
      )
      const writes = completed.map(
        ({ id }) => ({ op: 'delete', id, versions: null, permanent }) as const,
      )
      if (writes.length > 0) writeAll(owner, { writes, atomic: true, now, retry: null })
      return writes.length
    },

    async changes(owner, after, limit): Promise<ChangePage | null> {
      const tasks = shelves.get(owner)?.tasks
      const feed = tasks?.feed() ?? NO_FEED
      const start = startIn(feed, after)
      if (start === null) return null
      const found = tasks?.newsAfter(start, limit + 1) ?? []
      return changePage(feed, start, found, limit)
    },

    watch: listeners.listen,

    async sweep({ deleted, retries }) {
      for (const [owner, { tasks, calls }] of shelves) {
        const { sequence } = tasks.feed()
        tasks.purge(deleted)
        if (tasks.feed().sequence > sequence) listeners.tell(owner)
        for (const [key, { at }] of calls) if (at < retries) calls.delete(key)
      }
      return false
    },
  }
}

function inOrder(tasks: Shelf['tasks'], { sort, after }: ListQuery): Iterable<Task> {
  const from = after && atPosition(sort, after)
  switch (sort) {
    case 'order':
      return tasks.byOrder.upwards(from)
    case 'created_at':
      return tasks.byCreation.upwards(from)
    case '-created_at':
      return tasks.byCreation.downwards(from)
    case 'updated_at':
      return tasks.byUpdate.upwards(from)
    case '-updated_at':
      return tasks.byUpdate.downwards(from)
  }
}

function countOf(tasks: Shelf['tasks'], query: ListQuery): number {
  const isFiltered = query.completed !== null || query.search !== null || query.deleted
  if (!isFiltered) return tasks.liveCount()
  let count = 0
  for (const task of tasks.byCreation.upwards(null)) if (isAskedFor(task, query)) count++
  return count
}

function copyOutcome(outcome: WriteOutcome): WriteOutcome {
  return outcome.kind === 'done' && outcome.task
    ? { kind: 'done', task: { ...outcome.task } }
    : outcome
}
