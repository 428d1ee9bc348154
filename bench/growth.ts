import { FLOOR, floor, taskport } from './contestants.ts'
import { largeUserTargets } from './large-user.ts'
import { load } from './load.ts'
import { cells, measure, type Result } from './measure.ts'
import type { Part } from './report.ts'
import { start } from './servers.ts'
import { SECONDS, TASKS_PER_USER } from './settings.ts'
import type { Dataset, Stores } from './stores.ts'
import { compare, find, type Target } from './targets.ts'
import { resetPeak, usageOf } from './usage.ts'

const DATABASES = ['postgres', 'sqlite'] as const

// The same number at every size, so that only the data grows.
const ACTIVE = 500

const MANY = 10_000
const FEW = 10
const PERIODS = 4

/**
 * Measures the same reads with growing numbers of tasks, and for one user with many.
 *
 * @param sizes numbers of tasks, in ascending order.
 */
export async function growth(stores: Stores, sizes: readonly number[]): Promise<Part> {
  const contestants = DATABASES.flatMap((store) => [floor(store), taskport(store)])
  const options = { postgres: stores.postgres, use: 'read' } as const
  const datasets: Dataset[] = []
  for (const size of sizes) {
    const users = size / TASKS_PER_USER
    datasets.push(await stores.fill({ users, tasksPerUser: TASKS_PER_USER, active: ACTIVE }))
  }
  const bySize = await measure(
    datasets.flatMap((dataset) =>
      contestants.map((contestant) => {
        return { contestant, dataset, cells: cells(['get', 'list'], [64]) }
      }),
    ),
    options,
  )
  const many = await stores.fill({ users: 1, tasksPerUser: MANY })
  const ofMany = await measure(
    contestants.map((contestant) => {
      return { contestant, dataset: many, cells: cells(['all'], [1, 8]) }
    }),
    options,
  )
  const few = await stores.fill({ users: 1, tasksPerUser: FEW })
  const targets = [
    ...sizeTargets(bySize, sizes),
    ...manyTargets(ofMany),
    ...(await largeUserTargets(many, few)),
  ]
  for (const store of DATABASES) targets.push(await flatMemory(many, store))
  return { name: 'growth', title: 'Growth', results: [...bySize, ...ofMany], targets }
}

function sizeTargets(results: readonly Result[], [fewest, ...more]: readonly number[]): Target[] {
  return DATABASES.flatMap((store) =>
    (['get', 'list'] as const).flatMap((operation) =>
      more.flatMap((tasks) => {
        const cell = { server: 'taskport', store, operation } as const
        const base = find(results, { ...cell, tasks: fewest ?? 0 })?.p99
        const what = `${store}: ${operation}, p99 with ${formatCount(tasks)} tasks, relative to ${formatCount(fewest ?? 0)}`
        return compare(
          { what, limit: 1.2, kind: 'most' },
          find(results, { ...cell, tasks })?.p99,
          base,
        )
      }),
    ),
  )
}

function manyTargets(results: readonly Result[]): Target[] {
  return DATABASES.flatMap((store) => {
    const time = (server: string) => find(results, { store, server, connections: 1 })?.p50
    const what = `${store}: list of ${formatCount(MANY)} tasks, time relative to ${FLOOR}`
    return compare({ what, limit: 1.3, kind: 'most' }, time('taskport'), time(FLOOR))
  })
}

/** Whether memory keeps growing while lists of many tasks are read. */
async function flatMemory(many: Dataset, store: (typeof DATABASES)[number]): Promise<Target> {
  const running = await start(taskport(store), many, 'read')
  const peaks: number[] = []
  try {
    for (let period = 0; period <= PERIODS; period++) {
      const { url, dialect, users, pid } = running
      if (pid === null) throw new Error('taskport was not started here')
      await resetPeak(pid)
      const common = { url, dialect, users, operations: ['all'] } as const
      await load({ ...common, connections: 8, seconds: SECONDS, seed: period })
      peaks.push((await usageOf(pid))?.peakMegabytes ?? Number.NaN)
    }
  } finally {
    await running.stop()
  }
  // The first period fills the heap to its working size.
  const [, second = Number.NaN] = peaks
  const measured = (peaks.at(-1) ?? Number.NaN) / second
  const inMegabytes = peaks.map((peak) => peak.toFixed(0)).join(', ')
  const what = `${store}: list of ${formatCount(MANY)} tasks, memory over time (${inMegabytes} MB)`
  return { what, measured, limit: 1.1, kind: 'most', unit: '×' }
}

function formatCount(count: number): string {
  return count.toLocaleString('en')
}
