import { type StoreKind, taskport } from './contestants.ts'
import { load } from './load.ts'
import { median } from './measure.ts'
import type { Operation } from './operations.ts'
import type { Part } from './report.ts'
import { type Running, start } from './servers.ts'
import { ACTIVE_USERS, TASKS_PER_USER } from './settings.ts'
import type { Dataset, Stores } from './stores.ts'
import type { Target } from './targets.ts'
import { usageOf } from './usage.ts'

const STARTS = 5
const REQUESTS = 1_000_000
// Enough to fill the token cache and all others.
const REQUESTS_TO_FILL_CACHES = 100_000
const REST_MILLISECONDS = 10_000

/**
 * Measures the time to start, the idle memory, and the memory after a million requests.
 *
 * @param only restricts the stores, for a quick look.
 */
export async function footprint(stores: Stores, only?: readonly string[]): Promise<Part> {
  const dataset = await stores.fill({ users: ACTIVE_USERS, tasksPerUser: TASKS_PER_USER })
  const targets: Target[] = []
  for (const store of ['postgres', 'sqlite', 'memory'] as const)
    if (only?.includes(store) ?? true) targets.push(...(await ofStore(store, dataset)))
  return { name: 'footprint', title: 'Footprint', results: [], targets }
}

async function ofStore(store: StoreKind, dataset: Dataset): Promise<Target[]> {
  const starts: number[] = []
  const idle: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const running = await start(taskport(store), dataset, 'idle')
    await Bun.sleep(2000)
    starts.push(running.startMilliseconds)
    idle.push(await megabytesOf(running))
    await running.stop()
    process.stderr.write('.')
  }
  const running = await start(taskport(store), dataset)
  await send(running, REQUESTS_TO_FILL_CACHES)
  const full = await megabytesOf(running)
  await send(running, REQUESTS)
  const after = await megabytesOf(running)
  await running.stop()
  const ms = { limit: 300, kind: 'most', unit: 'ms' } as const
  const change = `${full.toFixed(0)} to ${after.toFixed(0)} MB`
  return [
    { what: `${store}: time from start to first response`, measured: median(starts), ...ms },
    { what: `${store}: idle memory`, measured: median(idle), limit: 80, kind: 'most', unit: 'MB' },
    {
      what: `${store}: memory after a million requests, relative to memory with full caches (${change})`,
      measured: after / full,
      limit: 1.2,
      kind: 'most',
      unit: '×',
    },
  ]
}

/** Sends requests that do not add data, then waits until the service is idle. */
async function send({ url, dialect, users }: Running, requests: number): Promise<void> {
  const operations: readonly Operation[] = ['list', 'get', 'patch']
  for (let sent = 0, n = 0; sent < requests; n++) {
    const operation = operations[n % operations.length] ?? 'list'
    const common = { url, dialect, users, operations: [operation] }
    const done = await load({ ...common, connections: 64, seconds: 2, seed: n })
    sent += done.requests
    process.stderr.write('.')
  }
  await Bun.sleep(REST_MILLISECONDS)
}

async function megabytesOf({ pid }: Running): Promise<number> {
  if (pid === null) throw new Error('taskport was not started here')
  return (await usageOf(pid))?.megabytes ?? Number.NaN
}
