import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const propagator = new W3CTraceContextPropagator()
const headersGetter = {
  get: (headers: Headers, name: string) => headers.get(name) ?? undefined,
  keys: (headers: Headers) => [...headers.keys()],
}

/**
 * Sends a span for each request, with child spans for its store operations, to an OTLP collector.
 * OpenTelemetry's own variables configure the address and the service name (OTEL_EXPORTER_OTLP_ENDPOINT,
 * OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES). Names and attributes follow
 * the semantic conventions for HTTP and databases.
 */
export function createTracing(options: { readonly version: string; readonly database: string }) {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          'service.name': 'taskport',
          'service.version': options.version,
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  const tracer = provider.getTracer('taskport', options.version)
  const current = new AsyncLocalStorage<Context>()

  return {
    /** Starts the span of a request, as a child of the sender's span (W3C Trace Context). */
    begin(request: Request): void {
      const sender = propagator.extract(ROOT_CONTEXT, request.headers, headersGetter)
      const attributes = { 'http.request.method': request.method, 'url.scheme': 'http' }
      const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, sender)
      current.enterWith(trace.setSpan(sender, span))
    },

    /** Adds a store operation that has just ended to the current request. */
    operation(operation: string, durationMs: number, failure: unknown): void {
      const context = current.getStore()
      if (context === undefined) return
      const attributes = { 'db.system.name': options.database, 'db.operation.name': operation }
      const startTime = performance.timeOrigin + performance.now() - durationMs
      const span = tracer.startSpan(
        `${operation} tasks`,
        { kind: SpanKind.CLIENT, attributes, startTime },
        context,
      )
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },

    /** Ends the span of the current request. */
    end(request: {
      method: string
      route: string | null
      tool: string | null
      status: number
      requestId: string
    }): void {
      const context = current.getStore()
      const span = context && trace.getSpan(context)
      if (!span) return
      const { method, route, tool, status, requestId } = request
      const attributes: Attributes = {
        'http.response.status_code': status,
        'taskport.request_id': requestId,
      }
      if (route !== null) {
        span.updateName(tool === null ? `${method} ${route}` : `${method} ${route} ${tool}`)
        attributes['http.route'] = route
      }
      if (tool !== null) attributes['gen_ai.tool.name'] = tool
      span.setAttributes(attributes)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },

    /** Sends the pending spans. */
    close: (): Promise<void> => provider.shutdown(),
  }
}
