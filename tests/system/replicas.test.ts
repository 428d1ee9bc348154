import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { describeHttp } from '../conformance/http/suite.ts'
import { adminOf, until } from '../support/admin.ts'
import { PRODUCTION } from '../support/config.ts'
import { startHttpLoad } from '../support/http-load.ts'
import { startNginx } from '../support/nginx.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { type PostgresCluster, startCluster } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

// Starts many processes, possibly on a busy machine.
setDefaultTimeout(60_000)

const REPLICAS = 3
const CLIENTS = 32
const LONGEST_MS = 4000
// The longest time that a client which retries may go without success.
const LONGEST_GAP_MS = 2000

// Paths that nginx itself refuses because of their encoding.
const REFUSED_BY_NGINX = /%(?![0-9a-f]{2})|%00/i

let cluster: PostgresCluster
let bouncer: PgBouncer
let directory: Awaited<ReturnType<typeof temporaryDirectory>>

// These hooks run before the hooks of the suites below.
beforeAll(async () => {
  directory = await temporaryDirectory()
  cluster = await startCluster()
  const { url, drop } = await cluster.createDatabase()
  bouncer = await startPgBouncer(url)
  await drop()
})

afterAll(async () => {
  await bouncer.stop()
  await cluster.remove()
  await directory[Symbol.asyncDispose]()
})

/** Several processes that clients see as one service. */
interface Replicas {
  readonly processes: readonly ServiceProcess[]
  send(path: string, init?: RequestInit): Promise<Response>
  /** Sends SIGKILL to one process that serves requests. */
  killOne(): Promise<void>
  /** Stops the others. Rejects if one of them failed. */
  close(): Promise<void>
}

function start(databaseUrl: string, environment: Record<string, string> = {}) {
  return startService({
    directory: directory.path,
    environment: {
      ...PRODUCTION,
      DATABASE_URL: bouncer.through(databaseUrl),
      ADMIN_PORT: '0',
      ...environment,
    },
  })
}

async function end(process: ServiceProcess): Promise<void> {
  const exitCode = await process.stop('SIGTERM')
  if (exitCode !== 0 || /"Unhandled request error"|"level":"fatal"/.test(process.output()))
    throw new Error(`A process met a fault (exit code ${exitCode}):\n${process.output()}`)
}

async function openBehindNginx(): Promise<Replicas> {
  const database = await cluster.createDatabase()
  // All at once, so that they also migrate at once.
  const processes = await Promise.all(Array.from({ length: REPLICAS }, () => start(database.url)))
  const nginx = await startNginx(processes.map(({ port }) => port))
  const killed = new Set<ServiceProcess>()
  return {
    processes,
    send: (path, init) =>
      fetch(`${REFUSED_BY_NGINX.test(path) ? processes[0]?.url : nginx.url}${path}`, init),
    async killOne() {
      const [victim] = processes
      if (victim === undefined) throw new Error('There are no processes')
      killed.add(victim)
      expect(await victim.stop('SIGKILL')).toBe(137)
    },
    async close() {
      await Promise.all(processes.filter((process) => !killed.has(process)).map(end))
      await nginx.stop()
      await database.drop()
    },
  }
}

async function openWorkers(): Promise<Replicas> {
  const database = await cluster.createDatabase()
  const service = await start(database.url, { WORKERS: `${REPLICAS}` })
  return {
    processes: [service],
    // On a reused connection, Bun would retry a lost request by itself.
    send: (path, init) => service.send(path, { ...init, keepalive: false }),
    async killOne() {
      const workers = await Bun.$`ps -o pid= --ppid ${service.pid}`.text()
      process.kill(Number.parseInt(workers, 10), 'SIGKILL')
      await service.waitForOutput(/"msg":"A worker exited and will be replaced"/)
    },
    async close() {
      await end(service)
      await database.drop()
    },
  }
}

const arrangements = [
  { name: 'three processes behind nginx', open: openBehindNginx },
  { name: 'a process with three workers', open: openWorkers },
]

for (const arrangement of arrangements) describeHttp({ ...arrangement, hasSeveralProcesses: true })

describe.each(arrangements)('$name, on PostgreSQL through PgBouncer', ({ open }) => {
  test('loses no acknowledged write when one process is killed under load', async () => {
    const replicas = await open()
    const load = await startHttpLoad(replicas.send, { clients: CLIENTS, mayLose: true })
    await load.succeeded(1000)
    await replicas.killOne()
    await load.succeeded(2000)
    const { longestGapMs } = await load.stopAndVerify(LONGEST_MS)
    expect(longestGapMs).toBeLessThan(LONGEST_GAP_MS)
    for (const service of replicas.processes.slice(-1))
      await until(async () => (await adminOf(service).reasons()).length === 0)
    await replicas.close()
  })
})
