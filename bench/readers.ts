/**
 * Measures the cost of readers that wait for changes: memory per reader, CPU time while idle, and the
 * delay until a change arrives. Linux only; at most 10,000 readers per process.
 *
 *     bun bench/readers.ts [NUMBER…]
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { spawn } from 'bun'
import { signToken } from '../adapters/auth/sign.ts'
import { freePort } from '../tests/support/port.ts'

const SECRET = 'a-secret-that-is-only-good-for-benchmarks'
const READERS_OF_A_USER = 10
const IDLE_SECONDS = 30
const CHANGES = 100

const [role, ...rest] = process.argv.slice(2)
if (role === 'read') await readUntilKilled(Number(rest[0]), `${rest[1]}`, Number(rest[2]))
else
  for (const number of role === undefined ? [1000, 3000, 9000] : [role, ...rest].map(Number))
    for (const path of ['/tasks/events', '/tasks/changes']) await measure(path, number)

async function measure(path: string, number: number): Promise<void> {
  const port = await freePort()
  const service = spawn([process.execPath, join(import.meta.dir, '..', 'app', 'main.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: 'memory:',
      BETTER_AUTH_SECRET: SECRET,
      RATE_LIMIT_PER_MINUTE: '0',
      PORT: `${port}`,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    while (!(await fetch(`http://127.0.0.1:${port}/health`).catch(() => null))?.ok)
      await Bun.sleep(50)
    // Excludes memory that the first requests allocate.
    await open(port, path, 100, async () => {})
    const before = await usage(service.pid)
    await open(port, path, number, async () => {
      const began = await usage(service.pid)
      await Bun.sleep(IDLE_SECONDS * 1000)
      const ended = await usage(service.pid)
      const each = (ended.bytes - before.bytes) / number / 1024
      const processor = ((ended.cpuSeconds - began.cpuSeconds) / IDLE_SECONDS) * 100
      const line = [
        `${number} readers of ${path}:`,
        `${each.toFixed(1)} KiB each (${mebibytes(before)} → ${mebibytes(ended)} MiB),`,
        `${processor.toFixed(1)} % of a core while idle`,
      ]
      if (path === '/tasks/events')
        line.push(`and ${(await delay(port)).toFixed(2)} ms until an event arrives`)
      process.stdout.write(`${line.join(' ')}\n`)
    })
  } finally {
    service.kill('SIGKILL')
    await service.exited
  }
}

/** Opens readers in another process, and closes them after `work`. */
async function open(
  port: number,
  path: string,
  number: number,
  work: () => Promise<void>,
): Promise<void> {
  const readers = spawn(
    [process.execPath, import.meta.path, 'read', `${port}`, path, `${number}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  try {
    await readers.stdout.getReader().read()
    await work()
  } finally {
    readers.kill('SIGKILL')
    await readers.exited
  }
}

async function readUntilKilled(port: number, path: string, number: number): Promise<void> {
  let cursor = ''
  if (path === '/tasks/changes') {
    const headers = { authorization: await authorization(0) }
    const page = await (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).json()
    cursor = `?wait=25&cursor=${Object(page).next_cursor}`
  }
  let connected = 0
  async function connect(index: number): Promise<void> {
    const user = Math.floor(index / READERS_OF_A_USER)
    const ask = `GET ${path}${cursor} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${await authorization(user)}\r\n\r\n`
    const opened = Promise.withResolvers<void>()
    await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: {
        open: (socket) => void socket.write(ask),
        data(socket, bytes) {
          if (!bytes.toString('latin1').startsWith('HTTP/1.1')) return
          // A long poll is repeated; a stream continues.
          if (path === '/tasks/changes') socket.write(ask)
          opened.resolve()
        },
      },
    })
    if (path === '/tasks/events') await opened.promise
    connected += 1
  }
  for (let index = 0; index < number; index++) await connect(index)
  // Long polls get no response yet. Gives the last ones time to arrive.
  await Bun.sleep(1000)
  process.stdout.write(`${connected}\n`)
  await new Promise(() => {})
}

/** The median time from a request that makes a change to its event, in milliseconds. */
async function delay(port: number): Promise<number> {
  const headers = { authorization: await authorization(0), 'content-type': 'application/json' }
  const url = `http://127.0.0.1:${port}/tasks`
  const stream = await fetch(`${url}/events`, { headers })
  const events = stream.body?.getReader()
  await events?.read()
  const times: number[] = []
  for (let change = 0; change < CHANGES; change++) {
    const startedAt = performance.now()
    const event = events?.read()
    const created = fetch(url, { method: 'POST', headers, body: '{"text":"x"}' })
    await event
    times.push(performance.now() - startedAt)
    await (await created).text()
  }
  await events?.cancel()
  return times.sort((a, b) => a - b)[CHANGES / 2] ?? Number.NaN
}

async function authorization(user: number): Promise<string> {
  const token = { secret: SECRET, sub: `user-${user}`, expiresInSeconds: 3600, now: Date.now() }
  return `Bearer ${await signToken(token)}`
}

async function usage(pid: number): Promise<{ bytes: number; cpuSeconds: number }> {
  const [status, stat] = await Promise.all(
    ['status', 'stat'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
  )
  const fields = `${stat}`.slice(`${stat}`.lastIndexOf(')') + 2).split(' ')
  return {
    bytes: Number(/VmRSS:\s+(\d+)/.exec(`${status}`)?.[1]) * 1024,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  }
}

function mebibytes({ bytes }: { readonly bytes: number }): string {
  return (bytes / 1024 / 1024).toFixed(0)
}
