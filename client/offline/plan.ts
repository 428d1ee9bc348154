import type { List, Task, TaskBatch } from '../types.ts'
import { isLocal } from './ids.ts'
import { rebase } from './merge.ts'
import type { Data } from './replica.ts'
import { cancelledIds, foldChanges, isMadeOn, type Step } from './steps.ts'
import type { Members, Merge, Rejection, WaitingChange } from './types.ts'
import { withCurrentIds } from './view.ts'

type Operation = TaskBatch['operations'][number]

/** The next request, and the changes that need none. */
export interface Plan {
  readonly operations: readonly Operation[]
  /** The changes that each operation makes. */
  readonly changes: readonly (readonly string[])[]
  /** Changes with nothing left to send. */
  readonly dropped: readonly WaitingChange[]
  /** Local ids of tasks that were never sent and are deleted. */
  readonly cancelled: ReadonlySet<string>
  readonly rejected: readonly Rejection[]
  readonly isPermanent: boolean
}

// `MAX_BODY_BYTES` is 256 KiB by default.
const MAX_BYTES = 200_000

/** Plans the next request from the front of the queue. Changes that must wait for it stay, in order. */
export function planNext(data: Data, merge: Merge, maxOperations: number): Plan {
  const { tasks, lists, ids } = data
  const cancelled = cancelledIds(data)
  const dropped = data.changes.filter(({ id }) => cancelled.has(id))
  const operations: Operation[] = []
  const changes: (readonly string[])[] = []
  const rejected: Rejection[] = []
  /** What this request creates: the number of its operation, and its version and members so far. */
  const created = new Map<string, { index: number; version: number; members: Members }>()
  const used = new Set<string>()
  let bytes = 0

  /** What stands for an id in the request; empty if the service has refused to create it. */
  function reference(id: string): string {
    const number = created.get(id)?.index
    return ids.get(id) ?? (isLocal(id) ? (number === undefined ? '' : `$${number}`) : id)
  }

  /** Replaces ids by what stands for them. Without what the service has refused to create. */
  function referring(members: Members): Members {
    const entries = Object.entries(withCurrentIds(members, reference))
    const own = Object.fromEntries(
      entries.filter(([name, value]) => value !== '' || !members[name]),
    )
    // A subtask is in the list of its parent, wherever that is by now.
    const { list_id, ...rest } = own
    const parent = tasks.get(`${own['parent_id']}`)
    return parent ? { ...rest, list_id: parent.list_id } : own['parent_id'] ? rest : own
  }

  /** The operation of a step; `null` if nothing is left to send, `wait` if it must wait for this request. */
  function operationOf(step: Step): object | 'wait' | null {
    const { op, id } = step
    const body = referring(step.members)
    if (op.startsWith('create')) return { op, body }
    const own = reference(id)
    const fresh = created.get(id)
    if (fresh) {
      if (!isMadeOn(step.base, fresh.members)) return 'wait'
      fresh.members = { ...fresh.members, ...step.members }
      return { op, id: own, if_match: `"v${fresh.version++}"`, body }
    }
    if (used.has(own)) return 'wait'
    const item = op.endsWith('_list') ? lists.get(own) : tasks.get(own)
    if (item) return op === 'restore' ? null : operationOn(step, item, body)
    if (own && (op === 'restore' || op === 'erase')) return { op, id: own }
    if (op.startsWith('delete')) return null
    // A task that this request restores can be changed by the next one.
    if (operations.some((one) => one.op === 'restore')) return 'wait'
    return reject(step, 'NOT_FOUND')
  }

  function operationOn(step: Step, item: Task | List, body: Members): object | null {
    const { op } = step
    const operation = { op, id: item.id, if_match: `"v${item.version}"` }
    if (op.startsWith('move'))
      return 'to' in body || 'before' in body || 'after' in body
        ? { ...operation, body }
        : reject(step, 'NOT_FOUND')
    const base = withCurrentIds(step.base, (id) => ids.get(id) ?? id)
    const { members, lost } = rebase({ op, id: item.id, members: body, base }, item, merge)
    const isPatch = op.startsWith('patch')
    if (lost.length > 0 && (isPatch || !members)) reject(step, 'CONFLICT', lost)
    if (!isPatch) return members && operation
    return members && Object.keys(members).length > 0 ? { ...operation, body: members } : null
  }

  function reject(step: Step, code: string, details: readonly string[] = []): null {
    for (const change of step.changes) rejected.push({ change, code, details })
    return null
  }

  let isPermanent = false
  for (const step of foldChanges(data.changes.filter(({ id }) => !cancelled.has(id)))) {
    const { op, id } = step
    const isErase = op === 'erase'
    if (operations.length >= maxOperations || (operations.length > 0 && isErase) || isPermanent)
      break
    const operation = operationOf(step)
    if (operation === 'wait') break
    if (!operation) {
      dropped.push(...step.changes)
      continue
    }
    bytes += new TextEncoder().encode(JSON.stringify(operation)).length
    if (bytes > MAX_BYTES && operations.length > 0) break
    if (op.startsWith('create'))
      created.set(id, { index: operations.length, version: 1, members: step.members })
    else used.add(reference(id))
    isPermanent = isErase
    // Safe: the queue holds only members of these operations, and the service checks them.
    operations.push(operation as Operation)
    changes.push(step.changes.map(({ key }) => key))
  }
  return { operations, changes, dropped, cancelled, rejected, isPermanent }
}
