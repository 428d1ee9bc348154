import { expect } from 'bun:test'
import type { CallResult, WriteCall } from '../../../core/calls.ts'
import type { FeedPosition } from '../../../core/feed.ts'
import type { List, ListPatch } from '../../../core/list.ts'
import type { Destination } from '../../../core/moves.ts'
import type { Owner } from '../../../core/owner.ts'
import type { TaskRepository } from '../../../core/ports.ts'
import { EVERYTHING, type TaskPage, type TaskQuery } from '../../../core/query.ts'
import type { Task, TaskCreate, TaskPatch } from '../../../core/task.ts'
import type { ListWrite, TaskWrite, Versions, Write, WriteOutcome } from '../../../core/writes.ts'
import { idNumber, listId, numberOf, second } from './store.ts'

export const NOT_FOUND: WriteOutcome = { kind: 'not_found' }
export const NO_NEIGHBOUR = invalid('must be the id of another of your')
export const TOO_MANY = invalid('you have the maximum')
export const DELETED: WriteOutcome = { kind: 'done', task: null }

export const TOP: Destination = { to: 'top' }
export const BOTTOM: Destination = { to: 'bottom' }

export function before(n: number): Destination {
  return { before: idNumber(n) }
}

export function after(n: number): Destination {
  return { after: idNumber(n) }
}

/** Makes writes of numbered tasks and lists. */
export const writing = {
  create: (n: number, text = `task ${n}`, members: Partial<TaskCreate> = {}): TaskWrite => ({
    op: 'create',
    id: idNumber(n),
    task: { ...members, text },
  }),
  patch: (n: number, patch: TaskPatch, versions: Versions = null): TaskWrite => ({
    op: 'patch',
    id: idNumber(n),
    patch,
    versions,
  }),
  remove: (n: number, versions: Versions = null): TaskWrite => ({
    op: 'delete',
    id: idNumber(n),
    versions,
    permanent: false,
  }),
  erase: (n: number, versions: Versions = null): TaskWrite => ({
    op: 'delete',
    id: idNumber(n),
    versions,
    permanent: true,
  }),
  restore: (n: number, versions: Versions = null): TaskWrite => ({
    op: 'restore',
    id: idNumber(n),
    versions,
  }),
  move: (n: number, destination: Destination, versions: Versions = null): TaskWrite => ({
    op: 'move',
    id: idNumber(n),
    destination,
    versions,
  }),
  createList: (n: number, name = `list ${n}`): ListWrite => ({
    op: 'create_list',
    id: listId(n),
    list: { name },
  }),
  patchList: (n: number, patch: ListPatch, versions: Versions = null): ListWrite => ({
    op: 'patch_list',
    id: listId(n),
    patch,
    versions,
  }),
  removeList: (n: number, versions: Versions = null, permanent = false): ListWrite => ({
    op: 'delete_list',
    id: listId(n),
    versions,
    permanent,
  }),
  moveList: (n: number, destination: Destination, versions: Versions = null): ListWrite => ({
    op: 'move_list',
    id: listId(n),
    destination,
    versions,
  }),
}

// Ids of tasks that the rules add begin here.
const ADDED = 0x1_0000
const ADDED_AT_ONCE = 0x100

export type Caller = ReturnType<typeof createCaller>

/** Calls a repository for one owner. Its clock starts at 2026-01-31 and advances a second per call. */
export function createCaller(repository: TaskRepository, owner: Owner) {
  let seconds = 0
  let calls = 0

  function send(
    writes: readonly Write[],
    options: Partial<Omit<WriteCall, 'writes'>> = {},
  ): Promise<CallResult> {
    const first = ADDED + ADDED_AT_ONCE * calls++
    const idAt = (index: number) => idNumber(first + index)
    const call: WriteCall = { writes, atomic: false, now: second(seconds++), idAt, retry: null }
    return repository.write(owner, { ...call, ...options })
  }

  /** The outcomes of several writes in one call, which is not atomic by default. */
  async function all(
    writes: readonly Write[],
    options: Partial<Omit<WriteCall, 'writes' | 'retry'>> = {},
  ): Promise<readonly WriteOutcome[]> {
    const result = await send(writes, options)
    if (result.kind !== 'applied' || result.replayed) throw new Error('the call was not applied')
    return result.outcomes
  }

  /** The outcome of a single write. */
  async function one(write: Write, now?: string): Promise<WriteOutcome> {
    const options = { atomic: true, ...(now === undefined ? {} : { now }) }
    const [outcome, ...others] = await all([write], options)
    if (!outcome || others.length > 0) throw new Error('one write has one outcome')
    return outcome
  }

  function list(query: Partial<TaskQuery> = {}): Promise<TaskPage> {
    return repository.list(owner, { ...EVERYTHING, ...query })
  }

  return {
    send,
    all,
    one,
    list,
    create: async (n: number, text?: string, now?: string) =>
      taskIn(await one(writing.create(n, text), now)),
    /** Creates a task with other members than its text. */
    add: async (n: number, members: Partial<TaskCreate>) =>
      taskIn(await one(writing.create(n, undefined, members))),
    createList: async (n: number, name?: string) => listIn(await one(writing.createList(n, name))),
    patchList: async (n: number, patch: ListPatch) =>
      listIn(await one(writing.patchList(n, patch))),
    removeList: async (n: number) => {
      const outcome = await one(writing.removeList(n))
      if (outcome.kind !== 'list_done' || outcome.list)
        throw new Error(`did not delete: ${JSON.stringify(outcome)}`)
    },
    lists: async () => (await repository.lists(owner)).lists,
    getList: (n: number) => repository.getList(owner, listId(n)),
    patch: async (n: number, patch: TaskPatch, now?: string) =>
      taskIn(await one(writing.patch(n, patch), now)),
    move: async (n: number, destination: Destination) =>
      taskIn(await one(writing.move(n, destination))),
    restore: async (n: number) => taskIn(await one(writing.restore(n))),
    remove: async (n: number, now?: string) => {
      expectDeleted(await one(writing.remove(n), now))
    },
    erase: async (n: number, now?: string) => {
      expectDeleted(await one(writing.erase(n), now))
    },
    get: (n: number) => repository.get(owner, idNumber(n)),
    /** A task that exists. */
    existing: async (n: number) => {
      const task = await repository.get(owner, idNumber(n))
      if (!task) throw new Error(`task ${n} does not exist`)
      return task
    },
    /** The numbers of the tasks in a list. */
    numbers: async (query: Partial<TaskQuery> = {}) => (await list(query)).tasks.map(numberOf),
    /** The numbers of all tasks, by their order. */
    inOrder: async () => (await list({ sort: 'order' })).tasks.map(numberOf),
    trash: async () => (await list({ deleted: true })).tasks,
    revision: () => repository.revision(owner),
    clearCompleted: async (permanent = false, limit = 100) => {
      const outcome = await one({ op: 'clear_completed', permanent, limit })
      if (outcome.kind !== 'cleared') throw new Error(`did not clear: ${outcome.kind}`)
      return outcome.count
    },
    changes: (position: FeedPosition | null, limit = 1000) =>
      repository.changes(owner, position, limit),
  }
}

/** The task after a write that succeeded. */
export function taskIn(outcome: WriteOutcome | undefined): Task {
  if (outcome?.kind !== 'done' || !outcome.task)
    throw new Error(`left no task: ${JSON.stringify(outcome)}`)
  return outcome.task
}

/** An outcome with one problem that contains a text. */
export function invalid(text: string): WriteOutcome {
  // An asymmetric matcher, which stands for a string.
  return { kind: 'invalid', problems: [expect.stringContaining(text) as unknown as string] }
}

/** The list after a write that succeeded. */
export function listIn(outcome: WriteOutcome | undefined): List {
  if (outcome?.kind !== 'list_done' || !outcome.list)
    throw new Error(`left no list: ${JSON.stringify(outcome)}`)
  return outcome.list
}

/** The result of a retried call, given its first result. */
export function replayOf(first: CallResult): CallResult {
  return first.kind === 'applied' ? { ...first, replayed: true } : first
}

function expectDeleted(outcome: WriteOutcome): void {
  if (outcome.kind !== 'done' || outcome.task)
    throw new Error(`did not delete: ${JSON.stringify(outcome)}`)
}
