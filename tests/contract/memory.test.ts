import { createMemoryRepository } from '../../adapters/memory/repository.ts'
import { describeConcurrency } from './concurrency.ts'
import { describeModel } from './model.ts'
import { describeTaskRepository } from './task-repository.ts'

const memory = {
  name: 'memory',
  open: async () => ({ repository: createMemoryRepository(), close: async () => {} }),
}

describeTaskRepository(memory)
describeConcurrency(memory)
describeModel(memory, 200)
