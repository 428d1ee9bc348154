import { describeHttpContract } from '../http/contract.ts'
import { describeIsolation } from '../http/isolation.ts'
import { onPostgres, onSqlite } from '../http/service.ts'

for (const store of [onSqlite, onPostgres]) {
  describeHttpContract(store)
  describeIsolation(store)
}
