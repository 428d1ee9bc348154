import type { Contestant, StoreKind } from './contestants.ts'
import type { User } from './data.ts'
import { load } from './load.ts'
import type { Operation } from './operations.ts'
import { type Running, start } from './servers.ts'
import { ROUNDS, SECONDS } from './settings.ts'
import type { Dataset } from './stores.ts'
import { resetPeak, type Usage, untilIdle, usageOf } from './usage.ts'

/** One contestant with one operation: medians of all rounds. `null` means unknown. */
export interface Result {
  readonly server: string
  readonly against: string
  readonly store: StoreKind
  readonly tasks: number
  readonly tasksPerUser: number
  readonly operation: Operation
  readonly connections: number
  readonly perSecond: number
  /** Throughput and p99 relative to the baseline in the same round. */
  readonly ratio: number | null
  readonly p99Ratio: number | null
  /** In milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** CPU time per request, of the server's processes and of PostgreSQL's. */
  readonly cpuMicroseconds: number | null
  readonly postgresMicroseconds: number | null
  readonly peakMegabytes: number | null
  /** Share of a core that the load generator used. */
  readonly generator: number
  /** Total of all rounds: wrong responses, and requests without a response. */
  readonly wrong: number
}

type Sample = Omit<Result, 'ratio' | 'p99Ratio'> & { readonly round: number }

/** What is measured at a time. */
export interface Cell {
  readonly operation: Operation
  readonly connections: number
}

/** A contestant with the data that it works on, and what is measured of it. */
export interface Entrant {
  readonly contestant: Contestant
  readonly dataset: Dataset
  readonly cells: readonly Cell[]
}

interface Options {
  /** The id of PostgreSQL's main process. */
  readonly postgres: number
  readonly use: 'write' | 'read'
  /** Replaces the users that send requests, for other tokens. */
  readonly users?: readonly User[]
}

export function cells(operations: readonly Operation[], connections: readonly number[]): Cell[] {
  return connections.flatMap((count) =>
    operations.map((operation) => ({ operation, connections: count })),
  )
}

/**
 * Measures the entrants. Each round starts all of them with fresh copies of their data, then they take
 * turns at each cell: what is compared is measured seconds apart, because the speed of machines changes.
 */
export async function measure(entrants: readonly Entrant[], options: Options): Promise<Result[]> {
  const samples: Sample[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const started: (Entrant & { readonly running: Running })[] = []
    try {
      for (const entrant of entrants)
        started.push({ ...entrant, running: await startWarm(entrant, options) })
      // Another one begins in each round.
      for (const cell of differentCells(entrants))
        for (const one of rotated(started, round - 1))
          if (one.cells.some((own) => keyOfCell(own) === keyOfCell(cell)))
            samples.push(await sample(one, one.running, cell, options, round))
    } finally {
      for (const { running } of started) await running.stop()
    }
  }
  return summarise(samples)
}

function differentCells(entrants: readonly Entrant[]): Cell[] {
  const all = entrants.flatMap((entrant) => entrant.cells)
  return [...new Map(all.map((cell) => [keyOfCell(cell), cell])).values()]
}

function keyOfCell({ operation, connections }: Cell): string {
  return `${operation} ${connections}`
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}

// Creates would make the lists longer, whole lists take long, and feeds have no cursor yet.
const NOT_IN_WARM_UP: readonly Operation[] = ['create', 'all', 'feed', 'unseen', 'health']

/** Starts a server, lets its JIT compile, and fills its token cache. */
async function startWarm({ contestant, dataset, cells }: Entrant, options: Options) {
  const running = await start(contestant, dataset, options.use, options.users)
  try {
    const own = new Set(cells.map(({ operation }) => (operation === 'mix' ? 'list' : operation)))
    const operations = [...own].filter((operation) => !NOT_IN_WARM_UP.includes(operation))
    const { url, dialect, users } = running
    const common = { url, dialect, users, connections: 64, seconds: 1, seed: 99 }
    await load({ ...common, operations: operations.length > 0 ? operations : ['list'] })
    if (own.has('feed')) await running.writeCursors()
    return running
  } catch (error) {
    await running.stop()
    throw error
  }
}

// For each connection.
const FEW_ANSWERS = 20

async function sample(
  { contestant, dataset }: Entrant,
  { url, pid, dialect, users, wrong }: Running,
  { operation, connections }: Cell,
  { postgres }: Options,
  round: number,
): Promise<Sample> {
  if (pid !== null) await resetPeak(pid)
  const before = pid === null ? null : await usageOf(pid)
  const postgresBefore = await usageOf(postgres)
  const seed = round * 1000 + connections
  const common = { url, dialect, users, connections, seconds: SECONDS, seed }
  const measured = await load({ ...common, operations: [operation] })
  const after = pid === null ? null : await usageOf(pid)
  const postgresAfter = await usageOf(postgres)
  // Slow requests that were under way at the end are still worked on.
  if (measured.requests < connections * FEW_ANSWERS)
    await untilIdle([postgres, ...(pid === null ? [] : [pid])])
  process.stderr.write('.')
  const each = (from: Usage | null, to: Usage | null) =>
    measured.requests > 0 && from && to
      ? (to.cpuMicroseconds - from.cpuMicroseconds) / measured.requests
      : null
  return {
    round,
    server: contestant.name,
    against: contestant.against,
    store: contestant.store,
    tasks: dataset.tasks,
    tasksPerUser: dataset.tasksPerUser,
    operation,
    connections,
    perSecond: measured.requests / measured.seconds,
    p50: measured.p50,
    p95: measured.p95,
    p99: measured.p99,
    cpuMicroseconds: each(before, after),
    postgresMicroseconds:
      contestant.store === 'postgres' ? each(postgresBefore, postgresAfter) : null,
    peakMegabytes: after === null ? null : after.peakMegabytes,
    generator: measured.generator,
    // The wrong responses of the verification count for each row of the contestant.
    wrong: measured.wrong + wrong,
  }
}

function summarise(samples: readonly Sample[]): Result[] {
  const keyOf = ({ server, store, tasks, tasksPerUser, operation, connections }: Sample) =>
    [server, store, tasks, tasksPerUser, operation, connections].join('|')
  const baseOf = (sample: Sample) => {
    const key = keyOf({ ...sample, server: sample.against })
    return samples.find((other) => other.round === sample.round && keyOf(other) === key)
  }
  return [...Map.groupBy(samples, keyOf).values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const { round: _, ...common } = first
    const middle = (pick: (sample: Sample) => number) => median(group.map(pick))
    /** `null` if one is unknown. */
    const known = (pick: (sample: Sample) => number | null) => {
      const values = group.map(pick)
      return values.includes(null) ? null : median(values.map(Number))
    }
    const relative = (pick: (sample: Sample) => number) =>
      known((sample) => {
        const base = baseOf(sample)
        return base === undefined ? null : pick(sample) / pick(base)
      })
    return {
      ...common,
      perSecond: middle(({ perSecond }) => perSecond),
      ratio: relative(({ perSecond }) => perSecond),
      p99Ratio: relative(({ p99 }) => p99),
      p50: middle(({ p50 }) => p50),
      p95: middle(({ p95 }) => p95),
      p99: middle(({ p99 }) => p99),
      cpuMicroseconds: known(({ cpuMicroseconds }) => cpuMicroseconds),
      postgresMicroseconds: known(({ postgresMicroseconds }) => postgresMicroseconds),
      peakMegabytes: known(({ peakMegabytes }) => peakMegabytes),
      generator: middle(({ generator }) => generator),
      wrong: group.reduce((sum, { wrong }) => sum + wrong, 0),
    }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}
