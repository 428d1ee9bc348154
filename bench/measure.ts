import type { Contestant } from './contestants.ts'
import { load, type Operation } from './load.ts'
import { type Running, start } from './servers.ts'
import { ROUNDS, SECONDS } from './settings.ts'
import type { Dataset, StoreKind } from './stores.ts'
import { resetPeak, usageOf } from './usage.ts'

/** One contestant doing one thing: medians of all rounds. `null` is what could not be known. */
export interface Result {
  readonly server: string
  readonly store: StoreKind
  readonly tasks: number
  readonly operation: Operation
  readonly connections: number
  readonly perSecond: number
  /** Throughput, to that of the one it is measured against. */
  readonly ratio: number | null
  /** In milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Processor time of the server's processes for one request, and of PostgreSQL's. */
  readonly cpuMicroseconds: number | null
  readonly postgresMicroseconds: number | null
  readonly peakMegabytes: number | null
  /** Share of a core that the load generator took. */
  readonly generator: number
  /** Of all rounds: answers with a wrong status or body, and requests without an answer. */
  readonly wrong: number
}

type Sample = Omit<Result, 'ratio'> & { readonly against: string }

export interface Plan {
  readonly contestants: readonly Contestant[]
  readonly datasets: readonly Dataset[]
  readonly operations: readonly Operation[]
  readonly connections: readonly number[]
  /** The first process of the PostgreSQL server. */
  readonly postgres: number
  readonly use: 'write' | 'read'
  /** Takes the place of the data's own users, for tokens of another kind. */
  readonly users?: string
}

/** Measures all in turn, and again in turn: A B C A B C. Each starts anew on the same data. */
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

/** Until what is compiled while it runs is compiled, and each token has been seen. */
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
  const figures = await load({ url, operation, users: file, connections, seconds: SECONDS, seed })
  const after = pid === null ? null : await usageOf(pid)
  const postgresAfter = await usageOf(plan.postgres)
  process.stderr.write('.')
  const each = (from: number, to: number) => (to - from) / figures.requests
  return {
    server: contestant.name,
    against: contestant.against,
    store: contestant.store,
    tasks: dataset.tasks,
    operation,
    connections,
    perSecond: figures.requests / figures.seconds,
    p50: figures.p50,
    p95: figures.p95,
    p99: figures.p99,
    cpuMicroseconds: before && after && each(before.cpuMicroseconds, after.cpuMicroseconds),
    postgresMicroseconds: onPostgres
      ? each(postgresBefore.cpuMicroseconds, postgresAfter.cpuMicroseconds)
      : null,
    peakMegabytes: after === null ? null : after.peakMegabytes,
    generator: figures.generator,
    // What was wrong when the answers were looked at one by one stands with each of its rows.
    wrong: figures.wrong + wrong,
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
