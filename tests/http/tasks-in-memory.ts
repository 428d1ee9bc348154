import { newApiToken } from '../../adapters/auth/api-token-format.ts'
import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { createMemoryTokens } from '../../adapters/memory/tokens.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { createSend } from '../../core/calling.ts'
import { createListService, type ListService } from '../../core/lists.ts'
import type { FeedWatch, NewId, TaskRepository } from '../../core/ports.ts'
import { createTaskService, type TaskService } from '../../core/tasks.ts'
import { createTokenService, type TokenService } from '../../core/tokens.ts'

/** The use cases on an empty store. */
export function useCasesInMemory(newId: NewId) {
  const store = createMemoryStore(newEpoch)
  return useCasesOn(store, store.watch, newId)
}

/** The use cases on a store. */
export function useCasesOn(
  repository: TaskRepository,
  watch: FeedWatch['watch'],
  newId: NewId,
): { readonly tasks: TaskService; readonly lists: ListService; readonly tokens: TokenService } {
  const now = createClock()
  const send = createSend({ repository, now, newId, maxTasks: 100_000 })
  const shared = { repository, send, newId, keepsTrash: true, requireVersion: false }
  return {
    tasks: createTaskService({ ...shared, watch }),
    lists: createListService(shared),
    tokens: createTokenService({
      store: createMemoryTokens(),
      newSecret: newApiToken,
      newId,
      now,
      onRemoved: () => {},
    }),
  }
}
