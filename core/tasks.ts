import { type RetryKey, rememberedSince } from './calls.ts'
import { TaskportError } from './errors.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { Owner } from './owner.ts'
import type { Clock, FeedWatch, NewId, TaskRepository } from './ports.ts'
import type { ListQuery, TaskPage } from './query.ts'
import {
  type ChangeRequest,
  type OperationRequest,
  readBatch,
  readChange,
  readCreate,
  readId,
  readOperation,
} from './requests.ts'
import type { Task } from './task.ts'
import { invalid } from './validation.ts'
import type { TaskWrite, Write, WriteOutcome } from './writes.ts'

/** A call that may be retried. */
export interface RetryableRequest {
  readonly body: unknown
  /** `null` if the caller will not retry the call. */
  readonly retry: RetryKey | null
  /** Problems that the caller found, to be reported together with the others. */
  readonly problems?: readonly string[]
}

export interface BatchRequest extends RetryableRequest {
  /** Parses one element of `body.operations`. */
  readonly readOperation: (operation: unknown) => OperationRequest
}

/** The result of a call that may be retried. */
export interface Replayable<Value> {
  readonly value: Value
  /** Whether this is the result of an earlier call with the same key. */
  readonly replayed: boolean
}

/** The result of one operation of a batch: the task (`null` if it was deleted), or the error. */
export interface OperationResult {
  /** `null` for an operation that could not be read. */
  readonly op: TaskWrite['op'] | null
  readonly outcome: Task | TaskportError | null
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
  /** A text that changes exactly when any of the owner's tasks changes. */
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
 * @param deps.maxTasks how many tasks outside the trash a user can have; restoring may exceed it.
 */
export function createTaskService(deps: {
  readonly repository: TaskRepository
  readonly watch: FeedWatch['watch']
  readonly now: Clock
  readonly newId: NewId
  readonly keepsTrash: boolean
  readonly requireVersion: boolean
  readonly maxTasks: number
}): TaskService {
  const { repository, watch, now, newId, keepsTrash, requireVersion, maxTasks } = deps

  async function send(
    owner: Owner,
    writes: readonly Write[],
    atomic: boolean,
    retry: RetryKey | null,
  ) {
    const at = now()
    const since = retry && { ...retry, rememberedSince: rememberedSince(at) }
    const call = { writes, atomic, now: at, maxTasks, retry: since }
    const result = await repository.write(owner, call)
    if (result.kind === 'key_reused') throw retryKeyReused()
    return result
  }

  async function sendOne(owner: Owner, write: TaskWrite): Promise<Task | null> {
    const { outcomes } = await send(owner, [write], true, null)
    return taskOf(write, outcomes[0])
  }

  return {
    list: (owner, query) => repository.list(owner, query),

    revision: (owner) => repository.revision(owner),

    async get(owner, id) {
      const task = await repository.get(owner, readId(id))
      if (task === null) throw notFound()
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
      await sendOne(owner, keepsTrash ? write : skippingTrash(write))
    },

    async batch(owner, { body, retry, problems, readOperation: prepare }) {
      const { atomic, operations } = readBatch(body, problems)
      const readAll = (requireVersion: boolean) =>
        operations.map((operation, index) =>
          attempt(
            () =>
              readOperation(prepare(operation), { newId, requireVersion, permanent: !keepsTrash }),
            atomic ? index : null,
          ),
        )
      let read = readAll(requireVersion)
      const writes = writesIn(read)
      const { outcomes, replayed } =
        writes.length === 0 ? NOTHING_DONE : await send(owner, writes, atomic, retry)
      if (replayed && outcomes.length !== writes.length) {
        // `requireVersion` has changed since the first call, which was read with the other value.
        read = readAll(!requireVersion)
        if (outcomes.length !== writesIn(read).length) throw retryKeyReused()
      }
      let sent = 0
      const value = read.map((one, index) => {
        if (one instanceof TaskportError) return { op: null, outcome: one }
        const outcome = outcomes[sent++]
        return { op: one.op, outcome: attempt(() => taskOf(one, outcome), atomic ? index : null) }
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

function skippingTrash(write: TaskWrite): TaskWrite {
  return write.op === 'delete' ? { ...write, permanent: true } : write
}

function writesIn(read: readonly (TaskWrite | TaskportError)[]): TaskWrite[] {
  return read.filter((one): one is TaskWrite => !(one instanceof TaskportError))
}

function retryKeyReused(): TaskportError {
  return new TaskportError('retry_key_reused', 'This key was used for a different request')
}

/** The task after a write; `null` if it was deleted. */
function taskOf(write: TaskWrite, outcome: WriteOutcome | undefined): Task | null {
  switch (outcome?.kind) {
    case 'not_found':
      throw notFound()
    case 'done':
      return outcome.task
    case 'stale':
      throw new TaskportError('stale', 'The task has changed since you read it', {
        version: outcome.version,
      })
    case 'too_many':
      throw invalid('tasks: you have the maximum number of tasks; delete some first')
    case 'no_neighbour':
      throw invalid(`${neighbourIn(write)}: must be the id of another of your tasks`)
    default:
      throw unexpected(write, outcome)
  }
}

/** The task after a write that does not delete it. */
function remaining({ op }: TaskWrite, task: Task | null): Task {
  if (task === null) throw new Error(`Unexpected outcome of ${op}: no task`)
  return task
}

function unexpected({ op }: Write, outcome: WriteOutcome | undefined): Error {
  return new Error(`Unexpected outcome of ${op}: ${outcome?.kind}`)
}

function neighbourIn(write: TaskWrite): string {
  return write.op === 'move' && 'before' in write.destination ? 'before' : 'after'
}

function notFound(): TaskportError {
  return new TaskportError('not_found', 'Task not found')
}
