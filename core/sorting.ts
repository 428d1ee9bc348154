import { isDue } from './calendar.ts'
import { HIGHEST_ORDER, isStoredId, LOWEST_ORDER } from './item.ts'
import { compareText } from './order.ts'
import { PRIORITIES, type Priority, type Task } from './task.ts'

export const SORTS = [
  '-created_at',
  'created_at',
  '-updated_at',
  'updated_at',
  'order',
  'due',
  'priority',
] as const
export type Sort = (typeof SORTS)[number]
export const DEFAULT_SORT: Sort = '-created_at'

/**
 * The position of a page's last task: its id, and its sort key as the store formats it: a time in RFC
 * 3339 with three to six decimals, an order, a `due` or `NO_DUE`, or the rank of a priority.
 */
export interface PagePosition {
  readonly key: string
  readonly id: string
}

// Greater than every `due`, so that tasks without one come last.
export const NO_DUE = '~'

const TIME_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/
const SECONDS_END = '2026-01-31T09:30:00'.length
const ORDER_KEY = /^-?\d{1,10}$/
const PRIORITY_KEY = /^[0-3]$/

/** Whether a position is valid for this sort. */
export function isPosition(sort: Sort, { key, id }: PagePosition): boolean {
  if (!isStoredId(id)) return false
  if (sort === 'order') return ORDER_KEY.test(key) && isOrder(Number(key))
  if (sort === 'priority') return PRIORITY_KEY.test(key)
  if (sort === 'due') return key === NO_DUE || isDue(key)
  return TIME_KEY.test(key) && isTime(key)
}

function isOrder(number: number): boolean {
  return number >= LOWEST_ORDER && number <= HIGHEST_ORDER
}

// `Date.parse` accepts 31 February, and PostgreSQL has no year 0.
function isTime(key: string): boolean {
  const time = Date.parse(key)
  const seconds = key.slice(0, SECONDS_END)
  return key >= '0001' && !Number.isNaN(time) && new Date(time).toISOString().startsWith(seconds)
}

/** What a task can be sorted by. */
export type Sortable = Pick<Task, 'id' | 'order' | 'created_at' | 'updated_at' | 'due' | 'priority'>

/** Where tasks with a priority come when sorted by it: the highest first. */
export function priorityRank(priority: Priority): number {
  return PRIORITIES.length - 1 - PRIORITIES.indexOf(priority)
}

type Compare = (a: Sortable, b: Sortable) => number

const keyComparisons: Readonly<Record<Sort, Compare>> = {
  '-created_at': (a, b) => compareText(b.created_at, a.created_at),
  created_at: (a, b) => compareText(a.created_at, b.created_at),
  '-updated_at': (a, b) => compareText(b.updated_at, a.updated_at),
  updated_at: (a, b) => compareText(a.updated_at, b.updated_at),
  order: (a, b) => a.order - b.order,
  due: (a, b) => compareText(a.due ?? NO_DUE, b.due ?? NO_DUE),
  priority: (a, b) => priorityRank(a.priority) - priorityRank(b.priority),
}

/** Compares by the sort key, then by id in the same direction. */
export function compareBy(sort: Sort): Compare {
  const compareKeys = keyComparisons[sort]
  const direction = sort.startsWith('-') ? -1 : 1
  return (a, b) => compareKeys(a, b) || direction * compareText(a.id, b.id)
}

/** The position of a task, for a store whose times have milliseconds. */
export function positionOf(sort: Sort, task: Sortable): PagePosition {
  return { key: keyOf(sort, task), id: task.id }
}

function keyOf(sort: Sort, task: Sortable): string {
  switch (sort) {
    case 'order':
      return `${task.order}`
    case 'due':
      return task.due ?? NO_DUE
    case 'priority':
      return `${priorityRank(task.priority)}`
    case 'created_at':
    case '-created_at':
      return task.created_at
    default:
      return task.updated_at
  }
}

/** A stand-in for the task at a position, for comparisons. */
export function atPosition(sort: Sort, { key, id }: PagePosition): Sortable {
  return {
    id,
    order: sort === 'order' ? Number(key) : 0,
    created_at: key,
    updated_at: key,
    due: key,
    priority: sort === 'priority' ? (PRIORITIES.toReversed()[Number(key)] ?? 'none') : 'none',
  }
}
