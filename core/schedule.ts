import { hasTime } from './calendar.ts'
import { ruleFormProblem, ruleProblem } from './recurrence.ts'
import { DEFAULTS, type Task, type TaskPatch } from './task.ts'

/** When a task is to be done. */
export type Schedule = Pick<Task, 'due' | 'time_zone' | 'recurrence'>

const NEEDS_TIME = 'time_zone: needs a due with a time of day'
const NEEDS_DUE = 'recurrence: needs a due'

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

  if (time_zone !== null && !isTimed) problems.push(NEEDS_TIME)
  if (recurrence !== null && due === null) problems.push(NEEDS_DUE)
  if (recurrence !== null && due !== null) {
    const isNew = due !== before.due || recurrence.rule !== before.recurrence?.rule
    const problem = isNew ? ruleProblem(recurrence.rule, due) : null
    if (problem !== null) problems.push(`recurrence: ${problem}`)
  }
  return { due, time_zone, recurrence }
}

/**
 * What is wrong with the schedule in a body, as far as that does not depend on the task.
 *
 * @param body absent members are not known.
 */
export function scheduleProblems({ due, time_zone, recurrence }: Partial<Schedule>): string[] {
  const problems: string[] = []
  if (time_zone && due !== undefined && !(due && hasTime(due))) problems.push(NEEDS_TIME)
  if (recurrence && due === null) problems.push(NEEDS_DUE)
  else if (recurrence) {
    const problem = due ? ruleProblem(recurrence.rule, due) : ruleFormProblem(recurrence.rule)
    if (problem !== null) problems.push(`recurrence: ${problem}`)
  }
  return problems
}

/** Whether a patch concerns the schedule. */
export function isScheduled({ due, time_zone, recurrence }: TaskPatch): boolean {
  return due !== undefined || time_zone !== undefined || recurrence !== undefined
}
