/**
 * Compares taskport with a hand-written server and others, on the same machine and the same data. They
 * are measured in turn, several times; compare the ratios of medians within one run. Needs Linux, `wrk`
 * and `node`.
 *
 *     bun run bench [PART…] [--store NAME…] [--server NAME…] [--operation NAME…] [--tasks NUMBER…]
 *
 * Parts: comparison, promises (these two by default), growth, workers, footprint, mcp. The first three
 * options restrict the comparison, --store also the footprint; --tasks sets the sizes of growth.
 * BENCH_URL adds a running server, which must accept HS256 tokens signed with BENCH_SECRET. For a quick
 * look, set BENCH_SECONDS=1 BENCH_ROUNDS=1. Restricted runs write to results/partial.
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
import { promises } from './promises.ts'
import { report } from './report.ts'
import { IS_STANDARD } from './settings.ts'
import { openStores } from './stores.ts'
import { workers } from './workers.ts'

const option = { type: 'string', multiple: true } as const
const { values, positionals } = parseArgs({
  options: { store: option, server: option, operation: option, tasks: option },
  allowPositionals: true,
})
const sizes = (values.tasks ?? ['10000', '1000000']).map(Number)
if (Bun.which('wrk') === null)
  throw new Error('wrk is not installed. Install it, for example: apt-get install wrk')

const directory = await mkdtemp(join(tmpdir(), 'taskport-bench-'))
const stores = await openStores(directory, TASKPORT)
const machine = await describeMachine(stores.postgresVersion)
const filter = { stores: values.store, servers: values.server, operations: values.operation }
const parts = {
  comparison: () => comparison(stores, filter),
  promises: () => promises(stores, directory),
  growth: () => growth(stores, sizes),
  workers: () => workers(stores),
  footprint: () => footprint(stores, values.store),
  mcp: () => mcp(stores),
}
const isStandard = IS_STANDARD && !values.store && !values.server && !values.operation

function isPart(name: string): name is keyof typeof parts {
  return name in parts
}

try {
  for (const name of positionals.length > 0 ? positionals : ['comparison', 'promises']) {
    if (!isPart(name))
      throw new Error(`Unknown part "${name}". Use ${Object.keys(parts).join(', ')}.`)
    const command = ['bun run bench', ...process.argv.slice(2)].join(' ')
    await report(await parts[name](), machine, command, isStandard)
  }
} finally {
  await stores.close()
  await rm(directory, { recursive: true })
}
