import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { List } from '../../core/list.ts'
import { Task } from '../../core/task.ts'

const TaskChange = Type.Union([
  Type.Object({ type: Type.Literal('list'), list: List }, { additionalProperties: false }),
  Type.Object(
    { type: Type.Literal('list_deleted'), id: Type.String(), deleted_at: Type.String() },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal('upsert'), task: Task }, { additionalProperties: false }),
  Type.Object(
    { type: Type.Literal('delete'), id: Type.String(), deleted_at: Type.String() },
    { additionalProperties: false },
  ),
])
export type TaskChange = Static<typeof TaskChange>

const change = Compile(TaskChange)
const page = Compile(
  Type.Object(
    { changes: Type.Array(TaskChange), next_cursor: Type.String(), has_more: Type.Boolean() },
    { additionalProperties: false },
  ),
)

/** Reads the change in an event. Throws if it is something else. */
export function asChange(data: unknown): TaskChange {
  return change.Parse(data)
}

/** Names a change: the text of the task, the name of the list, or `-` and the id of a deleted one. */
export function nameOf(one: TaskChange): string {
  if (one.type === 'upsert') return one.task.text
  return one.type === 'list' ? one.list.name : `-${one.id}`
}

/** Reads the changes in a response. Throws if the body is something else. */
export async function readChanges(response: Response) {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const { changes, next_cursor: cursor, has_more: hasMore } = page.Parse(await response.json())
  return { changes, names: changes.map(nameOf), cursor, hasMore }
}
