import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { describeHttp } from '../conformance/http/suite.ts'
import { adminOf, until } from '../support/admin.ts'
import { SECRET } from '../support/config.ts'
import { startHttpLoad } from '../support/http-load.ts'
import { startNginx } from '../support/nginx.ts'
import { type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { type PostgresCluster, startCluster } from '../support/postgres.ts'
import { type ServiceProcess, startService, temporaryDirectory } from '../support/process.ts'

// They start many processes, on machines that may be busy.
setDefaultTimeout(60_000)

const REPLICAS = 3
const CLIENTS = 32
const LONGEST_MS = 4000
// Longest that a client who tries again may go without success.
const LONGEST_GAP_MS = 2000

// Paths that nginx itself refuses, as not well encoded.
const NOT_FOR_NGINX = /%(?![0-9a-f]{2})|%00/i

let cluster: PostgresCluster
let bouncer: PgBouncer
let directory: Awaited<ReturnType<typeof temporaryDirectory>>

// Suites open what they test in hooks of their own, which come after these.
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

/** Several processes of the service that are one to its clients. */
interface Replicas {
  readonly processes: readonly ServiceProcess[]
  send(path: string, init?: RequestInit): Promise<Response>
  /** Kills one process that serves requests, without a word. */
  killOne(): Promise<void>
  /** Ends the others, and fails where one of them met a fault. */
  close(): Promise<void>
}

function start(databaseUrl: string, environment: Record<string, string> = {}) {
  return startService({
    directory: directory.path,
    environment: {
      NODE_ENV: 'production',
      BETTER_AUTH_SECRET: SECRET,
      DATABASE_URL: bouncer.through(databaseUrl),
      RATE_LIMIT_PER_MINUTE: '0',
      ADMIN_PORT: '0',
      ...environment,
    },
  })
}

async function end(process: ServiceProcess): Promise<void> {
  const exitCode = await process.stop('SIGTERM')
  if (exitCode !== 0 || /"A request met a fault"|"level":"fatal"/.test(process.output()))
    throw new Error(`A process met a fault (exit code ${exitCode}):\n${process.output()}`)
}

async function openBehindNginx(): Promise<Replicas> {
  const database = await cluster.createDatabase()
  // At once, so that they also migrate at once.
  const processes = await Promise.all(Array.from({ length: REPLICAS }, () => start(database.url)))
  const nginx = await startNginx(processes.map(({ port }) => port))
  const killed = new Set<ServiceProcess>()
  return {
    processes,
    send: (path, init) =>
      fetch(`${NOT_FOR_NGINX.test(path) ? processes[0]?.url : nginx.url}${path}`, init),
    async killOne() {
      const [victim] = processes
      if (victim === undefined) throw new Error('There is none')
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
    // Bun repeats by itself a request that was lost with a connection it had kept.
    send: (path, init) => service.send(path, { ...init, keepalive: false }),
    async killOne() {
      const workers = await Bun.$`ps -o pid= --ppid ${service.pid}`.text()
      process.kill(Number.parseInt(workers, 10), 'SIGKILL')
      await service.outputMatching(/"msg":"A worker ended and will be replaced"/)
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

for (const arrangement of arrangements) describeHttp(arrangement)

describe.each(arrangements)('$name, on PostgreSQL through PgBouncer', ({ open }) => {
  test('one that is killed under load takes nothing with it that was answered', async () => {
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
