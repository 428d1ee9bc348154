import { onMemory } from '../service.ts'
import { describeTaskModel } from './suite.ts'

describeTaskModel(onMemory)
