import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { Task } from '../../core/task.ts'

const TaskChange = Type.Union([
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

/** Names a change: the text of the task, or `-` and the id of a deleted task. */
export function nameOf(one: TaskChange): string {
  return one.type === 'upsert' ? one.task.text : `-${one.id}`
}

/** Reads the changes in a response. Throws if the body is something else. */
export async function readChanges(response: Response) {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  const { changes, next_cursor: cursor, has_more: hasMore } = page.Parse(await response.json())
  return { changes, names: changes.map(nameOf), cursor, hasMore }
}
