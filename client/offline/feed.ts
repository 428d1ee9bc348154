import type { List, Task, TaskChange } from '../types.ts'
import type { Data, Entries } from './replica.ts'

/** What the copy becomes when these changes are taken over. */
export function entriesOf(data: Data, changes: readonly TaskChange[]): Entries {
  const entries: Entries = new Map()
  const current = (id: string): Task | undefined => {
    const key = `task:${id}`
    // Safe: this function sets it.
    return entries.has(key) ? (entries.get(key) as Task | undefined) : data.tasks.get(id)
  }
  for (const change of changes) {
    if (change.type === 'list') entries.set(`list:${change.list.id}`, change.list)
    else if (change.type === 'list_deleted') entries.set(`list:${change.id}`, undefined)
    else if (change.type === 'upsert') {
      entries.set(`task:${change.task.id}`, change.task)
      entries.set(`trash:${change.task.id}`, undefined)
    } else if (change.type === 'delete') {
      const { id, deleted_at } = change
      const task = current(id)
      entries.set(`task:${id}`, undefined)
      if (task) entries.set(`trash:${id}`, { ...task, deleted_at })
      // A task in the trash that is deleted once more is deleted permanently.
      else if (data.trash.get(id)?.deleted_at !== deleted_at) entries.set(`trash:${id}`, undefined)
    }
  }
  return entries
}

/** What the copy becomes when it is replaced by a snapshot. */
export function entriesOfSnapshot(data: Data, changes: readonly TaskChange[]): Entries {
  const entries: Entries = new Map()
  for (const id of data.tasks.keys()) entries.set(`task:${id}`, undefined)
  for (const id of data.lists.keys()) entries.set(`list:${id}`, undefined)
  for (const [key, entry] of entriesOf({ ...data, tasks: new Map() }, changes))
    entries.set(key, entry)
  return entries
}

/** The ids that these changes bring for the first time. */
export function newIds({ tasks, lists, trash }: Data, changes: readonly TaskChange[]): string[] {
  return changes.flatMap((change) => {
    const item: Task | List | null =
      change.type === 'upsert' ? change.task : change.type === 'list' ? change.list : null
    return item && !tasks.has(item.id) && !lists.has(item.id) && !trash.has(item.id)
      ? [item.id]
      : []
  })
}
