import type { List, Task, TaskChange } from '../types.ts'
import { isTask } from './members.ts'
import type { Data, Entries, Update } from './replica.ts'

/** What the copy becomes when these changes are taken over. A snapshot replaces it. */
export function takingOver(
  { items, trash, sent, arrived: known }: Data,
  changes: readonly TaskChange[],
  cursor: string,
  isSnapshot: boolean,
): Update {
  const entries: Entries = new Map()
  const arrived = [...known]
  if (isSnapshot) for (const id of items.keys()) entries.set(`items:${id}`, undefined)
  for (const change of changes) {
    const item = itemOf(change)
    if (item) {
      const { id } = item
      entries.set(`items:${id}`, item)
      if (trash.has(id)) entries.set(`trash:${id}`, undefined)
      // Perhaps the request without a response has created it.
      if (sent && !items.has(id)) arrived.push(id)
    } else if (change.type === 'delete' || change.type === 'list_deleted') {
      const { id, deleted_at } = change
      const task = items.get(id)
      entries.set(`items:${id}`, undefined)
      if (task && isTask(task)) entries.set(`trash:${id}`, { ...task, deleted_at })
      // A task in the trash that is deleted once more is deleted permanently.
      else if (trash.get(id)?.deleted_at !== deleted_at) entries.set(`trash:${id}`, undefined)
    }
  }
  return { entries, cursor, arrived }
}

function itemOf(change: TaskChange): Task | List | null {
  return change.type === 'upsert' ? change.task : change.type === 'list' ? change.list : null
}
