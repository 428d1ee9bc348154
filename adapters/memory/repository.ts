import { applyCall, type CallResult, NEW_OWNER } from '../../core/calls.ts'
import { changePage, createListeners, newsRanges, revisionOf, startIn } from '../../core/feed.ts'
import { compareOrder } from '../../core/order.ts'
import type { Owner } from '../../core/owner.ts'
import type { FeedWatch, TaskMaintenance, TaskRepository } from '../../core/ports.ts'
import { isFiltered, isListed, type TaskPage, type TaskQuery } from '../../core/query.ts'
import { atPosition, compareBy, positionOf } from '../../core/sorting.ts'
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
      const revision = revisionOf(owner?.record() ?? NEW_OWNER)
      const empty = { tasks: [], count: 0, next: null, revision }
      const unknown = unknownFilters(owner, query)
      if (!owner || unknown.length > 0) return { ...empty, unknown }
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
      const task = owners.get(name)?.find(id)
      return task && isLive(task) ? { ...task } : null
    },

    async lists(name) {
      const owner = owners.get(name)
      const open = new Map<string, number>()
      for (const { list_id, completed, deleted_at } of owner?.byCreation.upwards(null) ?? [])
        if (list_id !== null && !completed && deleted_at === undefined)
          open.set(list_id, (open.get(list_id) ?? 0) + 1)
      const lists = (owner?.allLists() ?? [])
        .sort(compareOrder)
        .map((list) => ({ ...list, open: open.get(list.id) ?? 0 }))
      return { lists, revision: revisionOf(owner?.record() ?? NEW_OWNER) }
    },

    async getList(name, id) {
      const list = owners.get(name)?.findList(id)
      return list ? { ...list } : null
    },

    revision: async (name) => revisionOf(owners.get(name)?.record() ?? NEW_OWNER),

    async write(name, call) {
      const owner = ownerOf(name)
      const effect = applyCall(owner.state(), call, newEpoch)
      owner.store(effect)
      if (effect.taskChanges.length + effect.listChanges.length > 0) listeners.notify(name)
      return copyOf(effect.result)
    },

    async changes(name, after, limit) {
      const owner = owners.get(name)
      const feed = owner?.record() ?? NEW_OWNER
      const start = startIn(feed, after)
      if (start === null) return null
      const nothing = { snapshot: [], lists: [], tasks: [] }
      const found = owner?.newsIn(newsRanges(start), limit + 1) ?? nothing
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

function unknownFilters(
  owner: StoredOwner | undefined,
  { list, parent, deleted }: TaskQuery,
): TaskPage['unknown'] {
  const unknown: ('list' | 'parent')[] = []
  if (list !== null && list !== 'inbox' && !owner?.findList(list)) unknown.push('list')
  if (parent !== null && parent !== 'none') {
    const task = owner?.find(parent)
    if (!task || !(deleted || isLive(task))) unknown.push('parent')
  }
  return unknown
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
