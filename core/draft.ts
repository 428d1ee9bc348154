import type { List } from './list.ts'
import { compareOrder, compareText, type OrderKey } from './order.ts'
import { isLive, type Task } from './task.ts'

/** The tasks of one owner, as writes read them: including the trash, without tombstones. */
export interface OwnerTasks {
  find(id: string): Task | null
  /** The first `count` tasks after a position (`null`: from the start), by order and id. */
  following(position: OrderKey | null, count: number): Task[]
  /** The last `count` tasks before a position (`null`: from the end), nearest first. */
  preceding(position: OrderKey | null, count: number): Task[]
  /** The first `count` completed tasks outside the trash: those without a parent first, then by id. */
  completed(count: number): Task[]
  /** The subtasks of several tasks, in no particular order. */
  subtasks(parents: readonly string[]): Task[]
  /** The tasks of a list outside the trash, in no particular order. */
  inList(list: string): Task[]
}

/** The lists of one owner, as writes read them: without tombstones. */
export interface OwnerLists {
  find(id: string): List | null
  /** All lists, in no particular order. */
  all(): List[]
}

/** What one owner has, as writes read it. */
export interface OwnerItems {
  readonly tasks: OwnerTasks
  readonly lists: OwnerLists
}

/** What to store for one task or list. */
export interface ItemChange<Item> {
  /** The item as it is in the store; `null` if the store does not have it. */
  readonly before: Item | null
  readonly after: Item
  /** Whether the item is only a tombstone. */
  readonly isErased: boolean
}
export type TaskChange = ItemChange<Task>
export type ListChange = ItemChange<List>

/** Adds unsaved changes, which reads include. */
interface Changing<Item> {
  /** Adds an item (`before` is `null`), or replaces `before`, which was read from this draft. */
  put(before: Item | null, after: Item): void
  /** Like `put`, but leaves only a tombstone. */
  erase(before: Item | null, after: Item): void
  /** One change for each item that differs from the store. */
  changes(): ItemChange<Item>[]
}

/** What one owner has, plus unsaved changes. */
export interface Draft {
  readonly tasks: OwnerTasks & Changing<Task>
  readonly lists: OwnerLists & Changing<List>
  /** A lower bound of the orders of all tasks; `null` if there never was a task. */
  top: number | null
  /** How many tasks are not in the trash. */
  readonly live: number
}

export function createDraft(
  { tasks: stored, lists: storedLists }: OwnerItems,
  record: Pick<Draft, 'top' | 'live'>,
): Draft {
  let { top, live } = record
  const tasks = overlay<Task>(stored.find, (read, { after, isErased }) => {
    if (read && isLive(read)) live--
    if (isLive(after) && !isErased) live++
    if (top === null || after.order < top) top = after.order
  })
  const lists = overlay<List>(storedLists.find, () => {})

  return {
    get top() {
      return top
    },
    set top(order) {
      top = order
    },
    get live() {
      return live
    },
    tasks: {
      ...tasks,
      following: (position, count) =>
        tasks.first(
          (most) => stored.following(position, most),
          count,
          (task) => position === null || compareOrder(position, task) < 0,
          compareOrder,
        ),
      preceding: (position, count) =>
        tasks.first(
          (most) => stored.preceding(position, most),
          count,
          (task) => position === null || compareOrder(task, position) < 0,
          (a, b) => compareOrder(b, a),
        ),
      completed: (count) =>
        tasks.first(
          (most) => stored.completed(most),
          count,
          (task) => task.completed && isLive(task),
          compareParentsFirst,
        ),
      subtasks: (parents) =>
        tasks.all(
          stored.subtasks(parents),
          ({ parent_id }) => parent_id !== null && parents.includes(parent_id),
        ),
      inList: (list) =>
        tasks.all(stored.inList(list), (task) => task.list_id === list && isLive(task)),
    },
    lists: { ...lists, all: () => lists.all(storedLists.all(), () => true) },
  }
}

/** Compares tasks without a parent as less than others, then by id. */
export function compareParentsFirst(a: Task, b: Task): number {
  return Number(a.parent_id !== null) - Number(b.parent_id !== null) || compareText(a.id, b.id)
}

/** Overlays stored items with changes. */
function overlay<Item extends { readonly id: string }>(
  findStored: (id: string) => Item | null,
  onChange: (read: Item | null, change: ItemChange<Item>) => void,
) {
  const changes = new Map<string, ItemChange<Item>>()

  function apply(read: Item | null, after: Item, isErased: boolean): void {
    const earlier = changes.get(after.id)
    const change = { before: earlier ? earlier.before : read, after, isErased }
    changes.set(after.id, change)
    onChange(read, change)
  }

  function unchanged(found: Item[]): Item[] {
    return found.filter(({ id }) => !changes.has(id))
  }

  function changed(isIn: (item: Item) => boolean): Item[] {
    return Array.from(changes.values()).flatMap(({ after, isErased }) =>
      isErased || !isIn(after) ? [] : [after],
    )
  }

  /** Reads until there are `count` items that are not changed. */
  function readUnchanged(read: (count: number) => Item[], count: number): Item[] {
    for (let most = count; ; ) {
      const found = read(most)
      const rest = unchanged(found)
      if (rest.length >= count || found.length < most) return rest
      most += count - rest.length
    }
  }

  return {
    find(id: string): Item | null {
      const change = changes.get(id)
      if (!change) return findStored(id)
      return change.isErased ? null : change.after
    },

    /** The first `count` items by `compare`. */
    first(
      read: (count: number) => Item[],
      count: number,
      isIn: (item: Item) => boolean,
      compare: (a: Item, b: Item) => number,
    ): Item[] {
      if (changes.size === 0) return read(count)
      return [...readUnchanged(read, count), ...changed(isIn)].sort(compare).slice(0, count)
    },

    /** All items: those found in the store that are not changed, and changed ones. */
    all: (found: Item[], isIn: (item: Item) => boolean): Item[] =>
      changes.size === 0 ? found : [...unchanged(found), ...changed(isIn)],

    put: (before: Item | null, after: Item) => apply(before, after, false),
    erase: (before: Item | null, after: Item) => apply(before, after, true),
    changes: () => [...changes.values()],
  }
}
