import type { ItemChange, ListChange, TaskChange } from '../../core/draft.ts'
import { searchableText } from '../../core/search.ts'
import { PRIORITIES, type Task, tagKey } from '../../core/task.ts'
import {
  BOOLEAN_ARRAY,
  INTEGER_ARRAY,
  JSONB_ARRAY,
  TEXT_ARRAY,
  UUID_ARRAY,
} from './connection/statement.ts'

/** A column that writes store: the type of its array parameter, a cast for the elements, and its value. */
export interface Column<Item> {
  readonly name: string
  readonly type: number
  readonly cast?: string
  readonly from: (item: Item) => string | number | boolean | null
}

type Times<Name extends string> = { readonly [Key in Name]?: string | null }

function time<Name extends string>(name: Name): Column<ItemChange<Times<Name>>> {
  return {
    name,
    type: TEXT_ARRAY,
    cast: 'timestamptz',
    from: ({ after }) => after[name] ?? null,
  }
}

type Kept = Pick<Task, 'id' | 'order' | 'version'>

const ID: Column<ItemChange<Kept>> = { name: 'id', type: UUID_ARRAY, from: ({ after }) => after.id }
const ORDER: Column<ItemChange<Kept>> = {
  name: '"order"',
  type: INTEGER_ARRAY,
  from: ({ after }) => after.order,
}
const VERSION: Column<ItemChange<Kept>> = {
  name: 'version',
  type: INTEGER_ARRAY,
  from: ({ after }) => after.version,
}

export const CREATED_AT = time('created_at')

/** The columns of a task that a write may change, and its id. A new task stores `CREATED_AT` too. */
export const TASK_COLUMNS: readonly Column<TaskChange>[] = [
  ID,
  { name: 'text', type: TEXT_ARRAY, from: ({ after }) => after.text },
  {
    name: 'folded',
    type: TEXT_ARRAY,
    // `null` keeps the stored value.
    from: ({ before, after }) => (isFoundLike(after, before) ? null : searchableText(after)),
  },
  { name: 'completed', type: BOOLEAN_ARRAY, from: ({ after }) => after.completed },
  ORDER,
  VERSION,
  time('updated_at'),
  time('completed_at'),
  time('deleted_at'),
  { name: 'erased', type: BOOLEAN_ARRAY, from: ({ isErased }) => isErased },
]

/** The columns of a list, like `TASK_COLUMNS`. */
export const LIST_COLUMNS: readonly Column<ListChange>[] = [
  ID,
  { name: 'name', type: TEXT_ARRAY, from: ({ after }) => after.name },
  { name: 'color', type: TEXT_ARRAY, from: ({ after }) => after.color },
  ORDER,
  VERSION,
  time('updated_at'),
  time('deleted_at'),
]

/** Whether searches find a task by the same words as its stored state. */
function isFoundLike(task: Task, stored: Task | null): boolean {
  return (
    stored !== null &&
    task.text === stored.text &&
    task.description === stored.description &&
    (task.tags === stored.tags || task.tags.join('\n') === stored.tags.join('\n'))
  )
}

/**
 * The values of `DETAIL_COLUMNS` in one parameter, because each parameter costs time; `null` for a plain
 * task. JSON in text columns is a string here.
 */
export const TASK_DETAILS: Column<TaskChange> = {
  name: 'details',
  type: JSONB_ARRAY,
  from: ({ after }) => (isPlain(after) ? null : JSON.stringify(detailsOf(after))),
}

/** The columns that `TASK_DETAILS` holds, and how to take each out of it. */
export const DETAIL_COLUMNS: readonly { readonly name: string; readonly value: string }[] = [
  { name: 'description', value: `new.details->>'description'` },
  { name: 'due', value: `new.details->>'due'` },
  { name: 'time_zone', value: `new.details->>'time_zone'` },
  { name: 'priority', value: `coalesce((new.details->>'priority')::smallint, 0)` },
  { name: 'tags', value: `new.details->>'tags'` },
  { name: 'tag_keys', value: `new.details->>'tag_keys'` },
  { name: 'list_id', value: `(new.details->>'list_id')::uuid` },
  { name: 'parent_id', value: `(new.details->>'parent_id')::uuid` },
  { name: 'recurrence', value: `new.details->>'recurrence'` },
  { name: 'successor_id', value: `(new.details->>'successor_id')::uuid` },
  { name: 'deleted_with_parent', value: `(new.details->>'deleted_with_parent')::boolean` },
  { name: 'undo', value: `new.details->>'undo'` },
]

function isPlain(task: Task): boolean {
  return (
    task.description === null &&
    task.due === null &&
    task.priority === 'none' &&
    task.tags.length === 0 &&
    task.list_id === null &&
    task.parent_id === null &&
    task.recurrence === null &&
    task.successor_id === null &&
    !task.deleted_with_parent &&
    !task.undo
  )
}

function detailsOf(task: Task): Record<string, string | number | boolean | null> {
  const { description, due, time_zone, tags, list_id, parent_id, successor_id } = task
  const asJson = (value: object | null | undefined) => (value ? JSON.stringify(value) : null)
  return {
    description,
    due,
    time_zone,
    priority: PRIORITIES.indexOf(task.priority),
    tags: tags.length === 0 ? null : JSON.stringify(tags),
    tag_keys: tags.length === 0 ? null : `\n${tags.map(tagKey).join('\n')}\n`,
    list_id,
    parent_id,
    recurrence: asJson(task.recurrence),
    successor_id,
    deleted_with_parent: task.deleted_with_parent ?? null,
    undo: asJson(task.undo),
  }
}
