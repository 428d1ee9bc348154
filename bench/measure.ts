import type { Contestant } from './contestants.ts'
import { load, type Operation } from './load.ts'
import { type Running, start } from './servers.ts'
import { ROUNDS, SECONDS } from './settings.ts'
import type { Dataset, StoreKind } from './stores.ts'
import { resetPeak, usageOf } from './usage.ts'

/** One contestant with one operation: medians of all rounds. `null` means unknown. */
export interface Result {
  readonly server: string
  readonly store: StoreKind
  readonly tasks: number
  readonly operation: Operation
  readonly connections: number
  readonly perSecond: number
  /** Throughput relative to the baseline. */
  readonly ratio: number | null
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

type Sample = Omit<Result, 'ratio'> & { readonly against: string }

export interface Plan {
  readonly contestants: readonly Contestant[]
  readonly datasets: readonly Dataset[]
  readonly operations: readonly Operation[]
  readonly connections: readonly number[]
  /** The id of PostgreSQL's main process. */
  readonly postgres: number
  readonly use: 'write' | 'read'
  /** Replaces the users' file of the dataset, for other tokens. */
  readonly users?: string
}

/** Measures all contestants in rounds: A B C A B C. Each starts with a fresh copy of the same data. */
export async function measure(plan: Plan): Promise<Result[]> {
  const samples: Sample[] = []
  for (let round = 1; round <= ROUNDS; round++)
    for (const dataset of plan.datasets)
      for (const contestant of plan.contestants) {
        const running = await start(contestant, dataset, plan.use)
        try {
          await warmUp(plan, running)
          for (const connections of plan.connections)
            for (const operation of plan.operations)
              samples.push(
                await sample(plan, contestant, dataset, running, operation, connections, round),
              )
        } finally {
          await running.stop()
        }
      }
  return summarise(samples)
}

/** Lets the JIT compile, and fills the token caches. */
async function warmUp({ use, connections, users }: Plan, running: Running): Promise<void> {
  const operation = use === 'write' ? 'mix' : 'list'
  const common = { url: running.url, users: users ?? running.users, seconds: 2, seed: 99 }
  await load({ ...common, operation, connections: connections[0] ?? 64 })
}

async function sample(
  plan: Plan,
  contestant: Contestant,
  dataset: Dataset,
  { url, pid, users, wrong }: Running,
  operation: Operation,
  connections: number,
  round: number,
): Promise<Sample> {
  const onPostgres = contestant.store === 'postgres'
  if (pid !== null) await resetPeak(pid)
  const before = pid === null ? null : await usageOf(pid)
  const postgresBefore = await usageOf(plan.postgres)
  const seed = round * 1000 + connections
  const file = plan.users ?? users
  const measured = await load({ url, operation, users: file, connections, seconds: SECONDS, seed })
  const after = pid === null ? null : await usageOf(pid)
  const postgresAfter = await usageOf(plan.postgres)
  process.stderr.write('.')
  const each = (from: number, to: number) => (to - from) / measured.requests
  return {
    server: contestant.name,
    against: contestant.against,
    store: contestant.store,
    tasks: dataset.tasks,
    operation,
    connections,
    perSecond: measured.requests / measured.seconds,
    p50: measured.p50,
    p95: measured.p95,
    p99: measured.p99,
    cpuMicroseconds: before && after && each(before.cpuMicroseconds, after.cpuMicroseconds),
    postgresMicroseconds: onPostgres
      ? each(postgresBefore.cpuMicroseconds, postgresAfter.cpuMicroseconds)
      : null,
    peakMegabytes: after === null ? null : after.peakMegabytes,
    generator: measured.generator,
    // The wrong responses of the verification count for each row of the contestant.
    wrong: measured.wrong + wrong,
  }
}

function summarise(samples: readonly Sample[]): Result[] {
  const keyOf = ({ server, store, tasks, operation, connections }: Sample | Result) =>
    [server, store, tasks, operation, connections].join('|')
  const medians = [...Map.groupBy(samples, keyOf).values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const middle = (pick: (sample: Sample) => number) => median(group.map(pick))
    const known = (pick: (sample: Sample) => number | null) =>
      pick(first) === null ? null : middle((sample) => pick(sample) ?? Number.NaN)
    return {
      ...first,
      perSecond: middle(({ perSecond }) => perSecond),
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
  return medians.map(({ against, ...result }) => {
    const store = result.store === 'address' ? 'postgres' : result.store
    const key = keyOf({ ...result, server: against, store, ratio: null })
    const base = medians.find((other) => keyOf(other) === key)
    return { ...result, ratio: base ? result.perSecond / base.perSecond : null }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}
