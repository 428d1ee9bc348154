import { TaskportError } from '../core/errors.ts'
import type { TaskRepository } from '../core/ports.ts'
import type { Write } from '../core/writes.ts'

/** How a call of the store went. */
export interface StoreEvent {
  readonly type: 'store'
  readonly operation: 'list' | 'get' | 'revision' | 'changes' | 'batch' | Write['op']
  readonly outcome: 'done' | 'unavailable' | 'failed'
  readonly durationMs: number
  readonly error: unknown
}

/**
 * The repository as requests see it: it tells how each call went, and is unavailable as long as the
 * schema is not there.
 */
export function watchRepository(
  repository: TaskRepository,
  isOpen: () => boolean,
  observe: (event: StoreEvent) => void,
): TaskRepository {
  async function watch<Result>(
    operation: StoreEvent['operation'],
    call: () => Promise<Result>,
  ): Promise<Result> {
    const startedAt = performance.now()
    let outcome: StoreEvent['outcome'] = 'done'
    let error: unknown
    try {
      if (!isOpen()) throw new TaskportError('unavailable', 'Migrations are not applied yet')
      return await call()
    } catch (thrown) {
      error = thrown
      const isOutage = thrown instanceof TaskportError && thrown.code === 'unavailable'
      outcome = isOutage ? 'unavailable' : 'failed'
      throw thrown
    } finally {
      const durationMs = performance.now() - startedAt
      observe({ type: 'store', operation, outcome, durationMs, error })
    }
  }

  return {
    list: (owner, query) => watch('list', () => repository.list(owner, query)),
    get: (owner, id) => watch('get', () => repository.get(owner, id)),
    revision: (owner) => watch('revision', () => repository.revision(owner)),
    write: (owner, call) => watch(nameOf(call.writes), () => repository.write(owner, call)),
    changes: (owner, after, limit) =>
      watch('changes', () => repository.changes(owner, after, limit)),
  }
}

function nameOf(writes: readonly Write[]): StoreEvent['operation'] {
  const [first] = writes
  return first && writes.length === 1 ? first.op : 'batch'
}
