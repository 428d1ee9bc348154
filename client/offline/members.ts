import { TaskportError } from '../errors.ts'
import type { Members } from './types.ts'

const LIST: Members = { name: '', color: null }
const TASK: Members = {
  text: '',
  completed: false,
  description: null,
  due: null,
  time_zone: null,
  priority: 'none',
  tags: [],
  list_id: null,
  parent_id: null,
  recurrence: null,
}
const MAX_LENGTHS: Readonly<Record<string, number>> = { text: 500, name: 100, description: 10_000 }

/** The members that a change can set, with their defaults. */
export function defaultsOf(isList: boolean): Members {
  return isList ? LIST : TASK
}

/** The members that a change can set, in the form in which the service returns them. */
export function membersOf(item: object, isList = 'name' in item): Members {
  const defaults = defaultsOf(isList)
  const members: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(item)) {
    if (value === undefined || !(name in defaults)) continue
    if (name === 'recurrence' && value)
      members[name] = { rule: value.rule, from: value.from ?? 'due' }
    else members[name] = (name === 'description' ? value || null : value) ?? defaults[name]
  }
  return members
}

export function isTask<Item extends object>(
  item: Item,
): item is Extract<Item, { readonly text: string }> {
  return 'text' in item
}

export function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The names of the members that are not the same in another item. */
export function differing(members: Members, item: object): string[] {
  return Object.keys(members).filter((name) => !isEqual(members[name], memberOf(item, name)))
}

/** Whether two objects have the same items or members. `null` has none. */
export function isSame(a: object | null, b: object | null): boolean {
  const [old, members] = [Object(a), Object(b)]
  const names = Object.keys(members)
  return (
    Object.keys(old).length === names.length && names.every((name) => old[name] === members[name])
  )
}

/** The members with these names, as far as there are any. */
export function pick(item: object, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)))
}

/** A member that is not known when compiling. */
export function memberOf(item: object, name: string): unknown {
  // Safe: `unknown` fits whatever the member is.
  return (item as Members)[name]
}

/** Adds what the service clears together with `due`, so that it can be merged like other members. */
export function withCleared(members: Members): Members {
  const { due } = members
  return {
    ...(due === null && { recurrence: null }),
    ...(due !== undefined && !`${due}`.includes('T') && { time_zone: null }),
    ...members,
  }
}

/** Whether a member is a text that people write. */
export function isText(name: string): boolean {
  return name in MAX_LENGTHS
}

/** Whether a text has at most the length that a member may have, in code points. */
export function fits(name: string, text: string): boolean {
  return [...text].length <= (MAX_LENGTHS[name] ?? 0)
}

/** Rejects texts that the service would reject. It checks everything else. */
export function checkTexts(members: Members): void {
  const details = Object.keys(members).flatMap((name) => {
    const text = `${members[name] ?? ''}`
    const isOptional = name === 'description'
    const isValid = fits(name, text) && (isOptional || /\P{White_Space}/u.test(text))
    if (!isText(name) || isValid) return []
    return [`${name}: must be ${isOptional ? 'up' : '1'} to ${MAX_LENGTHS[name]} characters`]
  })
  if (details.length > 0)
    throw new TaskportError('VALIDATION_ERROR', details.join(), { status: 422, details })
}
