import { TaskportError } from './errors.ts'
import type { ChangePage, FeedPosition } from './feed.ts'
import type { Owner } from './owner.ts'
import type { Clock, FeedWatch, NewId, Retry, TaskRepository, WriteResult } from './ports.ts'
import type { Position, TaskPage } from './query.ts'
import {
  type ChangeRequest,
  readBatch,
  readChange,
  readCreate,
  readList,
  readOperation,
} from './requests.ts'
import { type Task, TaskId } from './task.ts'
import { createRule, invalid } from './validation.ts'
import type { TaskWrite, WriteOutcome } from './writes.ts'

/** How a caller marks a call that it may repeat: its own key, and a digest of what it asks. */
export type RetryMark = Pick<Retry, 'key' | 'fingerprint'>

/** An answer, and whether it is one that was given before. */
export interface Answer<Value> {
  readonly value: Value
  readonly replayed: boolean
}

/** What became of one operation of a batch: the task, `null` for a deleted one, or why it failed. */
export interface OperationResult {
  /** `null` for one that was refused before it was tried. */
  readonly op: TaskWrite['op'] | null
  readonly outcome: Task | TaskportError | null
}

/**
 * The use cases. Each is given whose tasks it is about and rejects with a `TaskportError`:
 * `invalid` for input that breaks a rule (all broken ones in one error, before the store is asked),
 * `not_found`, `stale`, and whatever the store reports. Input comes as the caller sent it. Ids are
 * taken in any letter case.
 */
export interface TaskService {
  /** @param after the `next` of the page before, of a list with the same query. */
  list(owner: Owner, input: unknown, after: Position | null): Promise<TaskPage>
  /** A text that changes when and only when any task of the owner does. */
  revision(owner: Owner): Promise<string>
  get(owner: Owner, id: string): Promise<Task>
  create(owner: Owner, input: unknown, retry: RetryMark | null): Promise<Answer<Task>>
  /** Sets everything that can be changed (`replace`), what is present (`patch`), or the place. */
  change(
    owner: Owner,
    request: ChangeRequest & { op: 'replace' | 'patch' | 'restore' | 'move' },
  ): Promise<Task>
  /** Moves a task to the trash, or deletes it for good. */
  remove(owner: Owner, request: Omit<ChangeRequest, 'op' | 'body'>): Promise<void>
  /**
   * Does several writes. Where they are atomic, the first failure undoes all and is thrown, with the
   * place of its operation in its details.
   */
  batch(owner: Owner, input: unknown, retry: RetryMark | null): Promise<Answer<OperationResult[]>>
  /** Moves every completed task to the trash and tells how many they were. */
  clearCompleted(owner: Owner): Promise<number>
  /** What has changed since a position. Rejects with `cursor_expired` where that cannot be told. */
  changes(owner: Owner, after: FeedPosition | null, limit: number): Promise<ChangePage>
  readonly watch: FeedWatch['watch']
}

const idRule = createRule('id', TaskId)

const RETRY_HOURS = 24

const NOTHING_DONE = { outcomes: [], replayed: false }

/**
 * @param deps.keepsTrash whether what is deleted can be restored for a while.
 * @param deps.requireVersion whether changes have to say which version they expect.
 */
export function createTaskService(deps: {
  readonly repository: TaskRepository
  readonly watch: FeedWatch['watch']
  readonly now: Clock
  readonly newId: NewId
  readonly keepsTrash: boolean
  readonly requireVersion: boolean
}): TaskService {
  const { repository, watch, now, newId, keepsTrash, requireVersion } = deps

  async function write(owner: Owner, one: TaskWrite): Promise<Task | null> {
    const call = { writes: [one], atomic: true, now: now(), retry: null }
    const { outcomes } = answered(await repository.write(owner, call))
    return taskOf(one, outcomes[0])
  }

  return {
    list: async (owner, input, after) => repository.list(owner, readList(input, after)),

    revision: (owner) => repository.revision(owner),

    async get(owner, id) {
      if (!idRule.accepts(id)) throw invalid(...idRule.problems(id))
      const task = await repository.get(owner, id.toLowerCase())
      if (task === null) throw notFound()
      return task
    },

    async create(owner, input, retry) {
      const one = readCreate(newId(), input, retry?.key)
      const at = now()
      const call = { writes: [one], atomic: true, now: at, retry: remember(retry, at) }
      const { outcomes, replayed } = answered(await repository.write(owner, call))
      return { value: present(taskOf(one, outcomes[0])), replayed }
    },

    change: async (owner, request) =>
      present(await write(owner, readChange(request, 'If-Match', requireVersion))),

    async remove(owner, request) {
      const one = readChange({ ...request, op: 'delete' }, 'If-Match', requireVersion)
      await write(owner, keepsTrash ? one : pastTrash(one))
    },

    async batch(owner, input, retry) {
      const { atomic, operations } = readBatch(input, retry?.key ?? null)
      const at = now()
      const remembered = remember(retry, at)
      const options = { newId, requireVersion, permanent: !keepsTrash }
      const read = operations.map((operation, index) =>
        attempt(() => readOperation(operation, options), atomic ? index : null),
      )
      const writes = read.filter((one): one is TaskWrite => !(one instanceof TaskportError))
      const call = { writes, atomic, now: at, retry: remembered }
      const { outcomes, replayed } =
        writes.length === 0 ? NOTHING_DONE : answered(await repository.write(owner, call))
      let done = 0
      const value = read.map((one, index) => {
        if (one instanceof TaskportError) return { op: null, outcome: one }
        const outcome = outcomes[done++]
        return { op: one.op, outcome: attempt(() => taskOf(one, outcome), atomic ? index : null) }
      })
      return { value, replayed }
    },

    clearCompleted: (owner) => repository.clearCompleted(owner, !keepsTrash, now()),

    async changes(owner, after, limit) {
      const page = await repository.changes(owner, after, limit)
      if (page === null) throw new TaskportError('cursor_expired', 'Start again without a cursor')
      return page
    },

    watch,
  }
}

/** What was made, or why it could not be; thrown, with its place, in a batch that is atomic. */
function attempt<Value>(make: () => Value, index: number | null): Value | TaskportError {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof TaskportError)) throw error
    if (index === null) return error
    const problems = error.details.length > 0 ? error.details : [error.message]
    throw new TaskportError(error.code, error.message, {
      details: problems.map((problem) => `operations[${index}]: ${problem}`),
    })
  }
}

function pastTrash(one: TaskWrite): TaskWrite {
  return one.op === 'delete' ? { ...one, permanent: true } : one
}

function remember(retry: RetryMark | null, at: string): Retry | null {
  return retry && { ...retry, rememberedSince: hoursBefore(at, RETRY_HOURS) }
}

function answered(result: WriteResult): Extract<WriteResult, { kind: 'answered' }> {
  if (result.kind === 'key_reused')
    throw invalid('Idempotency-Key: was used for another request already')
  return result
}

function taskOf(write: TaskWrite, outcome: WriteOutcome | undefined): Task | null {
  switch (outcome?.kind) {
    case 'done':
      return outcome.task
    case 'stale':
      throw new TaskportError('stale', 'The task has changed since you read it', {
        version: outcome.version,
      })
    case 'no_neighbour':
      throw invalid(`${neighbourIn(write)}: must be the id of another of your tasks`)
    default:
      throw notFound()
  }
}

function neighbourIn(write: TaskWrite): string {
  return write.op === 'move' && 'before' in write.place ? 'before' : 'after'
}

function present(task: Task | null): Task {
  if (task === null) throw notFound()
  return task
}

function notFound(): TaskportError {
  return new TaskportError('not_found', 'Task not found')
}

function hoursBefore(at: string, hours: number): string {
  return new Date(Date.parse(at) - hours * 3_600_000).toISOString()
}
