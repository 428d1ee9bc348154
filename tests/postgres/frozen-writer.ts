import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { createWorkingSet } from '../../adapters/postgres/working-set.ts'
import { lockOwners } from '../../adapters/postgres/write-transaction.ts'
import { ownerNamed } from '../conformance/stores/store.ts'

// Locks the row of an owner as a write does, prints `locked`, and never stores anything:
// bun frozen-writer.ts URL OWNER TIMEOUT_MS
const [url = '', owner = '', timeoutMs] = process.argv.slice(2)
const target = parsePostgresUrl(url)
const limits = { timeoutMs: Number(timeoutMs) }
const pool = createPool((onClose) => openLane(target, { prepare: 'auto', ...limits, onClose }), {
  max: 1,
  ...limits,
})
await pool.transaction(async (transaction) => {
  await lockOwners(transaction, new Map([[ownerNamed(owner), createWorkingSet()]]), true)
  process.stdout.write('locked\n')
  await new Promise(() => {})
})
