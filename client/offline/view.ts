import type { List, Task } from '../types.ts'
import { isLocal, knownIds } from './ids.ts'
import { memberOf, NEW_TASK } from './members.ts'
import { compare } from './query.ts'
import type { Data } from './replica.ts'
import type { Members, OfflineList, OfflineTask, WaitingChange } from './types.ts'

/** What a person sees: the copy with the waiting changes applied. */
export interface View {
  readonly tasks: ReadonlyMap<string, OfflineTask>
  readonly lists: ReadonlyMap<string, OfflineList>
  readonly trash: ReadonlyMap<string, OfflineTask>
  /** The current id of what has this id. */
  readonly idOf: (id: string) => string
}

const ORDER_GAP = 1024

/** Applies the waiting changes as the service will, as far as this device can know. */
export function viewOf(data: Data, previous: View | null): View {
  const ids = knownIds(data)
  const idOf = (id: string) => ids.get(id) ?? id
  const keys = new Map(Array.from(ids, ([local, id]) => [id, local]))
  const [tasks, lists, trash] = [new Map(data.tasks), new Map(data.lists), new Map(data.trash)]
  const touched = new Set<string>()

  function place<Item extends Task | List>(
    items: Map<string, Item>,
    item: Item,
    to: Members,
  ): Item {
    const others = [...items.values()].filter((one) => one.id !== item.id)
    const neighbor = items.get(idOf(`${to['before'] ?? to['after']}`))
    const isUp = to['to'] === 'top' || 'before' in to
    const direction = isUp ? -1 : 1
    const limit = to['to'] ? direction * -Infinity : neighbor?.order
    if (limit === undefined) return item
    // Towards the place, the nearest order beyond the limit, or the last one for an end.
    let [nearest, last] = [Infinity, -Infinity]
    for (const { order } of others) {
      const distance = direction * order
      if (distance > direction * limit) nearest = Math.min(nearest, distance)
      last = Math.max(last, distance)
    }
    if (to['to'])
      return { ...item, order: direction * ((others.length > 0 ? last : 0) + ORDER_GAP) }
    const beyond = nearest === Infinity ? limit + direction * ORDER_GAP : direction * nearest
    return { ...item, order: (limit + beyond) / 2 }
  }

  function put<Item extends Task | List>(items: Map<string, Item>, item: Item): void {
    items.set(item.id, item)
    touched.add(item.id)
  }

  function subtasksOf(id: string, items: ReadonlyMap<string, Task>): Task[] {
    return [...items.values()].filter((task) => task.parent_id === id)
  }

  function discard(task: Task, at: string): void {
    for (const one of [task, ...subtasksOf(task.id, tasks)]) {
      tasks.delete(one.id)
      put(trash, { ...one, deleted_at: at })
    }
  }

  function restore(id: string): void {
    const task = trash.get(id)
    if (!task) return
    const parent = tasks.get(`${task.parent_id}`)
    const list_id = parent ? parent.list_id : lists.has(`${task.list_id}`) ? task.list_id : null
    const { deleted_at, ...rest } = task
    trash.delete(id)
    put(tasks, { ...rest, parent_id: parent?.id ?? null, list_id })
    for (const one of subtasksOf(id, trash)) if (one.deleted_at === deleted_at) restore(one.id)
  }

  function patch(task: Task, members: Members, at: string): void {
    const { completed, list_id } = members
    const changed = { ...task, ...withCurrentIds(members, idOf), updated_at: at }
    if (completed !== undefined && completed !== task.completed) {
      changed.completed_at = completed ? at : null
      // The service creates the next task, and names it in `successor_id`.
      if (completed) changed.recurrence = null
    }
    put(tasks, changed)
    if (list_id !== undefined)
      for (const one of subtasksOf(task.id, tasks)) put(tasks, { ...one, list_id: changed.list_id })
  }

  function applyToTask(change: WaitingChange, id: string, task: Task | undefined): void {
    const { op, members, at } = change
    if (op === 'create') {
      // The feed may have brought it, and even its deletion, before the response.
      if (task || (trash.has(id) && !isLocal(id))) return
      trash.delete(id)
      const times = { created_at: at, updated_at: at }
      const parent = tasks.get(idOf(`${members['parent_id']}`))
      const own = withCurrentIds({ list_id: parent?.list_id ?? null, ...members }, idOf)
      // Safe: a create has a text.
      const created = { ...NEW_TASK, ...own, ...times, id, order: 0 } as unknown as Task
      put(tasks, place(tasks, created, { to: 'top' }))
    } else if (op === 'restore') restore(id)
    else if (op === 'erase') {
      for (const one of [...subtasksOf(id, tasks), ...subtasksOf(id, trash)]) {
        tasks.delete(one.id)
        trash.delete(one.id)
      }
      tasks.delete(id)
      trash.delete(id)
    } else if (task && op === 'patch') patch(task, members, at)
    else if (task && op === 'delete') discard(task, at)
    else if (task && op === 'move') put(tasks, place(tasks, task, members))
  }

  function applyToList(change: WaitingChange, id: string, list: List | undefined): void {
    const { op, members, at } = change
    if (op === 'create_list') {
      if (list) return
      const times = { created_at: at, updated_at: at }
      // Safe: a create has a name.
      const created = {
        color: null,
        ...members,
        ...times,
        id,
        order: 0,
        version: 0,
      } as unknown as List
      put(lists, place(lists, created, { to: 'bottom' }))
    } else if (!list) return
    else if (op === 'patch_list') put(lists, { ...list, ...members, updated_at: at })
    else if (op === 'move_list') put(lists, place(lists, list, members))
    else {
      lists.delete(id)
      for (const task of [...tasks.values()]) if (task.list_id === id) discard(task, at)
    }
  }

  for (const change of data.changes) {
    const id = idOf(change.id)
    if (change.op.endsWith('_list')) applyToList(change, id, lists.get(id))
    else applyToTask(change, id, tasks.get(id))
  }

  function show<Item extends Task | List>(
    items: ReadonlyMap<string, Item>,
    before: ReadonlyMap<string, Item & Shown> | undefined,
  ): Map<string, Item & Shown> {
    const shown = [...items.values()].map((item): [string, Item & Shown] => {
      const { id } = item
      const about = { key: keys.get(id) ?? id, isWaiting: touched.has(id) }
      const old = before?.get(id)
      if (!about.isWaiting && old && sources.get(old) === item && old.key === about.key)
        return [id, old]
      const next = reuse({ ...item, ...about }, old)
      sources.set(next, item)
      return [id, next]
    })
    return new Map(shown)
  }

  return {
    tasks: show(tasks, previous?.tasks),
    lists: show(lists, previous?.lists),
    trash: show(trash, previous?.trash),
    idOf,
  }
}

// The items that are shown as they are in the copy, which is the usual case.
const sources = new WeakMap<object, Task | List>()

interface Shown {
  readonly key: string
  readonly isWaiting: boolean
}

/** Returns the old object if it is equal, so that views need not be rendered again. */
function reuse<Item extends object>(item: Item, before: Item | undefined): Item {
  if (!before) return item
  const isSame = Object.entries(item).every(([name, value]) => {
    const old = memberOf(before, name)
    return (
      old === value || (typeof value === 'object' && JSON.stringify(old) === JSON.stringify(value))
    )
  })
  return isSame && Object.keys(item).length === Object.keys(before).length ? before : item
}

/** Replaces the ids of lists and parents by the current ones. */
export function withCurrentIds(members: Members, idOf: (id: string) => string): Members {
  const current: Record<string, unknown> = { ...members }
  for (const name of ['list_id', 'parent_id', 'before', 'after']) {
    const id = current[name]
    if (typeof id === 'string') current[name] = idOf(id)
  }
  return current
}

export function byOrder(a: OfflineList, b: OfflineList): number {
  return a.order - b.order || compare(a.id, b.id)
}
