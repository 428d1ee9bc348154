import { describeHttpContract } from './contract.ts'
import { onMemory } from './service.ts'

describeHttpContract(onMemory)
