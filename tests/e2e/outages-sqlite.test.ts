import { Database } from 'bun:sqlite'
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmod, chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { adminOf, LISTENING } from '../support/admin.ts'
import { smallDisk } from '../support/disk.ts'
import { startHttpLoad } from '../support/http-load.ts'
import {
  expectHealth,
  expectHealthAgain,
  expectOneOutage,
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

describe('without write access, a command prints one line for', () => {
  const STRANGER = 12_345

  async function taskport(args: string[], environment: Record<string, string>) {
    const main = join(ROOT, 'app', 'main.ts')
    const program = [...WITHOUT_PRIVILEGES, process.execPath, main]
    const { exitCode, stderr } = await runCommand(args, {
      directory: directory.path,
      environment,
      program,
    })
    expect(exitCode).toBe(1)
    expect(stderr).toEndWith('\n')
    return stderr.trimEnd()
  }

  /** A directory whose owner is another user, if the test may change owners. */
  async function foreignDirectory(): Promise<string> {
    const path = join(directory.path, 'foreign')
    await mkdir(path, { mode: 0o755 })
    if (process.getuid?.() === 0) await chown(path, STRANGER, STRANGER)
    else await chmod(path, 0o555)
    return path
  }

  const denied = (path: string) =>
    `permission denied: uid ${process.geteuid?.()} cannot write to ${path}; change the owner, for example with chown ${process.geteuid?.()} ${path}, or name another file in DATABASE_URL`

  test('a directory of another user', async () => {
    const path = await foreignDirectory()
    expect(await taskport(['migrate'], { DATABASE_URL: `sqlite:${path}/tasks.db` })).toBe(
      `The SQLite file ${path}/tasks.db cannot be used: ${denied(path)}`,
    )
  })

  test.each([['serve'], ['token']])('the secret of demo mode, in `%s`', async (command) => {
    const path = await foreignDirectory()
    expect(await taskport([command], { DATABASE_URL: `sqlite:${path}/tasks.db`, PORT: '0' })).toBe(
      `DATABASE_URL: must name a file in a writable directory, because the secret of demo mode is stored beside it, for example DATABASE_URL=sqlite:./data/tasks.db (${denied(path)})`,
    )
  })

  test('a secret of demo mode that cannot be read', async () => {
    const path = join(directory.path, 'tasks.db')
    await writeFile(`${path}.demo-secret`, 'x'.repeat(44))
    if (process.getuid?.() === 0) await chown(`${path}.demo-secret`, STRANGER, STRANGER)
    await chmod(`${path}.demo-secret`, process.getuid?.() === 0 ? 0o600 : 0o000)
    const message = await taskport(['token'], { DATABASE_URL: `sqlite:${path}` })
    expect(message).toContain('DATABASE_URL: must name a file in a writable directory')
    expect(message).toContain(denied(`${path}.demo-secret`))
  })

  test.each([
    ['a directory in place of the file', '', 'is a directory'],
    ['a file in place of the directory', 'file/tasks.db', 'file is not a directory'],
  ])('%s', async (_, place, words) => {
    await writeFile(join(directory.path, 'file'), '')
    const path = join(directory.path, place)
    const message = await taskport(['migrate'], { DATABASE_URL: `sqlite:${path}` })
    expect(message).toStartWith(`The SQLite file ${path} cannot be used: `)
    expect(message).toEndWith(words)
    expect(message).not.toContain('\n')
  })

  test('a database of another program', async () => {
    const path = join(directory.path, 'other.db')
    const other = new Database(path)
    other.run('create table tasks (id integer)')
    other.close()
    const message = await taskport(['migrate'], { DATABASE_URL: `sqlite:${path}` })
    expect(message).toStartWith(`DATABASE_URL: The SQLite file ${path} cannot be migrated (`)
    expect(message).not.toContain('\n')
  })
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

  test('waits while the directory is not writable, and logs path, user and advice', async () => {
    await chmod(directory.path, 0o500)
    const data = join(directory.path, 'data')
    await using service = await start(data, LISTENING)
    await expectWaitingForStore(
      service,
      `The SQLite file ${data}/tasks.db cannot be used: permission denied: uid ${process.geteuid?.()} cannot write to ${directory.path}; change the owner, for example with chown `,
    )
    await chmod(directory.path, 0o700)
    await expectServing(service)
  })
})
