import { expect, test } from 'bun:test'
import { bearer, SECRET } from '../support/config.ts'
import { startService, temporaryDirectory } from '../support/process.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SENDER = 'b7ad6b7169203331'

/** A collector that keeps the first batch of spans that it receives (OTLP over HTTP, protobuf). */
function startCollector() {
  const received = Promise.withResolvers<{ path: string; spans: Buffer }>()
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      received.resolve({
        path: new URL(request.url).pathname,
        spans: Buffer.from(await request.bytes()),
      })
      return new Response()
    },
  })
  return { url: server.url.origin, received: received.promise, stop: () => server.stop(true) }
}

/** Counts occurrences. Spans contain ids as bytes and names as text. */
function occurrences(spans: Buffer, part: Buffer): number {
  let count = 0
  for (let at = spans.indexOf(part); at !== -1; at = spans.indexOf(part, at + 1)) count += 1
  return count
}

test("sends spans of the request and its store call in the caller's trace", async () => {
  const collector = startCollector()
  await using directory = await temporaryDirectory()
  await using service = await startService({
    directory: directory.path,
    environment: {
      BETTER_AUTH_SECRET: SECRET,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'tasks-of-a-test',
    },
  })
  const unknown = '/tasks/01234567-89ab-4def-8123-456789abcdef'
  const response = await service.send(unknown, {
    headers: { ...(await bearer('ann')), traceparent: `00-${TRACE}-${SENDER}-01` },
  })
  expect(response.status).toBe(404)
  // The shutdown sends the remaining spans.
  expect(await service.stop('SIGTERM')).toBe(0)

  const { path, spans } = await collector.received
  expect(path).toBe('/v1/traces')
  expect(occurrences(spans, Buffer.from(TRACE, 'hex'))).toBe(2)
  expect(occurrences(spans, Buffer.from(SENDER, 'hex'))).toBe(1)
  for (const name of ['tasks-of-a-test', 'GET /tasks/:id', 'get tasks'])
    expect(occurrences(spans, Buffer.from(name))).toBe(1)
  for (const secret of ['ann', unknown.slice('/tasks/'.length), 'eyJ'])
    expect(occurrences(spans, Buffer.from(secret))).toBe(0)
  await collector.stop()
})

test('names the tool in the span of a request that calls one', async () => {
  const collector = startCollector()
  await using directory = await temporaryDirectory()
  await using service = await startService({
    directory: directory.path,
    environment: { BETTER_AUTH_SECRET: SECRET, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  })
  const call = { name: 'get_task', arguments: { task: 'secret words' } }
  const response = await service.send('/mcp', {
    method: 'POST',
    headers: {
      ...(await bearer('ann')),
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }),
  })
  expect(response.status).toBe(200)
  expect(await service.stop('SIGTERM')).toBe(0)
  const { spans } = await collector.received
  for (const name of ['POST /mcp get_task', 'gen_ai.tool.name', 'list tasks'])
    expect(occurrences(spans, Buffer.from(name))).toBe(1)
  expect(occurrences(spans, Buffer.from('secret words'))).toBe(0)
  await collector.stop()
})
