import { TaskportError } from '../../core/errors.ts'
import type { TaskRepository } from '../../core/ports.ts'
import type { Random } from './random.ts'

/**
 * A store that fails now and then: before a call reaches it, or after the call is done but before
 * it returns.
 */
export function createUnreliable(repository: TaskRepository, random: Random) {
  let isReliable = false

  async function attempt<Result>(call: () => Promise<Result>): Promise<Result> {
    if (!isReliable && random.chance(0.04)) throw new TaskportError('unavailable', 'Killed before')
    const result = await call()
    if (!isReliable && random.chance(0.04)) throw new TaskportError('unavailable', 'Killed after')
    return result
  }

  const unreliable: TaskRepository = {
    list: (owner, query) => attempt(() => repository.list(owner, query)),
    get: (owner, id) => attempt(() => repository.get(owner, id)),
    lists: (owner) => attempt(() => repository.lists(owner)),
    getList: (owner, id) => attempt(() => repository.getList(owner, id)),
    revision: (owner) => attempt(() => repository.revision(owner)),
    write: (owner, call) => attempt(() => repository.write(owner, call)),
    changes: (owner, after, limit) => attempt(() => repository.changes(owner, after, limit)),
  }
  return {
    repository: unreliable,
    makeReliable() {
      isReliable = true
    },
  }
}
