import { isLocal } from './ids.ts'
import type { Data } from './replica.ts'
import type { ChangeKind, Members, WaitingChange } from './types.ts'

/** One or more changes of the same task or list that become one operation. */
export interface Step {
  readonly op: ChangeKind
  readonly id: string
  members: Members
  base: Members
  readonly changes: WaitingChange[]
}

// The order of changes of these matters for other tasks too.
const RELATIONS = ['list_id', 'parent_id', 'completed']

/** Combines changes of the same task or list, as far as that does not change their effect. */
export function foldChanges(changes: readonly WaitingChange[]): Step[] {
  const steps: Step[] = []
  const latest = new Map<string, Step>()
  for (const change of changes) {
    const { op, id, members, base } = change
    const last = latest.get(id)
    if (last && canFold(last, change, steps.at(-1) === last)) {
      last.members = op.startsWith('move') ? members : { ...last.members, ...members }
      last.base = { ...base, ...last.base }
      last.changes.push(change)
      continue
    }
    const step = { op, id, members, base, changes: [change] }
    steps.push(step)
    latest.set(id, step)
  }
  return steps
}

function canFold(last: Step, { op, members }: WaitingChange, isLast: boolean): boolean {
  if (op.startsWith('move')) return last.op === op && isLast
  if (!op.startsWith('patch')) return false
  const isRelated = RELATIONS.some((name) => name in members)
  if (last.op.startsWith('create')) return !isRelated || (isLast && !('completed' in members))
  return last.op === op && (!isRelated || isLast)
}

/**
 * The changes of tasks that were created and deleted before they were ever sent, and to which nothing else
 * refers. They need not be sent.
 */
export function cancelled({ changes }: Data): { changes: WaitingChange[]; ids: string[] } {
  const ids = changes.filter(({ op }) => op === 'create').map(({ id }) => id)
  const gone = ids.filter((id) => {
    const own = changes.filter((change) => change.id === id)
    const isDeleted = ['delete', 'erase'].includes(own.at(-1)?.op ?? '')
    const isReferred = changes.some(
      (change) => change.id !== id && Object.values(change.members).includes(id),
    )
    return isLocal(id) && isDeleted && !isReferred
  })
  return { changes: changes.filter(({ id }) => gone.includes(id)), ids: gone }
}
