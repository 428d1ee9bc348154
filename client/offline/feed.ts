import type { TaskChange } from '../types.ts'
import type { Data, Entries, Position } from './replica.ts'

/** What the copy becomes when these changes are taken over. */
export function entriesOf({ tasks, trash }: Data, changes: readonly TaskChange[]): Entries {
  const entries: Entries = new Map()
  for (const change of changes)
    if (change.type === 'list') entries.set(`lists:${change.list.id}`, change.list)
    else if (change.type === 'upsert') {
      const { task } = change
      entries.set(`tasks:${task.id}`, task)
      if (trash.has(task.id)) entries.set(`trash:${task.id}`, undefined)
    } else if (change.type === 'list_deleted') entries.set(`lists:${change.id}`, undefined)
    else if (change.type === 'delete') {
      const { id, deleted_at } = change
      const task = tasks.get(id)
      entries.set(`tasks:${id}`, undefined)
      if (task) entries.set(`trash:${id}`, { ...task, deleted_at })
      // A task in the trash that is deleted once more is deleted permanently.
      else if (trash.get(id)?.deleted_at !== deleted_at) entries.set(`trash:${id}`, undefined)
    }
  return entries
}

/** What the copy becomes when it is replaced by a snapshot. */
export function entriesOfSnapshot(data: Data, changes: readonly TaskChange[]): Entries {
  const gone = [
    ...Array.from(data.tasks.keys(), (id) => `tasks:${id}`),
    ...Array.from(data.lists.keys(), (id) => `lists:${id}`),
  ]
  return new Map([...gone.map((key) => [key, undefined] as const), ...entriesOf(data, changes)])
}

/** The position after these changes. Remembers what is new while a request has no response yet. */
export function positionAfter(
  { tasks, lists, position }: Data,
  changes: readonly TaskChange[],
  cursor: string,
): Partial<Position> {
  const arrived = changes.flatMap((change) => {
    const { id } =
      change.type === 'upsert' ? change.task : change.type === 'list' ? change.list : {}
    return id === undefined || tasks.has(id) || lists.has(id) ? [] : id
  })
  return { cursor, arrived: position.sent ? [...position.arrived, ...arrived] : [] }
}
