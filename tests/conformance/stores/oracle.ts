import {
  applyCall,
  type CallResult,
  NEW_OWNER,
  type OwnerRecord,
  type RememberedCall,
  type WriteCall,
} from '../../../core/calls.ts'
import {
  compareParentsFirst,
  type ItemChange,
  type OwnerItems,
  type OwnerTasks,
} from '../../../core/draft.ts'
import {
  type ChangePage,
  changePage,
  type FeedPosition,
  isAfter,
  type NumberAndId,
  newsRanges,
  startIn,
} from '../../../core/feed.ts'
import type { Instant } from '../../../core/item.ts'
import type { CountedList, List } from '../../../core/list.ts'
import { compareOrder, compareText } from '../../../core/order.ts'
import type { Owner } from '../../../core/owner.ts'
import { isListed, type TaskPage, type TaskQuery } from '../../../core/query.ts'
import { atPosition, compareBy, positionOf } from '../../../core/sorting.ts'
import { isLive, type Task } from '../../../core/task.ts'

interface Row<Item> extends NumberAndId {
  readonly item: Item
  readonly isErased: boolean
}

interface StoredOwner {
  record: OwnerRecord
  rows: readonly Row<Task>[]
  listRows: readonly Row<List>[]
  readonly calls: Map<string, RememberedCall>
}

/** The store that others are compared with: the core's rules on plain arrays, without optimizations. */
export function createOracle() {
  const owners = new Map<Owner, StoredOwner>()

  function ownerOf(name: Owner): StoredOwner {
    const owner = owners.get(name) ?? {
      record: NEW_OWNER,
      rows: [],
      listRows: [],
      calls: new Map(),
    }
    owners.set(name, owner)
    return owner
  }

  const tasksOf = ({ rows }: StoredOwner) => itemsIn(rows)

  function unknownIn(owner: StoredOwner, query: TaskQuery): TaskPage['unknown'] {
    const { list, parent, deleted } = query
    const isList = ({ id }: List) => id === list
    const isParent = (task: Task) => task.id === parent && (deleted || isLive(task))
    const isKnownList = list === null || list === 'inbox' || itemsIn(owner.listRows).some(isList)
    const isKnownParent = parent === null || parent === 'none' || tasksOf(owner).some(isParent)
    return [
      ...(isKnownList ? [] : ['list' as const]),
      ...(isKnownParent ? [] : ['parent' as const]),
    ]
  }

  return {
    revision: (name: Owner) => `${ownerOf(name).record.sequence}`,

    /** One page, and the number of tasks on all pages. */
    list(name: Owner, query: TaskQuery) {
      const { sort, after, limit } = query
      const compare = compareBy(sort)
      const owner = ownerOf(name)
      const unknown = unknownIn(owner, query)
      const all = unknown.length > 0 ? [] : tasksOf(owner).filter((task) => isListed(task, query))
      const rest = all
        .filter((task) => !after || compare(atPosition(sort, after), task) < 0)
        .sort(compare)
      const tasks = limit === null ? rest : rest.slice(0, limit)
      const last = tasks.length < rest.length ? tasks.at(-1) : undefined
      return { tasks, count: all.length, next: last ? positionOf(sort, last) : null, unknown }
    },

    lists(name: Owner): CountedList[] {
      const owner = ownerOf(name)
      const isOpen = (task: Task) => isLive(task) && !task.completed
      const open = (list: List) =>
        tasksOf(owner).filter((task) => task.list_id === list.id && isOpen(task)).length
      const lists = itemsIn(owner.listRows).toSorted(compareOrder)
      return lists.map((list) => ({ ...list, open: open(list) }))
    },

    write(name: Owner, call: WriteCall): CallResult {
      const owner = ownerOf(name)
      const { rows, listRows, calls, record } = owner
      const items = plainItems(tasksOf(owner), itemsIn(listRows))
      const remembered = (key: string) => calls.get(key) ?? null
      const state = { record, ...items, remembered }
      const effect = applyCall(state, call, () => `oracle of ${name}`)
      const { sequence } = effect.record
      owner.rows = replaced(rows, effect.taskChanges, sequence)
      owner.listRows = replaced(listRows, effect.listChanges, sequence)
      owner.record = effect.record
      if (effect.remember) calls.set(effect.remember.key, effect.remember)
      return effect.result
    },

    changes(name: Owner, after: FeedPosition | null, limit: number): ChangePage | null {
      const { rows, listRows, record } = ownerOf(name)
      const start = startIn(record, after)
      if (start === null) return null
      const ranges = newsRanges(start)
      const tasks = rows
        .toSorted(compareNumbers)
        .filter((row) => isAfter(row, ranges.tasks))
        .filter(({ item, sequence }) => isLive(item) || sequence > ranges.since)
      const lists = listRows.toSorted(compareNumbers).filter((row) => isAfter(row, ranges.lists))
      const { snapshot: last } = ranges
      const snapshot = itemsIn(listRows)
        .toSorted((a, b) => compareText(a.id, b.id))
        .filter(({ id }) => last !== null && id > last)
      return changePage(record, start, { snapshot, lists, tasks }, limit)
    },

    maintain({ deleted, retries }: { readonly deleted: Instant; readonly retries: Instant }): void {
      for (const owner of owners.values()) {
        const isOld = ({ item: { deleted_at: at } }: Row<Task | List>) =>
          at !== undefined && at < deleted
        const rows = [...owner.rows, ...owner.listRows]
        const numbers = rows.filter(isOld).map(({ sequence }) => sequence)
        const horizon = Math.max(owner.record.horizon, ...numbers)
        if (numbers.length > 0)
          owner.record = { ...owner.record, sequence: owner.record.sequence + 1, horizon }
        owner.rows = owner.rows.filter((row) => !isOld(row))
        owner.listRows = owner.listRows.filter((row) => !isOld(row))
        for (const [key, { madeAt }] of owner.calls) if (madeAt < retries) owner.calls.delete(key)
      }
    },
  }
}

function itemsIn<Item>(rows: readonly Row<Item>[]): Item[] {
  return rows.filter(({ isErased }) => !isErased).map(({ item }) => item)
}

function replaced<Item extends { readonly id: string }>(
  rows: readonly Row<Item>[],
  changes: readonly ItemChange<Item>[],
  sequence: number,
): Row<Item>[] {
  const changed = changes.map(({ after: item, isErased }) => ({
    id: item.id,
    item,
    isErased,
    sequence,
  }))
  const ids = new Set(changed.map(({ id }) => id))
  return [...rows.filter(({ id }) => !ids.has(id)), ...changed]
}

function compareNumbers(a: NumberAndId, b: NumberAndId): number {
  return a.sequence - b.sequence || compareText(a.id, b.id)
}

/** Reads plain tasks and lists of one owner the way that the core's rules do. */
export function plainItems(tasks: readonly Task[], lists: readonly List[] = []): OwnerItems {
  return {
    tasks: plainTasks(tasks),
    lists: { find: (id) => lists.find((list) => list.id === id) ?? null, all: () => [...lists] },
  }
}

function plainTasks(tasks: readonly Task[]): OwnerTasks {
  const sorted = () => tasks.toSorted(compareOrder)
  return {
    find: (id) => tasks.find((task) => task.id === id) ?? null,
    following: (from, count) =>
      sorted()
        .filter((task) => !from || compareOrder(from, task) < 0)
        .slice(0, count),
    preceding: (from, count) =>
      sorted()
        .toReversed()
        .filter((task) => !from || compareOrder(task, from) < 0)
        .slice(0, count),
    completed: (count) =>
      tasks
        .filter((task) => task.completed && isLive(task))
        .sort(compareParentsFirst)
        .slice(0, count),
    subtasks: (parents) => tasks.filter((task) => parents.includes(`${task.parent_id}`)),
    inList: (list) => tasks.filter((task) => task.list_id === list && isLive(task)),
  }
}
