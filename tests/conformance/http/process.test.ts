import { processOnPostgres } from './service.ts'
import { describeHttp } from './suite.ts'

describeHttp(processOnPostgres)
