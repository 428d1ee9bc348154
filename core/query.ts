import Type, { type Static } from 'typebox'
import { compareOrder, compareText } from './order.ts'
import { fold, isFound, type Search, searchFor } from './search.ts'
import { HIGHEST_ORDER, isLive, isStoredId, LOWEST_ORDER, type Task } from './task.ts'

export const SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'order'] as const
export type Sort = (typeof SORTS)[number]
export const DEFAULT_SORT: Sort = '-created_at'

export const MAX_PAGE = 1000

/** The parameters of a list. */
export const TaskListQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      description: `a whole number from 1 to ${MAX_PAGE}`,
      examples: [20],
    }),
  ),
  sort: Type.Optional(
    Type.Enum([...SORTS], {
      description: `one of ${SORTS.join(', ')}`,
      default: DEFAULT_SORT,
      examples: [DEFAULT_SORT],
    }),
  ),
  completed: Type.Optional(Type.Boolean({ description: 'true or false', examples: [false] })),
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: '1 to 500 characters',
      examples: ['milk'],
    }),
  ),
  deleted: Type.Optional(Type.Enum(['only'], { description: 'only', examples: ['only'] })),
})
export type TaskListQuery = Static<typeof TaskListQuery>

/**
 * The position of a page's last task: its id, and its sort key as the store formats it: a time in RFC
 * 3339 with three to six decimals, or an order.
 */
export interface PagePosition {
  readonly key: string
  readonly id: string
}

/** Which tasks of an owner to list, in which order. */
export interface ListQuery {
  readonly sort: Sort
  /** `null` for all tasks. */
  readonly limit: number | null
  /** `null` for the first page. */
  readonly after: PagePosition | null
  /** `null` for completed and open tasks. */
  readonly completed: boolean | null
  /** `null` for any text. */
  readonly search: Search | null
  /** Whether to list the trash instead. */
  readonly deleted: boolean
}

/** One page of a list. */
export interface TaskPage {
  readonly tasks: Task[]
  /** The number of tasks on all pages. */
  readonly count: number
  /** The position after which the next page starts; `null` at the end. */
  readonly next: PagePosition | null
  /** What `TaskRepository.revision` returned at the moment of reading. */
  readonly revision: string
}

/** Every task outside the trash, newest first. */
export const EVERYTHING: ListQuery = {
  sort: DEFAULT_SORT,
  limit: null,
  after: null,
  completed: null,
  search: null,
  deleted: false,
}

export function listQuery(input: TaskListQuery, after: PagePosition | null): ListQuery {
  return {
    sort: input.sort ?? DEFAULT_SORT,
    limit: input.limit ?? null,
    after,
    completed: input.completed ?? null,
    search: input.q === undefined ? null : searchFor(input.q),
    deleted: input.deleted === 'only',
  }
}

const TIME_KEY = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/
const SECONDS_END = '2026-01-31T09:30:00'.length
const ORDER_KEY = /^-?\d{1,10}$/

/** Whether a position is valid for this sort. */
export function isPosition(sort: Sort, { key, id }: PagePosition): boolean {
  if (!isStoredId(id)) return false
  if (sort === 'order') return ORDER_KEY.test(key) && isOrder(Number(key))
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

/** Whether a list differs from all tasks outside the trash, on all pages together. */
export function isFiltered({ completed, search, deleted }: ListQuery): boolean {
  return completed !== null || search !== null || deleted
}

/** Whether a task is in the list, on any page. */
export function isListed(task: Task, { completed, search, deleted }: ListQuery): boolean {
  return (
    isLive(task) !== deleted &&
    (completed === null || task.completed === completed) &&
    (search === null || isFound(fold(task.text), search))
  )
}

const columns = {
  '-created_at': 'created_at',
  created_at: 'created_at',
  '-updated_at': 'updated_at',
  updated_at: 'updated_at',
} as const

/** What a task can be sorted by. */
export type Sortable = Pick<Task, 'id' | 'order' | 'created_at' | 'updated_at'>

/** Compares in the order of a list: by the sort key, then by id in the same direction. */
export function compareBy(sort: Sort): (a: Sortable, b: Sortable) => number {
  if (sort === 'order') return compareOrder
  const column = columns[sort]
  const direction = sort.startsWith('-') ? -1 : 1
  return (a, b) => direction * (compareText(a[column], b[column]) || compareText(a.id, b.id))
}

/** The position of a task, for a store whose times have milliseconds. */
export function positionOf(sort: Sort, task: Sortable): PagePosition {
  return { key: sort === 'order' ? `${task.order}` : task[columns[sort]], id: task.id }
}

/** A stand-in for the task at a position, for comparisons. */
export function atPosition(sort: Sort, { key, id }: PagePosition): Sortable {
  const isOrder = sort === 'order'
  const at = isOrder ? '' : key
  return { id, order: isOrder ? Number(key) : 0, created_at: at, updated_at: at }
}
