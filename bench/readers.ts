/**
 * What readers that wait for changes cost: memory for each, processor time of all while nothing
 * happens, and how long a change takes to reach one among them. Linux; a process holds 10,000 at most.
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
    // So that what is measured is not what the first requests load.
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
        `${processor.toFixed(1)} % of a processor while nothing happens`,
      ]
      if (path === '/tasks/events')
        line.push(`and ${(await delay(port)).toFixed(2)} ms to an event`)
      process.stdout.write(`${line.join(' ')}\n`)
    })
  } finally {
    service.kill('SIGKILL')
    await service.exited
  }
}

/** Has another process open so many readers, and close them after the work. */
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
  let begun = 0
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
          // A wait that is over begins again; a stream begins once.
          if (path === '/tasks/changes') socket.write(ask)
          opened.resolve()
        },
      },
    })
    if (path === '/tasks/events') await opened.promise
    begun += 1
  }
  for (let index = 0; index < number; index++) await connect(index)
  // Those that wait are not answered yet: the last ones have arrived a moment later.
  await Bun.sleep(1000)
  process.stdout.write(`${begun}\n`)
  await new Promise(() => {})
}

/** From the request that makes a change to its event, in milliseconds: the median. */
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
    const made = fetch(url, { method: 'POST', headers, body: '{"text":"x"}' })
    await event
    times.push(performance.now() - startedAt)
    await (await made).text()
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
