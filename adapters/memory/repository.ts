import { applyCall, type CallResult } from '../../core/calls.ts'
import { changePage, createListeners, newsRanges, revisionOf, startIn } from '../../core/feed.ts'
import { compareOrder } from '../../core/order.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch, TaskMaintenance, TaskRepository } from '../../core/ports.ts'
import { isFiltered, isListed, type TaskQuery, unknownFilters } from '../../core/query.ts'
import { atPosition, compareBy, positionOf } from '../../core/sorting.ts'
import { isLive, type Task } from '../../core/task.ts'
import { createOwner } from './owner-state.ts'

type StoredOwner = ReturnType<typeof createOwner>

/**
 * Keeps tasks and lists in the memory of the process. Returns copies.
 *
 * @param newEpoch generates the epoch of a new owner's feed.
 */
export function createMemoryStore(
  newEpoch: () => string,
): TaskRepository & FeedWatch & TaskMaintenance {
  const owners = new Map<Owner, StoredOwner>()
  const listeners = createListeners<Owner>()

  /** The owner to read from: an empty one if there is none. */
  function ownerOf(name: Owner): StoredOwner {
    return owners.get(name) ?? createOwner()
  }

  return {
    async list(name, query) {
      const owner = ownerOf(name)
      const revision = revisionOf(owner.record())
      const unknown = unknownFilters(query, owner.state())
      if (unknown.length > 0) return { tasks: [], count: 0, next: null, revision, unknown }
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
        revision,
        unknown,
      }
    },

    async get(name, id) {
      const task = ownerOf(name).find(id)
      return task && isLive(task) ? { ...task } : null
    },

    async lists(name) {
      const owner = ownerOf(name)
      const open = new Map<string, number>()
      for (const { list_id, completed, deleted_at } of owner.byCreation.upwards(null))
        if (list_id !== null && !completed && deleted_at === undefined)
          open.set(list_id, (open.get(list_id) ?? 0) + 1)
      const lists = owner
        .allLists()
        .sort(compareOrder)
        .map((list) => ({ ...list, open: open.get(list.id) ?? 0 }))
      return { lists, revision: revisionOf(owner.record()) }
    },

    async getList(name, id) {
      const list = ownerOf(name).findList(id)
      return list ? { ...list } : null
    },

    revision: async (name) => revisionOf(ownerOf(name).record()),

    async write(name, call) {
      const owner = ownerOf(name)
      owners.set(name, owner)
      const effect = applyCall(owner.state(), call, newEpoch)
      owner.store(effect)
      if (effect.taskChanges.length + effect.listChanges.length > 0) listeners.notify(name)
      return copyOf(effect.result)
    },

    async changes(name, after, limit) {
      const owner = ownerOf(name)
      const feed = owner.record()
      const start = startIn(feed, after)
      if (start === null) return null
      const found = owner.newsIn(newsRanges(start), limit + 1)
      return changePage(feed, start, found, limit)
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

function inOrder(owner: StoredOwner, { sort, after }: TaskQuery): Iterable<Task> {
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
    default: {
      // Rarely needed, so it is sorted each time.
      const compare = compareBy(sort)
      const tasks = [...owner.byCreation.upwards(null)].sort(compare)
      return from === null ? tasks : tasks.filter((task) => compare(from, task) < 0)
    }
  }
}

function countOf(owner: StoredOwner, query: TaskQuery): number {
  if (!isFiltered(query)) return owner.record().live
  let count = 0
  for (const task of owner.byCreation.upwards(null)) if (isListed(task, query)) count++
  return count
}

function copyOf(result: CallResult): CallResult {
  if (result.kind === 'key_reused') return result
  const outcomes = result.outcomes.map((outcome) => {
    if (outcome.kind === 'done' && outcome.task) return { ...outcome, task: { ...outcome.task } }
    if (outcome.kind === 'list_done' && outcome.list)
      return { ...outcome, list: { ...outcome.list } }
    return outcome
  })
  return { ...result, outcomes }
}
