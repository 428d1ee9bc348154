import { openPostgres } from '../../adapters/postgres/store.ts'
import { newEpoch } from '../../adapters/system/ids.ts'
import { migrate } from '../../app/migrations.ts'

// Migrates the database whose URL is the only argument, and prints the name of each file that it applied.
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
