import type { List, Task, TaskBatch } from '../types.ts'
import { isLocal } from './ids.ts'
import { isOfList } from './members.ts'
import { rebase } from './merge.ts'
import type { Data } from './replica.ts'
import { cancelledIds, foldChanges, type Step } from './steps.ts'
import type { Members, Merge, Rejection, WaitingChange } from './types.ts'
import { withCurrentIds } from './view.ts'

type Operation = TaskBatch['operations'][number]

/** The next request, and the changes that need none. */
export interface Plan {
  readonly operations: Operation[]
  /** The changes that each operation makes. */
  readonly changes: (readonly string[])[]
  /** Changes with nothing left to send. */
  readonly dropped: WaitingChange[]
  /** Local ids of tasks that were never sent and are deleted. */
  readonly cancelled: readonly string[]
  readonly rejected: Rejection[]
  readonly isPermanent: boolean
}

export interface Limits {
  readonly operations: number
  readonly bytes: number
}

/** What a step needs to be sent. */
type Outcome =
  | { readonly send: { readonly body?: Members; readonly id?: string; readonly ifMatch?: string } }
  | 'drop'
  | 'wait'
  | 'not found'

/** Plans the next request from the front of the queue. Changes that must wait for it stay, in order. */
export function planNext(data: Data, merge: Merge, limits: Limits): Plan {
  const { tasks, lists, ids } = data
  const cancelled = cancelledIds(data)
  const plan = {
    operations: [] as Operation[],
    changes: [] as (readonly string[])[],
    dropped: data.changes.filter(({ id }) => cancelled.has(id)),
    cancelled: [...cancelled],
    rejected: [] as Rejection[],
    isPermanent: false,
  }
  /** What this request creates: the number of its operation, and its version so far. */
  const created = new Map<string, { index: number; version: number }>()
  const used = new Set<string>()
  let bytes = 0

  /** What stands for an id in the request; `null` if the service has refused to create it. */
  function reference(id: string): string | null {
    const created_ = created.get(id)
    return ids.get(id) ?? (isLocal(id) ? (created_ ? `$${created_.index}` : null) : id)
  }

  /** Replaces ids by what stands for them. Without what the service has refused to create. */
  function referring(members: Members): Members {
    const own = withoutMissing(withCurrentIds(members, (id) => reference(id) ?? MISSING))
    if (!own['parent_id']) return own
    // A subtask is in the list of its parent, wherever that is by now.
    const { list_id, ...rest } = own
    const parent = tasks.get(`${own['parent_id']}`)
    return parent && list_id !== undefined ? { ...rest, list_id: parent.list_id } : rest
  }

  function outcomeOf(step: Step): Outcome {
    const { op, id } = step
    if (op.startsWith('create')) return { send: { body: referring(step.members) } }
    const isNew = created.get(id)
    if (isNew) {
      const ifMatch = `"v${isNew.version++}"`
      return { send: { id: `$${isNew.index}`, ifMatch, body: referring(step.members) } }
    }
    const current = reference(id)
    if (current === null) return 'not found'
    if (used.has(current)) return 'wait'
    const item = isOfList(op) ? lists.get(current) : tasks.get(current)
    if (op === 'restore') return item ? 'drop' : { send: { id: current } }
    if (op === 'erase' && !item) return { send: { id: current } }
    if (!item) return op.startsWith('delete') ? 'drop' : 'not found'
    return outcomeOn(step, item)
  }

  function outcomeOn(step: Step, item: Task | List): Outcome {
    const { id } = item
    const ifMatch = `"v${item.version}"`
    if (step.op.startsWith('move')) {
      const body = referring(step.members)
      return Object.keys(body).length > 0 ? { send: { id, ifMatch, body } } : 'not found'
    }
    const members = referring(step.members)
    const edit = {
      ...step,
      id,
      members,
      base: withCurrentIds(step.base, (one) => ids.get(one) ?? one),
    }
    const rebased = rebase(edit, item, merge)
    const isGivenUp = rebased.lost.length > 0 && (step.op.startsWith('patch') || !rebased.members)
    if (isGivenUp) reject(step, 'CONFLICT', `Another device has changed ${rebased.lost.join(', ')}`)
    if (!rebased.members) return 'drop'
    if (!step.op.startsWith('patch')) return { send: { id, ifMatch } }
    if (Object.keys(rebased.members).length === 0) return 'drop'
    return { send: { id, ifMatch, body: rebased.members } }
  }

  function reject(step: Step, code: string, message: string): void {
    for (const change of step.changes) plan.rejected.push({ change, code, message, details: [] })
  }

  const left = data.changes.filter(({ id }) => !cancelled.has(id))
  for (const step of foldChanges(left)) {
    const { op, id } = step
    const isFull = plan.operations.length >= limits.operations
    if (isFull || (op === 'erase' && plan.operations.length > 0)) break
    const outcome = outcomeOf(step)
    if (outcome === 'wait') break
    if (outcome === 'drop' || outcome === 'not found') {
      // A task that this request restores can be changed by the next one.
      if (outcome === 'not found' && plan.operations.some((one) => one.op === 'restore')) break
      if (outcome === 'not found') reject(step, 'NOT_FOUND', 'It has been deleted')
      plan.dropped.push(...step.changes)
      continue
    }
    const { send } = outcome
    const operation = {
      op: op === 'erase' ? 'delete' : op,
      ...(send.id !== undefined && { id: send.id }),
      ...(send.ifMatch !== undefined && { if_match: send.ifMatch }),
      ...(send.body !== undefined && !isOpWithoutBody(op) && { body: send.body }),
    }
    bytes += sizeOf(operation)
    if (bytes > limits.bytes && plan.operations.length > 0) break
    if (op.startsWith('create')) created.set(id, { index: plan.operations.length, version: 1 })
    else if (send.id) used.add(send.id)
    // Safe: the queue holds only members of these operations, and the service checks them.
    plan.operations.push(operation as unknown as Operation)
    plan.changes.push(step.changes.map(({ key }) => key))
    if (op === 'erase') {
      plan.isPermanent = true
      break
    }
  }
  return plan
}

const MISSING = ''

function withoutMissing(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== MISSING))
}

function isOpWithoutBody(op: string): boolean {
  return op.startsWith('delete') || op === 'restore' || op === 'erase'
}

function sizeOf(operation: object): number {
  return new TextEncoder().encode(JSON.stringify(operation)).length + 1
}
