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
// What the successor of a completed task gets depends on these.
const SCHEDULE = ['due', 'time_zone', 'recurrence', 'completed']

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

function canFold(last: Step, { op, members, isAlone }: WaitingChange, isLast: boolean): boolean {
  // The service has refused them together, so it decides about each of them.
  if (isAlone || last.changes.some((change) => change.isAlone)) return false
  if (op.startsWith('move')) return last.op === op && isLast
  if (!op.startsWith('patch')) return false
  const hasAny = (names: readonly string[], of: Members) => names.some((name) => name in of)
  const isRelated = hasAny(RELATIONS, members)
  if (isRelated && !isLast) return false
  // What follows a completion does not concern the successor.
  if ('completed' in last.members) return isOnly(last.members) && isOnly(members)
  if (!('completed' in members)) return last.op.startsWith('create') || last.op === op
  return last.op === op && !hasAny(SCHEDULE, last.members)
}

function isOnly(members: Members): boolean {
  return Object.keys(members).every((name) => name === 'completed')
}

/**
 * The local ids of tasks that were created and deleted before they were ever sent, and to which nothing
 * else refers. They need not be sent.
 */
export function cancelledIds({ changes }: Data): ReadonlySet<string> {
  const last = new Map(changes.map(({ id, op }) => [id, op]))
  const referred = new Set(
    changes.flatMap(({ id, members }) => Object.values(members).filter((value) => value !== id)),
  )
  const created = changes.filter(({ op }) => op === 'create').map(({ id }) => id)
  return new Set(
    created.filter((id) => /delete|erase/.test(last.get(id) ?? '') && !referred.has(id)),
  )
}
