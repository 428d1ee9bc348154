/**
 * Measures taskport against a server written by hand and others, on the same machine and the same
 * data, in turn and repeated; what counts are ratios of medians within one run. Linux, with `wrk` and
 * `node`.
 *
 *     bun run bench [PART…] [--store NAME…] [--server NAME…] [--operation NAME…] [--tasks NUMBER…]
 *
 * Parts: comparison and promises (both unless told), growth, workers, footprint. The first three
 * options cut the comparison down, --store the footprint too; --tasks are growth's sizes. BENCH_URL
 * is one more contestant (it has to check HS256 tokens with BENCH_SECRET). A quick look takes
 * BENCH_SECONDS=1 BENCH_ROUNDS=1. What is cut down or short is written to results/partial.
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
if (Bun.which('wrk') === null) throw new Error('wrk is not installed: apt-get install wrk')

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
}
const isStandard = IS_STANDARD && !values.store && !values.server && !values.operation

function isPart(name: string): name is keyof typeof parts {
  return name in parts
}

try {
  for (const name of positionals.length > 0 ? positionals : ['comparison', 'promises']) {
    if (!isPart(name)) throw new Error(`There is no part ${name}`)
    const command = ['bun run bench', ...process.argv.slice(2)].join(' ')
    await report(await parts[name](), machine, command, isStandard)
  }
} finally {
  await stores.close()
  await rm(directory, { recursive: true })
}
