import { processOnPostgres } from '../service.ts'
import { describeTaskModel } from './suite.ts'

describeTaskModel(processOnPostgres)
