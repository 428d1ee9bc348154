import { applyCall, type CallResult, NEW_OWNER } from '../../core/calls.ts'
import { changePage, createListeners, revisionOf, startIn } from '../../core/feed.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch, TaskMaintenance, TaskRepository } from '../../core/ports.ts'
import { atPosition, isFiltered, isListed, type ListQuery, positionOf } from '../../core/query.ts'
import { isLive, type Task } from '../../core/task.ts'
import { createOwner } from './owner-tasks.ts'

type StoredOwner = ReturnType<typeof createOwner>

/**
 * Keeps tasks in the memory of the process. Returns copies.
 *
 * @param newEpoch generates the epoch of a new owner's feed.
 */
export function createMemoryStore(
  newEpoch: () => string,
): TaskRepository & FeedWatch & TaskMaintenance {
  const owners = new Map<Owner, StoredOwner>()
  const listeners = createListeners<Owner>()

  function ownerOf(name: Owner): StoredOwner {
    const owner = owners.get(name) ?? createOwner()
    owners.set(name, owner)
    return owner
  }

  return {
    async list(name, query) {
      const owner = owners.get(name)
      if (!owner) return { tasks: [], count: 0, next: null, revision: revisionOf(NEW_OWNER) }
      const { limit, sort } = query
      const found: Task[] = []
      let isCut = false
      for (const task of inOrder(owner, query)) {
        if (!isListed(task, query)) continue
        isCut = found.length === limit
        if (isCut) break
        found.push({ ...task })
      }
      const last = found.at(-1)
      return {
        tasks: found,
        count: countOf(owner, query),
        next: isCut && last ? positionOf(sort, last) : null,
        revision: revisionOf(owner.record()),
      }
    },

    async get(name, id) {
      const task = owners.get(name)?.find(id)
      return task && isLive(task) ? { ...task } : null
    },

    revision: async (name) => revisionOf(owners.get(name)?.record() ?? NEW_OWNER),

    async write(name, call) {
      const owner = ownerOf(name)
      const effect = applyCall(owner.state(), call, newEpoch)
      owner.store(effect)
      if (effect.changes.length > 0) listeners.notify(name)
      return copyOf(effect.result)
    },

    async changes(name, after, limit) {
      const owner = owners.get(name)
      const feed = owner?.record() ?? NEW_OWNER
      const start = startIn(feed, after)
      if (start === null) return null
      return changePage(feed, start, owner?.newsAfter(start, limit + 1) ?? [], limit)
    },

    watch: listeners.listen,

    async run({ deleted, retries }) {
      for (const [name, owner] of owners) {
        if (owner.purge(deleted)) listeners.notify(name)
        owner.forgetCalls(retries)
      }
      return false
    },
  }
}

function inOrder(owner: StoredOwner, { sort, after }: ListQuery): Iterable<Task> {
  const from = after && atPosition(sort, after)
  switch (sort) {
    case 'order':
      return owner.byOrder.upwards(from)
    case 'created_at':
      return owner.byCreation.upwards(from)
    case '-created_at':
      return owner.byCreation.downwards(from)
    case 'updated_at':
      return owner.byUpdate.upwards(from)
    case '-updated_at':
      return owner.byUpdate.downwards(from)
  }
}

function countOf(owner: StoredOwner, query: ListQuery): number {
  if (!isFiltered(query)) return owner.record().live
  let count = 0
  for (const task of owner.byCreation.upwards(null)) if (isListed(task, query)) count++
  return count
}

function copyOf(result: CallResult): CallResult {
  if (result.kind === 'key_reused') return result
  const outcomes = result.outcomes.map((outcome) =>
    outcome.kind === 'done' && outcome.task ? { ...outcome, task: { ...outcome.task } } : outcome,
  )
  return { ...result, outcomes }
}
