import type { List, Task } from '../types.ts'
import { isLocal, knownIds } from './ids.ts'
import { memberOf, NEW_TASK } from './members.ts'
import type { Data } from './replica.ts'
import type { Members, OfflineList, OfflineTask } from './types.ts'

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
  const ends = new Map<object, { first: number; last: number }>()

  function put<Item extends Task | List>(items: Map<string, Item>, item: Item): void {
    items.set(item.id, item)
    touched.add(item.id)
  }

  /** The lowest and the highest order among these. */
  function endsOf(items: ReadonlyMap<string, Task | List>) {
    const known = ends.get(items) ?? { first: 0, last: 0 }
    if (!ends.has(items))
      for (const { order } of items.values()) {
        known.first = Math.min(known.first, order)
        known.last = Math.max(known.last, order)
      }
    ends.set(items, known)
    return known
  }

  /** An item in another place among these. */
  function placed(items: ReadonlyMap<string, Task | List>, item: Task | List, place: Members) {
    const { to, before, after } = place
    const found = endsOf(items)
    if (to === 'top') found.first -= ORDER_GAP
    else if (to) found.last += ORDER_GAP
    if (to) return { ...item, order: to === 'top' ? found.first : found.last }
    const order = items.get(`${before ?? after}`)?.order
    if (order === undefined) return item
    // Halfway to the next one in that direction.
    let beyond = before ? found.first - ORDER_GAP : found.last + ORDER_GAP
    for (const one of items.values())
      if (one.id !== item.id && (before ? one.order < order : one.order > order))
        beyond = before ? Math.max(beyond, one.order) : Math.min(beyond, one.order)
    return { ...item, order: (order + beyond) / 2 }
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

  function erase(id: string): void {
    for (const items of [tasks, trash])
      for (const one of [id, ...subtasksOf(id, items).map((task) => task.id)]) items.delete(one)
  }

  for (const { op, id: given, members: asMade, at } of data.changes) {
    const id = idOf(given)
    const own = withCurrentIds(asMade, idOf)
    const parent = tasks.get(`${own['parent_id']}`)
    const members = parent ? { ...own, list_id: parent.list_id } : own
    const isList = op.endsWith('_list')
    // Safe: an operation of lists puts only lists there.
    const items = (isList ? lists : tasks) as Map<string, Task | List>
    const item = items.get(id)
    if (op.startsWith('create')) {
      // The feed may have brought it, and even its deletion, before the response.
      if (item || (trash.has(id) && !isLocal(id))) continue
      trash.delete(id)
      const about = { id, order: 0, version: 0, created_at: at, updated_at: at }
      const blank = isList ? { color: null } : NEW_TASK
      // Safe: a create has the members without a default.
      const created = { ...blank, ...members, ...about } as unknown as Task | List
      put(items, placed(items, created, { to: isList ? 'bottom' : 'top' }))
    } else if (op === 'restore') restore(id)
    else if (op === 'erase') erase(id)
    else if (item && op.startsWith('move')) put(items, placed(items, item, members))
    else if (item && op.startsWith('patch')) {
      const { completed, list_id } = members
      const isChanged = completed !== undefined && completed !== memberOf(item, 'completed')
      put(items, {
        ...item,
        ...members,
        updated_at: at,
        ...(isChanged && { completed_at: completed ? at : null }),
        // The service creates the next task, and names it in `successor_id`.
        ...(isChanged && completed && { recurrence: null }),
      })
      if (list_id !== undefined)
        // Safe: an id or `null`.
        for (const one of subtasksOf(id, tasks)) put(tasks, { ...one, list_id: list_id as null })
    } else if (item) {
      for (const one of isList ? tasks.values() : []) if (one.list_id === id) discard(one, at)
      // Safe: what is not a list is a task.
      if (!isList) discard(item as Task, at)
      items.delete(id)
    }
  }

  function show<Item extends Task | List>(
    items: ReadonlyMap<string, Item>,
    before: ReadonlyMap<string, Item & Shown> | undefined,
  ): Map<string, Item & Shown> {
    const shown = new Map<string, Item & Shown>()
    for (const [id, item] of items) {
      const key = keys.get(id) ?? id
      const isWaiting = touched.has(id)
      const old = before?.get(id)
      const isKnown = old && sources.get(old) === item
      // Usually nothing has changed. Then views need not be rendered again.
      if (isKnown && old.key === key && old.isWaiting === isWaiting) shown.set(id, old)
      else {
        const next = { ...item, key, isWaiting }
        const isSame = old && JSON.stringify(old) === JSON.stringify(next)
        shown.set(id, isSame ? old : next)
        sources.set(isSame ? old : next, item)
      }
    }
    return shown
  }

  return {
    tasks: show(tasks, previous?.tasks),
    lists: show(lists, previous?.lists),
    trash: show(trash, previous?.trash),
    idOf,
  }
}

/** What is shown of each item. */
const sources = new WeakMap<object, Task | List>()

interface Shown {
  readonly key: string
  readonly isWaiting: boolean
}

/** Replaces the ids of lists and other tasks by the current ones. */
export function withCurrentIds(members: Members, idOf: (id: string) => string): Members {
  const current: Record<string, unknown> = { ...members }
  for (const name of ['list_id', 'parent_id', 'before', 'after'])
    if (current[name]) current[name] = idOf(`${current[name]}`)
  return current
}
