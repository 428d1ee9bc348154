import type { List, Task } from '../types.ts'
import { isLocal, knownIds } from './ids.ts'
import { defaultsOf, isSame, isTask } from './members.ts'
import type { Data } from './replica.ts'
import type { Members, OfflineList, OfflineTask } from './types.ts'

/** What a person sees: the copy with the waiting changes applied. */
export interface View {
  readonly items: ReadonlyMap<string, OfflineTask | OfflineList>
  readonly trash: ReadonlyMap<string, OfflineTask>
  /** The current id of what has this id. */
  readonly idOf: (id: string) => string
}

/** Applies the waiting changes as the service will, as far as this device can know. */
export function viewOf(data: Data, previous: View | null): View {
  const ids = knownIds(data)
  const idOf = (id: string) => ids.get(id) ?? id
  const keys = new Map(Array.from(ids, ([local, id]) => [id, local]))
  const [items, trash] = [new Map(data.items), new Map(data.trash)]
  const touched = new Set<string>()
  let [first, last] = [0, 0]
  for (const { order } of items.values()) {
    first = Math.min(first, order)
    last = Math.max(last, order)
  }

  function put<Item extends Task | List>(to: Map<string, Item>, item: Item): void {
    to.set(item.id, item)
    touched.add(item.id)
  }

  function change(item: Task | List, members: Members): void {
    // Safe: a change has the right members.
    put(items, { ...item, ...members } as Task | List)
  }

  /** The order of an item in another place. Lists and tasks may share the scale. */
  function orderIn({ to, before, after }: Members, item: Task | List): number {
    if (to) return to === 'top' ? --first : ++last
    const neighbor = items.get(`${before ?? after}`)?.order
    if (neighbor === undefined) return item.order
    let beyond = before ? first - 1 : last + 1
    // Halfway to the next one in that direction.
    for (const { id, order } of items.values())
      if (id !== item.id && (order - neighbor) * (order - beyond) < 0) beyond = order
    return (neighbor + beyond) / 2
  }

  /** The subtasks of a task, or the tasks of a list. */
  function tasksIn(id: string, from: ReadonlyMap<string, Task | List>): Task[] {
    return [...from.values()]
      .filter((item) => isTask(item))
      .filter((task) => task.parent_id === id || task.list_id === id)
  }

  function restore(id: string): void {
    const task = trash.get(id)
    if (!task) return
    const { deleted_at, ...rest } = task
    const parent_id = items.has(`${task.parent_id}`) ? task.parent_id : null
    const list_id = items.has(`${task.list_id}`) ? task.list_id : null
    trash.delete(id)
    change(rest, withCurrentIds({ parent_id, list_id }, idOf, items))
    for (const one of tasksIn(id, trash)) if (one.deleted_at === deleted_at) restore(one.id)
  }

  for (const { op, id: given, members: asMade, at } of data.changes) {
    const id = idOf(given)
    const members = withCurrentIds(asMade, idOf, items)
    const item = items.get(id)
    if (op.startsWith('create')) {
      // The feed may have brought it, and even its deletion, before the response.
      if (item || (trash.has(id) && !isLocal(id))) continue
      trash.delete(id)
      const isList = op !== 'create'
      const to = isList ? 'bottom' : 'top'
      const about = { id, order: 0, version: 0, created_at: at, updated_at: at }
      const others = isList ? {} : { successor_id: null, completed_at: null }
      // Safe: these are all members.
      const created = { ...defaultsOf(isList), ...members, ...about, ...others } as never
      change(created, { order: orderIn({ to }, created) })
    } else if (op === 'restore') restore(id)
    else if (op === 'erase')
      for (const from of [items, trash]) {
        for (const one of tasksIn(id, from)) from.delete(one.id)
        from.delete(id)
      }
    else if (item && op.startsWith('move')) change(item, { order: orderIn(members, item) })
    else if (item && op.startsWith('patch')) {
      const { completed, list_id } = members
      change(item, {
        ...members,
        updated_at: at,
        ...(completed === false && { completed_at: null }),
        // The service creates the next task, and names it in `successor_id`.
        ...(completed === true && { completed_at: at, recurrence: null }),
      })
      if (list_id !== undefined) for (const one of tasksIn(id, items)) change(one, { list_id })
    } else if (item)
      for (const one of [item, ...tasksIn(id, items)]) {
        items.delete(one.id)
        if (isTask(one)) put(trash, { ...one, deleted_at: at })
      }
  }

  function show<Item extends Task | List, Shown extends Item>(
    all: ReadonlyMap<string, Item>,
    before: ReadonlyMap<string, Shown> | undefined,
  ): Map<string, Shown> {
    return new Map(
      Array.from(all, ([id, item]) => {
        // Safe: these are the members that are added to what is shown.
        const next = { ...item, key: keys.get(id) ?? id, isWaiting: touched.has(id) } as never
        const old = before?.get(id)
        // Usually nothing has changed. Then views need not be rendered again.
        return [id, old && isSame(old, next) ? old : next]
      }),
    )
  }

  return { items: show(items, previous?.items), trash: show(trash, previous?.trash), idOf }
}

/**
 * Replaces the ids of lists and other tasks by the current ones. A subtask is in the list of its parent,
 * wherever that is by now.
 */
export function withCurrentIds(
  members: Members,
  idOf: (id: string) => string,
  items: ReadonlyMap<string, Task | List>,
): Members {
  const current: Record<string, unknown> = { ...members }
  for (const name of ['list_id', 'parent_id', 'before', 'after'])
    if (current[name]) current[name] = idOf(`${current[name]}`)
  if (!current['parent_id']) return current
  const { list_id, ...others } = current
  const parent = items.get(`${current['parent_id']}`)
  return parent && isTask(parent) ? { ...others, list_id: parent.list_id } : others
}
