import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { readError } from '../http/answers.ts'
import { adminOf, until } from '../support/admin.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { startKeySetServer } from '../support/key-set-server.ts'
import { startService, temporaryDirectory } from '../support/process.ts'
import { connect } from '../support/socket.ts'
import { keyPair } from '../support/tokens.ts'

setDefaultTimeout(30_000)

const ROOT = join(import.meta.dir, '..', '..')

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let headers: Record<string, string>

beforeAll(async () => {
  directory = await temporaryDirectory()
  headers = { ...(await bearer('ann')), 'content-type': 'application/json' }
})

afterAll(() => directory[Symbol.asyncDispose]())

function start(environment: Record<string, string> = {}, program?: readonly string[]) {
  return startService({
    directory: directory.path,
    environment: {
      ...PRODUCTION,
      DATABASE_URL: 'memory:',
      ADMIN_PORT: '0',
      ...environment,
    },
    ...(program && { program }),
  })
}

describe('the admin port', () => {
  test('serves /livez, /readyz and /metrics, which the public port does not', async () => {
    await using service = await start()
    const admin = adminOf(service)
    for (const [path, body] of [
      ['/livez', { status: 'alive' }],
      ['/readyz', { status: 'ready' }],
    ] as const) {
      const response = await admin.send(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.json()).toStrictEqual(body)
    }
    const metrics = await admin.send('/metrics')
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')

    for (const path of ['/', '/tasks', '/health', '/metrics/x'])
      expect(await readError(await admin.send(path))).toMatchObject({ error: 'NOT_FOUND' })
    for (const path of ['/livez', '/readyz', '/metrics'])
      expect(await readError(await service.send(path))).toMatchObject({ error: 'NOT_FOUND' })
  })

  test('is off by default', async () => {
    await using service = await start({ ADMIN_PORT: '' })
    expect(service.output()).not.toContain('admin_port')
  })

  test('is not ready until the key set is known', async () => {
    const issuer = startKeySetServer()
    issuer.respondWith(() => new Response(null, { status: 500 }))
    await using service = await start({ BETTER_AUTH_SECRET: '', JWKS_URL: issuer.url })
    const admin = adminOf(service)
    expect(await admin.reasons()).toStrictEqual(['the key set has not been fetched yet'])
    expect((await admin.send('/livez')).status).toBe(200)
    issuer.publish((await keyPair('EdDSA', 'a-key')).publicJwk)
    await until(async () => (await admin.reasons()).length === 0)
    await issuer.close()
    expect(await admin.reasons()).toBeEmpty()
  })

  test.each(['1', '2'])('is not ready once %s process(es) shut down', async (WORKERS) => {
    await using service = await start({ WORKERS, DATABASE_URL: 'sqlite:./shutdown.db' })
    const admin = adminOf(service)
    expect(await admin.reasons()).toBeEmpty()
    const body = '{"text":"x"}'
    const connection = await connect(service.port)
    await connection.send(
      `POST /tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers['authorization']}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    await connection.untilContinue()
    service.signal('SIGTERM')
    await service.waitForOutput(/"msg":"Stopping"/)
    expect(await admin.reasons()).toStrictEqual(['shutting down'])
    expect((await admin.send('/livez')).status).toBe(200)
    await connection.send(body)
    expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([201])
    expect(await service.exited).toBe(0)
  })

  test('adds up the metrics of all workers, and is not ready while one is replaced', async () => {
    await using service = await start({ WORKERS: '2', DATABASE_URL: 'sqlite:./workers.db' })
    const admin = adminOf(service)
    // Separate connections, so that both workers get some requests.
    const statuses = Array.from({ length: 40 }, async () => {
      using connection = await connect(service.port)
      await connection.send(
        `GET /tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${headers['authorization']}\r\n\r\n`,
      )
      return (await connection.responses(1))[0]?.status
    })
    expect(await Promise.all(statuses)).toStrictEqual(Array(40).fill(200))
    const served = 'http_request_duration_seconds_count{method="GET",route="/tasks",status="200"}'
    await until(async () => (await admin.metrics()).get(served) === 40)

    const workers = (await Bun.$`ps -o pid= --ppid ${service.pid}`.text()).trim().split(/\s+/)
    expect(workers).toHaveLength(2)
    process.kill(Number(workers[0]), 'SIGKILL')
    await until(async () => (await admin.reasons()).includes('a worker is being replaced'))
    expect((await admin.send('/livez')).status).toBe(200)
    // The other worker keeps serving.
    expect((await service.send('/health')).status).toBe(200)
    await until(async () => (await admin.reasons()).length === 0)
    expect(service.output()).toContain('"msg":"A worker exited and will be replaced"')
    expect(await service.stop('SIGTERM')).toBe(0)
  })
})

describe('uncaught errors', () => {
  const PLANTED = `
    process.on('SIGUSR1', () => { throw new Error('planted exception') })
    process.on('SIGUSR2', () => { Promise.reject(new Error('planted rejection')) })`

  test('are logged with their stack and do not end the process', async () => {
    const planted = join(directory.path, 'planted.ts')
    await Bun.write(planted, PLANTED)
    const main = join(ROOT, 'app', 'main.ts')
    await using service = await start({}, [process.execPath, '--preload', planted, main])
    for (const [signal, message] of [
      ['SIGUSR1', 'planted exception'],
      ['SIGUSR2', 'planted rejection'],
    ] as const) {
      service.signal(signal)
      const line = await service.waitForOutput(new RegExp(`^.*${message}.*$`, 'm'))
      expect(JSON.parse(line[0])).toMatchObject({
        level: 'error',
        err: { message, stack: expect.stringContaining('planted.ts') },
      })
      expect((await service.send('/health')).status).toBe(200)
    }
    expect(await service.stop('SIGTERM')).toBe(0)
  })
})
