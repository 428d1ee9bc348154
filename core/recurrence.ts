import { dayNumber, hasTime, LAST_DAY, writeDay } from './calendar.ts'
import { datesOfRule } from './recurrence-dates.ts'
import { parseRule, type Rule, UNTIL_PROBLEM } from './recurrence-rule.ts'
import type { Recurrence } from './task.ts'

/** What is wrong with a rule for any task: a phrase that says what would be right, or `null`. */
export function ruleFormProblem(text: string): string | null {
  const rule = parseRule(text)
  return typeof rule === 'string' ? rule : null
}

/** What is wrong with a rule for a task with this due date: a phrase that says what would be right, or `null`. */
export function ruleProblem(text: string, due: string): string | null {
  const rule = parseRule(text)
  if (typeof rule === 'string') return rule
  if (rule.until !== null && hasTime(rule.until) && !hasTime(due)) return UNTIL_PROBLEM
  const day = dayNumber(due)
  if (hasDates(rule, day)) return null
  const parts = text.match(/INTERVAL|BY[A-Z]+/g) ?? []
  return `the rule never comes true: no date after due fits ${parts.join(' and ')}`
}

/** Whether a rule that starts on a day has more dates. Its end, and that of the calendar, do not count. */
function hasDates(rule: Rule, start: number): boolean {
  return datesOfRule(rule, start, start + 1).next().done !== true
}

/**
 * The due date that follows when a task is completed on the day `today`, and the rule with what is left
 * of its COUNT. `null` after the last date, and for a rule that is not valid.
 */
export function nextDue(
  { rule: text, from }: Recurrence,
  due: string,
  today: string,
): { due: string; rule: string } | null {
  const rule = parseRule(text)
  if (typeof rule === 'string') return null
  const start = dayNumber(from === 'due' ? due : today)
  // A rule may fit no date if it starts anew on this day, for example every third month in March and June.
  const anchor = hasDates(rule, start) ? start : dayNumber(due)
  const earliest = Math.max(start + 1, dayNumber(today))
  let left = rule.count
  // Without COUNT, nothing depends on the dates that are skipped.
  for (const day of datesOfRule(rule, anchor, left === null ? earliest : start + 1)) {
    if (day > LAST_DAY) return null
    if (left !== null) left--
    if (left === 0) return null
    if (day < earliest) continue
    const next = writeDay(day) + due.slice('YYYY-MM-DD'.length)
    if (rule.until !== null && next.slice(0, rule.until.length) > rule.until) return null
    return { due: next, rule: left === null ? text : text.replace(/COUNT=\d+/, `COUNT=${left}`) }
  }
  return null
}
