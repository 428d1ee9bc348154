import { AggregatorRegistry, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** How many connections to the store there are now, and how many calls wait for one. */
export interface PoolUse {
  readonly busy: number
  readonly idle: number
  readonly waiting: number
}

// Labels only take values from a closed set, so that no client can create new time series.
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The metrics of one process as plain data, which can cross process boundaries and be added up. */
export type MetricsSnapshot = readonly object[]

/**
 * Creates the metrics of one process. Names and units follow the Prometheus conventions.
 *
 * @param poolUse called at each scrape; `null` if the store has no connections.
 */
export function createMetrics(poolUse: () => PoolUse | null) {
  const registry = new Registry()
  const registers = [registry]

  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  const operations = new Histogram({
    name: 'taskport_store_duration_seconds',
    help: 'Time that the store took for an operation.',
    labelNames: ['operation', 'outcome'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  const tools = new Histogram({
    name: 'taskport_tool_duration_seconds',
    help: 'Time that a call of a tool took, by its outcome: done, refused (the caller can correct it), failed.',
    labelNames: ['tool', 'outcome'],
    buckets: BUCKETS_SECONDS,
    registers,
  })
  const tokens = new Counter({
    name: 'taskport_tokens_total',
    help: 'Tokens received, by their kind, and by whether they were found in the cache (hit) or had to be verified (miss).',
    labelNames: ['kind', 'cache'],
    registers,
  })
  for (const kind of ['sign_in', 'api_token', 'oauth'])
    for (const cache of ['hit', 'miss']) tokens.inc({ kind, cache }, 0)
  const refusedTokens = new Counter({
    name: 'taskport_tokens_refused_total',
    help: 'Requests refused because their token was missing or not valid, by reason.',
    labelNames: ['reason'],
    registers,
  })
  const keySets = new Counter({
    name: 'taskport_key_set_fetches_total',
    help: 'Fetches of the key set.',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['fetched', 'failed']) keySets.inc({ outcome }, 0)
  const rateLimited = new Counter({
    name: 'taskport_rate_limited_total',
    help: 'Requests rejected because their user or address exceeded the rate limit.',
    registers,
  })
  const unexpectedErrors = new Counter({
    name: 'taskport_unexpected_errors_total',
    help: 'Requests that failed because of an unhandled error.',
    registers,
  })

  const heldRequests = new Gauge({
    name: 'taskport_held_requests',
    help: 'Requests held open: event streams and long polls.',
    registers,
  })

  // prom-client's default process metrics describe V8, which Bun does not use.
  new Gauge({
    name: 'taskport_store_connections',
    help: 'Connections to the store (busy, idle) and calls that wait for one (waiting).',
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
    help: 'Resident memory size in bytes.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time in seconds.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage()
      this.reset()
      this.inc((user + system) / 1_000_000)
    },
  })
  new Gauge({
    name: 'process_start_time_seconds',
    help: 'Start time of the process in seconds since the Unix epoch.',
    aggregator: 'min',
    registers,
  }).set((Date.now() - process.uptime() * 1000) / 1000)

  return {
    request(method: string, route: string | null, status: number, seconds: number): void {
      const label = METHODS.has(method) ? method : 'other'
      requests.observe({ method: label, route: route ?? 'none', status }, seconds)
    },
    operation(operation: string, outcome: string, seconds: number): void {
      operations.observe({ operation, outcome }, seconds)
    },
    tool(tool: string, outcome: string, seconds: number): void {
      tools.observe({ tool, outcome }, seconds)
    },
    token: (kind: 'sign_in' | 'api_token' | 'oauth', cache: 'hit' | 'miss'): void =>
      tokens.inc({ kind, cache }),
    tokenRefused: (reason: string, count = 1): void => refusedTokens.inc({ reason }, count),
    held: (change: 1 | -1): void => heldRequests.inc(change),
    keySet: (outcome: 'fetched' | 'failed'): void => keySets.inc({ outcome }),
    rateLimited: (): void => rateLimited.inc(),
    unexpectedError: (): void => unexpectedErrors.inc(),
    snapshot: (): Promise<MetricsSnapshot> => registry.getMetricsAsJSON(),
  }
}

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Adds up the metrics of one or several processes, in the Prometheus text format. */
export function renderMetrics(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics()
}
