import { createOperationReader, type OperationRequest, readBatch } from './batch.ts'
import {
  itemOf,
  notFound,
  type Replayable,
  type RetryableRequest,
  retryKeyReused,
  type Send,
  unexpected,
} from './calling.ts'
import { TaskportError } from './errors.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { List } from './list.ts'
import type { Owner } from './owner.ts'
import type { FeedWatch, NewId, TaskRepository } from './ports.ts'
import type { ListQuery, TaskPage } from './query.ts'
import { type ChangeRequest, readChange, readCreate, readId } from './requests.ts'
import type { Task } from './task.ts'
import { invalid } from './validation.ts'
import type { ItemWrite, WriteOutcome } from './writes.ts'

export interface BatchRequest extends RetryableRequest {
  /** Parses one element of `body.operations`. */
  readonly readOperation: (operation: unknown) => OperationRequest
}

/** The result of one operation of a batch: the task or list (`null` if it was deleted), or the error. */
export interface OperationResult {
  /** `null` for an operation that could not be read. */
  readonly op: ItemWrite['op'] | null
  readonly outcome: { readonly task: Task | null } | { readonly list: List | null } | TaskportError
}

/** What one call of `clearCompleted` did. */
export interface ClearedTasks {
  readonly count: number
  /** Whether there are more completed tasks: call it again. */
  readonly hasMore: boolean
}

/**
 * The use cases. Each takes the owner and unvalidated input. Each rejects with a `TaskportError`:
 * `invalid`, with every problem, before the store is called; `not_found`; `stale`; or an error of the
 * store.
 */
export interface TaskService {
  /** @param query as `readList` returns it. */
  list(owner: Owner, query: ListQuery): Promise<TaskPage>
  /** A text that changes exactly when any of the owner's tasks or lists changes. */
  revision(owner: Owner): Promise<string>
  /** @param id in any letter case. */
  get(owner: Owner, id: string): Promise<Task>
  create(owner: Owner, request: RetryableRequest): Promise<Replayable<Task>>
  /** Replaces, patches, restores or moves a task. */
  change(
    owner: Owner,
    request: ChangeRequest & { op: 'replace' | 'patch' | 'restore' | 'move' },
  ): Promise<Task>
  /** Moves a task to the trash, or deletes it for good. */
  remove(owner: Owner, request: Omit<ChangeRequest, 'op' | 'body'>): Promise<void>
  /**
   * Applies several operations. If the batch is atomic, the first failure undoes all of them and is
   * thrown, with the index of its operation.
   */
  batch(owner: Owner, request: BatchRequest): Promise<Replayable<OperationResult[]>>
  /** Moves completed tasks to the trash, a limited number per call, so that others are not delayed. */
  clearCompleted(owner: Owner): Promise<ClearedTasks>
  /** What has changed since a position. Rejects with `position_expired` if the position is too old. */
  changes(owner: Owner, after: FeedPosition | null, limit: number): Promise<ChangePage>
  readonly watch: FeedWatch['watch']
}

// Keeps a store busy for some tens of milliseconds.
const CLEARED_AT_ONCE = 500

const NOTHING_DONE = { outcomes: [], replayed: false }

/**
 * @param deps.keepsTrash whether deleted tasks can be restored for some time.
 * @param deps.requireVersion whether changes must name the version that they expect.
 */
export function createTaskService(deps: {
  readonly repository: TaskRepository
  readonly send: Send
  readonly watch: FeedWatch['watch']
  readonly newId: NewId
  readonly keepsTrash: boolean
  readonly requireVersion: boolean
}): TaskService {
  const { repository, send, watch, newId, keepsTrash, requireVersion } = deps

  async function sendOne(owner: Owner, write: ItemWrite): Promise<Task | null> {
    const { outcomes } = await send(owner, [write], true, null)
    return taskOf(write, outcomes[0])
  }

  return {
    async list(owner, query) {
      const page = await repository.list(owner, query)
      if (page.unknown.length > 0) throw invalid(...page.unknown.map((name) => unknownFilter[name]))
      return page
    },

    revision: (owner) => repository.revision(owner),

    async get(owner, id) {
      const task = await repository.get(owner, readId(id))
      if (task === null) throw notFound('task')
      return task
    },

    async create(owner, { body, retry, problems }) {
      const write = readCreate(newId(), body, problems)
      const { outcomes, replayed } = await send(owner, [write], true, retry)
      return { value: remaining(write, taskOf(write, outcomes[0])), replayed }
    },

    async change(owner, request) {
      const write = readChange(request, requireVersion)
      return remaining(write, await sendOne(owner, write))
    },

    async remove(owner, request) {
      const write = readChange({ ...request, op: 'delete' }, requireVersion)
      const isSkipping = write.op === 'delete' && !keepsTrash
      await sendOne(owner, isSkipping ? { ...write, permanent: true } : write)
    },

    async batch(owner, { body, retry, problems, readOperation: prepare }) {
      const { atomic, operations } = readBatch(body, problems)
      function readAll(requireVersion: boolean) {
        const reader = createOperationReader({ newId, requireVersion, permanent: !keepsTrash })
        return operations.map((operation, index) =>
          attempt(() => reader.next(prepare(operation)), atomic ? index : null),
        )
      }
      let read = readAll(requireVersion)
      const writes = writesIn(read)
      const { outcomes, replayed } =
        writes.length === 0 && retry === null
          ? NOTHING_DONE
          : await send(owner, writes, atomic, retry)
      if (replayed && outcomes.length !== writes.length) {
        // `requireVersion` has changed since the first call, which was read with the other value.
        read = readAll(!requireVersion)
        if (outcomes.length !== writesIn(read).length) throw retryKeyReused()
      }
      let sent = 0
      const value = read.map((one, index) => {
        if (one instanceof TaskportError) return { op: null, outcome: one }
        const outcome = outcomes[sent++]
        return { op: one.op, outcome: attempt(() => itemOf(one, outcome), atomic ? index : null) }
      })
      return { value, replayed }
    },

    async clearCompleted(owner) {
      const write = {
        op: 'clear_completed',
        permanent: !keepsTrash,
        limit: CLEARED_AT_ONCE,
      } as const
      const { outcomes } = await send(owner, [write], true, null)
      const [outcome] = outcomes
      if (outcome?.kind !== 'cleared') throw unexpected(write, outcome)
      return { count: outcome.count, hasMore: outcome.hasMore }
    },

    async changes(owner, after, limit) {
      const page = await repository.changes(owner, after, limit)
      if (page === null) throw new TaskportError('position_expired', 'The position is too old')
      return page
    },

    watch,
  }
}

/**
 * Returns the result of `work`, or its error. In an atomic batch the error is thrown, with its index.
 */
function attempt<Value>(work: () => Value, index: number | null): Value | TaskportError {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof TaskportError)) throw error
    if (index === null) return error
    throw new TaskportError(error.code, error.message, { details: error.details, operation: index })
  }
}

function writesIn(read: readonly (ItemWrite | TaskportError)[]): ItemWrite[] {
  return read.filter((one): one is ItemWrite => !(one instanceof TaskportError))
}

/** The task after a write; `null` if it was deleted. */
function taskOf(write: ItemWrite, outcome: WriteOutcome | undefined): Task | null {
  const item = itemOf(write, outcome)
  if (!('task' in item)) throw unexpected(write, outcome)
  return item.task
}

/** The task after a write that does not delete it. */
function remaining({ op }: ItemWrite, task: Task | null): Task {
  if (task === null) throw new Error(`Unexpected outcome of ${op}: no task`)
  return task
}

const unknownFilter = {
  list: 'list: must be the id of one of your lists, or inbox',
  parent: 'parent: must be the id of one of your tasks, or none',
} as const
