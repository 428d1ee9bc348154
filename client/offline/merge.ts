import type { List, Task } from '../types.ts'
import { differing, fits, isEqual, isTask, isText, memberOf, membersOf, pick } from './members.ts'
import { mergeText } from './merge-text.ts'
import { hasTag } from './search.ts'
import { isRemoval } from './steps.ts'
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
  const isRemoved = isRemoval(op)
  const both = isRemoved
    ? differing(membersOf(theirs), base)
    : differing(members, theirs).filter(
        (name) => !isEqual(base[name], memberOf(theirs, name)) || isHandedOn(name, base, theirs),
      )
  const mine = isRemoved ? null : members
  const merged = both.length > 0 ? merge({ op, id, base, mine, theirs, both }) : null
  if (isRemoved) return merged ? { members: null, lost: both } : { members: {}, lost: [] }
  const wanted: Record<string, unknown> = { ...members }
  for (const name of both) wanted[name] = merged?.[name]
  const names = differing(wanted, theirs).filter((name) => wanted[name] !== undefined)
  const isLost = (name: string) => merged && name in merged && merged[name] === undefined
  return { members: pick(wanted, names), lost: both.filter(isLost) }
}

/** Whether another device has completed the task. Then it no longer recurs, but its successor may. */
function isHandedOn(name: string, base: Members, theirs: Task | List): boolean {
  if (name !== 'recurrence' || !isTask(theirs)) return false
  const { successor_id, completed } = theirs
  const hasNewSuccessor = successor_id !== null && successor_id !== base['successor_id']
  return hasNewSuccessor || (completed && !base['completed'])
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
  return Object.fromEntries(
    both.map((name) => {
      const value = mergeMember(name, base[name], mine[name], memberOf(theirs, name))
      return [name, isHandedOn(name, base, theirs) ? undefined : value]
    }),
  )
}

function mergeMember(name: string, base: unknown, mine: unknown, theirs: unknown): unknown {
  if (name === 'tags') {
    // Safe: a task always has tags.
    const tags = mergeTags(base as string[], mine as string[], theirs as string[])
    return tags.length <= 20 ? tags : undefined
  }
  if (!isText(name)) return mine
  // A cleared description gives way to one that was changed.
  if (typeof mine !== 'string') return theirs
  if (typeof theirs !== 'string') return mine
  const separator = name === 'description' ? '\n\n' : ' / '
  const merged = mergeText(`${base ?? ''}`, mine, theirs) ?? `${theirs}${separator}${mine}`
  return fits(name, merged) ? merged : undefined
}

function mergeTags(base: string[], mine: string[], theirs: string[]): string[] {
  return [
    ...theirs.filter((tag) => hasTag(mine, tag) || !hasTag(base, tag)),
    ...mine.filter((tag) => !hasTag(base, tag) && !hasTag(theirs, tag)),
  ]
}
