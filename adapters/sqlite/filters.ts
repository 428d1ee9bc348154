import type { Filters } from '../../core/query.ts'
import type { Search } from '../../core/search.ts'
import { delimited, IN_TRASH, LIVE_BY_KEY, priorityNumber } from './rows.ts'

export type Values = Record<string, string | number>

/** A part of a statement, and its values. */
export interface Condition {
  readonly sql: string
  readonly values: Values
}

// The `+` before parameters: see `VALUE` in rows.ts.

/** The condition for the tasks of a list. It does not search tasks with a description. */
export function conditionOf(query: Filters): Condition {
  const { completed, search, deleted, list, tags, priorities, parent, due } = query
  const conditions = [deleted ? IN_TRASH : LIVE_BY_KEY]
  const values: Values = {}

  function add(condition: string, name: string, value: string | number): void {
    conditions.push(condition)
    values[name] = value
  }

  if (completed !== null) add('completed = +$completed', 'completed', Number(completed))
  if (list === 'inbox') conditions.push('list_id is null')
  else if (list !== null) add('list_id = +$list', 'list', list)
  if (parent === 'none') conditions.push('parent_id is null')
  else if (parent !== null) add('parent_id = +$parent', 'parent', parent)
  if (priorities.length > 0) {
    const bits = priorities.map((priority) => 1 << priorityNumber(priority))
    const any = bits.reduce((all, bit) => all | bit)
    add('(+$priorities >> priority) & 1', 'priorities', any)
  }
  if (due === 'none') conditions.push('due is null')
  else {
    if (due && due.after !== null) add('due >= +$dueAfter', 'dueAfter', due.after)
    if (due && due.before !== null) add('due < +$dueBefore', 'dueBefore', due.before)
  }
  for (const [index, tag] of tags.entries())
    add(`instr(tag_keys, +$tag${index}) > 0`, `tag${index}`, delimited(tag))
  if (search !== null) {
    const { sql, values: words } = searchCondition(search)
    conditions.push(`(has_description or ${sql})`)
    Object.assign(values, words)
  }
  return { sql: conditions.join(' and '), values }
}

/** The condition of a search, for the folded text of a task. */
export function searchCondition(search: Search): Condition {
  if (search.length === 0) return { sql: 'false', values: {} }
  const found = search.map((_, index) => `instr(folded, +$word${index}) > 0`)
  const words = search.map((word, index) => [`word${index}`, word] as const)
  return { sql: found.join(' and '), values: Object.fromEntries(words) }
}
