/**
 * Measures taskport against a server written by hand (floor.ts), on the same machine and the same
 * data, in turn and repeated; what counts are ratios of medians within one run. Writes the table to
 * bench/results. Needs `wrk`. Quick looks: BENCH_SECONDS=1 BENCH_ROUNDS=1.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQL, type Subprocess } from 'bun'
import { signToken } from '../adapters/auth/sign.ts'
import { createClock } from '../adapters/system/clock.ts'
import { createNewId } from '../adapters/system/ids.ts'
import { migrate } from '../app/migrations.ts'
import { openStore } from '../app/store.ts'
import { isOwner } from '../core/owner.ts'
import { createTask } from '../core/task.ts'
import { testConfig } from '../tests/support/config.ts'
import { freePort } from '../tests/support/port.ts'
import { startServer } from '../tests/support/postgres-server.ts'

const SECRET = 'the secret of the benchmark, 32 bytes and more'
const USERS = 1000
const TASKS_PER_USER = 20
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4)
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3)
const CONNECTIONS = [64, 256]
const OPERATIONS = ['get', 'list', 'create', 'patch', 'mix'] as const

interface Contestant {
  readonly name: string
  readonly store: 'postgres' | 'sqlite' | 'memory'
  readonly program: string[]
  readonly variables?: Record<string, string>
}

interface Result {
  readonly contestant: string
  readonly store: Contestant['store']
  readonly operation: string
  readonly connections: number
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly cpuMicroseconds: number
  readonly peakMegabytes: number
  readonly wrong: number
}

const bun = process.execPath
const taskport = [bun, join(import.meta.dir, '../app/main.ts')]
const floor = [bun, join(import.meta.dir, 'floor.ts')]
const contestants: Contestant[] = [
  { name: 'floor', store: 'postgres', program: floor },
  { name: 'taskport', store: 'postgres', program: taskport },
  { name: 'floor', store: 'sqlite', program: floor },
  { name: 'taskport', store: 'sqlite', program: taskport },
  // What a log line for each request costs.
  {
    name: 'taskport without logs',
    store: 'sqlite',
    program: taskport,
    variables: { LOG_LEVEL: 'silent' },
  },
]

const directory = await mkdtemp(join(tmpdir(), 'taskport-bench-'))
const server = await startServer({ durable: true })
const urls: Record<Contestant['store'], string> = {
  postgres: server.url,
  sqlite: `sqlite:${join(directory, 'tasks.db')}`,
  memory: 'memory:',
}

// The tests' server has unusual defaults on purpose, which the floor, like most programs, cannot read.
const administrator = new SQL(server.url)
await administrator`alter role all set datestyle = 'ISO, MDY'`
await administrator`alter role all set timezone = 'UTC'`
await administrator.close()

/** The lines that the load takes its requests from: a user's token and the id of one of their tasks. */
async function seed(store: 'postgres' | 'sqlite'): Promise<string> {
  const { repository, migrations, close } = await openStore(
    testConfig({ DATABASE_URL: urls[store], DATABASE_TIMEOUT_MS: '60000' }),
  )
  if (migrations) await migrate(migrations, () => {})
  const newId = createNewId()
  const now = createClock()
  const lines: string[] = []
  for (let user = 0; user < USERS; user++) {
    const owner = `user-${user}`
    if (!isOwner(owner)) throw new Error(`${owner} cannot own tasks`)
    const token = await signToken({
      secret: SECRET,
      sub: owner,
      expiresInSeconds: 36_000,
      now: Date.now(),
    })
    const tasks = Array.from({ length: TASKS_PER_USER }, (_, n) =>
      createTask(newId(), { text: `Task ${n} of ${owner}` }, now()),
    )
    await Promise.all(tasks.map((task) => repository.insert(owner, task)))
    lines.push(`${token} ${tasks[0]?.id}`)
  }
  await close()
  const path = join(directory, `${store}.txt`)
  await writeFile(path, lines.join('\n'))
  return path
}

async function start({
  program,
  store,
  variables,
}: Contestant): Promise<{ process: Subprocess; port: number }> {
  const port = await freePort()
  const child = Bun.spawn(program, {
    env: {
      PATH: `${process.env['PATH']}`,
      DATABASE_URL: urls[store],
      BETTER_AUTH_SECRET: SECRET,
      NODE_ENV: 'production',
      PORT: `${port}`,
      ADMIN_PORT: '0',
      RATE_LIMIT_PER_MINUTE: '0',
      ...variables,
    },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  // Read to the end, so that its log never has to wait.
  void child.stdout.pipeTo(new WritableStream())
  while (!(await answers(port))) await Bun.sleep(20)
  return { process: child, port }
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).status !== 503
  } catch {
    return false
  }
}

/** Processor time in microseconds and peak memory in bytes, as /proc tells them. */
async function usage(pid: number): Promise<{ cpu: number; peak: number }> {
  const stat = await Bun.file(`/proc/${pid}/stat`).text()
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = await Bun.file(`/proc/${pid}/status`).text()
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) * 10_000,
    peak: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024,
  }
}

async function load(
  port: number,
  operation: string,
  connections: number,
  lines: string,
  seconds: number,
) {
  const wrk = Bun.spawn(
    [
      'wrk',
      '--threads=1',
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      '--timeout=10s',
      '--latency',
      `--script=${join(import.meta.dir, 'load.lua')}`,
      `http://127.0.0.1:${port}`,
      '--',
      operation,
      lines,
    ],
    { stdout: 'pipe', stderr: 'inherit' },
  )
  const output = await wrk.stdout.text()
  const figures: Record<'requests' | 'seconds' | 'p50' | 'p95' | 'p99' | 'wrong', number> =
    JSON.parse(output.trim().split('\n').at(-1) ?? '')
  return figures
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

if (Bun.which('wrk') === null) throw new Error('wrk is not installed: apt-get install wrk')
const lines = { postgres: await seed('postgres'), sqlite: await seed('sqlite') }
const samples: Result[] = []
for (let round = 1; round <= ROUNDS; round++)
  for (const contestant of contestants) {
    const { process: child, port } = await start(contestant)
    const file = contestant.store === 'memory' ? '' : lines[contestant.store]
    await load(port, 'list', 64, file, 1)
    for (const connections of CONNECTIONS)
      for (const operation of OPERATIONS) {
        const before = await usage(child.pid)
        const figures = await load(port, operation, connections, file, SECONDS)
        const after = await usage(child.pid)
        samples.push({
          contestant: contestant.name,
          store: contestant.store,
          operation,
          connections,
          perSecond: figures.requests / figures.seconds,
          p50: figures.p50,
          p95: figures.p95,
          p99: figures.p99,
          cpuMicroseconds: (after.cpu - before.cpu) / figures.requests,
          peakMegabytes: after.peak / 1024 ** 2,
          wrong: figures.wrong,
        })
        process.stderr.write('.')
      }
    child.kill()
    await child.exited
  }
await server.remove()
await rm(directory, { recursive: true })

const keyOf = ({ contestant, store, operation, connections }: Result) =>
  [contestant, store, operation, connections].join(' ')
const results = [...Map.groupBy(samples, keyOf).values()].map((group) => {
  const [first] = group
  if (!first) throw new Error('There is no sample')
  const middle = (pick: (result: Result) => number) => median(group.map(pick))
  return {
    ...first,
    perSecond: middle(({ perSecond }) => perSecond),
    p50: middle(({ p50 }) => p50),
    p95: middle(({ p95 }) => p95),
    p99: middle(({ p99 }) => p99),
    cpuMicroseconds: middle(({ cpuMicroseconds }) => cpuMicroseconds),
    peakMegabytes: middle(({ peakMegabytes }) => peakMegabytes),
    wrong: group.reduce((sum, { wrong }) => sum + wrong, 0),
  }
})

const rows = results.map((result) => {
  const base = results.find((other) => keyOf(other) === keyOf({ ...result, contestant: 'floor' }))
  const ratio = base ? result.perSecond / base.perSecond : Number.NaN
  return [
    result.store,
    result.contestant,
    result.operation,
    `${result.connections}`,
    result.perSecond.toFixed(0),
    ratio.toFixed(2),
    result.p50.toFixed(1),
    result.p95.toFixed(1),
    result.p99.toFixed(1),
    result.cpuMicroseconds.toFixed(0),
    result.peakMegabytes.toFixed(0),
    `${result.wrong}`,
  ]
})
const head = [
  ['store', 'server', 'operation', 'connections', 'requests/s', 'to floor'],
  ['p50 ms', 'p95 ms', 'p99 ms', 'CPU µs', 'peak MB', 'wrong'],
].flat()
const table = [head, head.map(() => '---'), ...rows]
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n')
const commit = (await Bun.$`git rev-parse --short HEAD`.nothrow().text()).trim()
const machine = `${cpus().length} × ${cpus()[0]?.model}, shared by server, database and load; Bun ${Bun.version}; commit ${commit}; ${ROUNDS} rounds of ${SECONDS} s`
const report = `# Benchmark\n\n${machine}\n\n${table}\n`
await mkdir(join(import.meta.dir, 'results'), { recursive: true })
await writeFile(join(import.meta.dir, 'results/latest.md'), report)
await writeFile(
  join(import.meta.dir, 'results/latest.json'),
  `${JSON.stringify({ machine, results }, null, 2)}\n`,
)
process.stdout.write(`\n${report}`)
