import type { Recurrence } from './task.ts'
export function ruleProblem(_rule: string, _due: string): string | null {
  return null
}
export function nextDue(
  recurrence: Recurrence,
  due: string,
  today: string,
): { due: string; rule: string } | null {
  return today > due ? { due: today, rule: recurrence.rule } : null
}
