import { isDue } from './calendar.ts'

/** A parsed recurrence rule. Lists are empty, and `count` and `until` are `null`, if the part is absent. */
export interface Rule {
  readonly freq: Frequency
  readonly interval: number
  readonly byDay: readonly RuleDay[]
  readonly byMonthDay: readonly number[]
  readonly byMonth: readonly number[]
  readonly bySetPos: readonly number[]
  /** The weekday on which weeks start: 0 is Monday. */
  readonly weekStart: number
  readonly count: number | null
  /** The last day or minute, in the form of a due date. */
  readonly until: string | null
}

export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'

/** A weekday (0 is Monday), and which one of the month or year. The ordinal 0 means every one. */
export interface RuleDay {
  readonly ordinal: number
  readonly weekday: number
}

export const MAX_RULE_LENGTH = 200
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const PARTS = 'FREQ INTERVAL BYDAY BYMONTHDAY BYMONTH BYSETPOS WKST COUNT UNTIL'.split(' ')

/** Parses the supported subset of an RFC 5545 recurrence rule. Returns a phrase if there is a problem. */
export function parseRule(text: string): Rule | string {
  if (text.length > MAX_RULE_LENGTH)
    return `the rule must have at most ${MAX_RULE_LENGTH} characters`
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    const [, name, value] = /^([A-Z-]{1,20})=(.*)$/s.exec(part) ?? []
    if (name === undefined || value === undefined)
      return 'the rule must be parts such as FREQ=WEEKLY;BYDAY=MO, in capitals, without spaces, the prefix RRULE: or a semicolon at the end'
    if (!PARTS.includes(name))
      return `${name} is not supported; the parts of a rule are ${PARTS.join(', ')}`
    if (parts.has(name)) return `${name} must not occur twice`
    parts.set(name, value)
  }
  return readParts(parts)
}

function readParts(parts: ReadonlyMap<string, string>): Rule | string {
  const freq = parts.get('FREQ')
  if (!isFrequency(freq)) return 'FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY'

  const interval = readNumber(parts.get('INTERVAL') ?? '1', 999)
  if (interval === null) return 'INTERVAL must be a whole number from 1 to 999'

  const byDay = readList(parts.get('BYDAY'), readRuleDay)
  if (byDay === null) return 'BYDAY must be weekdays such as MO,WE, or with an ordinal 1MO,-1FR'
  if (byDay.some(({ ordinal }) => ordinal !== 0) && freq !== 'MONTHLY' && freq !== 'YEARLY')
    return 'BYDAY with an ordinal needs FREQ=MONTHLY or FREQ=YEARLY'

  const byMonthDay = readList(parts.get('BYMONTHDAY'), (item) => readSigned(item, 31))
  if (byMonthDay === null)
    return 'BYMONTHDAY must be days from 1 to 31, or from -1 to -31 counted from the end, such as 15,-1'
  if (byMonthDay.length > 0 && freq === 'WEEKLY')
    return 'BYMONTHDAY needs FREQ=DAILY, FREQ=MONTHLY or FREQ=YEARLY'

  const byMonth = readList(parts.get('BYMONTH'), (item) => readNumber(item, 12))
  if (byMonth === null) return 'BYMONTH must be months from 1 to 12, such as 1,7'

  const bySetPos = readList(parts.get('BYSETPOS'), (item) => readSigned(item, 366))
  if (bySetPos === null)
    return 'BYSETPOS must be positions from 1 to 366, or from -1 to -366 counted from the end, such as 1,-1'
  if (bySetPos.length > 0 && byDay.length + byMonthDay.length + byMonth.length === 0)
    return 'BYSETPOS needs BYDAY, BYMONTHDAY or BYMONTH'

  const weekStart = WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO')
  if (weekStart < 0) return 'WKST must be MO, TU, WE, TH, FR, SA or SU'

  const countText = parts.get('COUNT')
  const count = countText === undefined ? null : readNumber(countText, 999)
  if (countText !== undefined && count === null) return 'COUNT must be a whole number from 1 to 999'

  const untilText = parts.get('UNTIL')
  const until = untilText === undefined ? null : readUntil(untilText)
  if (untilText !== undefined && until === null) return UNTIL_PROBLEM
  if (count !== null && until !== null) return 'COUNT and UNTIL must not occur together'

  return { freq, interval, byDay, byMonthDay, byMonth, bySetPos, weekStart, count, until }
}

export const UNTIL_PROBLEM =
  'UNTIL must be a day such as 20270131, or a local time such as 20270131T093000 if due has a time, without Z'

function isFrequency(text: string | undefined): text is Frequency {
  return text === 'DAILY' || text === 'WEEKLY' || text === 'MONTHLY' || text === 'YEARLY'
}

/** Reads a list; an absent part is empty. Returns `null` if an item is not valid. */
function readList<Item>(value: string | undefined, read: (item: string) => Item | null) {
  const items: Item[] = []
  for (const text of value?.split(',') ?? []) {
    const item = read(text)
    if (item === null) return null
    items.push(item)
  }
  return items
}

/** Reads a whole number from 1 to `max`, with no more digits than `max` has. */
function readNumber(text: string, max: number): number | null {
  const number = /^\d+$/.test(text) && text.length <= `${max}`.length ? Number(text) : 0
  return number >= 1 && number <= max ? number : null
}

/** As `readNumber`, with an optional sign. */
function readSigned(text: string, max: number): number | null {
  const number = readNumber(text.replace(/^[+-]/, ''), max)
  return number !== null && text.startsWith('-') ? -number : number
}

function readRuleDay(text: string): RuleDay | null {
  const weekday = WEEKDAYS.indexOf(text.slice(-2))
  const ordinal = text.length === 2 ? 0 : readSigned(text.slice(0, -2), 53)
  return weekday < 0 || ordinal === null ? null : { ordinal, weekday }
}

/** `20270131` or `20270131T093000` in the form of a due date. Dates of a rule have no seconds. */
function readUntil(text: string): string | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)[0-5]\d)?$/.exec(text)
  if (!match) return null
  const [, year, month, day, hour, minute] = match
  const until = `${year}-${month}-${day}${hour === undefined ? '' : `T${hour}:${minute}`}`
  return isDue(until) ? until : null
}
