import type { List, Task } from '../types.ts'
import { fits, isEqual, memberOf, membersOf } from './members.ts'
import { mergeText } from './merge-text.ts'
import { hasTag } from './search.ts'
import type { ChangeKind, Conflict, Members, Merge } from './types.ts'

/** A change that is about to be sent. */
interface Edit {
  readonly op: ChangeKind
  readonly id: string
  readonly members: Members
  readonly base: Members
}

/** What is left of a change on top of the service's state. */
export interface Rebased {
  /** What to send; `null` for a deletion that is to be dropped. */
  readonly members: Members | null
  /** Members whose values here were given up, although nothing replaces them. */
  readonly lost: readonly string[]
}

/** Merges a change into what the service has now, member by member. */
export function rebase(edit: Edit, theirs: Task | List, merge: Merge): Rebased {
  const { op, id, members, base } = edit
  if (op.startsWith('delete') || op === 'erase') {
    const now = membersOf(theirs, 'name' in theirs)
    const both = Object.keys(now).filter((name) => !isEqual(now[name], base[name]))
    if (both.length === 0) return { members: {}, lost: [] }
    const isKept = merge({ op, id, base, mine: null, theirs, both }) !== null
    return { members: isKept ? null : {}, lost: both }
  }
  const wanted = Object.keys(members).filter(
    (name) => !isEqual(members[name], memberOf(theirs, name)),
  )
  const both = wanted.filter(
    (name) => !isEqual(base[name], memberOf(theirs, name)) || isHandedOn(name, base, theirs),
  )
  const merged =
    both.length === 0 ? {} : (merge({ op, id, base, mine: members, theirs, both }) ?? {})
  const toSend: Record<string, unknown> = {}
  for (const name of wanted) {
    const value = both.includes(name) ? merged[name] : members[name]
    if (value !== undefined && !isEqual(value, memberOf(theirs, name))) toSend[name] = value
  }
  return {
    members: toSend,
    lost: both.filter((name) => name in merged && merged[name] === undefined),
  }
}

/** Whether the task was completed meanwhile, so that it recurs no more, but perhaps its successor does. */
function isHandedOn(name: string, base: Members, theirs: Task | List): boolean {
  if (name !== 'recurrence' || !('successor_id' in theirs)) return false
  const hasNewSuccessor =
    theirs.successor_id !== null && theirs.successor_id !== base['successor_id']
  return hasNewSuccessor || (theirs.completed && !base['completed'])
}

/**
 * Resolves conflicts so that nothing that a person wrote is lost:
 * - Texts, descriptions and names are merged word by word. If both sides changed the same words, both
 *   versions are kept, theirs first.
 * - Tags that either side added are kept, and those that either side removed are removed.
 * - The recurrence of a task that was completed meanwhile is not changed, but reported.
 * - Of everything else, the last value to arrive wins: mine.
 * - A task that another device has changed is not deleted.
 */
export function mergeMembers({ base, mine, theirs, both }: Conflict): Members | null {
  if (mine === null) return {}
  const merged: Record<string, unknown> = {}
  for (const name of both) {
    const value = mergeMember(name, base[name], mine[name], memberOf(theirs, name))
    merged[name] = isHandedOn(name, base, theirs) ? undefined : value
  }
  return merged
}

function mergeMember(name: string, base: unknown, mine: unknown, theirs: unknown): unknown {
  if (name === 'tags') {
    const tags = mergeTags(textsOf(base), textsOf(mine), textsOf(theirs))
    return tags.length <= 20 ? tags : undefined
  }
  if (!['text', 'name', 'description'].includes(name)) return mine
  // A cleared description gives way to one that was changed.
  if (typeof mine !== 'string') return theirs
  if (typeof theirs !== 'string') return mine
  const separator = name === 'description' ? '\n\n' : ' / '
  const merged = mergeText(`${base ?? ''}`, mine, theirs) ?? `${theirs}${separator}${mine}`
  return fits(name, merged) ? merged : undefined
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value : []
}

function mergeTags(base: string[], mine: string[], theirs: string[]): string[] {
  return [
    ...theirs.filter((tag) => hasTag(mine, tag) || !hasTag(base, tag)),
    ...mine.filter((tag) => !hasTag(base, tag) && !hasTag(theirs, tag)),
  ]
}
