import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { adminOf, LISTENING, until } from '../support/admin.ts'
import { startHttpLoad } from '../support/http-load.ts'
import {
  connectionAttempts,
  expectHealth,
  expectHealthAgain,
  expectRecovery,
  expectServing,
  expectUnavailable,
  expectWaitingForStore,
  outageEnvironment,
  READS,
  SLACK_MS,
  TIMEOUT_MS,
  timed,
  WRITES,
} from '../support/outage.ts'
import { type PostgresCluster, startCluster, type TestDatabase } from '../support/postgres.ts'
import {
  runCommand,
  type ServiceProcess,
  startService,
  temporaryDirectory,
} from '../support/process.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'

// Restarts servers many times, possibly on a busy machine.
setDefaultTimeout(60_000)

// Not the superuser, for whom PostgreSQL reserves connections.
const ROLE = 'tasks_owner'
const PASSWORD = 'the password of the role'

let directory: Awaited<ReturnType<typeof temporaryDirectory>>
let cluster: PostgresCluster
let database: TestDatabase
let administrator: postgres.Sql
let proxy: FaultProxy

beforeAll(async () => {
  directory = await temporaryDirectory()
  cluster = await startCluster()
})

afterAll(async () => {
  await cluster.remove()
  await directory[Symbol.asyncDispose]()
})

beforeEach(async () => {
  database = await cluster.createDatabase()
  administrator = postgres(database.url, { max: 1, fetch_types: false, onnotice: () => {} })
  await administrator.unsafe(`drop role if exists ${ROLE}`)
  await administrator.unsafe(`create role ${ROLE} login password '${PASSWORD}'`)
  await administrator.unsafe(`alter database ${databaseName()} owner to ${ROLE}`)
  proxy = await startProxy(cluster.port)
})

afterEach(async () => {
  await cluster.start()
  await proxy.close()
  await administrator.end()
  await database.drop()
})

function databaseName(): string {
  return new URL(database.url).pathname.slice(1)
}

/** The URL of the service: the owner of the database, through the proxy. */
function serviceUrl(change: (url: URL) => void = () => {}): string {
  const url = new URL(database.url)
  url.port = `${proxy.port}`
  url.username = ROLE
  url.password = PASSWORD
  change(url)
  return url.href
}

function start(
  databaseUrl: string,
  ready?: RegExp,
  variables: Record<string, string> = {},
): Promise<ServiceProcess> {
  return startService(
    {
      directory: directory.path,
      environment: { ...outageEnvironment(databaseUrl), ...variables },
    },
    ready,
  )
}

async function endSessions(): Promise<void> {
  await administrator`
    select pg_terminate_backend(pid) from pg_stat_activity where usename = ${ROLE}`
}

async function setReadOnly(value: 'on' | 'off'): Promise<void> {
  await administrator.unsafe(`alter system set default_transaction_read_only = ${value}`)
  await administrator`select pg_reload_conf()`
}

let unlock = Promise.withResolvers<void>()
let locking: Promise<unknown> = Promise.resolve()

/** Blocks every statement on tasks. */
async function lockTasks(): Promise<void> {
  const locked = Promise.withResolvers<void>()
  unlock = Promise.withResolvers()
  locking = administrator.begin(async (transaction) => {
    await transaction`lock table owners, tasks in access exclusive mode`
    locked.resolve()
    await unlock.promise
  })
  await locked.promise
}

async function unlockTasks(): Promise<void> {
  unlock.resolve()
  await locking
}

const everything = { unavailable: [...READS, ...WRITES], ready: false }

const outages = [
  {
    name: 'stopped',
    begin: () => cluster.stop(),
    end: () => cluster.start(),
    ...everything,
  },
  {
    name: 'killed',
    begin: () => cluster.kill(),
    end: () => cluster.start(),
    ...everything,
  },
  {
    name: 'silent',
    begin: async () => proxy.become('swallow'),
    end: async () => proxy.become('pass'),
    ...everything,
  },
  {
    name: 'closing every connection',
    begin: async () => proxy.become('close'),
    end: async () => proxy.become('pass'),
    ...everything,
  },
  {
    name: 'out of connections',
    async begin() {
      await administrator.unsafe(`alter role ${ROLE} connection limit 0`)
      await endSessions()
    },
    end: () => administrator.unsafe(`alter role ${ROLE} connection limit -1`),
    ...everything,
  },
  // The service can still serve reads, so it stays ready.
  {
    name: 'read-only',
    begin: () => setReadOnly('on'),
    end: () => setReadOnly('off'),
    unavailable: WRITES,
    ready: true,
  },
  {
    name: 'slow',
    begin: lockTasks,
    end: unlockTasks,
    unavailable: [...READS, ...WRITES],
    ready: true,
  },
]

describe('recovers under load when PostgreSQL is', () => {
  test.each(outages)('$name', async ({ begin, end, unavailable, ready }) => {
    await using service = await start(serviceUrl())
    const admin = adminOf(service)
    const load = await startHttpLoad(service.send, { clients: 8 })
    await load.succeeded(100)

    await begin()
    await load.failed(20)
    await expectUnavailable(service, unavailable)
    await expectHealth(service, 503)
    expect(await admin.reasons()).toStrictEqual(ready ? [] : ['the store does not respond'])
    expect((await admin.send('/livez')).status).toBe(200)

    await end()
    await expectRecovery(service)
    await load.succeeded(100)
    await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
    await expectHealthAgain(service)
    const outages = service.output().match(/"msg":"The store does not respond"/g)
    expect(outages).toHaveLength(1)
    expect(service.output()).not.toMatch(/"level":"(error|fatal)"/)
    expect(await service.stop('SIGTERM')).toBe(0)
  })
})

test.each(['1', '2'])(
  'reports its health soon, however long requests wait: %s worker(s)',
  async (WORKERS) => {
    const patient = { WORKERS, DATABASE_TIMEOUT_MS: '4000' }
    await using service = await start(serviceUrl(), undefined, patient)
    await expectHealth(service, 200)
    proxy.become('swallow')
    await expectHealth(service, 503)
    const { result, took } = await timed(adminOf(service).reasons())
    expect(result).toStrictEqual(['the store does not respond'])
    expect(took).toBeLessThan(1000 + SLACK_MS)
    // Otherwise workers wait for their statements, up to the time limit, before they exit.
    proxy.become('close')
  },
)

describe('at start', () => {
  test('waits until PostgreSQL accepts connections', async () => {
    await cluster.stop()
    await using service = await start(serviceUrl(), LISTENING)
    await expectWaitingForStore(service, 'cannot be reached')
    await cluster.start()
    await expectServing(service)
    expect(service.output()).toContain('"migration":"0001_schema.sql"')
  })

  test('stops in order while it waits', async () => {
    proxy.become('close')
    await using service = await start(serviceUrl(), LISTENING)
    await until(async () => connectionAttempts(service).length >= 2)
    expect(await service.stop('SIGTERM')).toBe(0)
    expect(service.output()).not.toContain('"msg":"Serving"')
  })

  test('logs a wrong password and serves once it is right', async () => {
    const password = 'another password'
    const url = serviceUrl((parts) => {
      parts.password = password
    })
    const reason = `password authentication failed for user "${ROLE}"`
    const migrate = await runCommand(['migrate'], {
      directory: directory.path,
      environment: { DATABASE_URL: url },
    })
    expect(migrate).toStrictEqual({
      exitCode: 1,
      stdout: '',
      stderr: `PostgreSQL cannot be reached: ${reason}\n`,
    })
    await using service = await start(url, LISTENING)
    await expectWaitingForStore(service, reason)
    await administrator.unsafe(`alter role ${ROLE} password '${password}'`)
    await expectServing(service)
    expect(service.output()).not.toContain(password)
  })

  test('logs a missing database and serves once it exists', async () => {
    const name = `${databaseName()}_later`
    const url = serviceUrl((parts) => {
      parts.pathname = name
    })
    await using service = await start(url, LISTENING)
    await expectWaitingForStore(service, `database "${name}" does not exist`)
    await administrator.unsafe(`create database ${name} owner ${ROLE}`)
    await expectServing(service)
    await service.stop('SIGTERM')
    await administrator.unsafe(`drop database ${name} with (force)`)
  })
})
