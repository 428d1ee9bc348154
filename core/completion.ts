import { dayIn } from './calendar.ts'
import type { Draft } from './draft.ts'
import type { Instant } from './item.ts'
import { compareText } from './order.ts'
import { nextDue, ruleProblem } from './recurrence.ts'
import { isLive, type Task, type TaskCreate } from './task.ts'
import { createTask, eraseTask } from './task-changes.ts'
import type { WriteContext } from './writes.ts'

/**
 * Completes a recurring task: adds its successor, with open copies of its subtasks, to the draft.
 *
 * @param task the task, completed already.
 * @returns the task without its recurrence, with what undoing needs.
 */
export function addSuccessor(draft: Draft, task: Task, context: WriteContext): Task {
  const { recurrence, due } = task
  if (recurrence === null || due === null) return task
  const next = nextDue(recurrence, due, dayIn(context.now, task.time_zone))
  if (next === null)
    return { ...task, recurrence: null, successor_id: null, undo: { recurrence, copies: [] } }
  const changed = { due: next.due, recurrence: { ...recurrence, rule: next.rule } }
  const successor = copyOf(task, changed, context)
  draft.tasks.put(null, successor)
  const copies = subtasksToCopy(draft, task).map((subtask) => {
    const copy = copyOf(subtask, { parent_id: successor.id }, context)
    draft.tasks.put(null, copy)
    return copy.id
  })
  return { ...task, recurrence: null, successor_id: successor.id, undo: { recurrence, copies } }
}

/** A new, open task like another one, in the same place of the order. */
function copyOf(task: Task, changed: Partial<TaskCreate>, { now, newId }: WriteContext): Task {
  return createTask(newId(), { ...task, ...changed }, task.order, now)
}

/** Oldest first, so that the copies sort in the same way. Leaves out subtasks that were followed by another. */
function subtasksToCopy(draft: Draft, task: Task): Task[] {
  const subtasks = draft.tasks.subtasks([task.id]).filter(isLive)
  const ids = new Set(subtasks.map(({ id }) => id))
  return subtasks
    .filter(({ successor_id: next }) => next === null || !ids.has(next))
    .sort((a, b) => compareText(a.id, b.id))
}

/**
 * Takes back the completion of a recurring task: erases its successor, unless it was touched.
 *
 * @param task the task, not completed any more.
 * @returns the task, with its recurrence if it was taken back.
 */
export function removeSuccessor(draft: Draft, task: Task, now: Instant): Task {
  const { undo, ...reopened } = task
  if (!undo) return task
  // `due` may have changed since then.
  const { rule } = undo.recurrence
  if (task.due === null || ruleProblem(rule, task.due) !== null) return reopened
  const added = untouchedSuccessor(draft, task.successor_id, undo.copies)
  if (added === null) return reopened
  for (const one of added) draft.tasks.erase(one, eraseTask(one, now))
  return { ...reopened, recurrence: undo.recurrence, successor_id: null }
}

/** The successor and its subtasks, if they are as they were made; otherwise `null`. */
function untouchedSuccessor(
  draft: Draft,
  id: string | null,
  copies: readonly string[],
): Task[] | null {
  if (id === null) return []
  const successor = draft.tasks.find(id)
  if (!successor) return null
  const subtasks = draft.tasks.subtasks([id])
  const made = [successor, ...subtasks]
  const isUntouched =
    subtasks.length === copies.length &&
    subtasks.every((subtask) => copies.includes(subtask.id)) &&
    made.every((task) => isLive(task) && task.version === 1)
  return isUntouched ? made : null
}
