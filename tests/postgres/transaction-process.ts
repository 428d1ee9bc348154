import { openLane } from '../../adapters/postgres/connection/lane.ts'
import { createPool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'

// Locks the only row of `counters`, says so, and does nothing more.
const [url = '', timeoutMs] = process.argv.slice(2)
const target = parsePostgresUrl(url)
const limits = { timeoutMs: Number(timeoutMs) }
const pool = createPool((onClose) => openLane(target, { prepare: 'auto', ...limits, onClose }), {
  max: 1,
  ...limits,
})
const transaction = pool.transaction(async ({ send }) => {
  await send({ text: 'select from counters for update', types: [] }, [])
  process.stdout.write('locked\n')
  await new Promise(() => {})
})
await transaction.catch(({ code }) => process.stdout.write(`${code}\n`))
await pool.close()
