import type { Owner } from '../../core/owner.ts'
import type { TaskQuery } from '../../core/query.ts'
import type { Search } from '../../core/search.ts'
import { NO_DUE, type Sort } from '../../core/sorting.ts'
import { PRIORITIES } from '../../core/task.ts'
import type { Statement } from './connection/statement.ts'

export interface PageCall {
  readonly owner: Owner
  readonly query: TaskQuery
}

/** A parameter of each call. */
export interface Parameter {
  readonly name: string
  readonly type: number
  readonly from: (call: PageCall) => string | number | boolean | null
}

/**
 * The statement for queries that differ only in values. Its last parameter, `longest`, has the number of
 * tasks beyond which a page is left out; `null` for no limit.
 */
export interface Form {
  readonly statement: Statement
  readonly parameters: readonly Parameter[]
}

/** What tasks are sorted by: an expression, the type of its values, and the direction. */
interface SortKey {
  readonly name: 'created_at' | 'updated_at' | 'order' | 'due' | 'priority'
  readonly expression: string
  readonly type: string
  readonly isDescending: boolean
}

const creation = { name: 'created_at', expression: 'created_at', type: 'timestamptz' } as const
const update = { name: 'updated_at', expression: 'updated_at', type: 'timestamptz' } as const

export const sorts: Readonly<Record<Sort, SortKey>> = {
  '-created_at': { ...creation, isDescending: true },
  created_at: { ...creation, isDescending: false },
  '-updated_at': { ...update, isDescending: true },
  updated_at: { ...update, isDescending: false },
  order: { name: 'order', expression: '"order"', type: 'integer', isDescending: false },
  due: {
    name: 'due',
    expression: `coalesce(due, '${NO_DUE}')`,
    type: 'text collate "C"',
    isDescending: false,
  },
  priority: {
    name: 'priority',
    expression: `${PRIORITIES.length - 1} - priority`,
    type: 'integer',
    isDescending: false,
  },
}

// Folded texts and tags have no control characters.
export const MATCHES_NOTHING = '\u0001'

/** Patterns for `like`, separated by spaces. Folded words contain neither wildcards nor spaces. */
export function patternsOf(search: Search): string {
  return search.map((word) => `%${word}%`).join(' ') || MATCHES_NOTHING
}
