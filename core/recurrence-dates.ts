import type { Frequency, Rule } from './recurrence-rule.ts'

// Days are numbered from 1970-01-01, weeks from the one with that day, months from January of year 0.

/** After 400 years the calendar repeats itself, weekdays included. */
const DAYS_OF_CYCLE = 146_097
const PERIODS_OF_CYCLE = { DAILY: DAYS_OF_CYCLE, WEEKLY: 20_871, MONTHLY: 4800, YEARLY: 400 }

/** From 1900 to 9999. */
const DAYS_OF_CALENDAR = 8100 * 366

/** Every kind of year, by its length and its first weekday, comes again within 40 years. */
const DAYS_OF_ALL_YEARS = 40 * 366

/**
 * The dates of a rule from the day `from` on, in order. `anchor` is the day on which the rule starts. The
 * dates have no end unless there are none.
 */
export function* datesOfRule(rule: Rule, anchor: number, from: number): Generator<number> {
  // Finds a contradiction among the other parts sooner than the search with the interval.
  if (rule.interval > 1 && datesOfRule({ ...rule, interval: 1 }, anchor, from).next().done) return
  const search = createSearch(rule, anchor, from)
  for (let dates = search(); dates.length > 0; dates = search()) yield* dates
}

/** Returns a function that returns the dates of the next period that has any. */
function createSearch(rule: Rule, anchor: number, from: number): () => number[] {
  const matches = createMatcher(rule, anchor)
  const positions = new Set(rule.bySetPos)
  const fewest = positions.size === 0 ? 1 : Math.min(...rule.bySetPos.map(Math.abs))
  const { interval } = rule
  const { longest, indexOf, startOf } = periodsOf(rule.freq, rule.weekStart)
  if (fewest > longest) return () => []

  const longestGap = longestGapOf(rule)
  const first = indexOf(anchor)
  let index = first + Math.ceil((indexOf(from) - first) / interval) * interval

  return () => {
    const last = startOf(index) + longestGap
    for (let start = startOf(index); start <= last; start = startOf(index)) {
      const days: number[] = []
      const end = startOf(index + 1)
      for (let day = start; day < end; day++) if (matches(day)) days.push(day)
      index += interval
      if (days.length < fewest) continue
      const dates = days.filter(
        (day, at) =>
          day >= from &&
          (positions.size === 0 || positions.has(at + 1) || positions.has(at - days.length)),
      )
      if (dates.length > 0) return dates
    }
    return []
  }
}

/** The number of days after which a rule has no date if it had none until then. */
function longestGapOf({ freq, interval }: Rule): number {
  if (interval === 1) return DAYS_OF_ALL_YEARS
  const cycles = interval / greatestCommonDivisor(interval, PERIODS_OF_CYCLE[freq])
  return Math.min(DAYS_OF_CYCLE * cycles, DAYS_OF_CALENDAR)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** How days are grouped into numbered periods, and how many days the longest one has. */
function periodsOf(freq: Frequency, weekStart: number) {
  switch (freq) {
    case 'DAILY':
      return { longest: 1, indexOf: (day: number) => day, startOf: (index: number) => index }
    case 'WEEKLY':
      return {
        longest: 7,
        indexOf: (day: number) => Math.floor((day + 3 - weekStart) / 7),
        startOf: (index: number) => index * 7 - 3 + weekStart,
      }
    case 'MONTHLY':
      return {
        longest: 31,
        indexOf: (day: number) => monthAt(day).index,
        startOf: startOfMonth,
      }
    case 'YEARLY':
      return {
        longest: 366,
        indexOf: (day: number) => Math.floor(monthAt(day).index / 12),
        startOf: (index: number) => startOfMonth(index * 12),
      }
  }
}

/** Returns a function that tells whether a day matches the BY parts other than BYSETPOS. */
function createMatcher(rule: Rule, anchor: number): (day: number) => boolean {
  const { freq } = rule
  const months = new Set(rule.byMonth)
  const monthDays = new Set(rule.byMonthDay)
  const weekdays = new Set(rule.byDay.map(({ ordinal, weekday }) => ordinal * 7 + weekday))
  const ordinalsOfYear = freq === 'YEARLY' && months.size === 0
  let month = monthAt(anchor)
  // What the rule leaves open comes from the day on which it starts.
  if (monthDays.size === 0 && weekdays.size === 0) {
    if (freq === 'WEEKLY') weekdays.add(weekdayOf(anchor))
    if (freq === 'MONTHLY' || freq === 'YEARLY') monthDays.add(anchor - month.start + 1)
    if (freq === 'YEARLY' && months.size === 0) months.add(monthOfYear(month.index))
  }

  return (day) => {
    if (day < month.start || day >= month.end) month = monthAt(day)
    if (months.size > 0 && !months.has(monthOfYear(month.index))) return false
    if (
      monthDays.size > 0 &&
      !monthDays.has(day - month.start + 1) &&
      !monthDays.has(day - month.end)
    )
      return false
    if (weekdays.size === 0) return true
    const weekday = weekdayOf(day)
    if (weekdays.has(weekday)) return true
    const january = month.index - (month.index % 12)
    const from = ordinalsOfYear ? startOfMonth(january) : month.start
    const to = ordinalsOfYear ? startOfMonth(january + 12) : month.end
    const ordinal = Math.floor((day - from) / 7) + 1
    const ordinalFromEnd = Math.floor((day - to) / 7)
    return weekdays.has(ordinal * 7 + weekday) || weekdays.has(ordinalFromEnd * 7 + weekday)
  }
}

function weekdayOf(day: number): number {
  const thursday = 3 // 1970-01-01
  return (((day + thursday) % 7) + 7) % 7
}

/** 1 to 12. */
function monthOfYear(index: number): number {
  return (index % 12) + 1
}

/** The first day of a month. */
function startOfMonth(index: number): number {
  // In years that begin in March, the leap day is the last one, and every five months have 153 days.
  const year = Math.floor((index - 2) / 12)
  const sinceMarch = index - 2 - year * 12
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return year * 365 + leapDays + Math.floor((sinceMarch * 153 + 2) / 5) - 719_468
}

/** The month with a day. `end` is the first day of the next one. */
function monthAt(day: number): { index: number; start: number; end: number } {
  // A guess by the average length of a month. The two days make it right or one month too early.
  const index = Math.floor((day - startOfMonth(0) - 2) / (DAYS_OF_CYCLE / 4800))
  const end = startOfMonth(index + 1)
  if (day < end) return { index, start: startOfMonth(index), end }
  return { index: index + 1, start: end, end: startOfMonth(index + 2) }
}
