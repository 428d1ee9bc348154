import Type, { type Static } from 'typebox'
import type { OwnerItems } from './draft.ts'
import { Id } from './item.ts'
import { isFound, type Search, searchableText, searchFor } from './search.ts'
import { DEFAULT_SORT, NO_DUE, type PagePosition, SORTS, type Sort } from './sorting.ts'
import { Due, isLive, MAX_TAGS, PRIORITIES, Priority, type Task, tagKey } from './task.ts'

export const MAX_PAGE = 1000

/** The parameters of a query for tasks. */
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
  list: Type.Optional(
    Type.Union([Id, Type.Literal('inbox')], {
      description: 'the id of one of your lists, or inbox',
      examples: ['inbox'],
    }),
  ),
  tag: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
      maxItems: MAX_TAGS,
      description: `up to ${MAX_TAGS} tags`,
      examples: [['home']],
    }),
  ),
  priority: Type.Optional(
    Type.Array(Priority, {
      description: `one of ${PRIORITIES.join(', ')}`,
      examples: [['high', 'medium']],
    }),
  ),
  parent: Type.Optional(
    Type.Union([Id, Type.Literal('none')], {
      description: 'the id of one of your tasks, or none',
      examples: ['none'],
    }),
  ),
  due: Type.Optional(Type.Enum(['none'], { description: 'none', examples: ['none'] })),
  due_after: Type.Optional(Due),
  due_before: Type.Optional(Due),
})
export type TaskListQuery = Static<typeof TaskListQuery>

/** Which tasks of an owner to list, in which order. */
export interface TaskQuery {
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
  /** The id of a list, `inbox` for tasks without a list, `null` for any. */
  readonly list: string | null
  /** Keys of tags (`tagKey`), all of which a task must have. */
  readonly tags: readonly string[]
  /** Any of these; empty for any priority. */
  readonly priorities: readonly Priority[]
  /** The id of a task, `none` for tasks without a parent, `null` for any. */
  readonly parent: string | null
  /** Which `due` a task must have; `null` for any. `after` is inclusive, `before` exclusive. */
  readonly due: 'none' | { readonly after: string | null; readonly before: string | null } | null
}

/** What a query filters by. */
export type Filters = Omit<TaskQuery, 'sort' | 'limit' | 'after'>

/** One page of tasks. */
export interface TaskPage {
  readonly tasks: Task[]
  /** The number of tasks on all pages. */
  readonly count: number
  /** The position after which the next page starts; `null` at the end. */
  readonly next: PagePosition | null
  /** What `TaskRepository.revision` returned at the moment of reading. */
  readonly revision: string
  /** The filters that name a list or a task that the owner does not have. Then the page is empty. */
  readonly unknown: readonly ('list' | 'parent')[]
}

/** Every task outside the trash, newest first. */
export const EVERYTHING: TaskQuery = {
  sort: DEFAULT_SORT,
  limit: null,
  after: null,
  completed: null,
  search: null,
  deleted: false,
  list: null,
  tags: [],
  priorities: [],
  parent: null,
  due: null,
}

export function taskQuery(input: TaskListQuery, after: PagePosition | null): TaskQuery {
  return {
    sort: input.sort ?? DEFAULT_SORT,
    limit: input.limit ?? null,
    after,
    completed: input.completed ?? null,
    search: input.q === undefined ? null : searchFor(input.q),
    deleted: input.deleted === 'only',
    list: input.list?.toLowerCase() ?? null,
    tags: [...new Set(input.tag?.map(tagKey))],
    priorities: [...new Set(input.priority)],
    parent: input.parent?.toLowerCase() ?? null,
    due: dueFilter(input),
  }
}

function dueFilter({ due, due_after: after, due_before: before }: TaskListQuery): TaskQuery['due'] {
  const range = { after: after ?? null, before: before ?? null }
  const isRange = range.after !== null || range.before !== null
  // No task without a `due` is in a range.
  if (due === 'none' && isRange) return { after: NO_DUE, before: NO_DUE }
  if (due === 'none') return 'none'
  return isRange ? range : null
}

/** The filters that name a list or a task that the owner does not have. A query of the trash may name tasks in it. */
export function unknownFilters(
  { list, parent, deleted }: Filters,
  { tasks, lists }: OwnerItems,
): TaskPage['unknown'] {
  const unknown: ('list' | 'parent')[] = []
  if (list !== null && list !== 'inbox' && !lists.find(list)) unknown.push('list')
  if (parent !== null && parent !== 'none') {
    const task = tasks.find(parent)
    if (!task || !(deleted || isLive(task))) unknown.push('parent')
  }
  return unknown
}

/** Whether a query selects anything else than all tasks outside the trash. */
export function isFiltered(query: Filters): boolean {
  const { completed, search, deleted, list, tags, priorities, parent, due } = query
  return (
    deleted ||
    tags.length > 0 ||
    priorities.length > 0 ||
    [completed, search, list, parent, due].some((filter) => filter !== null)
  )
}

/** Whether a query selects a task, on any page. */
export function isListed(task: Task, query: Filters): boolean {
  const { completed, search, deleted, list, tags, priorities, parent, due } = query
  return (
    isLive(task) !== deleted &&
    (completed === null || task.completed === completed) &&
    (list === null || (task.list_id ?? 'inbox') === list) &&
    (parent === null || (task.parent_id ?? 'none') === parent) &&
    (priorities.length === 0 || priorities.includes(task.priority)) &&
    (tags.length === 0 || hasTags(task, tags)) &&
    (due === null || isDueIn(task.due, due)) &&
    (search === null || isFound(searchableText(task), search))
  )
}

function hasTags(task: Task, tags: readonly string[]): boolean {
  const keys = task.tags.map(tagKey)
  return tags.every((tag) => keys.includes(tag))
}

function isDueIn(due: string | null, wanted: NonNullable<TaskQuery['due']>): boolean {
  if (wanted === 'none') return due === null
  const { after, before } = wanted
  return due !== null && (after === null || due >= after) && (before === null || due < before)
}
