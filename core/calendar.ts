/** `2026-01-31`, a day, or `2026-01-31T09:30`, a minute of local time. Both sort chronologically as text. */
const DUE = /^(?:19|[2-9]\d)\d\d-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d)?$/

const MS_PER_DAY = 86_400_000

/** The last day that can be written with four digits for the year. */
export const LAST_DAY = dayNumber('9999-12-31')

/** Whether a text is a real day or a real minute of local time in the years 1900 to 9999. */
export function isDue(text: string): boolean {
  return DUE.test(text) && writeDay(dayNumber(text)) === dayOf(text)
}

export function hasTime(due: string): boolean {
  return due.length > 'YYYY-MM-DD'.length
}

/** The day of a day or minute, as text. */
function dayOf(due: string): string {
  return due.slice(0, 'YYYY-MM-DD'.length)
}

/** The number of days from 1970-01-01 to the day of a day or minute. */
export function dayNumber(due: string): number {
  const [year = '', month = '', day = ''] = dayOf(due).split('-')
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / MS_PER_DAY
}

/** The day with this number, as text. It must not be after `LAST_DAY`. */
export function writeDay(day: number): string {
  return dayOf(new Date(day * MS_PER_DAY).toISOString())
}

// The runtime also accepts offsets and whole timestamps as time zones. Neither starts with a letter.
const TIME_ZONE_NAME = /^[A-Za-z][\w+/-]{0,63}$/

/** Whether a text is the name of a time zone that the runtime knows, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  return TIME_ZONE_NAME.test(name) && dayInZone('1970-01-01T00:00:00.000Z', name) !== null
}

/** The day at an instant in a time zone; in UTC for `null` and for a zone that the runtime does not know. */
export function dayIn(now: string, timeZone: string | null): string {
  return dayInZone(now, timeZone ?? 'UTC') ?? dayOf(new Date(now).toISOString())
}

function dayInZone(now: string, timeZone: string): string | null {
  const instant = Temporal.Instant.from(now)
  try {
    return instant.toZonedDateTimeISO(timeZone).toPlainDate().toString()
  } catch {
    return null
  }
}
