import type { List, Task, TaskBatch } from '../types.ts'
import { isLocal } from './ids.ts'
import { rebase } from './merge.ts'
import type { Data, Entries } from './replica.ts'
import { addRejected } from './settle.ts'
import { cancelledIds, foldChanges, isMadeOn } from './steps.ts'
import type { Members, Merge, Step } from './types.ts'
import { viewOf, withCurrentIds } from './view.ts'

type Operation = TaskBatch['operations'][number]

/** The next request, and what needs none. */
export interface Plan {
  readonly operations: readonly Operation[]
  /** What each operation does. */
  readonly steps: readonly Step[]
  /** Removes the changes with nothing left to send, and adds those that have become impossible. */
  readonly entries: Entries
}

/** Plans the next request from the front of the queue. Changes that must wait for it stay, in order. */
export function planNext(data: Data, merge: Merge, maxOperations: number): Plan {
  const { items, ids } = data
  const cancelled = cancelledIds(data)
  const { trash } = viewOf(data, null)
  const operations: Operation[] = []
  const steps: Step[] = []
  const entries: Entries = new Map()
  /** What stands for local ids in this request. */
  const references = new Map(ids)
  /** The version and the members so far of what this request creates. */
  const created = new Map<string, { version: number; members: Members }>()
  const used = new Set<string>()

  /** What stands for an id in the request; empty if the service has refused to create it. */
  function reference(id: string): string {
    return references.get(id) ?? (isLocal(id) ? '' : id)
  }

  /** Replaces ids by what stands for them. Without what the service has refused to create. */
  function referring(members: Members): Members {
    const all = Object.entries(withCurrentIds(members, reference, items))
    return Object.fromEntries(all.filter(([name, value]) => value !== '' || !members[name]))
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
    const item = items.get(own)
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
    const isEmpty = Object.keys(body).length === 0
    if (op.startsWith('move')) return isEmpty ? reject(step, 'NOT_FOUND') : { ...operation, body }
    const base = withCurrentIds(step.base, reference, items)
    const { members, lost } = rebase({ op, id: item.id, members: body, base }, item, merge)
    if (lost.length > 0) reject(step, 'CONFLICT', lost)
    if (!op.startsWith('patch')) return members && operation
    return members && Object.keys(members).length > 0 ? { ...operation, body: members } : null
  }

  function reject({ changes }: Step, code: string, details: readonly string[] = []): null {
    for (const change of changes) addRejected(entries, { change, code, details })
    return null
  }

  for (const { id, key } of data.changes)
    if (cancelled.has(id))
      entries.set(`changes:${key}`, undefined).set(`trash:${id}`, trash.get(id))
  for (const step of foldChanges(data.changes.filter(({ id }) => !cancelled.has(id)))) {
    const { op, id } = step
    const count = operations.length
    // A permanent deletion is a request of its own.
    const isAlone = op === 'erase' || steps[0]?.op === 'erase'
    if (count >= (isAlone ? 1 : maxOperations)) break
    const operation = operationOf(step)
    if (operation === 'wait') break
    if (!operation) {
      for (const { key } of step.changes) entries.set(`changes:${key}`, undefined)
      continue
    }
    if (op.startsWith('create')) {
      references.set(id, `$${count}`)
      created.set(id, { version: 1, members: step.members })
    } else used.add(reference(id))
    // Safe: the queue holds only members of these operations, and the service checks them.
    operations.push(operation as Operation)
    steps.push(step)
  }
  return { operations, steps, entries }
}
