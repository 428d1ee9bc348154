import type { Logger } from 'pino'
import type { TokenEvent } from '../adapters/auth/events.ts'
import { REFUSAL_REASONS } from '../adapters/auth/refusal.ts'
import { createRefusalReport } from '../adapters/auth/refusal-report.ts'
import { createPreviousSecretReport } from '../adapters/auth/rotation.ts'
import type { HttpEvent, ToolCallEvent } from '../adapters/http/ports.ts'
import type { createTracing } from '../adapters/opentelemetry/tracing.ts'
import type { createMetrics } from '../adapters/prometheus/metrics.ts'
import type { RateLimiterEvent } from '../adapters/redis/rate-limit.ts'
import type { TaskportError } from '../core/errors.ts'
import type { Owner } from '../core/owner.ts'
import type { MaintenanceEvent } from './maintenance.ts'
import type { StoreEvent } from './observed-repository.ts'
import { describeRefusal, loggable } from './refusals.ts'

/** Everything that the service reports. Each event is emitted once; observers turn it into logs, metrics and spans. */
export type ServiceEvent = HttpEvent | TokenEvent | StoreEvent | MaintenanceEvent | RateLimiterEvent

export type Observe = (event: ServiceEvent) => void

type RequestEvent = Extract<ServiceEvent, { readonly type: 'request' }>

// Without this delay, a store that fails only some calls would be reported as recovered after each
// successful one.
const RECOVERY_MS = 1000
const DAMAGE_EVERY_MS = 60_000
/** The reason of a request without a token, beside those of the verifier. */
const MISSING = 'missing'

/**
 * Logs events. `close` logs the pending summaries.
 *
 * @param now milliseconds of a monotonic clock.
 */
export function createLogObserver(
  log: Logger,
  hashUser: (owner: Owner) => string,
  now: () => number = () => performance.now(),
): { readonly observe: Observe; close(): void } {
  const previousSecret = createPreviousSecretReport((requests) =>
    log.warn({ requests }, 'Requests used tokens signed with BETTER_AUTH_SECRET_PREVIOUS'),
  )
  const warnOfRefusals = createRefusalReport((refusal, requests) => {
    const shown = loggable(refusal)
    const { reason, expected, actual } = shown
    log.warn(
      { reason, requests, expected, actual, problem: describeRefusal(shown) },
      'Tokens are refused, and none of this kind has been accepted since the start',
    )
  }, now)
  let storeFailedAt: number | null = null
  let damageLoggedAt = Number.NEGATIVE_INFINITY

  function logRequest(event: RequestEvent): void {
    const fields = {
      request_id: event.requestId,
      method: event.method,
      route: event.route,
      status: event.status,
      duration_ms: rounded(event.durationMs),
      user: event.owner && hashUser(event.owner),
      token_kind: event.tokenKind,
      bytes: event.bytes,
      ...(event.tool !== null && { tool: event.tool }),
    }
    log.info(fields, 'Request')
  }

  function logToolCall({ requestId, tool, outcome, durationMs, error }: ToolCallEvent): void {
    const fields = { request_id: requestId, tool }
    log.debug({ ...fields, outcome, duration_ms: rounded(durationMs) }, 'Tool called')
    if (outcome === 'failed') log.error({ ...fields, err: error }, 'Unhandled error of a tool')
  }

  function logRefusal(event: Extract<ServiceEvent, { readonly type: 'token_refused' }>): void {
    const { reason, expected, actual } = loggable(event.refusal)
    log.debug({ request_id: event.requestId, reason, expected, actual }, 'Refused a token')
    warnOfRefusals(event.refusal, event.acceptedBefore)
  }

  function observe(event: ServiceEvent): void {
    switch (event.type) {
      case 'request':
        logRequest(event)
        break
      case 'tool_call':
        logToolCall(event)
        break
      case 'token_missing':
        log.debug(
          { request_id: event.requestId, reason: MISSING },
          'Refused a request without a token',
        )
        break
      case 'token_refused':
        logRefusal(event)
        break
      case 'unexpected_error':
        log.error({ err: event.error, request_id: event.requestId }, 'Unhandled request error')
        break
      case 'store':
        observeStore(event)
        break
      case 'maintenance_failed':
        log.error({ err: event.error }, 'Maintenance of the store failed')
        break
      case 'previous_secret_used':
        previousSecret.count()
        break
      case 'key_set_fetched':
        log.info({ keys: event.keys, changed: event.changed }, 'Fetched the key set')
        break
      case 'key_set_failed':
        log.warn({ err: event.error }, 'Cannot fetch the key set')
        break
      case 'rate_limiter_degraded':
        log.warn(
          { err: event.error },
          'Redis is unavailable: each process counts requests on its own',
        )
        break
      case 'rate_limiter_restored':
        log.info('Redis is available again: all processes count requests together')
        break
    }
  }

  // Logs an outage once, however many requests it affects.
  function observeStore({ outcome, error }: StoreEvent): void {
    if (outcome === 'damaged' && now() - damageLoggedAt >= DAMAGE_EVERY_MS) {
      damageLoggedAt = now()
      log.error({ err: error }, 'A part of the store is damaged')
    }
    if (outcome === 'unavailable') {
      if (storeFailedAt === null) log.warn({ err: error }, 'The store does not respond')
      storeFailedAt = now()
    } else if (storeFailedAt !== null && now() - storeFailedAt >= RECOVERY_MS) {
      storeFailedAt = null
      log.info('The store responds again')
    }
  }

  return { observe, close: previousSecret.close }
}

/** Counts events as metrics. */
export function createMetricsObserver(metrics: ReturnType<typeof createMetrics>): Observe {
  // From the start, so that the first refusal of a kind is an increase.
  for (const reason of [MISSING, ...REFUSAL_REASONS]) metrics.tokenRefused(reason, 0)
  return (event) => {
    switch (event.type) {
      case 'request':
        metrics.request(event.method, event.route, event.status, event.durationMs / 1000)
        break
      case 'tool_call':
        metrics.tool(event.tool, event.outcome, event.durationMs / 1000)
        if (event.outcome === 'failed') metrics.unexpectedError()
        break
      case 'unexpected_error':
        metrics.unexpectedError()
        break
      case 'store':
        metrics.operation(event.operation, event.outcome, event.durationMs / 1000)
        break
      case 'cache_hit':
        metrics.token(event.kind, 'hit')
        break
      case 'cache_miss':
        metrics.token(event.kind, 'miss')
        break
      case 'token_missing':
        metrics.tokenRefused(MISSING)
        break
      case 'token_refused':
        metrics.tokenRefused(event.refusal.reason)
        break
      case 'request_held':
        metrics.held(1)
        break
      case 'request_released':
        metrics.held(-1)
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

/** Records events as spans. */
export function createTracingObserver(tracing: ReturnType<typeof createTracing>): Observe {
  return (event) => {
    if (event.type === 'request') tracing.end(event)
    if (event.type === 'store') tracing.operation(event.operation, event.durationMs, event.error)
  }
}

/** Milliseconds with three decimals. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}

/** Why the store is unavailable, in one line. */
export function outageReason({ message, cause }: TaskportError): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
