import { onMemory } from './service.ts'
import { describeHttp } from './suite.ts'

describeHttp(onMemory)
