import type { List, Task, TaskChange } from '../types.ts'
import { isTask } from './members.ts'
import type { Data, Entries, Update } from './replica.ts'

/** What the copy becomes when these changes are taken over. A snapshot replaces it. */
export function takingOver(
  { items, trash, position }: Data,
  changes: readonly TaskChange[],
  cursor: string,
  isSnapshot: boolean,
): Update {
  const entries: Entries = new Map()
  const arrived = [...position.arrived]
  if (isSnapshot) for (const id of items.keys()) entries.set(`items:${id}`, undefined)
  for (const change of changes) {
    const item = itemOf(change)
    if (item) {
      const { id } = item
      entries.set(`items:${id}`, item)
      if (trash.has(id)) entries.set(`trash:${id}`, undefined)
      // Perhaps the request without a response has created it.
      if (position.sent && !items.has(id)) arrived.push(id)
    } else if (change.type === 'delete' || change.type === 'list_deleted') {
      const { id, deleted_at } = change
      const known = items.get(id)
      entries.set(`items:${id}`, undefined)
      if (known && isTask(known)) entries.set(`trash:${id}`, { ...known, deleted_at })
      // A task in the trash that is deleted once more is deleted permanently.
      else if (trash.get(id)?.deleted_at !== deleted_at) entries.set(`trash:${id}`, undefined)
    }
  }
  return { entries, position: { cursor, arrived } }
}

function itemOf(change: TaskChange): Task | List | null {
  return change.type === 'upsert' ? change.task : change.type === 'list' ? change.list : null
}
