import { hasTime } from './calendar.ts'
import { ruleProblem } from './recurrence.ts'
import { DEFAULTS, type Task, type TaskPatch } from './task.ts'

/** When a task is to be done. */
export type Schedule = Pick<Task, 'due' | 'time_zone' | 'recurrence'>

/**
 * The schedule of a task after a patch. A cleared `due` clears the members that need it.
 *
 * @param task `null` for a new task.
 * @param problems gets one `member: what is wrong` for each member that is wrong.
 */
export function scheduleAfter(
  task: Schedule | null,
  patch: TaskPatch,
  problems: string[],
): Schedule {
  const before = task ?? DEFAULTS
  const { due = before.due } = patch
  const isTimed = due !== null && hasTime(due)
  const { time_zone = isTimed ? before.time_zone : null } = patch
  const { recurrence = due === null ? null : before.recurrence } = patch

  if (time_zone !== null && !isTimed) problems.push('time_zone: needs a due with a time of day')
  if (recurrence !== null && due === null) problems.push('recurrence: needs a due')
  else if (recurrence !== null && due !== null) {
    const isNew = due !== before.due || recurrence.rule !== before.recurrence?.rule
    const problem = isNew ? ruleProblem(recurrence.rule, due) : null
    if (problem !== null) problems.push(`recurrence: ${problem}`)
  }
  return { due, time_zone, recurrence }
}

/** Whether a patch concerns the schedule. */
export function isScheduled({ due, time_zone, recurrence }: TaskPatch): boolean {
  return due !== undefined || time_zone !== undefined || recurrence !== undefined
}
