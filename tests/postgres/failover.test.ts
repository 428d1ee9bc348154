import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  setDefaultTimeout,
  test,
} from 'bun:test'
import postgres from 'postgres'
import { createConnector } from '../../adapters/postgres/connection/connector.ts'
import { listen } from '../../adapters/postgres/connection/listener.ts'
import { createPool } from '../../adapters/postgres/connection/pool.ts'
import { parsePostgresUrl } from '../../adapters/postgres/connection/url.ts'
import { migrate } from '../../app/migrations.ts'
import { createCaller } from '../conformance/stores/caller.ts'
import { ann } from '../conformance/stores/store.ts'
import { until } from '../support/admin.ts'
import { type PostgresPair, startPair } from '../support/postgres-pair.ts'
import type { PostgresServer } from '../support/postgres-server.ts'
import { type FaultProxy, startProxy } from '../support/proxy.ts'
import { startLoad } from './load.ts'
import { open } from './open.ts'

setDefaultTimeout(60_000)

const TIMEOUT_MS = 1000
// Generous, because tests share the machine. Without the time limit the calls would never return.
const SLACK_MS = 1500
const RECOVERY_MS = 2000

const unavailable = expect.objectContaining({ name: 'TaskportError', code: 'unavailable' })

let pair: PostgresPair
let database: string
// In front of the primary and the replica, as they are when a test begins.
let proxies: [FaultProxy, FaultProxy]
const stores: ReturnType<typeof open>[] = []

beforeAll(async () => {
  pair = await startPair()
})

afterAll(() => pair.remove())

beforeEach(async () => {
  database = await pair.createDatabase()
  proxies = [await startProxy(pair.primary().port), await startProxy(pair.replica().port)]
})

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
  await Promise.all(proxies.map((proxy) => proxy.close()))
  await pair.administer(pair.primary(), `drop database ${database} with (force)`)
})

function through(ports: readonly number[], parameters = ''): string {
  const { username, password } = new URL(pair.primary().url)
  const servers = ports.map((port) => `127.0.0.1:${port}`)
  return `postgres://${username}:${password}@${servers}/${database}${parameters}`
}

function bothServers(parameters = ''): string {
  return through(
    proxies.map(({ port }) => port),
    parameters,
  )
}

function openStore(url: string, options: Parameters<typeof open>[1] = {}) {
  const store = open(url, { poolMax: 8, timeoutMs: TIMEOUT_MS, ...options })
  stores.push(store)
  return store
}

async function openMigrated(url: string, options: Parameters<typeof open>[1] = {}) {
  const store = openStore(url, options)
  await migrate(store.migrations, () => {})
  return store
}

/** How many sessions of the service a server has, or those whose last statement is given. */
async function sessions(server: PostgresServer, statement = '%'): Promise<number> {
  const [row] = await pair.administer(
    server,
    `select count(*)::integer as count from pg_stat_activity
     where application_name = 'taskport' and query like '${statement}'`,
  )
  return row?.['count']
}

/** Makes a running server refuse writes, also in open sessions. */
async function fence(server: PostgresServer): Promise<void> {
  await pair.administer(
    server,
    'alter system set default_transaction_read_only = on',
    'select pg_reload_conf()',
  )
}

/** Ends the sessions of the service, so that it opens new ones. */
async function endSessions(server: PostgresServer): Promise<void> {
  await pair.administer(
    server,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where application_name = 'taskport'`,
  )
}

test('loses no acknowledged write when the primary is killed and its replica promoted', async () => {
  const { repository } = await openMigrated(bothServers('?target_session_attrs=read-write'))
  const load = startLoad(repository)
  const former = proxies[0]
  await load.succeeded(200)
  await pair.primary().kill()
  await load.failed(50)
  await pair.promote()
  const startedAt = performance.now()
  await load.succeeded(10)
  expect(performance.now() - startedAt).toBeLessThan(RECOVERY_MS)

  await pair.rejoin()
  const roundTrips = former.roundTrips()
  await endSessions(pair.primary())
  await load.succeeded(200)
  expect(former.roundTrips()).toBe(roundTrips)
  expect(await sessions(pair.replica())).toBe(0)
  await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
})

test('loses no acknowledged write when a proxy follows the primary', async () => {
  const [proxy] = proxies
  const { repository } = await openMigrated(through([proxy.port]))
  const load = startLoad(repository)
  await load.succeeded(200)
  await pair.primary().kill()
  await load.failed(50)
  await pair.promote()
  proxy.follow(pair.primary().port)
  const startedAt = performance.now()
  await load.succeeded(10)
  expect(performance.now() - startedAt).toBeLessThan(RECOVERY_MS)
  await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  await pair.rejoin()
})

test('leaves a server that becomes read-only while connections to it are open', async () => {
  const url = bothServers()
  const { repository } = await openMigrated(url)
  const connect = createConnector(parsePostgresUrl(url))
  let opened = 0
  const stopListening = listen(
    (on) => connect({ prepare: 'never', timeoutMs: TIMEOUT_MS, ...on }),
    { onNotify: () => {}, onOpen: () => opened++, timeoutMs: TIMEOUT_MS, heartbeatMs: 20 },
  )
  const load = startLoad(repository)
  await load.succeeded(200)
  await until(async () => opened === 1)
  const former = pair.primary()
  await fence(former)
  await load.failed(50)
  await pair.promote()
  await load.succeeded(200)
  await until(async () => opened === 2)
  await until(async () => (await sessions(former)) === 0)
  await load.stopAndVerify(TIMEOUT_MS + SLACK_MS)
  await stopListening()
  await pair.rejoin()
})

test('discards all connections to a server after it has refused one write', async () => {
  const url = through([pair.primary().port])
  const connect = createConnector(parsePostgresUrl(url))
  const pool = createPool(
    (onClose) => connect({ prepare: 'auto', timeoutMs: TIMEOUT_MS, onClose }),
    { max: 3, timeoutMs: 60_000 },
  )
  const run = (text: string) => pool.run({ text, types: [] }, [])
  const other = postgres(url, { max: 1, fetch_types: false })
  await other`select pg_advisory_lock(1)`
  const slow = run('select pg_advisory_lock(1)')
  await Promise.all([run('select 1'), run('select 1')])
  await until(async () => pool.use().idle === 2)
  await fence(pair.primary())
  // The signal to reload may reach the sessions later.
  const setting = `select current_setting('default_transaction_read_only') as is_fenced`
  await until(async () => {
    const settings = await Promise.all([run(setting), run(setting)])
    return settings.every(([row]) => row?.['is_fenced'] === 'on')
  })
  await expect(run('create table anything ()')).rejects.toEqual(unavailable)
  await until(async () => pool.use().busy === 1)
  expect(pool.use()).toEqual({ busy: 1, idle: 0, waiting: 0 })
  await other.end()
  await slow
  await until(async () => pool.use().busy === 0)
  expect(pool.use()).toEqual({ busy: 0, idle: 0, waiting: 0 })
  await pool.close()
  await pair.administer(
    pair.primary(),
    'alter system reset default_transaction_read_only',
    'select pg_reload_conf()',
  )
})

test('does not acknowledge a commit if the wait for the replica is canceled', async () => {
  const { repository } = await openMigrated(bothServers(), { timeoutMs: 60_000 })
  const { create } = createCaller(repository, ann)
  await pair.replica().kill()
  try {
    const created = create(1)
    created.catch(() => {})
    await until(async () => {
      const canceled = await pair.administer(
        pair.primary(),
        `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
      )
      return canceled.length > 0
    })
    await expect(created).rejects.toEqual(unavailable)
  } finally {
    await pair.replica().start()
  }
})

test('starts with the second server when the first is a standby or down', async () => {
  const ports = [pair.replica().port, pair.primary().port]
  await openMigrated(through(ports))
  await pair.replica().kill()
  await openStore(through(ports)).ping()
  await pair.replica().start()
})

test('uses the last server in time when the others do not answer', async () => {
  const [{ port, become }] = proxies
  become('swallow')
  await openStore(through([port, port, pair.primary().port]), { timeoutMs: 3000 }).ping()
})

test('does not report a closed connection when only an attempt has failed', async () => {
  const ports = [pair.replica().port, pair.primary().port]
  const connect = createConnector(parsePostgresUrl(through(ports)))
  let closed = 0
  const lane = await connect({
    prepare: 'never',
    timeoutMs: TIMEOUT_MS,
    onClose: () => closed++,
  })
  await lane.ping()
  expect(closed).toBe(0)
  lane.destroy()
  await until(async () => closed === 1)
})

test('reports why no server can be used, without the password', async () => {
  const [{ port: closed, become }] = proxies
  become('close')
  const { port } = pair.replica()
  const { migrations } = openStore(through([closed, port]))
  const error = await migrations.applied().catch((thrown) => thrown)
  expect(error).toEqual(unavailable)
  expect(error.cause.message).toBe(
    `127.0.0.1:${closed}: the server closed the connection; 127.0.0.1:${port}: the server is read-only`,
  )
})

test.each(['read-write', 'primary'])(
  'refuses a single standby when it asks for %s',
  async (attributes) => {
    const url = through([pair.replica().port])
    await openStore(url).ping()
    const { ping } = openStore(`${url}?target_session_attrs=${attributes}`)
    await expect(ping()).rejects.toEqual(unavailable)
  },
)

test('listens to the new primary after a failover', async () => {
  const [proxy] = proxies
  const several = bothServers()
  const direct = await openMigrated(through([proxy.port]), { directUrl: several })
  for (const { watch } of [direct, openStore(several)]) watch.watch(ann, () => {})
  // The heartbeats of the listeners.
  const areListening = async () => (await sessions(pair.primary(), 'select current_set%')) === 2
  await until(areListening)
  await pair.primary().kill()
  await pair.promote()
  await until(areListening)
  await pair.rejoin()
})
