import type { Filters } from '../../core/query.ts'
import { delimited, IN_TRASH, LIVE_BY_KEY, priorityNumber } from './rows.ts'

export type Values = Record<string, string | number>

// The `+` before parameters: see `VALUE` in rows.ts.

/** The condition for the tasks of a list, without its search, and its values. */
export function conditionOf(query: Filters): { readonly sql: string; readonly values: Values } {
  const { completed, deleted, list, tags, priorities, parent, due } = query
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
  // Tags have no line feeds; with one, a text would find two tags that stand beside each other.
  if (tags.some((tag) => tag.includes('\n'))) conditions.push('false')
  for (const [index, tag] of tags.entries())
    add(`instr(tag_keys, +$tag${index}) > 0`, `tag${index}`, delimited(tag))
  return { sql: conditions.join(' and '), values }
}
