import { TaskportError } from '../core/errors.ts'
import type { TaskRepository } from '../core/ports.ts'

/** How a call of the store went. */
export interface StoreEvent {
  readonly type: 'store'
  readonly operation: keyof TaskRepository
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
    list: (owner) => watch('list', () => repository.list(owner)),
    get: (owner, id) => watch('get', () => repository.get(owner, id)),
    insert: (owner, task) => watch('insert', () => repository.insert(owner, task)),
    update: (owner, id, patch, now) =>
      watch('update', () => repository.update(owner, id, patch, now)),
    remove: (owner, id) => watch('remove', () => repository.remove(owner, id)),
  }
}
