import {
  applyCall,
  type CallResult,
  NEW_OWNER,
  type OwnerRecord,
  type RememberedCall,
  type WriteCall,
} from '../../../core/calls.ts'
import type { OwnerTasks } from '../../../core/draft.ts'
import {
  type ChangePage,
  changeOf,
  changePage,
  type FeedPosition,
  isNews,
  startIn,
} from '../../../core/feed.ts'
import { compareOrder } from '../../../core/order.ts'
import type { Owner } from '../../../core/owner.ts'
import { atPosition, compareBy, isListed, type ListQuery, positionOf } from '../../../core/query.ts'
import { type Instant, isLive, type Task } from '../../../core/task.ts'

interface Row {
  readonly task: Task
  readonly sequence: number
  readonly isErased: boolean
}

interface StoredOwner {
  record: OwnerRecord
  rows: readonly Row[]
  readonly calls: Map<string, RememberedCall>
}

/** The store that others are compared with: the core's rules on plain arrays, without optimizations. */
export function createOracle() {
  const owners = new Map<Owner, StoredOwner>()

  function ownerOf(name: Owner): StoredOwner {
    const owner = owners.get(name) ?? { record: NEW_OWNER, rows: [], calls: new Map() }
    owners.set(name, owner)
    return owner
  }

  const tasksOf = ({ rows }: StoredOwner) =>
    rows.filter(({ isErased }) => !isErased).map(({ task }) => task)

  return {
    revision: (name: Owner) => `${ownerOf(name).record.sequence}`,

    /** One page, and the number of tasks on all pages. */
    list(name: Owner, query: ListQuery) {
      const { sort, after, limit } = query
      const compare = compareBy(sort)
      const all = tasksOf(ownerOf(name)).filter((task) => isListed(task, query))
      const rest = all
        .filter((task) => !after || compare(atPosition(sort, after), task) < 0)
        .sort(compare)
      const tasks = limit === null ? rest : rest.slice(0, limit)
      const last = tasks.length < rest.length ? tasks.at(-1) : undefined
      return { tasks, count: all.length, next: last ? positionOf(sort, last) : null }
    },

    write(name: Owner, call: WriteCall): CallResult {
      const owner = ownerOf(name)
      const { rows, calls, record } = owner
      const tasks = plainTasks(tasksOf(owner))
      const remembered = (key: string) => calls.get(key) ?? null
      const effect = applyCall({ record, tasks, remembered }, call, () => `oracle of ${name}`)
      const { sequence } = effect.record
      const changed = effect.changes.map(({ task, isErased }) => ({ task, isErased, sequence }))
      const ids = new Set(changed.map(({ task }) => task.id))
      owner.rows = [...rows.filter(({ task }) => !ids.has(task.id)), ...changed]
      owner.record = effect.record
      if (effect.remember) calls.set(effect.remember.key, effect.remember)
      return effect.result
    },

    changes(name: Owner, after: FeedPosition | null, limit: number): ChangePage | null {
      const { rows, record } = ownerOf(name)
      const start = startIn(record, after)
      if (start === null) return null
      const news = rows
        .toSorted((a, b) => a.sequence - b.sequence || (a.task.id < b.task.id ? -1 : 1))
        .map(({ task, sequence }) => ({ sequence, change: changeOf(task) }))
        .filter((numbered) => isNews(numbered, start))
      return changePage(record, start, news.slice(0, limit + 1), limit)
    },

    maintain({ deleted, retries }: { readonly deleted: Instant; readonly retries: Instant }): void {
      for (const owner of owners.values()) {
        const isOld = ({ task: { deleted_at: at } }: Row) => at !== undefined && at < deleted
        const numbers = owner.rows.filter(isOld).map(({ sequence }) => sequence)
        const horizon = Math.max(owner.record.horizon, ...numbers)
        if (numbers.length > 0)
          owner.record = { ...owner.record, sequence: owner.record.sequence + 1, horizon }
        owner.rows = owner.rows.filter((row) => !isOld(row))
        for (const [key, { madeAt }] of owner.calls) if (madeAt < retries) owner.calls.delete(key)
      }
    },
  }
}

/** Reads plain tasks of one owner the way that the core's rules do. */
export function plainTasks(tasks: readonly Task[]): Omit<OwnerTasks, 'top' | 'live'> {
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
    completed: (count) => tasks.filter((task) => task.completed && isLive(task)).slice(0, count),
  }
}
