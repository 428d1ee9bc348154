import {
  applyCall,
  type CallEffect,
  type OwnerRecord,
  type OwnerState,
  type RememberedCall,
  type WriteCall,
} from '../../core/calls.ts'
import type { TaskChange } from '../../core/draft.ts'
import { isLive, type Task } from '../../core/task.ts'
import type { Write } from '../../core/writes.ts'
import { plainItems } from '../conformance/stores/oracle.ts'
import { second } from '../conformance/stores/store.ts'

export const EPOCH = 'new epoch'

/** The record of an owner with these tasks. */
export function recordOf(tasks: readonly Task[], fields: Partial<OwnerRecord> = {}): OwnerRecord {
  const top = tasks.length === 0 ? null : Math.min(...tasks.map(({ order }) => order))
  return { epoch: 'a', sequence: 7, horizon: 2, live: tasks.filter(isLive).length, top, ...fields }
}

export function stateOf(
  tasks: readonly Task[],
  record = recordOf(tasks),
  calls: readonly RememberedCall[] = [],
): OwnerState {
  const remembered = (key: string) => calls.find((one) => one.key === key) ?? null
  return { record, ...plainItems(tasks), remembered }
}

export function idAt(): never {
  throw new Error('idAt was called')
}

export function apply(
  state: OwnerState,
  writes: readonly Write[],
  options: Partial<WriteCall> = {},
): CallEffect {
  const call = { writes, atomic: false, now: second(60), idAt, retry: null, ...options }
  return applyCall(state, call, () => EPOCH)
}

/** The tasks after changes. */
export function applied(tasks: readonly Task[], changes: readonly TaskChange[]): Task[] {
  const ids = new Set(changes.map(({ after }) => after.id))
  return [
    ...tasks.filter(({ id }) => !ids.has(id)),
    ...changes.flatMap(({ after, isErased }) => (isErased ? [] : [after])),
  ]
}
