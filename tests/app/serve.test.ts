import { Database } from 'bun:sqlite'
import { beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Logger, pino } from 'pino'
import { createAdminApp } from '../../adapters/http/admin.ts'
import { METRICS_TYPE, renderMetrics } from '../../adapters/prometheus/metrics.ts'
import { migrate } from '../../app/migrations.ts'
import { type Service, serve } from '../../app/serve.ts'
import { openStore } from '../../app/store.ts'
import { startWorkers } from '../../app/workers.ts'
import { until } from '../support/admin.ts'
import { childrenOf } from '../support/children.ts'
import { bearer, SECRET, testConfig } from '../support/config.ts'
import { startKeySetServer } from '../support/key-set-server.ts'
import { directoryPerTest } from '../support/process.ts'

let lines: Record<string, unknown>[]
let log: Logger
const directory = directoryPerTest()
let written = Promise.withResolvers<void>()

beforeEach(() => {
  lines = []
  log = pino(
    { base: null },
    {
      write(line) {
        lines.push(JSON.parse(line))
        written.resolve()
        written = Promise.withResolvers()
      },
    },
  )
})

/** Resolves once that many requests are logged, which happens after their responses are sent. */
async function logged(requests: number): Promise<void> {
  while (lines.filter(({ msg }) => msg === 'Request').length < requests) await written.promise
}

const messages = () => lines.map(({ msg }) => msg)

function ask(service: Service, path: string, headers: Record<string, string> = {}) {
  return fetch(`http://127.0.0.1:${service.port}${path}`, { headers })
}

describe('one process', () => {
  test('serves metrics, and is not ready while it stops', async () => {
    const service = await serve(testConfig({ PORT: '0', ADMIN_PORT: '0' }), log)
    await service.started
    expect(await service.reasonsNotReady()).toStrictEqual([])
    await ask(service, '/tasks', await bearer('ann'))
    await ask(service, '/tasks/01234567-89ab-4def-8123-456789abcdef', await bearer('bob'))
    await ask(service, '/a/path/that/must/not/appear/in/metrics')

    await logged(3)

    const admin = createAdminApp({
      reasonsNotReady: service.reasonsNotReady,
      metrics: async () => renderMetrics(await service.metrics()),
      metricsType: METRICS_TYPE,
    })
    const get = async (path: string) => {
      const response = await admin.handle(new Request(`http://localhost${path}`))
      return { status: response.status, text: await response.text() }
    }
    expect(await get('/livez')).toStrictEqual({ status: 200, text: '{"status":"alive"}' })
    expect(await get('/readyz')).toStrictEqual({ status: 200, text: '{"status":"ready"}' })
    expect((await get('/nowhere')).status).toBe(404)

    const { text } = await get('/metrics')
    for (const line of [
      'http_request_duration_seconds_count{method="GET",route="/tasks",status="200"} 1',
      'http_request_duration_seconds_count{method="GET",route="/tasks/:id",status="404"} 1',
      'http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
      'taskport_store_duration_seconds_count{operation="get",outcome="done"} 1',
      'taskport_tokens_total{kind="sign_in",cache="miss"} 2',
    ])
      expect(text).toContain(`${line}\n`)
    expect(text).not.toMatch(/ann|bob|appear|01234567/)

    const stopped = service.stop()
    expect(await get('/readyz')).toStrictEqual({
      status: 503,
      text: '{"status":"not ready","reasons":["shutting down"]}',
    })
    expect(await stopped).toBe(true)
  })

  test('logs each request with a hash instead of the user', async () => {
    const service = await serve(testConfig({ PORT: '0' }), log)
    await service.started
    for (let n = 0; n < 2; n++) await ask(service, '/tasks', await bearer('ann'))
    await service.stop()
    const requests = lines.filter(({ msg }) => msg === 'Request')
    expect(requests).toHaveLength(2)
    expect(requests[0]?.['user']).toMatch(/^[0-9a-f]{16}$/)
    expect(requests[1]?.['user']).toBe(`${requests[0]?.['user']}`)
    expect(JSON.stringify(lines)).not.toContain('ann')
  })

  test('sends a span for each request and each store call', async () => {
    const received = Promise.withResolvers<Buffer>()
    const collector = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      async fetch(request) {
        received.resolve(Buffer.from(await request.bytes()))
        return new Response()
      },
    })
    // OpenTelemetry reads the environment directly.
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url.origin
    try {
      const service = await serve(
        testConfig({ PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.origin }),
        log,
      )
      await service.started
      await ask(service, '/tasks', await bearer('ann'))
      await ask(service, '/nowhere')
      await service.stop()
      const spans = (await received.promise).toString('latin1')
      for (const name of ['GET /tasks', 'list tasks']) expect(spans).toContain(name)
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
      await collector.stop(true)
    }
  })

  test('serves without Redis and warns once', async () => {
    const variables = { REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_PER_MINUTE: '2', PORT: '0' }
    const service = await serve(testConfig(variables), log)
    await service.started
    const statuses = []
    for (let n = 0; n < 3; n++)
      statuses.push((await ask(service, '/tasks', await bearer('ann'))).status)
    expect(statuses).toStrictEqual([200, 200, 429])
    await service.stop()
    const warnings = lines.filter(({ level }) => level === 40)
    expect(warnings).toHaveLength(1)
    expect(JSON.stringify(warnings)).toContain('Redis')
  })

  test('fails with EADDRINUSE when the port is in use', async () => {
    const first = await serve(testConfig({ PORT: '0' }), log)
    await expect(serve(testConfig({ PORT: `${first.port}` }), log)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await first.stop()
  })
})

test('answers /metrics with 500 and hides the error when metrics cannot be collected', async () => {
  const admin = createAdminApp({
    reasonsNotReady: async () => [],
    metrics: () => Promise.reject(new Error('a secret')),
    metricsType: METRICS_TYPE,
  })
  const response = await admin.handle(new Request('http://localhost/metrics'))
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('a secret')
})

describe('several processes', () => {
  const environment = () => ({
    PATH: `${process.env['PATH']}`,
    DATABASE_URL: `sqlite:${join(directory.path, 'tasks.db')}`,
    BETTER_AUTH_SECRET: SECRET,
    LOG_LEVEL: 'silent',
    RATE_LIMIT_PER_MINUTE: '0',
    ADMIN_PORT: '0',
    PORT: '0',
  })

  test('share a port and add up their metrics', async () => {
    const variables = environment()
    const service = await startWorkers(testConfig({ ...variables, WORKERS: '2' }), log, variables)
    await service.started
    expect(await service.reasonsNotReady()).toStrictEqual([])
    for (let n = 0; n < 20; n++)
      expect((await ask(service, '/tasks', await bearer('ann'))).status).toBe(200)
    const text = await renderMetrics(await service.metrics())
    expect(text).toContain('{method="GET",route="/tasks",status="200"} 20\n')
    expect(await service.stop()).toBe(true)
    expect(await service.reasonsNotReady()).toStrictEqual(['shutting down'])
    expect(messages()).not.toContain('A worker exited and will be replaced')
  }, 30_000)

  // A worker's channel closes before its end is known.
  test('report that they are not ready while one is dying', async () => {
    const planted = join(directory.path, 'planted.ts')
    await Bun.write(
      planted,
      `process.on('SIGUSR2', () => {
        process.prependListener('disconnect', () => process.kill(process.pid, 'SIGSTOP'))
        process.disconnect()
      })`,
    )
    const variables = { ...environment(), BUN_OPTIONS: `--preload ${planted}` }
    const service = await startWorkers(testConfig({ ...variables, WORKERS: '2' }), log, variables)
    await service.started
    const [victim = 0] = await childrenOf(process.pid)
    process.kill(victim, 'SIGUSR2')
    try {
      const silent = ['a worker does not respond']
      // The first such answer may be one that the worker did not give in time.
      await until(async () => isDeepStrictEqual(await service.reasonsNotReady(), silent))
      expect(await service.reasonsNotReady()).toStrictEqual(silent)
    } finally {
      process.kill(victim, 'SIGKILL')
    }
    await until(async () => (await service.reasonsNotReady()).length === 0)
    expect(await service.stop()).toBe(true)
  }, 30_000)

  test('report that the key set is missing while the issuer does not respond', async () => {
    const issuer = startKeySetServer()
    issuer.respondWith(() => new Promise(() => {}))
    const variables = { ...environment(), BETTER_AUTH_SECRET: '', JWKS_URL: issuer.url }
    const service = await startWorkers(testConfig({ ...variables, WORKERS: '2' }), log, variables)
    await service.started
    const missing = ['the key set has not been fetched yet']
    // On a busy machine, a worker may not answer in time either.
    await until(async () => isDeepStrictEqual(await service.reasonsNotReady(), missing))
    expect(await service.stop()).toBe(true)
    await issuer.close()
  }, 30_000)

  test('reject the start if a worker can never serve', async () => {
    const variables = environment()
    const config = testConfig({ ...variables, WORKERS: '2' })
    const { migrations, close } = await openStore(config)
    if (migrations) await migrate(migrations, () => {})
    await close()
    const database = new Database(join(directory.path, 'tasks.db'))
    database.run("update taskport_migrations set checksum = 'another'")
    database.close()

    const service = await startWorkers(config, log, variables)
    await expect(service.started).rejects.toThrow(
      'A worker exited with code 1. See its log for the reason.',
    )
    await service.stop()
    expect(messages()).toContain('A worker exited and will be replaced')
  }, 30_000)
})
