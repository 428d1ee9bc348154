import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client'
import { createHistogram } from './histogram.ts'

/** Connections to the store, now. */
export interface PoolUse {
  readonly busy: number
  readonly idle: number
  readonly waiting: number
}

// Of a request only what has a closed set of values becomes a label: no client can make more.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The figures of one process, as several of them can be added up. */
export type Figures = readonly object[]

/**
 * Counts what happens. Names and units follow the conventions of Prometheus.
 *
 * @param poolUse asked at each scrape; `null` where the store has no connections.
 */
export function createMetrics(poolUse: () => PoolUse | null) {
  const registry = new Registry()
  const registers = [registry]

  const requests = createHistogram<[method: string, route: string, status: number]>({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to its answer.',
    labelNames: ['method', 'route', 'status'],
    bounds: BUCKETS_SECONDS,
  })
  const operations = createHistogram<[operation: string, outcome: string]>({
    name: 'taskport_store_duration_seconds',
    help: 'Time that the store took for an operation.',
    labelNames: ['operation', 'outcome'],
    bounds: BUCKETS_SECONDS,
  })
  // Handed over when they are asked for: counting there takes 0.2 µs a request.
  const tokens = { hit: 0, miss: 0 }
  new Counter({
    name: 'taskport_tokens_total',
    help: 'Tokens that requests brought: remembered (hit), or to be verified (miss).',
    labelNames: ['cache'],
    registers,
    collect() {
      this.reset()
      this.inc({ cache: 'hit' }, tokens.hit)
      this.inc({ cache: 'miss' }, tokens.miss)
    },
  })
  const keySets = new Counter({
    name: 'taskport_key_set_fetches_total',
    help: 'Fetches of the key set.',
    labelNames: ['outcome'],
    registers,
  })
  const rateLimited = new Counter({
    name: 'taskport_rate_limited_total',
    help: 'Requests refused because their user or address had sent too many.',
    registers,
  })
  const faults = new Counter({
    name: 'taskport_faults_total',
    help: 'Requests that met a fault of the service.',
    registers,
  })

  // What prom-client would add by itself describes V8, which Bun is not.
  new Gauge({
    name: 'taskport_store_connections',
    help: 'Connections to the store, and calls that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      const use = poolUse()
      if (use === null) return
      this.set({ state: 'busy' }, use.busy)
      this.set({ state: 'idle' }, use.idle)
      this.set({ state: 'waiting' }, use.waiting)
    },
  })
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time, of user and system together.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1_000_000)
    },
  })
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start of the process, since the Unix epoch.',
    aggregator: 'min',
    registers,
  }).set((Date.now() - process.uptime() * 1000) / 1000)

  return {
    request(method: string, route: string | null, status: number, seconds: number): void {
      const known = METHODS.has(method) ? method : 'other'
      requests.observe(seconds, known, route ?? 'none', status)
    },
    operation(operation: string, outcome: string, seconds: number): void {
      operations.observe(seconds, operation, outcome)
    },
    token(cache: 'hit' | 'miss'): void {
      tokens[cache] += 1
    },
    keySet: (outcome: 'fetched' | 'failed'): void => keySets.inc({ outcome }),
    rateLimited: (): void => rateLimited.inc(),
    fault: (): void => faults.inc(),
    async figures(): Promise<Figures> {
      const others = await registry.getMetricsAsJSON()
      return [requests.figures(), operations.figures(), ...others]
    },
  }
}

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** The figures of one or several processes together, in the text format of Prometheus. */
export function renderMetrics(figures: readonly Figures[]): Promise<string> {
  return AggregatorRegistry.aggregate([...figures]).metrics()
}
