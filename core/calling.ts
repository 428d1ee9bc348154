import { type RetryKey, rememberedSince } from './calls.ts'
import { TaskportError } from './errors.ts'
import type { List } from './list.ts'
import type { Owner } from './owner.ts'
import type { Clock, NewId, TaskRepository } from './ports.ts'
import type { Task } from './task.ts'
import { invalid } from './validation.ts'
import type { ItemWrite, Write, WriteOutcome } from './writes.ts'

/** A call that may be retried. */
export interface RetryableRequest {
  readonly body: unknown
  /** `null` if the caller will not retry the call. */
  readonly retry: RetryKey | null
  /** Problems that the caller found, to be reported together with the others. */
  readonly problems?: readonly string[]
}

/** The result of a call that may be retried. */
export interface Replayable<Value> {
  readonly value: Value
  /** Whether this is the result of an earlier call with the same key. */
  readonly replayed: boolean
}

/** Sends writes to the repository. */
export type Send = (
  owner: Owner,
  writes: readonly Write[],
  atomic: boolean,
  retry: RetryKey | null,
) => Promise<{ readonly outcomes: readonly WriteOutcome[]; readonly replayed: boolean }>

/** @param deps.maxTasks how many tasks outside the trash creates may lead to. */
export function createSend(deps: {
  readonly repository: TaskRepository
  readonly now: Clock
  readonly newId: NewId
  readonly maxTasks: number
}): Send {
  const { repository, now: clock, newId, maxTasks } = deps
  return async (owner, writes, atomic, retry) => {
    const now = clock()
    const since = retry && { ...retry, rememberedSince: rememberedSince(now) }
    const ids: string[] = []
    const idAt = (index: number) => {
      ids[index] ??= newId()
      return ids[index]
    }
    const call = { writes, atomic, now, maxTasks, idAt, retry: since }
    const result = await repository.write(owner, call)
    if (result.kind === 'key_reused') throw retryKeyReused()
    return result
  }
}

/**
 * Sends one write.
 *
 * @returns the item that it left, and whether that is the outcome of an earlier call.
 * @throws TaskportError if the write does not succeed.
 */
export async function sendOne(
  send: Send,
  owner: Owner,
  write: ItemWrite,
  retry: RetryKey | null = null,
): Promise<{ readonly item: WrittenItem; readonly replayed: boolean }> {
  const { outcomes, replayed } = await send(owner, [write], true, retry)
  return { item: itemOf(write, outcomes[0]), replayed }
}

/** What a write left: a task, a list, or `null` if it was deleted. */
export type WrittenItem = { readonly task: Task | null } | { readonly list: List | null }

export function retryKeyReused(): TaskportError {
  return new TaskportError('retry_key_reused', 'This key was used for a different request')
}

/** @throws TaskportError if the write did not succeed. */
export function itemOf(write: ItemWrite, outcome: WriteOutcome | undefined): WrittenItem {
  const name = write.op.endsWith('_list') ? 'list' : 'task'
  switch (outcome?.kind) {
    case 'done':
    case 'list_done':
      return outcome
    case 'not_found':
      throw notFound(name)
    case 'stale':
      throw new TaskportError('stale', `The ${name} has changed since you read it`, {
        version: outcome.version,
      })
    case 'invalid':
      throw invalid(...outcome.problems)
    default:
      throw unexpected(write, outcome)
  }
}

export function unexpected({ op }: Write, outcome: WriteOutcome | undefined): Error {
  return new Error(`Unexpected outcome of ${op}: ${outcome?.kind}`)
}

export function notFound(name: 'task' | 'list'): TaskportError {
  return new TaskportError('not_found', name === 'task' ? 'Task not found' : 'List not found')
}
