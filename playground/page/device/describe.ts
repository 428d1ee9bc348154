import type { WaitingChange } from '../../../client/offline/types.ts'
import { dueLabel } from '../format.ts'

const MEMBERS: Readonly<Record<string, string>> = {
  text: 'text',
  name: 'name',
  description: 'description',
  completed: 'completion',
  due: 'due date',
  time_zone: 'time zone',
  priority: 'priority',
  tags: 'tags',
  list_id: 'list',
  recurrence: 'repetition',
}

/**
 * Says what a waiting change does, such as `Complete “Buy milk”`.
 *
 * @param name `null` if this device no longer knows it.
 */
export function describeChange(
  { op, members }: Pick<WaitingChange, 'op' | 'members'>,
  name: string | null,
  now: Date,
): string {
  const quoted = name === null ? 'something that is gone' : `“${name}”`
  if (op === 'create' || op === 'create_list') return `Create ${quoted}`
  if (op === 'delete' || op === 'delete_list') return `Delete ${quoted}`
  if (op === 'erase') return `Delete ${quoted} for good`
  if (op === 'restore') return `Restore ${quoted}`
  if (op === 'move' || op === 'move_list') return `Move ${quoted}`
  const names = Object.keys(members)
  const { completed, due } = members
  if (names.length === 1 && typeof completed === 'boolean')
    return `${completed ? 'Complete' : 'Reopen'} ${quoted}`
  if (names.length === 1 && (names[0] === 'text' || names[0] === 'name'))
    return `Rename to “${members[names[0]]}”`
  if (names.length === 1 && typeof due === 'string')
    return `Set ${quoted} to ${dueLabel(due, now).toLowerCase()}`
  return `Change ${names.map((member) => MEMBERS[member] ?? member).join(', ')} of ${quoted}`
}
