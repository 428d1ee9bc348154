import type { TaskQuery } from '../../core/query.ts'
import { NO_DUE, type Sort } from '../../core/sorting.ts'
import { PRIORITIES } from '../../core/task.ts'
import {
  BOOLEAN_ARRAY,
  callsOf,
  INTEGER_ARRAY,
  TEXT_ARRAY,
  UUID_ARRAY,
} from './connection/statement.ts'
import { type Form, MATCHES_NOTHING, type Parameter, patternsOf, sorts } from './page-form.ts'
import { TASK } from './rows.ts'

/** Whether a query has a filter or a sort that only `createFilteredForm` knows. */
export function needsFilteredForm({ sort, list, tags, priorities, parent, due }: TaskQuery) {
  return (
    sort === 'due' ||
    sort === 'priority' ||
    tags.length > 0 ||
    priorities.length > 0 ||
    [list, parent, due].some((filter) => filter !== null)
  )
}

// Tags have no control characters.
const SEPARATOR = '\t'
const IS_TAG = /^[^\p{Cc}\p{Cs}]*$/u

/** Patterns for `like`, separated by tabs; `null` for any tags. */
function tagPatternsOf({ tags }: TaskQuery): string | null {
  if (tags.length === 0) return null
  if (!tags.every((tag) => IS_TAG.test(tag))) return MATCHES_NOTHING
  return tags.map((tag) => `%\n${tag.replaceAll(/[\\%_]/g, '\\$&')}\n%`).join(SEPARATOR)
}

/** A bit for each priority; `null` for any. */
function bitsOf({ priorities }: TaskQuery): number | null {
  if (priorities.length === 0) return null
  return priorities.reduce((bits, priority) => bits | (1 << PRIORITIES.indexOf(priority)), 0)
}

/** Each filter is `null` in a call that does not have it. */
const PARAMETERS: readonly Parameter[] = [
  { name: 'owner', type: TEXT_ARRAY, from: ({ owner }) => owner },
  { name: 'is_deleted', type: BOOLEAN_ARRAY, from: ({ query }) => query.deleted },
  { name: 'is_done', type: BOOLEAN_ARRAY, from: ({ query }) => query.completed },
  {
    name: 'words',
    type: TEXT_ARRAY,
    from: ({ query }) => query.search && patternsOf(query.search),
  },
  {
    name: 'list',
    type: UUID_ARRAY,
    from: ({ query: { list } }) => (list === 'inbox' ? null : list),
  },
  {
    name: 'has_list',
    type: BOOLEAN_ARRAY,
    from: ({ query: { list } }) => (list === null ? null : list !== 'inbox'),
  },
  {
    name: 'parent',
    type: UUID_ARRAY,
    from: ({ query: { parent } }) => (parent === 'none' ? null : parent),
  },
  {
    name: 'has_parent',
    type: BOOLEAN_ARRAY,
    from: ({ query: { parent } }) => (parent === null ? null : parent !== 'none'),
  },
  { name: 'tags', type: TEXT_ARRAY, from: ({ query }) => tagPatternsOf(query) },
  { name: 'priorities', type: INTEGER_ARRAY, from: ({ query }) => bitsOf(query) },
  // `due` as a range of sort keys.
  { name: 'due_from', type: TEXT_ARRAY, from: ({ query: { due } }) => dueRange(due)?.[0] ?? null },
  { name: 'due_to', type: TEXT_ARRAY, from: ({ query: { due } }) => dueRange(due)?.[1] ?? null },
  { name: 'key', type: TEXT_ARRAY, from: ({ query }) => query.after?.key ?? null },
  { name: 'id', type: UUID_ARRAY, from: ({ query }) => query.after?.id ?? null },
  {
    name: 'max_rows',
    type: INTEGER_ARRAY,
    // One row more than requested shows whether there is another page.
    from: ({ query: { limit } }) => limit && limit + 1,
  },
]

// Greater than `NO_DUE`.
const END = '~~'

/** Which sort keys `due` may have: from one, up to but without another. */
function dueRange(due: TaskQuery['due']): [from: string, to: string] | null {
  if (due === null) return null
  return due === 'none' ? [NO_DUE, END] : [due.after ?? '', due.before ?? NO_DUE]
}

const CONDITIONS = [
  'user_id = call.owner',
  '(deleted_at is not null) = call.is_deleted',
  'not erased',
  '(call.is_done is null or completed = call.is_done)',
  '(call.has_list is null or (list_id is not null) = call.has_list)',
  '(call.list is null or list_id = call.list)',
  '(call.has_parent is null or (parent_id is not null) = call.has_parent)',
  '(call.parent is null or parent_id = call.parent)',
  '(call.priorities is null or (call.priorities & (1 << priority)) <> 0)',
  `(call.due_from is null or (
    coalesce(due, '${NO_DUE}') >= call.due_from and coalesce(due, '${NO_DUE}') < call.due_to))`,
  '(call.tags is null or tag_keys like all (patterns.tags))',
  '(call.words is null or folded like all (patterns.words))',
]

const IS_LONG = `(
  call.max_rows is null and call.longest is not null
  and (call.is_deleted or coalesce(live > call.longest, false)))`

/**
 * One form for all filters, because they combine in too many ways. It reads the owner's tasks by their key,
 * since no index would serve most of the combinations. Whether a list or a parent exists is not asked with
 * `exists`, for which the planner may read the whole table.
 */
export function createFilteredForm(sort: Sort): Form {
  const { expression, type, isDescending } = sorts[sort]
  const [direction, comparison] = isDescending ? ['desc', '<'] : ['asc', '>']
  const names = [...PARAMETERS.map(({ name }) => name), 'longest']
  const text = `
    select call.number, epoch, sequence, horizon, ${IS_LONG} as is_long, count, page,
      call.list is not null and (
        select true from lists
        where lists.user_id = call.owner and lists.id = call.list and lists.deleted_at is null
      ) is null as unknown_list,
      call.parent is not null and (
        select true from tasks
        where tasks.user_id = call.owner and tasks.id = call.parent and not tasks.erased
          and (tasks.deleted_at is null or call.is_deleted)
      ) is null as unknown_parent
    from ${callsOf(names)},
      lateral (
        select string_to_array(call.words, ' ') as words,
          string_to_array(call.tags, '${SEPARATOR}') as tags
        offset 0
      ) as patterns
    left join lateral (select * from owners where user_id = call.owner limit 1) as owner on true
    left join lateral (
      with matching as materialized (
        select id, ${expression} as key from tasks where ${CONDITIONS.join(' and ')}
      )
      select (select count(*)::integer from matching) as count, (
        select json_agg(${TASK}) from (
          select tasks.* from (
            select * from matching
            where call.key is null
              or (matching.key, matching.id) ${comparison} (call.key::${type}, call.id)
            order by key ${direction}, id ${direction} limit call.max_rows
          ) as row, lateral (
            select * from tasks where user_id = call.owner and tasks.id = row.id limit 1
          ) as tasks
          order by row.key ${direction}, row.id ${direction}
        ) as task
      ) as page
      where not ${IS_LONG}
    ) as result on true`
  const types = [...PARAMETERS.map(({ type }) => type), INTEGER_ARRAY]
  return { statement: { text, types }, parameters: PARAMETERS }
}
