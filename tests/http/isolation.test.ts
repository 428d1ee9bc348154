import { describeIsolation } from './isolation.ts'
import { onMemory } from './service.ts'

describeIsolation(onMemory)
