import { createMemoryStore } from '../../adapters/memory/repository.ts'
import { createClock } from '../../adapters/system/clock.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import type { NewId } from '../../core/ports.ts'
import { createTaskService, type TaskService } from '../../core/tasks.ts'

/** The use cases on an empty store. */
export function tasksInMemory(newId: NewId): TaskService {
  const store = createMemoryStore(newEpoch)
  return createTaskService({
    repository: store,
    watch: store.watch,
    now: createClock(),
    newId,
    keepsTrash: true,
    requireVersion: false,
    maxTasks: 100_000,
  })
}
