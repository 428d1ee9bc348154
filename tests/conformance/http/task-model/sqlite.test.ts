import { onSqlite } from '../service.ts'
import { describeTaskModel } from './suite.ts'

describeTaskModel(onSqlite)
