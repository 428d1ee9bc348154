import type { Task } from '../../client/taskport.ts'

const DAY_MS = 86_400_000

/** What a due date is called, such as `Tomorrow, 09:30`. */
export function dueLabel(due: string, now: Date): string {
  const [day = '', time] = due.split('T')
  const label = dayLabel(day, now)
  return time ? `${label}, ${time}` : label
}

function dayLabel(day: string, now: Date): string {
  const date = new Date(`${day}T00:00`)
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  const days = Math.round((date.getTime() - today.getTime()) / DAY_MS)
  if (days === 0) return 'Today'
  if (days === 1) return 'Tomorrow'
  if (days === -1) return 'Yesterday'
  if (days > 1 && days < 7) return date.toLocaleDateString('en', { weekday: 'long' })
  const isThisYear = date.getFullYear() === now.getFullYear()
  return date.toLocaleDateString('en', {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  })
}

/** A day in the form of `due`, some days from now. */
export function dayFromNow(now: Date, days: number): string {
  const date = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days)
  const part = (value: number, length: number) => `${value}`.padStart(length, '0')
  return `${part(date.getFullYear(), 4)}-${part(date.getMonth() + 1, 2)}-${part(date.getDate(), 2)}`
}

/** The recurrences that the page offers. */
export const RECURRENCES: readonly (readonly [rule: string, label: string])[] = [
  ['FREQ=DAILY', 'Every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every weekday'],
  ['FREQ=WEEKLY', 'Every week'],
  ['FREQ=WEEKLY;INTERVAL=2', 'Every two weeks'],
  ['FREQ=MONTHLY', 'Every month'],
  ['FREQ=YEARLY', 'Every year'],
]

export function recurrenceLabel({ rule }: NonNullable<Task['recurrence']>): string {
  return RECURRENCES.find(([known]) => known === rule)?.[1] ?? rule
}

/** `one task`, `2 tasks`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}

/** Splits what was typed as tags. */
export function tagsOf(text: string): string[] {
  const tags = text.split(/[,\s]+/).map((tag) => tag.replace(/^#/, ''))
  return [...new Set(tags.filter((tag) => tag !== ''))]
}
