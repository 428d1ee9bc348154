import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { readList } from '../http/answers.ts'
import { until } from '../support/admin.ts'
import { childrenOf, untilChildren, untilGone } from '../support/children.ts'
import { bearer, PRODUCTION } from '../support/config.ts'
import { AS_ROOT, mountMemory } from '../support/linux.ts'
import {
  expectRecovery,
  expectUnavailable,
  outageEnvironment,
  sendAs,
  WRITES,
} from '../support/outage.ts'
import { freePort } from '../support/port.ts'
import { directoryPerTest, runCommand, startService } from '../support/process.ts'

setDefaultTimeout(60_000)

const MAIN = [process.execPath, join(import.meta.dir, '..', '..', 'app', 'main.ts')]
const TIMEOUT_MS = 2000
const SLACK_MS = 5000

const directory = directoryPerTest()

function spawn(program: readonly string[], variables: Record<string, string> = {}) {
  const { PATH, HOME } = process.env
  return Bun.spawn([...program], {
    cwd: directory.path,
    env: {
      PATH,
      HOME,
      ...PRODUCTION,
      DATABASE_URL: 'sqlite:./tasks.db',
      SHUTDOWN_TIMEOUT_MS: `${TIMEOUT_MS}`,
      ...variables,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function expectEndsInTime(ended: Promise<number>): Promise<void> {
  const startedAt = performance.now()
  expect(await ended).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + SLACK_MS)
}

describe('a log that cannot be written', () => {
  test.each([
    ['json', '1'],
    ['json', '2'],
    ['pretty', '1'],
  ])('does not keep the service from stopping: %s, %s process(es)', async (LOG_FORMAT, WORKERS) => {
    const PORT = `${await freePort()}`
    await using child = spawn(['sh', '-c', 'exec "$0" "$@" >/dev/full', ...MAIN], {
      PORT,
      WORKERS,
      LOG_FORMAT,
    })
    const headers = await bearer('ann')
    const send = () =>
      fetch(`http://127.0.0.1:${PORT}/tasks`, { headers }).then(
        ({ status }) => status,
        () => null,
      )
    await until(async () => (await send()) === 200)
    const workers = WORKERS === '1' ? [] : await untilChildren(child.pid, 2)
    child.kill('SIGTERM')
    await expectEndsInTime(child.exited)
    await untilGone(workers)
  })

  test('gets the later lines once there is room again', async () => {
    await using memory = await mountMemory(directory.path)
    void memory
    const log = join(directory.path, 'log')
    const ballast = join(directory.path, 'ballast')
    const PORT = `${await freePort()}`
    await using child = spawn(['sh', '-c', `exec "$0" "$@" >>${log}`, ...MAIN], {
      PORT,
      DATABASE_URL: 'memory:',
    })
    const send = (path: string) => fetch(`http://127.0.0.1:${PORT}${path}`).catch(() => null)
    await until(async () => (await send('/health'))?.status === 200)
    await Bun.$`dd if=/dev/zero of=${ballast} bs=1k`.nothrow().quiet()
    const text = () => Bun.file(log).text()
    // Requests until the last page of the log is full.
    let length = -1
    await until(async () => {
      for (let n = 0; n < 100; n++) await send('/health')
      await Bun.sleep(250)
      const before = length
      length = (await text()).length
      return length === before
    }, 30_000)
    await Bun.$`rm ${ballast}`
    child.kill('SIGTERM')
    await expectEndsInTime(child.exited)
    const lines = (await text()).trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ msg: 'Stopped' })
    const broken = lines.filter((line) => !line.endsWith('}'))
    expect(broken.length).toBeLessThanOrEqual(1)
  })
})

describe('as process 1', () => {
  const UNSHARE = [...AS_ROOT, 'unshare', '--pid', '--fork', '--kill-child']

  test('a signal stops a service that has loaded nothing yet', async () => {
    const planted = join(directory.path, 'planted.ts')
    await Bun.write(
      planted,
      `Bun.plugin({ name: 'signal', setup(build) {
         build.onLoad({ filter: /app\\/command-line\\.ts$/ }, async ({ path }) => {
           process.kill(process.pid, 'SIGTERM')
           return { contents: await Bun.file(path).text(), loader: 'ts' }
         })
       } })`,
    )
    const [bun = '', main = ''] = MAIN
    await using child = spawn([...UNSHARE, bun, '--preload', planted, main], { PORT: '0' })
    await expectEndsInTime(child.exited)
  })

  test('SIGTERM stops a service that serves', async () => {
    const PORT = `${await freePort()}`
    await using child = spawn([...UNSHARE, ...MAIN], { PORT })
    await until(async () => {
      const response = await fetch(`http://127.0.0.1:${PORT}/health`).catch(() => null)
      return response?.status === 200
    })
    for (const pid of await childrenOf(child.pid)) await Bun.$`${AS_ROOT} kill -TERM ${pid}`
    await expectEndsInTime(child.exited)
  })
})

test('serves reads from a read-only file system, and writes once it is writable', async () => {
  await using memory = await mountMemory(directory.path)
  const file = join(directory.path, 'tasks.db')
  const environment = outageEnvironment(`sqlite:${file}`)
  {
    await using service = await startService({ directory: '/tmp', environment })
    expect((await sendAs('ann', service, ['POST', '/tasks', '{"text":"x"}'])).status).toBe(201)
    expect(await service.stop('SIGTERM')).toBe(0)
  }
  await memory.remount('ro')
  const migrate = await runCommand(['migrate'], { directory: '/tmp', environment })
  expect(migrate).toMatchObject({ exitCode: 0, stderr: '' })
  await using service = await startService({ directory: '/tmp', environment })
  const { tasks } = await readList(await sendAs('ann', service, ['GET', '/tasks']))
  expect(tasks).toMatchObject([{ text: 'x' }])
  await expectUnavailable(service, WRITES)
  await memory.remount('rw')
  await expectRecovery(service)
  expect(await service.stop('SIGTERM')).toBe(0)
})

test('refuses connections while no file descriptors are left, and recovers', async () => {
  const program = ['sh', '-c', 'ulimit -n 64; exec "$0" "$@"', ...MAIN]
  const environment = {
    ...PRODUCTION,
    DATABASE_URL: 'sqlite:./tasks.db',
    KEEP_ALIVE_TIMEOUT_SECONDS: '10',
  }
  await using service = await startService({ directory: directory.path, environment, program })
  const idle = Array.from({ length: 120 }, () => {
    const socket = connect(service.port, '127.0.0.1')
    return once(socket, 'close').catch(() => {})
  })
  await service.waitForOutput(/"limit":64,"msg":"Almost no file descriptors are left/)
  // Those that were never accepted are closed.
  await Promise.race(idle)
  await service.waitForOutput(/"msg":"File descriptors are free again/)
  await Promise.all(idle)
  expect((await sendAs('ann', service, ['POST', '/tasks', '{"text":"x"}'])).status).toBe(201)
  expect(await service.stop('SIGTERM')).toBe(0)
})
