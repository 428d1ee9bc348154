import { isEqual } from './members.ts'
import type { Data } from './replica.ts'
import type { Members, Step, WaitingChange } from './types.ts'

/** Combines successive changes of the same task or list, as far as that does not change their effect. */
export function foldChanges(changes: readonly WaitingChange[]): Step[] {
  const steps: Step[] = []
  for (const change of changes) {
    const last = steps.at(-1)
    if (last && canFold(last, change)) {
      const members = change.op.startsWith('move')
        ? change.members
        : { ...last.members, ...change.members }
      const base = { ...change.base, ...last.base }
      steps[steps.length - 1] = { ...last, members, base, changes: [...last.changes, change] }
    } else steps.push({ ...change, changes: [change] })
  }
  return steps
}

function canFold(last: Step, { op, id, members, base, isAlone }: WaitingChange): boolean {
  if (last.id !== id || !isMadeOn(base, last.members)) return false
  // The service has refused them together, so it decides about each of them.
  if (isAlone || last.isAlone) return false
  if (op.startsWith('move')) return last.op === op
  // A completion creates a successor, which must get what was set before and not what was set after.
  const names = Object.keys({ ...last.members, ...members })
  const isFree = !names.includes('completed') || names.length === 1
  return isFree && op.startsWith('patch') && (last.op === op || last.op.startsWith('create'))
}

/** Whether a change was made by someone who saw these members, which another tab may have set. */
export function isMadeOn(base: Members, members: Members): boolean {
  return Object.keys(base).every((name) => !(name in members) || isEqual(base[name], members[name]))
}

/**
 * The local ids of tasks that were created and deleted before they were ever sent, and to which nothing
 * else refers. They need not be sent.
 */
export function cancelledIds({ changes }: Data): ReadonlySet<string> {
  const last = new Map(changes.map(({ id, op }) => [id, op]))
  const referred = new Set(changes.flatMap(({ members }) => Object.values(members)))
  const cancelled = changes.filter(
    ({ id, op }) => op === 'create' && isRemoval(`${last.get(id)}`) && !referred.has(id),
  )
  return new Set(cancelled.map(({ id }) => id))
}

export function isRemoval(op: string): boolean {
  return /^(delete|erase)/.test(op)
}
