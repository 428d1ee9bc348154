import type { Task } from './types.ts'

/** The members of a task that say when it is due. */
export type DueTask = Pick<Task, 'due' | 'time_zone' | 'completed'>

export interface DueOptions {
  /** The reader's time zone, such as `Europe/Berlin`. Default: the device's. */
  readonly timeZone?: string | undefined
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/**
 * Whether a task is overdue: the day or the minute of its `due` is over, and it is not completed. A day is
 * the reader's. A time is that of the task's `time_zone`, or else of the reader's.
 */
export function isOverdue(task: DueTask, now = new Date(), { timeZone }: DueOptions = {}): boolean {
  const { due, completed } = task
  if (completed || !due) return false
  const end = hasTime(due)
    ? instantOf(wallTime(due), zoneOf(task, timeZone)) + MINUTE_MS
    : instantOf(wallTime(due) + DAY_MS, timeZone)
  return now.getTime() >= end
}

/** Whether a task, open or completed, is due on the day that it is now in the reader's time zone. */
export function dueToday(task: DueTask, now = new Date(), { timeZone }: DueOptions = {}): boolean {
  const { due, time_zone } = task
  if (!due) return false
  const wall = wallTime(due)
  const isFixed = hasTime(due) && time_zone
  const shown = isFixed ? wallTimeAt(instantOf(wall, zoneOf(task, timeZone)), timeZone) : wall
  return dayOf(shown) === dayOf(wallTimeAt(now.getTime(), timeZone))
}

function hasTime(due: string): boolean {
  return due.includes('T')
}

/** What a clock shows, as the number of milliseconds that would be UTC. */
function wallTime(due: string): number {
  return Date.parse(hasTime(due) ? `${due}Z` : due)
}

function dayOf(wall: number): number {
  return Math.floor(wall / DAY_MS)
}

/** The task's time zone if it has one that this runtime knows, or else the reader's. */
function zoneOf({ time_zone }: DueTask, reader: string | undefined): string | undefined {
  try {
    if (time_zone) clockOf(time_zone)
    return time_zone || reader
  } catch {
    return reader
  }
}

/**
 * When a clock shows a time. As in RFC 5545, the first moment counts if it shows the time twice, and the
 * offset from before the change if it skips the time.
 */
function instantOf(wall: number, timeZone: string | undefined): number {
  const before = wall - offsetAt(wall - DAY_MS, timeZone)
  const after = wall - offsetAt(wall + DAY_MS, timeZone)
  return [before, after].find((instant) => wallTimeAt(instant, timeZone) === wall) ?? before
}

function wallTimeAt(instant: number, timeZone: string | undefined): number {
  return instant + offsetAt(instant, timeZone)
}

/** How far a time zone is ahead of UTC, in milliseconds. */
function offsetAt(instant: number, timeZone: string | undefined): number {
  if (!timeZone) return -MINUTE_MS * new Date(instant).getTimezoneOffset()
  // `GMT`, `GMT+05:30`, or with seconds before time zones had whole minutes.
  const [, sign, hours, minutes, seconds = 0] =
    /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(clockOf(timeZone).format(instant)) ?? []
  if (!sign) return 0
  const ahead = Number(hours) * 60 + Number(minutes) + Number(seconds) / 60
  return (sign === '-' ? -ahead : ahead) * MINUTE_MS
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** Formats an instant with the offset of a time zone. Kept, because creating one is slow. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
  clocks.set(timeZone, clock)
  return clock
}
