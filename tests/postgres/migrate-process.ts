import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'

// A process of its own that brings the database of its only argument up to date, and says what it
// did: one line a file.
const store = openPostgres({
  url: `${process.argv[2]}`,
  directUrl: null,
  poolMax: 1,
  timeoutMs: 10_000,
  prepare: 'auto',
  newEpoch,
})
await migrate(store.migrations, (name) => process.stdout.write(`${name}\n`))
await store.close()
