import type { RememberedCall } from '../../core/calls.ts'
import type { Owner } from '../../core/owner.ts'
import {
  arrayOf,
  INTEGER_ARRAY,
  type Statement,
  TEXT_ARRAY,
  UUID_ARRAY,
} from './connection/statement.ts'
import type { Transaction } from './connection/transaction.ts'
import { LIST, type ListRow, toList } from './list-rows.ts'
import { TASK, type TaskRow, toTask } from './rows.ts'
import type { Need, WorkingSet } from './working-set.ts'

/** Data to load into an owner's working set. */
export type OwnedNeed = Need & { readonly owner: Owner }

/** What one part of the statement looks up, for each row of its parameters. */
interface Part {
  /** The array parameters, after the one with the owners. */
  readonly columns: readonly { readonly name: string; readonly type: number }[]
  /** A table expression with at most one row, which has a column `result`. */
  readonly source: string
}

type Kind = keyof typeof PARTS

const ID = { name: 'id', type: UUID_ARRAY }
const COUNT = { name: 'count', type: INTEGER_ARRAY }
const KEY = { name: 'key', type: TEXT_ARRAY }
const RANGE = [ID, { name: 'task_order', type: INTEGER_ARRAY }, COUNT]

// `limit 1` and `offset 0` make the planner look up rows by their key instead of joining.
const PARTS = {
  task: {
    columns: [ID],
    source: `(
      select ${TASK} as result from tasks
      where tasks.user_id = need.owner and tasks.id = need.id and not erased limit 1
    ) as task`,
  },
  subtasks: {
    columns: [ID],
    source: `(
      select json_agg(${TASK}) as result from tasks
      where tasks.user_id = need.owner and tasks.parent_id = need.id and not erased
    ) as subtasks`,
  },
  list: {
    columns: [ID],
    source: `(
      select ${LIST} as result from lists
      where lists.user_id = need.owner and lists.id = need.id and lists.deleted_at is null limit 1
    ) as list`,
  },
  following: { columns: RANGE, source: neighbours('>', 'asc', '-2147483649') },
  preceding: { columns: RANGE, source: neighbours('<', 'desc', '2147483648') },
  completed: {
    columns: [COUNT],
    source: `(
      with completed as materialized (
        ${completed('is null')} union all ${completed('is not null')} limit need.count
      )
      select json_build_array(
        (select json_agg(${TASK}) from completed),
        (select json_agg(${TASK}) from (
          select subtask.* from completed, lateral (
            select * from tasks
            where tasks.user_id = need.owner and tasks.parent_id = completed.id and not tasks.erased
            offset 0
          ) as subtask
          where completed.parent_id is null
        ) as task)) as result
    ) as completed`,
  },
  call: {
    columns: [KEY],
    source: `(
      select json_build_object('fingerprint', fingerprint,
        'madeAt', to_char(made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'outcomes', outcomes) as result
      from remembered_calls
      where remembered_calls.user_id = need.owner and remembered_calls.key = need.key limit 1
    ) as call`,
  },
  lists: {
    columns: [],
    source: `(
      select json_agg(${LIST}) as result from lists
      where lists.user_id = need.owner and lists.deleted_at is null
    ) as lists`,
  },
  in_list: {
    columns: [ID],
    source: `(
      select json_agg(${TASK}) as result from tasks
      where tasks.user_id = need.owner and tasks.list_id = need.id and tasks.deleted_at is null
    ) as in_list`,
  },
} as const satisfies Record<string, Part>

/** Reads by the key until there are enough. To sort tasks with and without a parent, it would read all. */
function completed(parent: 'is null' | 'is not null'): string {
  return `(
    select tasks.* from tasks
    where tasks.user_id = need.owner and tasks.completed and tasks.deleted_at is null
      and tasks.parent_id ${parent}
    order by tasks.id limit need.count
  )`
}

/** @param end beyond every order: those are integers, and this is a bigint. */
function neighbours(compare: string, direction: string, end: string): string {
  return `
    (
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
        order by tasks."order" ${direction}, tasks.id ${direction} limit need.count
      ) as task
    ) as neighbours`
}

/** A statement with some of the parts, each with its own parameters. */
interface Form {
  readonly kinds: readonly Kind[]
  readonly statement: Statement
}

// Few, so that the server prepares only a few; the first that has all parts is used.
const FORMS = [
  formOf(['task']),
  formOf(['task', 'subtasks']),
  formOf(['task', 'subtasks', 'list']),
  formOf(['task', 'following', 'preceding', 'completed', 'call']),
]
const WHOLE = formOf([
  'task',
  'following',
  'preceding',
  'completed',
  'call',
  'subtasks',
  'list',
  'lists',
  'in_list',
])

function columnsOf(kind: Kind): Part['columns'] {
  return [{ name: 'owner', type: TEXT_ARRAY }, ...PARTS[kind].columns]
}

function formOf(kinds: readonly Kind[]): Form {
  const types: number[] = []
  const parts = kinds.map((kind) => {
    const columns = columnsOf(kind)
    const names = columns.map(({ name }) => name).join()
    // See `callsOf`.
    const arrays = columns.map(({ type }) => `(select $${types.push(type)})`)
    return `
      select '${kind}' as kind, need.number, result
      from unnest(${arrays.join()}) with ordinality as need (${names}, number),
        lateral ${PARTS[kind].source}`
  })
  return { kinds, statement: { text: parts.join(' union all '), types } }
}

/** One row of a part's parameters, and what to do with its result. */
interface Question {
  /** After the owner. */
  readonly values: readonly (string | number | null)[]
  /** @param result `null` or absent if nothing was found. */
  readonly answer: (result: unknown) => void
}

interface ResultRow {
  readonly kind: Kind
  /** The number among the questions of this kind, from 1. */
  readonly number: string
  readonly result: unknown
}

/** Loads what the rules need into the owners' working sets. */
export async function load(
  { send }: Pick<Transaction, 'send'>,
  needs: readonly OwnedNeed[],
  sets: ReadonlyMap<Owner, WorkingSet>,
): Promise<void> {
  const questions = new Map<Kind, (Question & { readonly owner: Owner })[]>()
  for (const need of needs) {
    const { owner } = need
    const set = sets.get(owner)
    if (!set) continue
    const kind = need.kind === 'neighbours' ? need.range.direction : need.kind
    const ofKind = questions.get(kind) ?? []
    questions.set(kind, ofKind)
    for (const question of questionsOf(need, set)) ofKind.push({ ...question, owner })
  }
  if (questions.size === 0) return
  const { kinds, statement } =
    FORMS.find((form) => questions.keys().every((kind) => form.kinds.includes(kind))) ?? WHOLE
  const values = kinds.flatMap((kind) => {
    const ofKind = questions.get(kind) ?? []
    return [
      arrayOf(ofKind.map(({ owner }) => owner)),
      ...PARTS[kind].columns.map((_, index) =>
        arrayOf(ofKind.map(({ values }) => values[index] ?? null)),
      ),
    ]
  })
  const rows = await send<ResultRow>(statement, values)
  const results = new Map(rows.map(({ kind, number, result }) => [`${kind} ${number}`, result]))
  for (const [kind, ofKind] of questions)
    for (const [index, { answer }] of ofKind.entries()) answer(results.get(`${kind} ${index + 1}`))
}

// The greatest 32-bit integer. To read all tasks, the rules pass an even greater count.
const MAX_ROWS = 2_147_483_647

function questionsOf(need: Need, set: WorkingSet): Question[] {
  // The casts match what each part of the statement selects.
  switch (need.kind) {
    case 'task': {
      const { id } = need
      const answer = (row: unknown) => set.addTask(id, row ? toTask(row as TaskRow) : null)
      return [{ values: [id], answer }]
    }
    case 'subtasks':
      return need.parents.map((parent) => ({
        values: [parent],
        answer: (rows) => set.addSubtasks(parent, tasksIn(rows)),
      }))
    case 'list': {
      const { id } = need
      const answer = (row: unknown) => set.addList(id, row ? toList(row as ListRow) : null)
      return [{ values: [id], answer }]
    }
    case 'lists':
      return [
        {
          values: [],
          answer: (rows) => set.addLists(((rows ?? []) as readonly ListRow[]).map(toList)),
        },
      ]
    case 'in_list':
      return [{ values: [need.list], answer: (rows) => set.addTasksIn(need.list, tasksIn(rows)) }]
    case 'neighbours': {
      const { range, count } = need
      const { from } = range
      const order = from && 'order' in from ? from.order : null
      const answer = (rows: unknown) => set.addNeighbours(range, count, tasksIn(rows))
      return [{ values: [from?.id ?? null, order, Math.min(count, MAX_ROWS)], answer }]
    }
    case 'completed': {
      const { count } = need
      const answer = (result: unknown) => {
        const [completed, subtasks] = (result ?? []) as readonly unknown[]
        set.addCompleted(count, tasksIn(completed), tasksIn(subtasks))
      }
      return [{ values: [count], answer }]
    }
    case 'call': {
      const { key } = need
      const answer = (call: unknown) =>
        set.addCall(key, call ? { key, ...(call as Omit<RememberedCall, 'key'>) } : null)
      return [{ values: [key], answer }]
    }
  }
}

function tasksIn(rows: unknown) {
  return ((rows ?? []) as readonly TaskRow[]).map(toTask)
}
