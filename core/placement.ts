import type { Draft } from './draft.ts'
import { isLive, type Task, type TaskPatch } from './task.ts'

export const MAX_SUBTASKS = 100

/** The list and the parent of a task. */
export type Place = Pick<Task, 'list_id' | 'parent_id'>

/**
 * Where a new task goes.
 *
 * @param problems gets one `member: what is wrong` for each member that is wrong.
 */
export function placeOfNew(draft: Draft, wanted: Partial<Place>, problems: string[]): Place {
  const { list_id = null, parent_id = null } = wanted
  if (parent_id === null) {
    checkList(draft, list_id, problems)
    return { list_id, parent_id }
  }
  const parent = parentIn(draft, parent_id, problems)
  if (parent && list_id !== null && list_id !== parent.list_id)
    problems.push('list_id: must be the list of the parent, or absent')
  return { list_id: parent?.list_id ?? null, parent_id }
}

/** Where a task is after a patch. Its list and its parent are judged together. */
export function placeAfter(draft: Draft, task: Task, patch: TaskPatch, problems: string[]): Place {
  const { list_id = task.list_id, parent_id = task.parent_id } = patch
  const movesList = list_id !== task.list_id
  const movesParent = parent_id !== task.parent_id
  const place = { list_id, parent_id }
  if (parent_id === null) {
    if (movesList) checkList(draft, list_id, problems)
  } else if (movesParent) {
    const parent = parent_id === task.id ? null : parentIn(draft, parent_id, problems)
    if (parent_id === task.id) problems.push('parent_id: must be the id of another task')
    else if (parent && draft.tasks.subtasks([task.id]).some(isLive))
      problems.push('parent_id: must be null for a task that has subtasks')
    if (parent && parent.list_id !== list_id) problems.push(differentList(patch))
  } else if (movesList) {
    problems.push(
      'list_id: must be the list of the parent; to move a subtask, move its parent, or set parent_id to null too',
    )
  }
  return place
}

function differentList(patch: TaskPatch): string {
  return patch.list_id === undefined
    ? 'parent_id: must be the id of a task in the same list'
    : 'list_id: must be the list of the parent'
}

/** Where a task goes when it leaves the trash. */
export function placeOfRestored(draft: Draft, task: Task): Place {
  const parent = task.parent_id === null ? null : draft.tasks.find(task.parent_id)
  if (parent && canBeParent(parent) && hasRoom(draft, parent))
    return { list_id: parent.list_id, parent_id: parent.id }
  const list = task.list_id === null ? null : draft.lists.find(task.list_id)
  return { list_id: list?.id ?? null, parent_id: null }
}

function checkList(draft: Draft, list: string | null, problems: string[]): void {
  if (list !== null && !draft.lists.find(list))
    problems.push('list_id: must be the id of one of your lists')
}

function parentIn(draft: Draft, id: string, problems: string[]): Task | null {
  const parent = draft.tasks.find(id)
  if (!parent || !canBeParent(parent)) {
    problems.push(
      parent && isLive(parent)
        ? 'parent_id: must be the id of a task that has no parent itself'
        : 'parent_id: must be the id of one of your tasks',
    )
    return null
  }
  if (hasRoom(draft, parent)) return parent
  problems.push(`parent_id: must be the id of a task with fewer than ${MAX_SUBTASKS} subtasks`)
  return null
}

function canBeParent(task: Task): boolean {
  return isLive(task) && task.parent_id === null
}

function hasRoom(draft: Draft, parent: Task): boolean {
  return draft.tasks.subtasks([parent.id]).filter(isLive).length < MAX_SUBTASKS
}
