import type { List, ListPatch, Task, TaskPatch } from './types.ts'

/** Whether a task is as a change wants it. Only the members that the service takes from a body count. */
export function isTaskAsWanted(task: Task, wanted: TaskPatch): boolean {
  const { text, completed, description, due, time_zone, priority, tags } = wanted
  const { list_id, parent_id, recurrence } = wanted
  // A completed task hands its recurrence on to its successor.
  const isHandedOn = completed && task.completed && !task.recurrence && task.successor_id !== null
  return hasMembers(
    { ...task, recurrence: partsOf(task.recurrence) },
    {
      text,
      completed,
      description: description === '' ? null : description,
      due,
      time_zone,
      priority: priority === null ? 'none' : priority,
      tags: tags === null ? [] : tags,
      list_id: list_id?.toLowerCase() ?? list_id,
      parent_id: parent_id?.toLowerCase() ?? parent_id,
      recurrence: isHandedOn && recurrence ? null : partsOf(recurrence),
    },
  )
}

/** Whether a list is as a change wants it. */
export function isListAsWanted(list: List, { name, color }: ListPatch): boolean {
  return hasMembers(list, { name, color })
}

function partsOf(recurrence: TaskPatch['recurrence']) {
  return recurrence && [recurrence.rule, recurrence.from ?? 'due']
}

/** Whether an item has all these members, except those that are `undefined`. */
function hasMembers(item: object, members: object): boolean {
  const values = new Map(Object.entries(item))
  return Object.entries(members).every(
    ([name, wanted]) =>
      wanted === undefined || JSON.stringify(values.get(name)) === JSON.stringify(wanted),
  )
}
