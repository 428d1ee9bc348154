import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { adminOf, until } from '../support/admin.ts'
import { untilChildren, untilGone } from '../support/children.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { freePort } from '../support/port.ts'
import { directoryPerTest, startService } from '../support/process.ts'
import { connect } from '../support/socket.ts'

setDefaultTimeout(60_000)

const MAIN = [process.execPath, join(import.meta.dir, '..', '..', 'app', 'main.ts')]
const TIMEOUT_MS = 2000
// Generous, because tests share the machine. The fault would take for ever.
const SLACK_MS = 5000

const directory = directoryPerTest()

function environment(variables: Record<string, string> = {}): Record<string, string> {
  return {
    ...PRODUCTION,
    DATABASE_URL: 'sqlite:./tasks.db',
    ADMIN_PORT: '0',
    SHUTDOWN_TIMEOUT_MS: `${TIMEOUT_MS}`,
    ...variables,
  }
}

function start(variables: Record<string, string> = {}) {
  return startService({ directory: directory.path, environment: environment(variables) })
}

/** Starts a process without waiting for anything. */
function spawn(variables: Record<string, string>, program: readonly string[] = MAIN) {
  const { PATH, HOME } = process.env
  return Bun.spawn([...program], {
    cwd: directory.path,
    env: { PATH, HOME, ...environment(variables) },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
}

async function expectEndsInTime(ended: Promise<number>, exitCode: number): Promise<void> {
  const startedAt = performance.now()
  expect(await ended).toBe(exitCode)
  expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS)
}

describe('a worker that hangs', () => {
  test('is killed and replaced', async () => {
    await using service = await start({ WORKERS: '2' })
    const [hanging = 0] = await untilChildren(service.pid, 2)
    process.kill(hanging, 'SIGSTOP')
    await service.waitForOutput(/"pid":(\d+),"msg":"Killing a worker that does not respond"/)
    await untilGone([hanging])
    await until(async () => (await adminOf(service).reasons()).length === 0)
    const { authorization } = await bearer('ann')
    const statuses = Array.from({ length: 20 }, async () => {
      using connection = await connect(service.port)
      await connection.send(
        `GET /tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`,
      )
      return (await connection.responses(1))[0]?.status
    })
    expect(await Promise.all(statuses)).toStrictEqual(Array(20).fill(200))
    expect(await service.stop('SIGTERM')).toBe(0)
  })

  test('does not keep the service from stopping', async () => {
    await using service = await start({ WORKERS: '2' })
    const workers = await untilChildren(service.pid, 2)
    process.kill(workers[0] ?? 0, 'SIGSTOP')
    await expectEndsInTime(service.stop('SIGTERM'), 1)
    await untilGone(workers)
  })
})

test.each(['1', '2'])(
  'stops when the reader of its log has stalled: %s process(es)',
  async (WORKERS) => {
    const pipe = join(directory.path, 'log')
    await Bun.$`mkfifo ${pipe}`
    const reader = openSync(pipe, 'r+')
    const PORT = `${await freePort()}`
    const shell = ['sh', '-c', `exec "$0" "$@" > ${pipe}`, ...MAIN]
    await using child = spawn({ PORT, WORKERS }, shell)
    const url = `http://127.0.0.1:${PORT}/tasks`
    const headers = await bearer('ann')
    const send = () =>
      fetch(url, { headers }).then(
        ({ status }) => status,
        () => null,
      )
    await until(async () => (await send()) === 200)
    const workers = WORKERS === '1' ? [] : await untilChildren(child.pid, 2)
    // Their log lines are more than a pipe holds.
    for (let n = 0; n < 50; n++) await Promise.all(Array.from({ length: 20 }, send))
    expect(await send()).toBe(200)
    child.kill('SIGTERM')
    await expectEndsInTime(child.exited, 0)
    await untilGone(workers)
    closeSync(reader)
  },
)

describe('signals', () => {
  test.each(['1', '2'])('SIGHUP stops %s process(es) like SIGTERM', async (WORKERS) => {
    await using service = await start({ WORKERS })
    const body = '{"text":"x"}'
    const { authorization } = await bearer('ann')
    const connection = await connect(service.port)
    await connection.send(
      `POST /tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    await connection.untilContinue()
    // A terminal that is closed signals the workers too.
    const workers = WORKERS === '1' ? [] : await untilChildren(service.pid, 2)
    for (const pid of [...workers, service.pid]) process.kill(pid, 'SIGHUP')
    await service.waitForOutput(/"signal":"SIGHUP","msg":"Stopping"/)
    await connection.send(body)
    expect((await connection.allResponses()).map(({ status }) => status)).toStrictEqual([201])
    expect(await service.exited).toBe(0)
  })

  test('SIGUSR1 and SIGUSR2 are ignored, also by workers', async () => {
    await using service = await start({ WORKERS: '2' })
    const workers = await untilChildren(service.pid, 2)
    for (const pid of [...workers, service.pid])
      for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.kill(pid, signal)
    expect((await service.send('/health')).status).toBe(200)
    expect(await untilChildren(service.pid, 2)).toStrictEqual(workers)
    expect(await service.stop('SIGTERM')).toBe(0)
  })

  test('SIGTERM stops a service whose workers are starting', async () => {
    await using child = spawn({ WORKERS: '2', PORT: '0' })
    const workers = await untilChildren(child.pid, 2)
    child.kill('SIGTERM')
    await expectEndsInTime(child.exited, 0)
    await untilGone(workers)
  })

  test('SIGTERM to the whole process group stops a service whose workers are starting', async () => {
    await using child = spawn({ WORKERS: '2', PORT: '0' })
    const workers = await untilChildren(child.pid, 2)
    for (const pid of [...workers, child.pid]) process.kill(pid, 'SIGTERM')
    await expectEndsInTime(child.exited, 0)
    await untilGone(workers)
  })

  test('SIGKILL leaves no workers, even if they are starting', async () => {
    await using child = spawn({ WORKERS: '2', PORT: '0' })
    const workers = await untilChildren(child.pid, 2)
    child.kill('SIGKILL')
    await child.exited
    await untilGone(workers)
  })
})
