import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { adminOf, LISTENING } from '../support/admin.ts'
import { smallDisk } from '../support/disk.ts'
import { startHttpLoad } from '../support/http-load.ts'
import {
  expectHealth,
  expectHealthAgain,
  expectRecovery,
  expectServing,
  expectUnavailable,
  expectWaitingForStore,
  type Operation,
  outageEnvironment,
  READS,
  SLACK_MS,
  sendAs,
  TIMEOUT_MS,
  WRITES,
} from '../support/outage.ts'
import {
  runCommand,
  type ServiceProcess,
  startService,
  temporaryDirectory,
} from '../support/process.ts'

setDefaultTimeout(60_000)

const ROOT = join(import.meta.dir, '..', '..')

// Root ignores file permissions unless it drops its capabilities.
const WITHOUT_PRIVILEGES =
  process.getuid?.() === 0 ? ['setpriv', '--inh-caps=-all', '--bounding-set=-all'] : []

let directory: Awaited<ReturnType<typeof temporaryDirectory>>

beforeEach(async () => {
  directory = await temporaryDirectory()
})

afterEach(async () => {
  await chmod(directory.path, 0o700)
  await directory[Symbol.asyncDispose]()
})

function start(path: string, ready?: RegExp): Promise<ServiceProcess> {
  return startService(
    {
      directory: directory.path,
      environment: outageEnvironment(`sqlite:${join(path, 'tasks.db')}`),
      program: [...WITHOUT_PRIVILEGES, process.execPath, join(ROOT, 'app', 'main.ts')],
    },
    ready,
  )
}

/** Expects reads to succeed: the service is ready but not healthy. */
async function expectReads(service: ServiceProcess): Promise<void> {
  const answers = await Promise.all(READS.map((read) => sendAs('ann', service, read)))
  expect(answers.map(({ status }) => status)).toStrictEqual([200, 404])
  await expectHealth(service, 503)
  expect(await adminOf(service).reasons()).toBeEmpty()
}

async function expectOneOutage(service: ServiceProcess): Promise<void> {
  expect(await service.stop('SIGTERM')).toBe(0)
  expect(service.output().match(/"msg":"The store does not answer"/g)).toHaveLength(1)
  expect(service.output()).not.toMatch(/"level":"(error|fatal)"/)
}

/** Expects the service to answer as it should during an outage and after it. */
async function expectToSurvive(
  service: ServiceProcess,
  outage: {
    readonly begin: () => unknown
    readonly end: () => unknown
    /** The number of failed requests to wait for. */
    readonly failures: number
    readonly unavailable: readonly Operation[]
  },
): Promise<void> {
  const load = await startHttpLoad(service.send, { clients: 4 })
  await load.succeeded(20)
  await outage.begin()
  await load.failed(outage.failures)
  await expectUnavailable(service, outage.unavailable)
  await expectReads(service)
  await outage.end()
  await expectRecovery(service)
  await load.succeeded(20)
  await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  await expectHealthAgain(service)
  await expectOneOutage(service)
}

describe('recovers under load from', () => {
  test('a full disk', async () => {
    await using disk = await smallDisk()
    await using service = await start(disk.path)
    await expectToSurvive(service, {
      begin: () => disk.fill(service.pid),
      end: () => disk.free(service.pid),
      failures: 20,
      unavailable: [['POST', '/tasks', '{"text":"x"}']],
    })
  })

  test('a lock that another process holds', async () => {
    await using service = await start(directory.path)
    using other = new Database(join(directory.path, 'tasks.db'))
    other.run('pragma busy_timeout = 5000')
    await expectToSurvive(service, {
      begin: () => other.run('begin immediate'),
      end: () => other.run('commit'),
      failures: 4,
      unavailable: WRITES,
    })
  })
})

test('recovers when a read-only file becomes writable', async () => {
  const file = join(directory.path, 'tasks.db')
  const migration = { directory: directory.path, environment: { DATABASE_URL: `sqlite:${file}` } }
  expect(await runCommand(['migrate'], migration)).toMatchObject({ exitCode: 0 })
  await chmod(file, 0o400)
  await using service = await start(directory.path)
  await expectUnavailable(service, WRITES)
  await expectReads(service)
  // SQLite gives the files beside the database the same mode.
  for (const name of await readdir(directory.path)) await chmod(join(directory.path, name), 0o600)
  await expectRecovery(service)
  await expectOneOutage(service)
})

describe('at start', () => {
  test('waits while another process has locked the file', async () => {
    const other = new Database(join(directory.path, 'tasks.db'))
    other.run('pragma locking_mode = exclusive')
    other.run('begin exclusive')
    await using service = await start(directory.path, LISTENING)
    await expectWaitingForStore(service, 'database is locked')
    other.run('commit')
    other.close()
    await expectServing(service)
  })

  test('waits while the directory is not writable', async () => {
    await chmod(directory.path, 0o500)
    await using service = await start(join(directory.path, 'data'), LISTENING)
    await expectWaitingForStore(service, 'permission denied')
    await chmod(directory.path, 0o700)
    await expectServing(service)
  })
})
