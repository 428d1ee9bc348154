import { isDamage } from '../adapters/sqlite/connection.ts'
import { SlowRead } from '../adapters/sqlite/fair-reads.ts'
import { TaskportError } from '../core/errors.ts'
import type { ApiTokenStore, TaskRepository } from '../core/ports.ts'
import type { Write } from '../core/writes.ts'

/** The outcome of one call to the store. */
export interface StoreEvent {
  readonly type: 'store'
  readonly operation:
    | 'list'
    | 'get'
    | 'lists'
    | 'get_list'
    | 'revision'
    | 'changes'
    | 'batch'
    | 'ping'
    | 'create_token'
    | 'list_tokens'
    | 'find_token'
    | 'remove_token'
    | 'touch_token'
    | Write['op']
  /**
   * `damaged` if a part of the store cannot be read, `slow` if this call reads too much: other calls still
   * succeed.
   */
  readonly outcome: 'done' | 'unavailable' | 'damaged' | 'slow' | 'failed'
  readonly durationMs: number
  readonly error: unknown
}

type ObservedCall = <Result>(
  operation: StoreEvent['operation'],
  work: () => Promise<Result>,
) => Promise<Result>

/** Reports the outcome of each call, and rejects calls as `unavailable` until the store's schema is up to date. */
function createObservedCall(
  isMigrated: () => boolean,
  observe: (event: StoreEvent) => void,
): ObservedCall {
  return async (operation, work) => {
    const startedAt = performance.now()
    let outcome: StoreEvent['outcome'] = 'done'
    let error: unknown
    try {
      if (!isMigrated()) throw new TaskportError('unavailable', 'Migrations are not applied yet')
      return await work()
    } catch (thrown) {
      error = thrown
      outcome = outcomeOf(thrown)
      throw thrown
    } finally {
      const durationMs = performance.now() - startedAt
      observe({ type: 'store', operation, outcome, durationMs, error })
    }
  }
}

/** Wraps a repository, with `createObservedCall`. */
export function observeRepository(
  repository: TaskRepository,
  isMigrated: () => boolean,
  observe: (event: StoreEvent) => void,
): TaskRepository {
  const call = createObservedCall(isMigrated, observe)
  return {
    list: (owner, query) => call('list', () => repository.list(owner, query)),
    get: (owner, id) => call('get', () => repository.get(owner, id)),
    lists: (owner) => call('lists', () => repository.lists(owner)),
    getList: (owner, id) => call('get_list', () => repository.getList(owner, id)),
    revision: (owner) => call('revision', () => repository.revision(owner)),
    write: (owner, writeCall) =>
      call(nameOf(writeCall.writes), () => repository.write(owner, writeCall)),
    changes: (owner, after, limit) =>
      call('changes', () => repository.changes(owner, after, limit)),
  }
}

/** Wraps the API tokens of a store, with `createObservedCall`. */
export function observeTokens(
  tokens: ApiTokenStore,
  isMigrated: () => boolean,
  observe: (event: StoreEvent) => void,
): Omit<ApiTokenStore, 'purge'> {
  const call = createObservedCall(isMigrated, observe)
  return {
    create: (...values) => call('create_token', () => tokens.create(...values)),
    list: (owner) => call('list_tokens', () => tokens.list(owner)),
    find: (hash) => call('find_token', () => tokens.find(hash)),
    remove: (owner, id) => call('remove_token', () => tokens.remove(owner, id)),
    touch: (owner, id, at) => call('touch_token', () => tokens.touch(owner, id, at)),
  }
}

function outcomeOf(error: unknown): StoreEvent['outcome'] {
  if (!(error instanceof TaskportError && error.code === 'unavailable')) return 'failed'
  if (error.cause instanceof SlowRead) return 'slow'
  return isDamage(error.cause) ? 'damaged' : 'unavailable'
}

function nameOf(writes: readonly Write[]): StoreEvent['operation'] {
  const [first] = writes
  return first && writes.length === 1 ? first.op : 'batch'
}
