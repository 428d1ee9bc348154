import { isFiltered, type TaskQuery } from '../../core/query.ts'
import {
  BOOLEAN_ARRAY,
  callsOf,
  INTEGER_ARRAY,
  TEXT_ARRAY,
  UUID_ARRAY,
} from './connection/statement.ts'
import { type Form, type Parameter, patternsOf, sorts } from './page-form.ts'
import { TASK } from './rows.ts'

/**
 * A form for the filters and sorts of most queries. Each combination has its own, so that the planner can use
 * an index where there is one.
 */
export function createPlainForm(query: TaskQuery): Form {
  const { sort, limit, after, completed, search, deleted } = query
  const parameters: Parameter[] = []
  function add(name: string, type: number, from: Parameter['from']): string {
    parameters.push({ name, type, from })
    // An adopted table may have a column of any name.
    return `call.${name}`
  }

  const ofOwner = `user_id = ${add('owner', TEXT_ARRAY, ({ owner }) => owner)}`
  const conditions = [
    ofOwner,
    deleted ? 'deleted_at is not null and not erased' : 'deleted_at is null',
    // Always true of the others. It lets the planner use the index `tasks_order`.
    ...(sort === 'order' && !deleted ? ['not erased'] : []),
  ]
  if (completed !== null)
    conditions.push(`completed = ${add('is_done', BOOLEAN_ARRAY, ({ query }) => query.completed)}`)
  let patterns = ''
  if (search) {
    // Split once per call, not once per task.
    const texts = add('patterns', TEXT_ARRAY, ({ query }) => patternsOf(query.search ?? []))
    patterns = `, lateral (select string_to_array(${texts}, ' ') as patterns offset 0) as search`
    conditions.push('folded like all (search.patterns)')
  }
  // A filtered page needs a count, too. The filter runs once, and keeps only ids and sort keys.
  const isCounted = isFiltered(query) && (limit !== null || after !== null)
  const { expression: column, type, isDescending } = sorts[sort]
  const source = isCounted ? 'matching' : 'tasks'
  const afterCursor: string[] = []
  if (after) {
    const value = add('key', TEXT_ARRAY, ({ query }) => query.after?.key ?? null)
    const id = add('id', UUID_ARRAY, ({ query }) => query.after?.id ?? null)
    const comparison = isDescending ? '<' : '>'
    afterCursor.push(`(${source}.${column}, ${source}.id) ${comparison} (${value}::${type}, ${id})`)
  }
  const direction = isDescending ? 'desc' : 'asc'
  const orderOf = (rows: string) =>
    `order by ${rows}.${column} ${direction}, ${rows}.id ${direction}`
  // One row more than requested shows whether there is another page.
  const maxRows =
    limit === null
      ? ''
      : `limit ${add('max_rows', INTEGER_ARRAY, ({ query }) => query.limit && query.limit + 1)}`
  const where = (all: readonly string[]) => (all.length > 0 ? `where ${all.join(' and ')}` : '')
  const page = isCounted
    ? `select tasks.*
       from (select * from matching ${where(afterCursor)} ${orderOf('matching')} ${maxRows}) as row,
         lateral (select * from tasks where ${ofOwner} and tasks.id = row.id limit 1) as tasks
       ${orderOf('row')}`
    : `select * from tasks ${where([...conditions, ...afterCursor])} ${orderOf('tasks')} ${maxRows}`
  const matching = isCounted
    ? `with matching as materialized (select id, ${column} from tasks ${where(conditions)})`
    : ''
  const count = isCounted
    ? '(select count(*)::integer from matching)'
    : isFiltered(query)
      ? 'null'
      : 'live'

  const names = [...parameters.map(({ name }) => name), 'longest']
  // The number of tasks in the trash is not known in advance.
  const mayBeLong = deleted ? 'call.longest is not null' : 'coalesce(live > call.longest, false)'
  const isLong = limit === null ? mayBeLong : 'false'
  const text = `
    select call.number, epoch, sequence, horizon, ${isLong} as is_long, count, page
    from ${callsOf(names)}${patterns}
    left join lateral (select * from owners where ${ofOwner} limit 1) as owner on true
    left join lateral (
      ${matching}
      select ${count} as count, (select json_agg(${TASK}) from (${page}) as task) as page
      where not ${isLong}
    ) as result on true`
  const types = [...parameters.map(({ type }) => type), INTEGER_ARRAY]
  return { statement: { text, types }, parameters }
}
