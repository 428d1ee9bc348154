import type { OwnerRecord, RememberedCall } from '../../core/calls.ts'
import type { TaskChange } from '../../core/draft.ts'
import type { Owner } from '../../core/owner.ts'
import {
  arrayOf,
  BIGINT_ARRAY,
  INTEGER_ARRAY,
  type Statement,
  TEXT_ARRAY,
  UUID_ARRAY,
  type Value,
} from './connection/statement.ts'
import type { Transaction } from './connection/transaction.ts'
import { CHANGING_COLUMNS, CREATED_AT, ID, TASK, type TaskRow, toTask } from './rows.ts'
import type { Need, WorkingSet } from './working-set.ts'

// Each part of the statement has its own parameters. `limit 1` makes the planner look up each task by its
// key instead of joining.
const LOOK_UP = `
  select 'task' as kind, need.number, task.result
  from unnest((select $1::text[]), (select $2::uuid[])) with ordinality as need (owner, id, number),
    lateral (
      select ${TASK} as result from tasks
      where tasks.user_id = need.owner and tasks.id = need.id and not erased limit 1
    ) as task`

const FIND = { text: LOOK_UP, types: [TEXT_ARRAY, UUID_ARRAY] }

function rangePart(direction: 'following' | 'preceding', first: number): string {
  const parameters = ['text', 'uuid', 'integer', 'integer']
  const arrays = parameters.map((type, index) => `(select $${first + index}::${type}[])`)
  // Every order is an integer, so a bigint can be beyond all of them.
  const [compare, sort, end] =
    direction === 'following' ? ['>', 'asc', '-2147483649'] : ['<', 'desc', '2147483648']
  return `
    select '${direction}', need.number, neighbours.result
    from unnest(${arrays.join()}) with ordinality as need (owner, id, task_order, count, number),
      lateral (
        select case
          when need.id is null then ${end}
          else coalesce(need.task_order, (
            select "order" from tasks where tasks.user_id = need.owner and tasks.id = need.id
          ))
        end as task_order
      ) as start,
      lateral (
        select json_agg(${TASK}) as result from (
          select tasks.* from tasks
          where tasks.user_id = need.owner and not tasks.erased and (tasks."order", tasks.id) ${compare}
            (start.task_order, coalesce(need.id, '00000000-0000-0000-0000-000000000000'))
          order by tasks."order" ${sort}, tasks.id ${sort} limit need.count
        ) as task
      ) as neighbours`
}

const READ = {
  text: `${LOOK_UP}
    union all ${rangePart('following', 3)}
    union all ${rangePart('preceding', 7)}
    union all
    select 'completed', need.number, (
      select json_agg(${TASK}) from (
        select tasks.* from tasks
        where tasks.user_id = need.owner and tasks.completed and tasks.deleted_at is null
        limit need.count
      ) as task)
    from unnest((select $11::text[]), (select $12::integer[])) with ordinality
      as need (owner, count, number)
    union all
    select 'call', need.number, call.result
    from unnest((select $13::text[]), (select $14::text[])) with ordinality
      as need (owner, key, number),
      lateral (
        select json_build_object('fingerprint', fingerprint,
          'madeAt', to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'outcomes', outcomes) as result
        from remembered_calls
        where remembered_calls.user_id = need.owner and remembered_calls.key = need.key limit 1
      ) as call`,
  types: [
    TEXT_ARRAY,
    UUID_ARRAY,
    ...[TEXT_ARRAY, UUID_ARRAY, INTEGER_ARRAY, INTEGER_ARRAY],
    ...[TEXT_ARRAY, UUID_ARRAY, INTEGER_ARRAY, INTEGER_ARRAY],
    ...[TEXT_ARRAY, INTEGER_ARRAY],
    ...[TEXT_ARRAY, TEXT_ARRAY],
  ],
}

/** The data for one need. `number` is the need's number among those of its kind, from 1. */
interface NeedRow {
  readonly kind: 'task' | 'following' | 'preceding' | 'completed' | 'call'
  readonly number: string
  readonly result: unknown
}

// The greatest 32-bit integer. To read all tasks, the rules pass an even greater count.
const MAX_ROWS = 2_147_483_647

/** Data to load into an owner's working set. */
export type OwnedNeed = Need & { readonly owner: Owner }

/** Loads what the rules need into the owners' working sets. */
export async function load(
  { send }: Pick<Transaction, 'send'>,
  needs: readonly OwnedNeed[],
  sets: ReadonlyMap<Owner, WorkingSet>,
): Promise<void> {
  if (needs.length === 0) return
  const tasks = needs.filter((need) => need.kind === 'task')
  const ranges = needs.filter((need) => need.kind === 'neighbours')
  const following = ranges.filter(({ range }) => range.direction === 'following')
  const preceding = ranges.filter(({ range }) => range.direction === 'preceding')
  const completed = needs.filter((need) => need.kind === 'completed')
  const calls = needs.filter((need) => need.kind === 'call')

  const owners = (some: readonly OwnedNeed[]) => arrayOf(some.map(({ owner }) => owner))
  const rangeValues = (some: typeof ranges) => [
    owners(some),
    arrayOf(some.map(({ range: { from } }) => from?.id ?? null)),
    arrayOf(some.map(({ range: { from } }) => (from && 'order' in from ? from.order : null))),
    arrayOf(some.map(({ count }) => Math.min(count, MAX_ROWS))),
  ]
  const taskValues = [owners(tasks), arrayOf(tasks.map(({ id }) => id))]
  const rows =
    tasks.length === needs.length
      ? await send<NeedRow>(FIND, taskValues)
      : await send<NeedRow>(READ, [
          ...taskValues,
          ...rangeValues(following),
          ...rangeValues(preceding),
          owners(completed),
          arrayOf(completed.map(({ count }) => count)),
          owners(calls),
          arrayOf(calls.map(({ key }) => key)),
        ])

  const results = new Map(rows.map((row) => [`${row.kind} ${row.number}`, row.result]))
  // The casts match what each part of the statement selects.
  const taskAt = (index: number) => results.get(`task ${index + 1}`) as TaskRow | undefined
  const tasksAt = (kind: NeedRow['kind'], index: number) =>
    ((results.get(`${kind} ${index + 1}`) ?? []) as readonly TaskRow[]).map(toTask)
  const callAt = (index: number) =>
    results.get(`call ${index + 1}`) as Omit<RememberedCall, 'key'> | undefined

  for (const [index, { owner, id }] of tasks.entries()) {
    const row = taskAt(index)
    sets.get(owner)?.addTask(id, row ? toTask(row) : null)
  }
  for (const some of [following, preceding])
    for (const [index, { owner, range, count }] of some.entries())
      sets.get(owner)?.addNeighbours(range, count, tasksAt(range.direction, index))
  for (const [index, { owner, count }] of completed.entries())
    sets.get(owner)?.addCompleted(count, tasksAt('completed', index))
  for (const [index, { owner, key }] of calls.entries()) {
    const call = callAt(index)
    sets.get(owner)?.addCall(key, call ? { key, ...call } : null)
  }
}

/** What to store for one owner. */
export interface OwnerEffect {
  readonly owner: Owner
  readonly before: OwnerRecord
  readonly record: OwnerRecord
  readonly changes: readonly TaskChange[]
  readonly remember: readonly RememberedCall[]
}

interface Parameter<Item> {
  readonly name: string
  readonly type: number
  readonly cast?: string
  readonly from: (item: Item) => string | number | boolean | null
}

type OwnedChange = TaskChange & Pick<OwnerEffect, 'owner' | 'record'>

/** One part of the statement that stores effects. */
interface Part<Item> {
  readonly parameters: readonly Parameter<Item>[]
  /** @param rows a query that returns one row per item, with the parameters as columns. */
  readonly sql: (rows: string) => string
}

const CHANGE_KEY: readonly Parameter<OwnedChange>[] = [
  { name: 'user_id', type: TEXT_ARRAY, from: ({ owner }) => owner },
  { ...ID, from: ({ task }) => task.id },
  { name: 'sequence', type: BIGINT_ARRAY, from: ({ record }) => record.sequence },
]

function fromChange(column: (typeof CHANGING_COLUMNS)[number]): Parameter<OwnedChange> {
  return {
    ...column,
    from: ({ before, task, isErased }) =>
      column.from({ task, isErased, storedText: before?.text ?? null }),
  }
}

const NEW_TASK = [...CHANGE_KEY, ...[CREATED_AT, ...CHANGING_COLUMNS].map(fromChange)]
const CHANGED_TASK = [...CHANGE_KEY, ...CHANGING_COLUMNS.map(fromChange)]

function namesOf(parameters: readonly { readonly name: string }[]): string {
  return parameters.map(({ name }) => name).join()
}

function assignments(columns: readonly { readonly name: string }[], from: string): string {
  return columns.map(({ name }) => `${name} = ${from}.${name}`).join()
}

const ASSIGNED = CHANGING_COLUMNS.filter(({ name }) => name !== 'folded')

const insertTasks: Part<OwnedChange> = {
  parameters: NEW_TASK,
  sql: (rows) => `insert into tasks (${namesOf(NEW_TASK)}) ${rows}`,
}

const updateTasks: Part<OwnedChange> = {
  parameters: CHANGED_TASK,
  sql: (rows) => `
    update tasks set sequence = new.sequence, folded = coalesce(new.folded, tasks.folded),
      ${assignments(ASSIGNED, 'new')}
    from (${rows}) as new where tasks.user_id = new.user_id and tasks.id = new.id`,
}

const OWNER_COLUMNS: readonly Parameter<OwnerEffect>[] = [
  { name: 'user_id', type: TEXT_ARRAY, from: ({ owner }) => owner },
  { name: 'epoch', type: TEXT_ARRAY, from: ({ record }) => record.epoch },
  { name: 'sequence', type: BIGINT_ARRAY, from: ({ record }) => record.sequence },
  { name: 'live', type: INTEGER_ARRAY, from: ({ record }) => record.live },
  { name: 'top', type: INTEGER_ARRAY, from: ({ record }) => record.top },
]

const insertOwners: Part<OwnerEffect> = {
  parameters: OWNER_COLUMNS,
  sql: (rows) => `insert into owners (${namesOf(OWNER_COLUMNS)}) ${rows}`,
}

const updateOwners: Part<OwnerEffect> = {
  parameters: OWNER_COLUMNS,
  sql: (rows) => `
    update owners set ${assignments(OWNER_COLUMNS.slice(1), 'new')}
    from (${rows}) as new where owners.user_id = new.user_id`,
}

type OwnedCall = RememberedCall & Pick<OwnerEffect, 'owner'>

const CALL_COLUMNS: readonly Parameter<OwnedCall>[] = [
  { name: 'user_id', type: TEXT_ARRAY, from: ({ owner }) => owner },
  { name: 'key', type: TEXT_ARRAY, from: ({ key }) => key },
  { name: 'fingerprint', type: TEXT_ARRAY, from: ({ fingerprint }) => fingerprint },
  { name: 'made_at', type: TEXT_ARRAY, cast: 'timestamptz', from: ({ madeAt }) => madeAt },
  {
    name: 'outcomes',
    type: TEXT_ARRAY,
    cast: 'json',
    from: ({ outcomes }) => JSON.stringify(outcomes),
  },
]

const rememberCalls: Part<OwnedCall> = {
  parameters: CALL_COLUMNS,
  sql: (rows) => `
    insert into remembered_calls (${namesOf(CALL_COLUMNS)}) ${rows}
    on conflict (user_id, key) do update set ${assignments(CALL_COLUMNS.slice(2), 'excluded')}`,
}

/**
 * The statement that stores effects. It has one form for each combination of parts, so the server prepares
 * only a few. No row may be in two parts, because PostgreSQL would apply only one of them.
 */
export function storeStatement(effects: readonly OwnerEffect[]): {
  readonly statement: Statement
  readonly values: Value[]
} {
  const parts: string[] = []
  const types: number[] = []
  const values: Value[] = []

  function add<Item>({ parameters, sql }: Part<Item>, items: readonly Item[]): void {
    if (items.length === 0) return
    const arrays = parameters.map((_, index) => `(select $${types.length + index + 1})`)
    const columns = parameters.map(({ name, cast }) => (cast ? `${name}::${cast}` : name))
    const rows = `select ${columns.join()} from unnest(${arrays.join()}) as item (${namesOf(parameters)})`
    parts.push(`part${parts.length} as (${sql(rows)})`)
    for (const { type, from } of parameters) {
      types.push(type)
      values.push(arrayOf(items.map(from)))
    }
  }

  const changes = effects.flatMap(({ owner, record, changes }) =>
    changes.map((change) => ({ ...change, owner, record })),
  )
  const [created, changed] = partition(changes, ({ before }) => before === null)
  const written = effects.filter(({ record, before }) => record !== before)
  const [newOwners, owners] = partition(written, ({ before }) => before.epoch === '')
  add(insertTasks, created)
  add(updateTasks, changed)
  add(insertOwners, newOwners)
  add(updateOwners, owners)
  add(
    rememberCalls,
    effects.flatMap(({ owner, remember }) => remember.map((call) => ({ ...call, owner }))),
  )
  return { statement: { text: `with ${parts.join()} select`, types }, values }
}

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
