/**
 * Compares taskport with a hand-written server and others, on the same machine and the same data. They
 * take turns, several times; compare the ratios within one run. Needs `wrk` and `node`. CPU time and
 * memory are measured on Linux only.
 *
 *     bun run bench [PART | OPERATION]… [--store NAME]… [--server NAME]… [--size TASKS]…
 *                   [--connections NUMBER]… [--tasks NUMBER]…
 *
 * Parts: comparison (the default), promises, growth, workers, footprint, mcp. Operations (get, list, all,
 * filter, search, feed, patch, move, batch, mix, create) and the first four options restrict the
 * comparison, --store also the footprint. --size is the number of tasks of a user: 20, 1000 or 10000.
 * --tasks sets the sizes of growth. PocketBase and PgBouncer take part if they are installed. BENCH_URL
 * adds a running server, which must accept HS256 tokens signed with BENCH_SECRET. For a quick look, set
 * BENCH_SECONDS=1 BENCH_ROUNDS=1. Restricted runs write to results/partial.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { comparison } from './comparison.ts'
import { TASKPORT } from './contestants.ts'
import { footprint } from './footprint.ts'
import { growth } from './growth.ts'
import { describeMachine } from './machine.ts'
import { mcp } from './mcp.ts'
import { OPERATIONS } from './operations.ts'
import { promises } from './promises.ts'
import { report } from './report.ts'
import { IS_STANDARD } from './settings.ts'
import { openStores, type Stores } from './stores.ts'
import { workers } from './workers.ts'

const option = { type: 'string', multiple: true } as const
const { values, positionals } = parseArgs({
  options: { store: option, server: option, size: option, connections: option, tasks: option },
  allowPositionals: true,
})
const sizes = (values.tasks ?? ['10000', '1000000']).map(Number)
if (Bun.which('wrk') === null)
  throw new Error('wrk is not installed. Install it, for example: apt-get install wrk')

const operations = positionals.filter((name) => name in OPERATIONS)
const compared = await comparison({
  stores: values.store,
  servers: values.server,
  operations: operations.length > 0 ? operations : undefined,
  sizes: values.size,
  connections: values.connections,
})
const parts = {
  comparison: compared.run,
  promises,
  growth: (stores: Stores) => growth(stores, sizes),
  workers,
  footprint: (stores: Stores) => footprint(stores, values.store),
  mcp,
}
const named = positionals.filter((name) => !(name in OPERATIONS))
const wanted = new Set(
  operations.length > 0 || named.length === 0 ? ['comparison', ...named] : named,
)

function isPart(name: string): name is keyof typeof parts {
  return Object.hasOwn(parts, name)
}

for (const name of wanted)
  if (!isPart(name))
    throw new Error(
      `Unknown part or operation "${name}". Use ${[...Object.keys(parts), ...Object.keys(OPERATIONS)].join(', ')}.`,
    )
if (wanted.has('comparison')) process.stderr.write(`Comparison: ${compared.estimate}\n`)

const { tasks: _, ...restrictions } = values
const isRestricted = operations.length > 0 || Object.values(restrictions).some(Boolean)
const directory = await mkdtemp(join(tmpdir(), 'taskport-bench-'))
const stores = await openStores(directory, TASKPORT)
try {
  const machine = await describeMachine(stores.postgresVersion)
  const command = ['bun run bench', ...process.argv.slice(2)].join(' ')
  for (const name of wanted)
    if (isPart(name))
      await report(await parts[name](stores), machine, command, IS_STANDARD && !isRestricted)
} finally {
  await stores.close()
  await rm(directory, { recursive: true })
}
