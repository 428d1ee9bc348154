import type { Logger } from 'pino'
import type { TokenEvent } from '../adapters/auth/events.ts'
import { createPreviousSecretReport } from '../adapters/auth/rotation.ts'
import type { HttpEvent } from '../adapters/http/ports.ts'
import type { createTracing } from '../adapters/opentelemetry/tracing.ts'
import { createRequestLog } from '../adapters/pino/request-log.ts'
import type { createMetrics } from '../adapters/prometheus/metrics.ts'
import type { RateLimiterEvent } from '../adapters/redis/rate-limit.ts'
import type { Owner } from '../core/owner.ts'
import type { UpkeepEvent } from './upkeep.ts'
import type { StoreEvent } from './watched-repository.ts'

/** What happens in the service that somebody may want to know of. It is told once; who listens decides what it becomes. */
export type ServiceEvent = HttpEvent | TokenEvent | StoreEvent | UpkeepEvent | RateLimiterEvent

export type Observe = (event: ServiceEvent) => void

// A store that takes some calls and refuses others would come and go with each of them.
const CALM_MS = 1000

/**
 * Makes log lines of events. `close` writes what is still to be said.
 *
 * @param now milliseconds of a clock that is never set back.
 */
export function createLogObserver(
  log: Logger,
  hashUser: (owner: Owner) => string,
  now: () => number = () => performance.now(),
): { readonly observe: Observe; close(): void } {
  const previousSecret = createPreviousSecretReport((requests) =>
    log.warn({ requests }, 'Requests came with tokens of BETTER_AUTH_SECRET_PREVIOUS'),
  )
  const logRequest = createRequestLog(log)
  let storeFailedAt: number | null = null

  function observe(event: ServiceEvent): void {
    switch (event.type) {
      case 'request':
        logRequest({
          request_id: event.requestId,
          method: event.method,
          route: event.route,
          status: event.status,
          duration_ms: Math.round(event.durationMs * 1000) / 1000,
          user: event.owner && hashUser(event.owner),
          bytes: event.bytes,
        })
        break
      case 'fault':
        log.error({ err: event.fault, request_id: event.requestId }, 'A request met a fault')
        break
      case 'store':
        observeStore(event)
        break
      case 'upkeep_failed':
        log.error({ err: event.error }, 'The upkeep of the store met a fault')
        break
      case 'previous_secret_used':
        previousSecret.count()
        break
      case 'key_set_fetched':
        log.info({ keys: event.keys, changed: event.changed }, 'Fetched the key set')
        break
      case 'key_set_failed':
        log.warn({ err: event.error }, 'The key set could not be fetched')
        break
      case 'rate_limiter_degraded':
        log.warn(
          { err: event.error },
          'Redis does not answer or refuses: each process counts requests by itself',
        )
        break
      case 'rate_limiter_restored':
        log.info('Redis answers again: all processes count requests together')
        break
    }
  }

  // An outage is one event, however many requests meet it.
  function observeStore({ outcome, error }: StoreEvent): void {
    if (outcome === 'unavailable') {
      if (storeFailedAt === null) log.warn({ err: error }, 'The store does not answer')
      storeFailedAt = now()
    } else if (storeFailedAt !== null && now() - storeFailedAt >= CALM_MS) {
      storeFailedAt = null
      log.info('The store answers again')
    }
  }

  return { observe, close: previousSecret.close }
}

/** Makes figures of events. */
export function createMetricsObserver(metrics: ReturnType<typeof createMetrics>): Observe {
  return (event) => {
    switch (event.type) {
      case 'request':
        metrics.request(event.method, event.route, event.status, event.durationMs / 1000)
        break
      case 'fault':
        metrics.fault()
        break
      case 'store':
        metrics.operation(event.operation, event.outcome, event.durationMs / 1000)
        break
      case 'cache_hit':
        metrics.token('hit')
        break
      case 'cache_miss':
        metrics.token('miss')
        break
      case 'rate_limited':
        metrics.rateLimited()
        break
      case 'key_set_fetched':
        metrics.keySet('fetched')
        break
      case 'key_set_failed':
        metrics.keySet('failed')
        break
    }
  }
}

/** Makes spans of events. */
export function createTracingObserver(tracing: ReturnType<typeof createTracing>): Observe {
  return (event) => {
    if (event.type === 'request') tracing.end(event)
    if (event.type === 'store') tracing.operation(event.operation, event.durationMs, event.error)
  }
}
