import { onPostgres, onSqlite, processOnMemory, processOnSqlite } from './service.ts'
import { describeHttpSmoke } from './smoke.ts'

for (const subject of [onSqlite, onPostgres, processOnSqlite, processOnMemory])
  describeHttpSmoke(subject)
