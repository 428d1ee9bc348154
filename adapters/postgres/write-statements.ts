import type { OwnerRecord, RememberedCall } from '../../core/calls.ts'
import type { ListChange, TaskChange } from '../../core/draft.ts'
import type { Owner } from '../../core/owner.ts'
import {
  type Column,
  CREATED_AT,
  DETAIL_COLUMNS,
  LIST_COLUMNS,
  TASK_COLUMNS,
  TASK_DETAILS,
} from './columns.ts'
import {
  arrayOf,
  BIGINT_ARRAY,
  INTEGER_ARRAY,
  type Statement,
  TEXT_ARRAY,
  type Value,
} from './connection/statement.ts'

/** What to store for one owner. */
export interface OwnerEffect {
  readonly owner: Owner
  readonly before: OwnerRecord
  readonly record: OwnerRecord
  readonly taskChanges: readonly TaskChange[]
  readonly listChanges: readonly ListChange[]
  readonly remember: readonly RememberedCall[]
}

type Stored = Pick<OwnerEffect, 'owner' | 'record'>
type OwnedChange = TaskChange & Stored

/** One part of the statement that stores effects. */
interface Part<Item> {
  readonly parameters: readonly Column<Item>[]
  /** @param rows a query that returns one row per item, with the parameters as columns. */
  readonly sql: (rows: string) => string
}

const CHANGE_KEY: readonly Column<Stored>[] = [
  { name: 'user_id', type: TEXT_ARRAY, from: ({ owner }) => owner },
  { name: 'sequence', type: BIGINT_ARRAY, from: ({ record }) => record.sequence },
]

const CHANGED_TASK: readonly Column<OwnedChange>[] = [...CHANGE_KEY, ...TASK_COLUMNS]
const NEW_TASK = [...CHANGED_TASK, CREATED_AT]

function namesOf(parameters: readonly { readonly name: string }[]): string {
  return parameters.map(({ name }) => name).join()
}

function assignments(columns: readonly { readonly name: string }[], from: string): string {
  return columns.map(({ name }) => `${name} = ${from}.${name}`).join()
}

const ASSIGNED = TASK_COLUMNS.filter(({ name }) => name !== 'id' && name !== 'folded')

const insertTasks: Part<OwnedChange> = {
  parameters: [...NEW_TASK, TASK_DETAILS],
  sql: (rows) => `
    insert into tasks (${namesOf([...NEW_TASK, ...DETAIL_COLUMNS])})
    select ${namesOf(NEW_TASK)}, ${DETAIL_COLUMNS.map(({ value }) => value).join()}
    from (${rows}) as new`,
}

const updateTasks: Part<OwnedChange> = {
  parameters: [...CHANGED_TASK, TASK_DETAILS],
  sql: (rows) => `
    update tasks set sequence = new.sequence, folded = coalesce(new.folded, tasks.folded),
      ${assignments(ASSIGNED, 'new')},
      ${DETAIL_COLUMNS.map(({ name, value }) => `${name} = ${value}`).join()}
    from (${rows}) as new where tasks.user_id = new.user_id and tasks.id = new.id`,
}

type OwnedListChange = ListChange & Stored

const CHANGED_LIST: readonly Column<OwnedListChange>[] = [...CHANGE_KEY, ...LIST_COLUMNS]
const NEW_LIST = [...CHANGED_LIST, CREATED_AT]

const insertLists: Part<OwnedListChange> = {
  parameters: NEW_LIST,
  sql: (rows) => `insert into lists (${namesOf(NEW_LIST)}) ${rows}`,
}

const updateLists: Part<OwnedListChange> = {
  parameters: CHANGED_LIST,
  sql: (rows) => `
    update lists set ${assignments(CHANGED_LIST, 'new')}
    from (${rows}) as new where lists.user_id = new.user_id and lists.id = new.id`,
}

const OWNER_COLUMNS: readonly Column<OwnerEffect>[] = [
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

const CALL_COLUMNS: readonly Column<OwnedCall>[] = [
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

  const [newTasks, tasks] = partition(
    effects.flatMap(({ owner, record, taskChanges }) =>
      taskChanges.map((change) => ({ ...change, owner, record })),
    ),
    isNew,
  )
  const [newLists, lists] = partition(
    effects.flatMap(({ owner, record, listChanges }) =>
      listChanges.map((change) => ({ ...change, owner, record })),
    ),
    isNew,
  )
  const written = effects.filter(({ record, before }) => record !== before)
  const [newOwners, owners] = partition(written, ({ before }) => before.epoch === '')
  add(insertTasks, newTasks)
  add(updateTasks, tasks)
  add(insertLists, newLists)
  add(updateLists, lists)
  add(insertOwners, newOwners)
  add(updateOwners, owners)
  add(
    rememberCalls,
    effects.flatMap(({ owner, remember }) => remember.map((call) => ({ ...call, owner }))),
  )
  return { statement: { text: `with ${parts.join()} select`, types }, values }
}

function isNew({ before }: { readonly before: unknown }): boolean {
  return before === null
}

function partition<Item>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): [Item[], Item[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))]
}
