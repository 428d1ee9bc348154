import { TaskportError } from '../errors.ts'
import type { List, Task } from '../types.ts'
import { tagKey } from './search.ts'
import type { ChangeKind, Members } from './types.ts'

type Item = Task | List

const DEFAULTS: Members = {
  description: null,
  due: null,
  time_zone: null,
  priority: 'none',
  tags: [],
  list_id: null,
  parent_id: null,
  recurrence: null,
}
const TASK_MEMBERS = ['text', 'completed', ...Object.keys(DEFAULTS)]
const LIST_MEMBERS = ['name', 'color']

/** A new task without its text, id and times. */
export const NEW_TASK = {
  ...DEFAULTS,
  completed: false,
  successor_id: null,
  version: 0,
  completed_at: null,
}

/** The members that a change can set, with these values. */
export function membersOf(item: Item): Members {
  const names = 'text' in item ? TASK_MEMBERS : LIST_MEMBERS
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

/** Members in the form in which the service returns them, without those that it ignores. */
export function normalize(members: object, isList: boolean): Members {
  const names = isList ? LIST_MEMBERS : TASK_MEMBERS
  const normal: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || !names.includes(name)) continue
    if (value === null) normal[name] = DEFAULTS[name] ?? null
    else if (name === 'recurrence') normal[name] = { rule: value.rule, from: value.from ?? 'due' }
    else normal[name] = name === 'description' && value === '' ? null : value
  }
  return normal
}

export function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** Values by name, for members that are not known when compiling. */
export function memberOf(item: object, name: string): unknown {
  // Safe: `unknown` fits whatever the member is.
  return (item as Members)[name]
}

/** Members that the service clears together with others. Changes set them too, so that they can be merged. */
export function withCleared(members: Members, item: Members): Members {
  const { due } = members
  const cleared: Record<string, unknown> = {}
  if (due === null && item['recurrence']) cleared['recurrence'] = null
  if (due !== undefined && !`${due}`.includes('T') && item['time_zone']) cleared['time_zone'] = null
  return { ...cleared, ...members }
}

const VISIBLE = /[^\p{White_Space}]/u
const FORBIDDEN = /[\0\p{Cs}]/u
const MAX_LENGTHS: Readonly<Record<string, number>> = { text: 500, name: 100, description: 10_000 }

/** Whether a text has at most the length that a member may have, in code points. */
export function fits(name: string, text: string): boolean {
  return [...text].length <= (MAX_LENGTHS[name] ?? 0)
}

/** Rejects what the service would certainly reject, as far as one task or list shows it. */
export function checkMembers(members: Members): void {
  const details: string[] = []
  for (const [name, value] of Object.entries(members)) {
    const problem = problemOf(name, value)
    if (problem) details.push(`${name}: ${problem}`)
  }
  if (details.length > 0)
    throw new TaskportError('VALIDATION_ERROR', 'The change is not valid', { status: 422, details })
}

function problemOf(name: string, value: unknown): string | false {
  switch (name) {
    case 'text':
    case 'name':
      return (
        (typeof value !== 'string' || !VISIBLE.test(value) || isBad(name, value)) &&
        `must be 1 to ${MAX_LENGTHS[name]} characters, at least one of them not white space`
      )
    case 'description':
      return value !== null && isBad(name, value) && 'must be up to 10000 characters'
    case 'tags':
      return !isTags(value) && 'must be up to 20 tags of 1 to 50 characters, no two alike'
    case 'due':
      return value !== null && !isDue(value) && 'must be a day or a local time'
    case 'color':
      return value !== null && !/^#[\da-f]{6}$/i.test(`${value}`) && 'must be a color'
    default:
      return false
  }
}

function isBad(name: string, value: unknown): boolean {
  return typeof value !== 'string' || FORBIDDEN.test(value) || !fits(name, value)
}

function isTags(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > 20) return false
  const isTag = (tag: unknown) => typeof tag === 'string' && tag !== '' && [...tag].length <= 50
  return (
    value.every((tag) => isTag(tag) && tag === tag.trim()) &&
    new Set(value.map(tagKey)).size === value.length
  )
}

function isDue(value: unknown): boolean {
  const [, day, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?$/.exec(`${value}`) ?? []
  const milliseconds = Date.parse(`${day}T${time}Z`)
  // `Date.parse` accepts 31 February.
  return (
    !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(`${day}T${time}`)
  )
}

export function isOfList(op: ChangeKind): boolean {
  return op.endsWith('_list')
}
